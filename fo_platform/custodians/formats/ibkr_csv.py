"""Interactive Brokers Flex queries as CSV: holdings, trades, money. Attributes belong to _flex, rows to _broker_csv."""

from collections import Counter
from decimal import Decimal
from functools import partial

from fo_platform.custodians import _broker_csv, _flex
from fo_platform.custodians._broker_csv import Cells, Dialect, Entry, Export, Row, Sheet, Table, normal
from fo_platform.custodians._csv_values import MISSING
from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._flex_names import ATTRIBUTES
from fo_platform.custodians._numbers import flex_date, number
from fo_platform.units import plain

_ATTRIBUTES = {
    **{name.lower(): name for name in sorted(ATTRIBUTES)},
    "clientaccountid": "accountId", "currencyprimary": "currency", "assetclass": "assetCategory",
    "buy/sell": "buySell", "date/time": "dateTime", "tradeid": "tradeID", "put/call": "putCall",
    "endingcash": "endingCash", "endingsettledcash": "endingSettledCash", "todate": "toDate",
    "open/closeindicator": "openCloseIndicator", "notes/codes": "notes", "accruedinterest": "accruedInt",
    "accountalias": "acctAlias", **dict.fromkeys(("header", "post", "trnt", "ctrn", "crtt", "corp", "trfr"), ""),
}  # fmt: skip
"""The columns of a Flex CSV are the attributes of a Flex XML, in other letters."""

_DROPPED = ("SYMBOL_SUMMARY", "ASSET_SUMMARY", "CLOSED_LOT", "WASH_SALE")
"""Levels that repeat the executions beside them."""
_COARSE = ("ORDER", "SUMMARY")
"""Levels that count where the query lists no executions or single movements."""
_FRAME = ("BOF", "BOA", "BOS", "EOS", "EOA", "EOF", "MSG")
"""Lines around sections: beginning and end of file, account and section."""
_READ = {"post": "holdings", "trnt": "trades", "ctrn": "cash", "crtt": "balances"}
"""Sections that have to be understood where a file marks them."""


def _trade(cells: Cells, _: Sheet) -> Entry | None:
    """An execution; without the cash that it moves, that is the trade's money and the commission in its currency.

    A row that identifies no instrument and whose money is exactly quantity times price is a trade of currencies.
    """
    if cells.get("levelOfDetail", "").upper() in _DROPPED:
        return None
    if not any(name in cells for name in ("tradeDate", "dateTime", "reportDate")):
        raise ValueError("it names no date")
    attributes = dict(cells)
    is_nameless = not any(
        cells.get(name, "") not in MISSING for name in ("isin", "cusip", "conid", "symbol", "securityID")
    )
    if "proceeds" not in cells and "tradeMoney" in cells:
        attributes["proceeds"] = plain(-Decimal(number(cells["tradeMoney"])))
    if is_nameless and "assetCategory" not in cells:
        attributes["assetCategory"] = _unnamed(cells)
    fields = {**_flex.confirmation_fields(attributes, flex_date), **_level(cells)}
    return Entry("transaction", fields, cells.get("accountId"))


def _unnamed(cells: Cells) -> str:
    texts = [number(cells.get(name, "0")) for name in ("quantity", "tradePrice", "tradeMoney")]
    quantity, price, money = map(Decimal, texts)
    if quantity * price != money:
        raise ValueError("it names no instrument")
    return "CASH"


def _level(cells: Cells) -> dict[str, str]:
    level = cells.get("levelOfDetail", "").upper()
    return {"level": level} if level in _COARSE else {}


def _movement(cells: Cells, _: Sheet) -> Entry:
    """A movement of money."""
    attributes = {**cells, "dateTime": cells.get("dateTime", cells.get("reportDate", cells.get("settleDate", "")))}
    fields = {**_flex.cash_transaction_fields(attributes, flex_date), **_level(cells)}
    return Entry("transaction", fields, cells.get("accountId"))


def _position(cells: Cells, _: Sheet) -> Entry:
    """A holding or a lot of one, whose quantity a Flex XML calls position."""
    attributes = {"position": cells.get("quantity", ""), **cells}
    lot = _flex.lot_fields(attributes, flex_date) if cells.get("levelOfDetail", "").upper() == "LOT" else {}
    return Entry("position", {**_flex.position_fields(attributes), **lot}, cells.get("accountId"))


def _balance(cells: Cells, _: Sheet) -> Entry | None:
    """Money in one currency; what sums the others in the base currency is none."""
    is_sum = "BASE" in cells.get("levelOfDetail", "").upper()
    fields = {} if is_sum else _flex.cash_fields(cells)
    return Entry("cash", fields, cells.get("accountId")) if fields else None


def _event(cells: Cells, _: Sheet) -> Entry:
    return Entry("corporate_action", _flex.corporate_action_fields(cells, flex_date), cells.get("accountId"))


def _transfer(cells: Cells, _: Sheet) -> Entry | None:
    fields = _flex.transfer_fields(cells, flex_date)
    return Entry("transaction", fields, cells.get("accountId")) if fields else None


def _nothing(_: Cells, __: Sheet) -> None:
    return None


def _around(export: Export, row: Row) -> bool:
    """Lines around sections: the first says up to which day the file goes, and each account who it is."""
    mark = row.cells[0].strip()
    if mark not in _FRAME:
        return False
    export.flush()
    if mark == "BOF" and len(row.cells) > 5:
        export.sheet = Sheet(row.cells[1] or None, flex_date(row.cells[5]))
    elif mark == "BOA" and len(row.cells) > 1:
        export.sheet = export.sheet._replace(account=row.cells[1] or None)
    return True


def _roles(*needed: str) -> partial[list[str] | None]:
    return partial(_known, needed)


def _known(needed: tuple[str, ...], header: list[str]) -> list[str] | None:
    """Roles of a header; its other columns are attributes that we leave, under their own names."""
    names = set(header)
    return [_ATTRIBUTES.get(name, f"?{name}") for name in header] if names.issuperset(needed) else None


def _balances(header: list[str]) -> list[str] | None:
    """Roles of a cash report, which has a column for every sort of movement: what is new among them is not named."""
    roles = _known(("endingcash", "currencyprimary"), header)
    return [role if role in _ATTRIBUTES.values() else "" for role in roles] if roles else None


def _any(header: list[str]) -> list[str] | None:
    """Roles of a section that is not read."""
    return [""] * len(header) if header[0] == "header" or "clientaccountid" in header else None


_DIALECT = Dialect(
    tables=(
        Table(_roles("buy/sell", "tradedate", "quantity", "currencyprimary"), _trade),
        Table(_roles("quantity", "tradeprice", "currencyprimary"), _trade),
        Table(_roles("buy/sell", "quantity", "price", "currencyprimary"), _trade),
        Table(_roles("quantity", "markprice", "currencyprimary"), _position),
        Table(_roles("position", "markprice", "currencyprimary"), _position),
        Table(_balances, _balance),
        Table(_roles("direction", "quantity", "cashtransfer", "currencyprimary"), _transfer),
        Table(_roles("quantity", "amount", "date/time", "currencyprimary"), _event),
        Table(_roles("type", "amount", "currencyprimary", "settledate"), _movement),
        Table(_roles("type", "amount", "currencyprimary", "date/time"), _movement),
        Table(_roles("type", "amount", "currencyprimary", "reportdate"), _movement),
        Table(_any, _nothing),
    ),
    delimiters=",|\t",
    basis="trade",
    around=_around,
)


class _Query(Export):
    """One pass over a query: its sections, and lots that are the holdings where nothing sums them."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(_DIALECT, draft)
        self.parts: list[tuple[Row, Entry]] = []
        self.coarse: list[tuple[object, Row, Entry]] = []
        self.fine: set[object] = set()
        self.summed: set[str | None] = set()
        self.lots: Counter[tuple[str, ...]] = Counter()

    def read(self) -> None:
        """All lines."""
        super().read()
        for row, entry in self.parts:
            if entry.account not in self.summed:
                super()._keep(row, entry)
        for section, row, entry in self.coarse:
            if section not in self.fine:
                super()._keep(row, entry)
        if self.draft.data[:4].strip(b'"').startswith(b"BOF"):
            self._prove_end()

    def _prove_end(self) -> None:
        last = self.draft.data[max(0, len(self.draft.data) - 200) :].rstrip().rpartition(b"\n")[2]
        if not last.replace(b'"', b"").startswith(b"EOF"):
            self.draft.fault(len(self.draft.data), "the file breaks off: its end is missing", _broker_csv.AGAIN)

    def _begin(self, row: Row, table: Table, roles: list[str]) -> None:
        super()._begin(row, table, roles)
        if table.entry is not _nothing:
            return
        section = self.header[1] if self.header[0] == "header" else ", ".join(self.header[:4])
        if section in _READ:
            raise ValueError(f"a column without which {_READ[section]} cannot be read is missing")
        self.draft.note(row.start, f"the section {section[:60]} is not read", "Nothing is to be done.")

    def _hold(self, row: Row, cells: Cells) -> None:
        if self.header[0] == "header" and normal(row.cells[1]) != self.header[1]:
            raise ValueError(f"it is of the section {row.cells[1][:12]}, whose header is missing")
        super()._hold(row, cells)

    def _keep(self, row: Row, entry: Entry) -> None:
        """A holding is as of its own day where the file names none; lots that share an identifier are numbered."""
        if entry.kind in ("position", "cash"):
            cells = dict(zip(self.roles, row.cells, strict=False))
            stated = cells.get("reportDate", cells.get("toDate", ""))
            statement = self.statement(entry.account or self.sheet.account)
            if statement.statement_date is None and stated not in MISSING:
                statement.statement_date = flex_date(stated)
        if entry.kind == "position" and entry.fields["level"].upper() == "LOT":
            self.parts.append((row, entry))
            entry = entry._replace(kind="lot", fields=self._numbered(entry.fields))
        elif entry.kind == "position":
            self.summed.add(entry.account)
        if entry.kind == "transaction" and self.table is not None:
            if "level" in entry.fields:
                self.coarse.append((self.table.entry, row, entry))
                return
            self.fine.add(self.table.entry)
        super()._keep(row, entry)

    def _numbered(self, fields: dict[str, str]) -> dict[str, str]:
        key = tuple(fields.get(name, "") for name in ("conid", "isin", "symbol", "lot_id"))
        self.lots[key] += 1
        is_first = self.lots[key] == 1 or "lot_id" not in fields
        return fields if is_first else {**fields, "lot_id": f"{fields['lot_id']}.{self.lots[key]}"}


def read(draft: Draft) -> None:
    """Every row of the export; it names an account only where the query asks for it."""
    _Query(draft).read()


FORMAT = Format("ibkr_csv", partial(_broker_csv.sniff, _DIALECT), read, "Interactive Brokers Flex queries, CSV")
