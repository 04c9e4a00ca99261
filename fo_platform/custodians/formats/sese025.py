"""ISO 20022 confirmations of settlement, sese.025. What one of them states belongs to _iso_settlement."""

from datetime import date
from decimal import Decimal

from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._iso20022 import check_version, names, present, report, text, unknown, versions
from fo_platform.custodians._iso_settlement import booked_fields, confirmation_fields
from fo_platform.custodians._numbers import add
from fo_platform.custodians._semt_statement import AGAIN
from fo_platform.custodians._xml import Plan, Span, holds, walk
from fo_platform.custodians._xml_plain import Element
from fo_platform.custodians.records import Control
from fo_platform.units import plain

_MESSAGE = "SctiesSttlmTxConf"
_VERSIONS = versions("sese.025", range(2, 12), ("001", "002"))
_PRECONFIRMED = ("PRCA", "PRSE")
_KNOWN = names(
    "TxIdDtls Lnkgs AddtlParams TradDtls FinInstrmId FinInstrmAttrbts QtyAndAcctDtls SttlmParams StgSttlmInstrDtls "
    "DlvrgSttlmPties RcvgSttlmPties CshPties SttldAmt OthrAmts OthrBizPties AddtlPhysOrRegnDtls SplmtryData "
    "MsgOrgtr MsgRcpt Id TxTpAndAddtlParams"
)
_SUM = frozenset({"TradAmt", "AcrdIntrstAmt"})
"""Amounts that make the settled one, where no other is stated."""
_SHOWN_MAX = 100
"""Confirmations of one file that its totals show one by one."""
_PLACES = {
    "isin": "FinInstrmId/ISIN", "unit": "QtyAndAcctDtls/SttldQty//Unit", "face": "QtyAndAcctDtls/SttldQty//FaceAmt",
    "mvmt": "TxIdDtls/SctiesMvmntTp", "pmt": "TxIdDtls/Pmt", "amt": "SttldAmt/Amt",
}  # fmt: skip


def sniff(head: bytes) -> bool:
    """Whether a confirmation of settlement stands in it, in an envelope or not."""
    return holds(head, _MESSAGE)


def read(draft: Draft) -> None:
    """Every message as an instruction and, unless it confirms beforehand, as a transaction."""
    reader = _Reader(draft)
    walk(draft, Plan(frozenset({"Document"}), {"Document": reader.enter}, {f"Document/{_MESSAGE}": reader.take}))
    if not draft.opened and not draft.faults:
        draft.fault(0, "there is no confirmation in it", AGAIN)
    if draft.opened <= _SHOWN_MAX:
        draft.stated |= reader.stated


class _Reader:
    """One pass over one file."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.reported: set[str] = set()
        self.stated: dict[str, list[str]] = {name: [] for name in _PLACES}

    def enter(self, namespace: str, offset: int) -> None:
        """A document of a version that is known."""
        check_version(self.draft, namespace, offset, _VERSIONS)

    def take(self, element: Element, span: Span) -> None:
        """Keep one confirmation."""
        fields = {**confirmation_fields(element), **self._unknown(element, span)}
        amount = element.find("SttldAmt")
        is_settled = fields.get("status") not in _PRECONFIRMED
        transaction = booked_fields(fields, amount) if is_settled else {}
        details = "QtyAndAcctDtls"
        account = text(element, f"{details}/SfkpgAcct/Id") or text(element, f"{details}/BlckChainAdrOrWllt/Id")
        if not account:
            raise ValueError("it names no account (SfkpgAcct)")
        day = date.fromisoformat(fields["settle_date"]) if "settle_date" in fields else None
        statement = self.draft.open(account, day, "settle")
        statement.reference, statement.offset = fields.get("reference", ""), span[0]
        statement.records.append(self.draft.record("instruction", span, fields, account, day))
        if transaction:
            statement.records.append(self.draft.record("transaction", span, transaction, account, day))
        if {part.tag for part in element.iterfind("OthrAmts/*")} == _SUM and "amount" in fields:
            self._prove(fields, statement.controls, span[0])
        self.draft.close(statement)
        if len(self.stated["isin"]) < _SHOWN_MAX:
            for name, place in _PLACES.items():
                self.stated[name] += [text(found) for found in element.iterfind(place)]

    def _unknown(self, element: Element, span: Span) -> dict[str, str]:
        found = unknown(element, _KNOWN)
        report(self.draft, found.keys(), span[0], self.reported)
        return present(found)

    def _prove(self, fields: dict[str, str], controls: list[Control], offset: int) -> None:
        """Deal and accrued interest are the settled amount, where nothing else is part of it."""
        deal, accrued, settled = (Decimal(fields[name]) for name in ("amount_deal", "accrued", "amount"))
        actual = add((deal, accrued))
        control = Control(f"settled amount {fields['currency']}", plain(settled), plain(actual), actual == settled)
        self.draft.prove(control, controls, offset, AGAIN)


FORMAT = Format("sese025", sniff, read, "ISO 20022 confirmation of settlement (sese.025)", is_markup=True)
