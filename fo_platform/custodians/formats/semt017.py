"""ISO 20022 statements of posted transactions, semt.017, in one or several pages. One posting is in _iso_settlement."""

from decimal import Decimal

from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._iso20022 import (
    check_version,
    instrument,
    names,
    negative,
    present,
    quantity,
    report,
    text,
    unknown,
    versions,
)
from fo_platform.custodians._iso_settlement import posting_fields
from fo_platform.custodians._numbers import EXACT
from fo_platform.custodians._pages import check_pages
from fo_platform.custodians._semt_statement import AGAIN, PASSED, Heading
from fo_platform.custodians._xml import Plan, Span, holds, walk
from fo_platform.custodians._xml_plain import Element
from fo_platform.custodians.records import Control, Part
from fo_platform.units import plain

_MESSAGE = "SctiesTxPstngRpt"
_VERSIONS = versions("semt.017", range(2, 13), ("001", "002"))
_KNOWN = names(
    "AcctOwnrTxId AcctSvcrTxId MktInfrstrctrTxId CtrPtyMktInfrstrctrTxId PrcrTxId TradId PoolId CmonId CorpActnEvtId "
    "TrptyAgtSvcPrvdrCollTxId TrptyAgtCollTxId ClntTrptyCollTxId ClntCollInstrId TrptyAgtSvcPrvdrCollInstrId "
    "TrptyAgtCollInstrId MstrRef ClntRef AcctOwnrLegId AcctSvcrLegId TxDtls SplmtryData"
)
_PASSED = ("InvstmtFndsFinInstrmAttrbts", "PricDtls", "SfkpgPlc")


def sniff(head: bytes) -> bool:
    """Whether a statement of transactions stands in it, in an envelope or not."""
    return holds(head, _MESSAGE)


def read(draft: Draft) -> None:
    """Every message as a statement; opening balance and postings are proved to be the closing one."""
    reader = _Reader(draft)
    walk(draft, reader.plan())
    if not draft.opened and not draft.faults:
        draft.fault(0, "there is no statement of transactions in it", AGAIN)
    if not draft.faults:
        check_pages(draft, AGAIN)


class _Reader:
    """One pass over one file: the message, the account and the instrument it is in."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.heading: Heading
        self.sub_account = ""
        self.count = 0
        self.reported: set[str] = set()
        self._enter_instrument("", 0)

    def plan(self) -> Plan:
        """What is taken from a message, and by which function."""
        items = {
            f"{_MESSAGE}/Pgntn": self._page, f"{_MESSAGE}/StmtGnlDtls": self._general,
            f"{_MESSAGE}/SfkpgAcct": self._account, "SubAcctDtls/SfkpgAcct": self._name_sub_account,
            "FinInstrmDtls/FinInstrmId": self._instrument, "FinInstrmDtls/OpngBal": self._opening,
            "FinInstrmDtls/ClsgBal": self._closing, "FinInstrmDtls/Tx": self._transaction,
        }  # fmt: skip
        passed = {f"{place}/{name}" for place in (_MESSAGE, "SubAcctDtls") for name in (*PASSED, "ActvtyInd")}
        passed |= {f"FinInstrmDtls/{name}" for name in _PASSED}
        enter = {_MESSAGE: self._open, "SubAcctDtls": self._enter, "FinInstrmDtls": self._enter_instrument}
        leave = {_MESSAGE: self._close, "SubAcctDtls": self._leave, "FinInstrmDtls": self._prove}
        return Plan(frozenset({_MESSAGE}), enter, items, leave, frozenset(passed))

    def _open(self, namespace: str, offset: int) -> None:
        check_version(self.draft, namespace, offset, _VERSIONS)
        self.heading, self.count = Heading(self.draft, offset), 0

    def _page(self, element: Element, _: Span) -> None:
        self.heading.take_page(element)

    def _general(self, element: Element, _: Span) -> None:
        self.heading.take_general(element)

    def _account(self, element: Element, _: Span) -> None:
        self.heading.take_account(element)

    def _enter(self, _: str, __: int) -> None:
        self.sub_account = ""

    def _leave(self) -> None:
        self.sub_account = ""

    def _name_sub_account(self, element: Element, _: Span) -> None:
        self.sub_account = text(element, "Id")

    def _enter_instrument(self, _: str, offset: int) -> None:
        self.offset = offset
        self.instrument: Element | None = None
        self.opening: tuple[str, str] | None = None
        self.closing: tuple[str, str] | None = None
        self.moved: dict[str, Decimal] = {}

    def _instrument(self, element: Element, _: Span) -> None:
        self.instrument = element

    def _opening(self, element: Element, _: Span) -> None:
        self.opening = _balance(element)

    def _closing(self, element: Element, _: Span) -> None:
        self.closing = _balance(element)

    def _transaction(self, element: Element, span: Span) -> None:
        """Keep one posting."""
        strange = unknown(element, _KNOWN)
        report(self.draft, strange, span[0], self.reported)
        fields = {**posting_fields(element, self.instrument), **present(strange)}
        kind = fields["quantity_type"]
        self.count += 1
        self.moved[kind] = EXACT.add(self.moved.get(kind, Decimal(0)), Decimal(fields["quantity"]))
        statement = self.draft.statement_of(self.heading.statement, self.sub_account)
        record = self.draft.record("transaction", span, fields, statement.account, statement.statement_date)
        statement.records.append(record)

    def _prove(self) -> None:
        """Opening balance and postings are the closing balance, where both are stated in the terms of the postings."""
        if self.opening is None or self.closing is None or self.draft.faults:
            return
        (kind, opened), (closing_kind, closed) = self.opening, self.closing
        if {kind, *self.moved} != {closing_kind}:
            return
        named = instrument(self.instrument) if self.instrument is not None else {}
        actual = EXACT.add(Decimal(opened), self.moved.get(kind, Decimal(0)))
        name = f"closing balance {next(iter(named.values()), '')[:40]} {kind}"
        control = Control(name, closed, plain(actual), actual == Decimal(closed))
        self.draft.prove(control, self.heading.statement.controls, self.offset, AGAIN)

    def _close(self) -> None:
        """End of a message: its page, and that it lists something only where it says that something moved."""
        heading, statement = self.heading, self.heading.statement
        heading.check()
        if not heading.is_active and self.count:
            what = "the statement says that nothing moved (ActvtyInd false), yet lists movements"
            self.draft.fault(statement.offset, what, AGAIN)
        if statement.page:
            statement.part = Part(int(statement.page.partition("/")[0]), heading.is_last, heading.key)
        else:
            self.draft.close(statement, *statement.others.values())


def _balance(element: Element) -> tuple[str, str]:
    """Type and quantity of an opening or closing balance; a short one is negative."""
    kind, stated = quantity(element)
    return kind, negative(stated) if text(element, "ShrtLngInd") == "SHOR" else stated


FORMAT = Format("semt017", sniff, read, "ISO 20022 statement of posted transactions (semt.017)", is_markup=True)
