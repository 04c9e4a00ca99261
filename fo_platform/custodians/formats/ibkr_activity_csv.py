"""Interactive Brokers' activity statement, CSV of many sections. What the columns of a section mean belongs here."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal

from fo_platform.custodians import _ibkr_sections
from fo_platform.custodians._broker_csv import AGAIN, Cells, Dialect, Entry, Export, Row, Sheet, normal, required
from fo_platform.custodians._csv_values import MISSING, kind_of, loose_date, loose_number, numbers, worth
from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._numbers import add
from fo_platform.custodians.records import Control
from fo_platform.units import plain

_ISIN = re.compile(r"\(([A-Z]{2}[A-Z0-9]{9}[0-9])\)")
_SYMBOL = re.compile(r"([A-Z0-9. ]{1,20}) ?\(")
_FIRST = (
    b"Statement,Header,", b"Statement,Data,", b'"Statement","Header"', b"Account Information,Header,",
    b"Transaction History,Header,",
)  # fmt: skip
_INSTRUMENTS = b"Financial Instrument Information,"
_LEARN = "Ask the broker what it means, and have the format learn it."
_ORDERS = b"Trades,Data,Order,"
_WORDS = (("withholding", "tax"), ("tax", "tax"), ("dividend", "dividend"), ("interest", "interest"), ("fee", "fee"))
_HOLDINGS = ("open positions", "long open positions", "short open positions")
_CASH_SECTIONS = {
    "dividends": "dividend", "payment in lieu of dividends": "dividend", "withholding tax": "tax",
    "871(m) withholding": "tax", "interest": "interest", "broker interest paid": "interest",
    "broker interest received": "interest", "fees": "fee", "other fees": "fee", "broker fees": "fee",
    "deposits & withdrawals": "money", "transaction fees": "fee", "sales tax details": "tax",
    "bond interest received": "interest", "bond interest paid": "interest", "advisor fees": "fee",
    "client fees": "fee", "commission adjustments": "fee",
}  # fmt: skip
_REPEATS = frozenset(
    (
        "account information", "statement", "summary", "net asset value", "change in nav", "codes", "notes/legal notes",
        "mark-to-market performance summary", "realized & unrealized performance summary", "cash report",
        "month & year to date performance summary", "financial instrument information", "forex balances",
        "forex p/l details", "interest accruals", "open dividend accruals", "change in dividend accruals",
        "change in position value", "net stock position summary", "base currency exchange rate",
        "trade summary by symbol", "trade summary by asset class", "legal notes", "notes",
    )
)  # fmt: skip
"""Sections that sum or explain what others state."""


def sniff(head: bytes) -> bool:
    """Whether the first line is a statement's, or a section's that only such a statement has."""
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200]
    return first.startswith(_FIRST)


def read(draft: Draft) -> None:
    """Holdings, trades, cash and movements of cash; totals of holdings are proved. Other sections repeat them."""
    _Statement(draft).read()


class _Statement(Export):
    """One pass over a statement: the columns of each section, and identifiers that stand at its end."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(Dialect(tables=(), basis="trade", encodings=("utf-8", "cp1252")), draft)
        self.columns: dict[str, list[str]] = {}
        self.instruments: dict[str, dict[str, str]] = {}
        self.held_values: dict[str, list[Decimal]] = {}
        self.base = ""
        self.is_by_order = draft.data.find(_ORDERS) >= 0
        self.sections: dict[str, Callable[[Cells], Entry | None]] = {
            "trades": self._trade, "cash report": self._cash, **dict.fromkeys(_HOLDINGS, self._position),
            "statement": self._about, "account information": self._about, "summary": self._about,
            "transaction history": self._history,
            "corporate actions": lambda cells: _ibkr_sections.corporate_action(cells, self.instruments),
            "transfers": lambda cells: _ibkr_sections.transfer(cells, self.instruments),
        }  # fmt: skip

    def read(self) -> None:
        """All lines; instruments first."""
        self._learn()
        self._look_ahead()
        super().read()

    def _look_ahead(self) -> None:
        """Whose statement it is and as of when, wherever that stands; what is wrong with it is told in its turn."""
        for row in self._rows():
            is_about = len(row.cells) > 3 and row.cells[0].strip("\ufeff") in ("Statement", "Account Information")
            with suppress(ValueError):
                self._about({"field_name": row.cells[2], "field_value": row.cells[3]} if is_about else {})
            if row.start > 16384:
                break
        self.lines = 0

    def _learn(self) -> None:
        """Identifiers of every instrument, from a section that stands behind the rows that need them."""
        header: list[str] = []
        at = self.draft.data.find(_INSTRUMENTS)
        while at >= 0:
            cells, _, following = self._whole(*self._first(at))
            if cells[1:2] == ["Header"]:
                header = [normal(cell) for cell in cells]
            elif cells[1:2] == ["Data"]:
                self._instrument(dict(zip(header[2:], cells[2:], strict=False)))
            at = self.draft.data.find(_INSTRUMENTS, following)
        self.lines = 0

    def _first(self, at: int) -> tuple[str, int, int, int]:
        text, end, following = self._line(at)
        return text, at, end, following

    def _instrument(self, cells: dict[str, str]) -> None:
        names = {"isin": "security id", "conid": "conid", "description": "description", "multiplier": "multiplier"}
        found = {name: cells[column].strip() for name, column in names.items() if cells.get(column, "").strip()}
        if len(found.get("isin", "")) == 9:
            found["cusip"] = found.pop("isin")
        elif len(found.get("isin", "")) != 12:
            found.pop("isin", None)
        for symbol in cells.get("symbol", "").split(","):
            self.instruments[symbol.strip()] = found

    def _take(self, row: Row) -> None:
        """A line: its section, whether it is a header, a row or a total, and its cells."""
        if len(row.cells) < 3:
            return
        section, what = normal(row.cells[0]), row.cells[1].strip()
        if what == "Header":
            self.header = self.header or [section]
            self.columns[section] = [normal(cell).replace(" ", "_") for cell in row.cells]
            return
        names = self.columns.get(section, [])
        try:
            if what in ("Data", "Total", "SubTotal") and len(row.cells) < len(names) and any(names[len(row.cells) :]):
                raise ValueError(f"{section}: it has {len(row.cells)} cells where its header has {len(names)}")
            cells = {name: cell.strip() for name, cell in zip(names, row.cells, strict=False) if cell.strip() and name}
            if what == "Data":
                self._data(row, section, cells)
            elif what == "Total" and section in _HOLDINGS:
                self._prove(row, cells)
        except ValueError as error:
            self.draft.fault(row.start, f"row: {error}", AGAIN)

    def _data(self, row: Row, section: str, cells: Cells) -> None:
        handler = self.sections.get(section)
        entry = handler(cells) if handler else None
        if section in _CASH_SECTIONS:
            entry = self._movement(section, cells)
        elif handler is None and section not in _REPEATS and section not in self.reported:
            self.reported.add(section)
            self.draft.note(row.start, f"the section {section[:40]!r} is not known to us: its rows are left", _LEARN)
        if entry is not None:
            self._keep(row, entry)

    def _about(self, cells: Cells) -> None:
        """Account and period, from the lines that describe the statement."""
        name, text = cells.get("field_name", ""), cells.get("field_value", "").strip()
        if name == "Account":
            self.sheet = self.sheet._replace(account=text.split(" ")[0] or None)
        elif name == "Period":
            self.sheet = Sheet(self.sheet.account, _last_day(text))
        elif name == "Base Currency":
            self.base = text

    def _history(self, cells: Cells) -> Entry:
        """A movement of a transaction history; its own column of the currency stands before the account's."""
        symbol = cells.get("symbol", "")
        identity = self._identity(symbol) if symbol not in MISSING else {}
        return _ibkr_sections.history(cells, cells.get("currency", self.base), identity)

    def _position(self, cells: Cells) -> Entry | None:
        """A holding; lots below it are lots."""
        level = cells.get("datadiscriminator", "Summary").upper()
        found = numbers(cells, ("quantity", "mult", "cost_price", "cost_basis", "close_price", "value"), ".")
        renamed = {
            "quantity": "quantity", "mult": "multiplier", "cost_price": "cost_price", "cost_basis": "cost",
            "close_price": "price", "value": "market_value",
        }  # fmt: skip
        fields = {renamed[name]: text for name, text in found.items()}
        identity = {"currency": required(cells, "currency"), **self._identity(required(cells, "symbol"))}
        if level == "LOT":
            acquired = loose_date(required(cells, "open"), "month").isoformat()
            return Entry("lot", {**identity, **fields, "acquired_date": acquired, "level": "LOT"}, cells.get("account"))
        if level != "SUMMARY":
            return None
        key = f"{cells.get('asset_category', '')} {identity['currency']}"
        self.held_values.setdefault(key, []).append(Decimal(fields.get("market_value", "0")))
        side = "SHORT" if required(fields, "quantity").startswith("-") else "LONG"
        basis = {**worth({name: text for name, text in fields.items() if name != "multiplier"})}
        if fields.get("multiplier", "1") != "1":
            basis = {"price_basis": "unit", "quantity_type": "UNIT"}
        category = {"asset_category": cells.get("asset_category", "")}
        return Entry(
            "position",
            {**identity, **category, **basis, **fields, "side": side, "level": "SUMMARY"},
            cells.get("account"),
        )

    def _trade(self, cells: Cells) -> Entry | None:
        """A trade, by order where orders are listed and else by execution; it moves proceeds and commission."""
        level = cells.get("datadiscriminator", "")
        if level != ("Order" if self.is_by_order else level) or level not in ("Order", "Trade", "Execution"):
            return None
        found = numbers(cells, ("quantity", "t._price", "proceeds", "comm/fee"), ".")
        quantity, is_fx = required(found, "quantity"), cells.get("asset_category", "").startswith("Forex")
        proceeds, paid = Decimal(required(found, "proceeds")), Decimal(found.get("comm/fee", "0"))
        moment = loose_date(required(cells, "date/time"), "month").isoformat()
        fields = {
            **self._identity(required(cells, "symbol")), "currency": required(cells, "currency"), "quantity": quantity,
            "price": found.get("t._price", ""), "amount": plain(proceeds if is_fx else add((proceeds, paid))),
            "fee": plain(-paid), "date": moment, "code": cells.get("code", ""),
            "kind": "fx" if is_fx else "sell" if quantity.startswith("-") else "buy",
        }  # fmt: skip
        return Entry("transaction", fields, cells.get("account"))

    def _movement(self, section: str, cells: Cells) -> Entry | None:
        """A movement of cash; the sums among the rows have no date."""
        day = cells.get("date", cells.get("settle_date", cells.get("date/time", "")))
        if day in MISSING or cells.get("currency", "").lower().startswith("total"):
            return None
        amount, text = loose_number(required(cells, "amount"), "."), cells.get("description", "")
        kind = kind_of(section, ((section, _CASH_SECTIONS[section]),), amount)
        isin, symbol = _ISIN.search(text), _SYMBOL.match(text)
        fields = {
            "kind": kind, "amount": amount, "currency": required(cells, "currency"), "description": text,
            "date": loose_date(day, "month").isoformat(), "isin": isin[1] if isin else "",
            "symbol": symbol[1].strip() if symbol and isin else "",
        }  # fmt: skip
        return Entry("transaction", fields, cells.get("account"))

    def _cash(self, cells: Cells) -> Entry | None:
        """What a currency ends with; the base currency's summary repeats them all."""
        currency, label = cells.get("currency", ""), cells.get("currency_summary", "")
        if label == "Ending Settled Cash" or label != "Ending Cash" or len(currency) != 3:
            return None
        return Entry(
            "cash", {"currency": currency, "amount": loose_number(required(cells, "total"), ".")}, cells.get("account")
        )

    def _identity(self, symbol: str) -> dict[str, str]:
        return {**self.instruments.get(symbol, {}), "symbol": symbol}

    def _prove(self, row: Row, cells: Cells) -> None:
        """The total of one class of holdings in one currency; one in the base currency has no rows of its own."""
        key = f"{cells.get('asset_category', '')} {cells.get('currency', '')}"
        values = self.held_values.pop(key, None)
        if values is None or "value" not in cells:
            return
        expected, actual = loose_number(cells["value"], "."), plain(add(values))
        statement = self.statement(self.sheet.account)
        control = Control(f"open positions {key}", expected, actual, expected == actual)
        self.draft.prove(control, statement.controls, row.start, AGAIN)


def _last_day(text: str) -> date | None:
    return loose_date(text.rpartition(" - ")[2].strip(), "month") if text else None


FORMAT = Format("ibkr_activity_csv", sniff, read, "Interactive Brokers activity statement, CSV of sections")
