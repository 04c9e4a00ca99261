"""What statements of safekeeping accounts in ISO 20022 say of themselves. Holdings and movements belong to formats."""

from fo_platform.custodians._draft import Draft
from fo_platform.custodians._iso20022 import day, text
from fo_platform.custodians._numbers import iso_date
from fo_platform.custodians._pages import page_label
from fo_platform.custodians._xml_plain import Element
from fo_platform.custodians.records import Basis

AGAIN = "Ask the custodian to send the statement again."
PASSED = ("AcctOwnr", "AcctSvcr", "IntrmyInf", "BlckChainAdrOrWllt", "MsgId", "SplmtryData")
_BASIS: dict[str, Basis] = {"TRAD": "trade", "SETT": "settle"}
_TRUE, _FALSE = ("true", "1"), ("false", "0")


class Heading:
    """Page, general details and account of one statement, taken while it is read."""

    def __init__(self, draft: Draft, offset: int) -> None:
        """A statement that begins here."""
        self.draft = draft
        self.statement = draft.open(None, None, None)
        self.statement.offset = offset
        self.number = ""
        self.update = ""
        self.is_last = True
        self.is_active = True

    @property
    def key(self) -> tuple[str, ...]:
        """What the pages of one statement share."""
        statement = self.statement
        return statement.account or "", str(statement.statement_date or ""), self.number

    def take_page(self, element: Element) -> None:
        """Number of the page, and whether it is the last."""
        mark = text(element, "LastPgInd")
        if mark not in (*_TRUE, *_FALSE):
            raise ValueError(f"{mark[:20]!r} is neither true nor false (LastPgInd)")
        self.is_last = mark in _TRUE
        self.statement.page = page_label(text(element, "PgNb"), is_last=self.is_last)

    def take_general(self, element: Element) -> None:
        """Day, basis, reference, and whether the statement is complete or lists changes."""
        statement = self.statement
        basis, activity = text(element, "StmtBsis/Cd"), text(element, "ActvtyInd")
        statement.basis = _BASIS.get(basis)
        statement.reference = text(element, "StmtId")
        self.number = statement.reference or text(element, "RptNb/Shrt") or text(element, "RptNb/Lng")
        self.update = text(element, "UpdTp/Cd")
        self.is_active = activity not in _FALSE
        period = text(element, "StmtPrd/FrDtToDt/ToDt") or text(element, "StmtPrd/FrDtTmToDtTm/ToDtTm")
        statement.statement_date = iso_date(period[:10]) if period else day(element, "StmtDtTm")

    def take_account(self, element: Element) -> None:
        """The safekeeping account."""
        self.statement.account = text(element, "Id") or None

    def check(self) -> None:
        """That account and date are stated."""
        statement = self.statement
        if statement.account is None or statement.statement_date is None:
            what = "the statement names no account (SfkpgAcct) or no date (StmtGnlDtls)"
            self.draft.fault(statement.offset, what, AGAIN)
