"""Interactive Brokers Flex Query XML, read in one pass. Attributes belong to _flex, identities to _flex_controls."""

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cached_property
from itertools import chain

from fo_platform.custodians import _flex
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._flex import Attributes
from fo_platform.custodians._flex_controls import Nav
from fo_platform.custodians._flex_names import ATTRIBUTES, SECTIONS
from fo_platform.custodians._flex_tags import Tags
from fo_platform.custodians._numbers import flex_date, number
from fo_platform.custodians.records import Control, Kind, Record

_ELEMENT = re.compile(rb"<([A-Za-z_][A-Za-z0-9_.-]*)")
_ROOTS = (b"FlexQueryResponse", b"FlexStatementResponse")
_SLASHED = re.compile(rb"\"([0-9]{1,2})/([0-9]{1,2})/[0-9]{2}")
_SLICE = 2**20
_ASK = "Ask for the statement again; do not edit it by hand."

_NEW = "Say what it means, so that it can be read."

_COARSE = {
    "OpenPosition": "LOT", "CashTransaction": "SUMMARY", "Trade": "ORDER", "CorporateAction": "SUMMARY",
    "TransactionTax": "SUMMARY", "ChangeInDividendAccrual": "SUMMARY",
}  # fmt: skip
"""A query may list things at two levels: rows of this one count only where the statement has none of the other."""
_FINE = {
    "OpenPosition": ("", "SUMMARY"), "CashTransaction": ("", "DETAIL"), "Trade": ("", "EXECUTION"),
    "CorporateAction": ("", "DETAIL"), "TransactionTax": ("", "DETAIL"), "ChangeInDividendAccrual": ("", "DETAIL"),
}  # fmt: skip
_EVIDENCE: dict[str, tuple[Kind, Callable[[Attributes, _flex.Dates], dict[str, str]]]] = {
    "CorporateAction": ("corporate_action", _flex.corporate_action_fields),
    "OpenDividendAccrual": ("corporate_action", _flex.dividend_accrual_fields),
    "ChangeInDividendAccrual": ("corporate_action", _flex.dividend_accrual_fields),
    "TransactionTax": ("fee", _flex.tax_fields),
    "SalesTax": ("fee", _flex.tax_fields),
    "PriorPeriodPosition": ("price", _flex.prior_price_fields),
    "SecurityInfo": ("instrument", lambda attributes, _: _flex.security_fields(attributes)),
}
"""Rows that say something and book nothing: no money moves twice."""


def sniff(head: bytes) -> bool:
    """Whether the first element is a Flex response."""
    first = _ELEMENT.search(head)
    return first is not None and first[1] in _ROOTS and head.removeprefix(BOM_UTF8).lstrip().startswith(b"<")


def read(draft: Draft) -> None:
    """Every statement of a Flex response; document types, and with them entities, are refused."""
    _Reader(draft).read()


class _Reader:
    """One pass over one response: the statement it is in, and the rows that wait for their finer level."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.statement: StatementDraft | None = None
        self.nav = Nav()
        self.fine: set[str] = set()
        self.waiting: dict[str, list[tuple[StatementDraft, Record]]] = {}
        self.lots: Counter[tuple[str, ...]] = Counter()
        self.sums: set[tuple[str, ...]] = set()
        self.expected = self.actual = 0
        self.section = ""
        self.unknown: dict[tuple[str, int], tuple[str, ...]] = {}
        self.named: set[str] = set()
        self.tags = Tags(draft, self._start)
        self.handlers: dict[str, Callable[[str, Attributes], None]] = {
            "FlexStatementResponse": self._refuse_response, "FlexStatements": self._count, "FlexStatement": self._open,
            "OpenPosition": self._position, "CashReportCurrency": self._cash, "Trade": self._trade,
            "TradeConfirm": self._confirmation, "Order": self._order,
            "CashTransaction": self._cash_transaction, "Transfer": self._transfer, "ConversionRate": self._rate,
            "EquitySummaryByReportDateInBase": self._nav, "ChangeInNAV": self._nav,
            **dict.fromkeys(_EVIDENCE, self._evidence),
        }  # fmt: skip

    def read(self) -> None:
        """The whole response; what stands before a break in the XML is kept."""
        self.tags.walk()
        self._close()
        if not self.draft.faults:
            ok = 0 < self.actual >= self.expected
            control = Control("statements", str(self.expected), str(self.actual), ok)
            self.draft.prove(control, self.draft.controls, 0, _ASK)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self.handlers.get(name)
        if handler is None:
            if name not in SECTIONS:
                self._name_once(f"the section {name[:60]} is not known to us and not read")
            return
        self.section = name
        try:
            handler(name, attributes)
        except ValueError as error:
            self.draft.fault(self.tags.offset, f"{name}: {error}", _ASK)

    def _name_once(self, what: str) -> None:
        """Say of a name that it is new, once a file."""
        if what not in self.named:
            self.named.add(what)
            self.draft.note(self.tags.offset, what, _NEW)

    def _refuse_response(self, _: str, __: Attributes) -> None:
        remedy = "Request the statement again in some minutes; check the token if it persists."
        self.draft.halt(self.tags.offset, "the web service answered with a status, not a statement", remedy)

    def _count(self, _: str, attributes: Attributes) -> None:
        self.expected = int(number(attributes.get("count", "0")))

    def _open(self, _: str, attributes: Attributes) -> None:
        self._close()
        self.actual += 1
        self.statement = self.draft.open(attributes.get("accountId"), None, "trade")
        self.statement.reference = attributes.get("whenGenerated", "")
        if not self.statement.account:
            raise ValueError("it names no account")
        self.statement.statement_date = self._day(attributes, "toDate")

    def _close(self) -> None:
        """End of a statement: rows of the coarser level count where no finer ones came; its identities are proved."""
        if self.statement is None:
            return
        for statement, record in chain.from_iterable(self.waiting.values()):
            statement.records.append(record)
        for control in self.nav.controls() if not self.draft.faults else ():
            self.draft.prove(control, self.statement.controls, self.nav.offset, _ASK)
        self.draft.close(self.statement, *self.statement.others.values())
        self.statement, self.nav = None, Nav()
        self.fine, self.waiting, self.lots, self.sums = set(), {}, Counter(), set()

    def _position(self, name: str, attributes: Attributes) -> None:
        if not attributes.get("levelOfDetail") and self._is_part(attributes):
            attributes = {**attributes, "levelOfDetail": "LOT"}
        is_lot = attributes.get("levelOfDetail", "").upper() == "LOT"
        if is_lot:
            self._keep("lot", attributes, self._lot(attributes))
        (self.nav.lots if is_lot else self.nav.summaries).add(attributes)
        self._keep_once(name, "position", attributes, _flex.position_fields(attributes))

    def _is_part(self, a: Attributes) -> bool:
        """Whether a row without a level is a lot: it has a day of purchase, and follows the sum of its holding."""
        key = tuple(a.get(name, "") for name in ("accountId", "conid", "isin", "symbol", "currency"))
        is_dated = a.get("openDateTime", "") not in _flex.MISSING
        if not is_dated:
            self.sums.add(key)
        return is_dated and key in self.sums

    def _lot(self, attributes: Attributes) -> dict[str, str]:
        """A lot; parts of one purchase that share an identifier are numbered."""
        fields = _flex.lot_fields(attributes, self._date)
        key = tuple(fields.get(name, "") for name in ("conid", "isin", "symbol", "lot_id"))
        self.lots[key] += 1
        is_first = self.lots[key] == 1 or "lot_id" not in fields
        return fields if is_first else {**fields, "lot_id": f"{fields['lot_id']}.{self.lots[key]}"}

    def _cash(self, _: str, attributes: Attributes) -> None:
        fields = _flex.cash_fields(attributes)
        if fields:
            self._keep("cash", attributes, fields)

    def _trade(self, name: str, attributes: Attributes) -> None:
        self._keep_once(name, "transaction", attributes, _flex.trade_fields(attributes, self._date))

    def _confirmation(self, _: str, attributes: Attributes) -> None:
        self._keep_once("Trade", "transaction", attributes, _flex.confirmation_fields(attributes, self._date))

    def _order(self, _: str, attributes: Attributes) -> None:
        """An order counts where the query lists no executions."""
        order = {**attributes, "levelOfDetail": "ORDER"}
        self._keep_once("Trade", "transaction", order, _flex.confirmation_fields(order, self._date))

    def _cash_transaction(self, name: str, attributes: Attributes) -> None:
        self._keep_once(name, "transaction", attributes, _flex.cash_transaction_fields(attributes, self._date))

    def _transfer(self, _: str, attributes: Attributes) -> None:
        fields = _flex.transfer_fields(attributes, self._date)
        if fields:
            self._keep("transaction", attributes, fields)

    def _rate(self, _: str, attributes: Attributes) -> None:
        self.draft.fx_rates += 1
        fields = _flex.rate_fields(attributes, self._date)
        if fields:
            self._keep("fx", attributes, fields)

    def _evidence(self, name: str, attributes: Attributes) -> None:
        kind, fields_of = _EVIDENCE[name]
        fields = fields_of(attributes, self._date)
        if fields and name in _FINE:
            self._keep_once(name, kind, attributes, fields)
        elif fields:
            self._keep(kind, attributes, fields)

    def _nav(self, name: str, attributes: Attributes) -> None:
        if name == "ChangeInNAV":
            self.nav.state_change(attributes, self.tags.offset)
        else:
            day = self._day(attributes, "reportDate") or date.min
            self.nav.state_equity(attributes, self.tags.offset, day)

    def _keep_once(self, name: str, kind: Kind, attributes: Attributes, fields: dict[str, str]) -> None:
        """Keep a row of the finer level; keep one of the coarser level aside; drop sums of them."""
        level = attributes.get("levelOfDetail", "").upper()
        if level in _FINE[name]:
            self.fine.add(name)
            self.waiting.pop(name, None)
            self._keep(kind, attributes, fields)
        elif level == _COARSE[name] and name not in self.fine:
            self.waiting.setdefault(name, []).append(self._record(kind, attributes, fields))

    def _keep(self, kind: Kind, attributes: Attributes, fields: dict[str, str]) -> None:
        statement, record = self._record(kind, attributes, fields)
        statement.records.append(record)

    def _record(self, kind: Kind, a: Attributes, fields: dict[str, str]) -> tuple[StatementDraft, Record]:
        """A record over the element's tag, and the statement of its account."""
        if self.statement is None:
            raise ValueError("it stands outside of every FlexStatement")
        account = a.get("accountId")
        statement = self.draft.statement_of(self.statement, None if account in _flex.MISSING else account)
        unknown = self.unknown.get((self.section, len(a)))
        if unknown or unknown is None:
            fields = self._with_unknown(a, fields)
        day = self._day(a, "reportDate") if kind == "position" else None
        return statement, self.draft.record(
            kind, self.tags.span(), fields, statement.account, day or statement.statement_date
        )

    def _with_unknown(self, a: Attributes, fields: dict[str, str]) -> dict[str, str]:
        """The fields with the attributes that are not known, by their own names.

        All rows of a section have the same columns, so they are looked at again only where their number changes. The
        cash report has a column for every sort of movement: what is new among a hundred is not looked for.
        """
        names = () if self.section == "CashReportCurrency" else tuple(name for name in a if name not in ATTRIBUTES)
        self.unknown[self.section, len(a)] = names
        for name in names:
            self._name_once(f"the attribute {name[:60]} is not known to us, it is kept as it stands")
        return {**{name: a[name] for name in names if a[name] not in _flex.MISSING}, **fields}

    def _day(self, attributes: Attributes, name: str) -> date | None:
        text = attributes.get(name, "")
        return None if text in _flex.MISSING else self._date(text)

    def _date(self, text: str) -> date:
        return flex_date(text, self._slash_order) if "/" in text else flex_date(text)

    @cached_property
    def _slash_order(self) -> str:
        """Which part of slashed dates is the month: any date of the file with a part above twelve tells."""
        data = self.draft.data
        slices = (data[start : start + _SLICE + 16] for start in range(0, len(data), _SLICE))
        dates = chain.from_iterable(map(_SLASHED.findall, slices))
        parts = {(int(first) > 12, int(second) > 12) for first, second in dates}
        days, months = any(first for first, _ in parts), any(second for _, second in parts)
        return "" if days == months else "day" if days else "month"


FORMAT = Format("ibkr_flex", sniff, read, "Interactive Brokers Flex Query XML", is_markup=True)
