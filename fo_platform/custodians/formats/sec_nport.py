"""Form N-PORT, in which a fund reports its holdings to the SEC. What one holding states belongs to _nport."""

from datetime import date
from decimal import Decimal

from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._iso20022 import decimal, names, present, text
from fo_platform.custodians._nport import MISSING, WANTED, holding_fields
from fo_platform.custodians._numbers import EXACT, iso_date
from fo_platform.custodians._xml import Plan, Row, Span, holds, walk
from fo_platform.custodians._xml_plain import Element, Stated
from fo_platform.custodians.records import Control
from fo_platform.units import plain

_NAMESPACE = "http://www.sec.gov/edgar/nport"
_FORMS = ("NPORT-P", "NPORT-EX", "NPORT-NP", "NPORT-NT")
_ROUNDING = Decimal(1)
"""Funds may report in whole dollars."""
_PASSED = names(
    "edgarSubmission/schemaVersion edgarSubmission/documents headerData/isConfidential headerData/filerInfo "
    "formData/explntrNotes formData/signature formData/exposures"
)
_AGAIN = "Take the filing from EDGAR again."
_KNOW = "Compare its layout with the one that is known, and add it to the format."


def sniff(head: bytes) -> bool:
    """Whether it is a submission to EDGAR by the schema of N-PORT."""
    return holds(head, "edgarSubmission") and _NAMESPACE.encode() in head


def read(draft: Draft) -> None:
    """One statement with a record a holding; net assets are proved to be assets less liabilities."""
    reader = _Reader(draft)
    walk(draft, reader.plan())
    reader.finish()


class _Reader:
    """One pass over one report."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.statement: StatementDraft | None = None
        self.fund: dict[str, str] = {}
        self.day: date | None = None
        self.form = ""
        self.total = Decimal(0)
        self.with_isin = 0
        self.reported: set[str] = set()
        self.stated: dict[str, list[str]] = {"netAssets": [], "regName": [], "asof": []}

    def plan(self) -> Plan:
        """What is taken from the report, and by which function."""
        items = {
            "headerData/submissionType": self._form, "formData/genInfo": self._general, "formData/fundInfo": self._fund,
        }  # fmt: skip
        enter = {"edgarSubmission": self._version, **dict.fromkeys(("headerData", "formData", "invstOrSecs"), _nothing)}
        rows = {"invstOrSecs/invstOrSec": Row(self._holding, WANTED)}
        return Plan(frozenset({"edgarSubmission"}), enter, items, {}, _PASSED, rows)

    def finish(self) -> None:
        """What the report says as a whole."""
        statement = self.statement
        if statement is None and not self.draft.faults:
            self.draft.fault(0, "the report names no fund (genInfo)", _AGAIN)
        count = len(statement.records) if statement else 0
        self.draft.stated |= {
            "holdings": count, "sum_valUSD": plain(self.total), "sum_13f_value": "0", **self.stated,
            "isin": self.with_isin,
        }  # fmt: skip

    def _version(self, namespace: str, offset: int) -> None:
        if namespace != _NAMESPACE:
            self.draft.fault(offset, f"the schema {namespace[:60]!r} is not known to us", _KNOW)

    def _form(self, element: Element, span: Span) -> None:
        self.form = text(element)
        if not self.form.startswith(_FORMS):
            self.draft.fault(span[0], f"{self.form[:20]!r} is no form of N-PORT (submissionType)", _KNOW)

    def _general(self, element: Element, span: Span) -> None:
        """The fund: its series or, where the registrant has none, the registrant."""
        self.stated["regName"].append(text(element, "regName"))
        self.stated["asof"].append(text(element, "repPdDate"))
        stated = (text(element, name) for name in ("seriesId", "regCik", "seriesName", "regName"))
        series_id, registrant_id, series, registrant = ("" if name in MISSING else name for name in stated)
        self.fund = present({"fund_id_source": series_id or registrant_id, "fund_name": series or registrant})
        if "fund_id_source" not in self.fund:
            raise ValueError("it names neither a series nor a registrant (seriesId, regCik)")
        self.day = iso_date(text(element, "repPdDate")[:10])
        self.statement = self.draft.open(self.fund["fund_id_source"], self.day, None)
        self.statement.reference, self.statement.offset = self.form, span[0]

    def _fund(self, element: Element, span: Span) -> None:
        stated = text(element, "netAssets")
        self.stated["netAssets"].append(stated)
        parts = [decimal(text(element, name)) for name in ("totAssets", "totLiabs", "netAssets")]
        assets, liabilities, net = map(Decimal, parts)
        actual = EXACT.subtract(assets, liabilities)
        control = Control("netAssets", plain(net), plain(actual), abs(net - actual) <= _ROUNDING)
        controls = self.statement.controls if self.statement else self.draft.controls
        self.draft.prove(control, controls, span[0], _AGAIN)

    def _holding(self, holding: Stated, span: Span) -> None:
        if self.statement is None:
            raise ValueError("it stands before the fund is named (genInfo)")
        fields, strange = holding_fields(holding)
        for name in sorted(strange):
            self._report(name, span[0])
        self.total = EXACT.add(self.total, Decimal(fields["market_value"]))
        self.with_isin += "isin" in fields
        record = self.draft.record("fund_holding", span, {**self.fund, **fields}, self.statement.account, self.day)
        self.statement.records.append(record)

    def _report(self, name: str, offset: int) -> None:
        if name not in self.reported:
            self.reported.add(name)
            what = f"the element invstOrSec/{name[:60]} is not known to us"
            self.draft.note(offset, what, "Find out what it says, and add it to the format.")


def _nothing(_: str, __: int) -> None:
    """A container of which nothing but its children is wanted."""


FORMAT = Format("sec_nport", sniff, read, "SEC form N-PORT, the holdings of a fund", is_markup=True)
