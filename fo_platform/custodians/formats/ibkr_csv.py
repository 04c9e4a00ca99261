"""Interactive Brokers Flex queries of trades and of cash as CSV. Attributes belong to _flex, rows to _broker_csv."""

from decimal import Decimal
from functools import partial

from fo_platform.custodians import _broker_csv, _flex
from fo_platform.custodians._broker_csv import Cells, Dialect, Entry, Sheet, Table
from fo_platform.custodians._csv_values import MISSING
from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._numbers import add, flex_date, number
from fo_platform.units import plain

_ATTRIBUTES = {
    "clientaccountid": "accountId", "currencyprimary": "currency", "currency": "currency",
    "assetclass": "assetCategory",
    "symbol": "symbol", "description": "description", "conid": "conid", "securityid": "securityID",
    "securityidtype": "securityIDType", "cusip": "cusip", "isin": "isin", "buy/sell": "buySell", "quantity": "quantity",
    "tradeprice": "tradePrice", "trademoney": "tradeMoney", "proceeds": "proceeds", "taxes": "taxes",
    "netcash": "netCash",
    "ibcommission": "ibCommission", "ibcommissioncurrency": "ibCommissionCurrency", "tradedate": "tradeDate",
    "date/time": "dateTime", "datetime": "dateTime", "reportdate": "reportDate", "settledatetarget": "settleDateTarget",
    "settledate": "settleDate", "transactionid": "transactionID", "tradeid": "tradeID", "ibexecid": "ibExecID",
    "type": "type", "amount": "amount", "levelofdetail": "levelOfDetail", "multiplier": "multiplier",
}  # fmt: skip
"""The columns of a Flex CSV are the attributes of a Flex XML, in other letters."""

_DROPPED = ("ORDER", "SYMBOL_SUMMARY", "ASSET_SUMMARY", "CLOSED_LOT", "WASH_SALE", "SUMMARY")
"""Levels that repeat the executions or single movements beside them."""


def _trade(cells: Cells, _: Sheet) -> Entry | None:
    """An execution; without the cash that it moves, that is the trade's money and the commission in its currency.

    A row that identifies no instrument and whose money is exactly quantity times price is a trade of currencies.
    """
    if cells.get("levelOfDetail", "").upper() in _DROPPED:
        return None
    attributes = dict(cells)
    is_nameless = not any(
        cells.get(name, "") not in MISSING for name in ("isin", "cusip", "conid", "symbol", "securityID")
    )
    if "netCash" not in cells and "proceeds" not in cells and "tradeMoney" in cells:
        attributes |= _cash(cells)
    if is_nameless and "assetCategory" not in cells:
        attributes["assetCategory"] = _unnamed(cells)
    return Entry("transaction", _flex.trade_fields(attributes, flex_date), cells.get("accountId"))


def _cash(cells: Cells) -> dict[str, str]:
    """Money of a trade as its proceeds, and with the commission as net cash where both are in one currency."""
    proceeds = -Decimal(number(cells["tradeMoney"]))
    paid = cells.get("ibCommission", "0") if cells.get("ibCommissionCurrency") == cells.get("currency") else "0"
    return {"proceeds": plain(proceeds), "netCash": plain(add((proceeds, Decimal(number(paid)))))}


def _unnamed(cells: Cells) -> str:
    texts = [number(cells.get(name, "0")) for name in ("quantity", "tradePrice", "tradeMoney")]
    quantity, price, money = map(Decimal, texts)
    if quantity * price != money:
        raise ValueError("it names no instrument")
    return "CASH"


def _movement(cells: Cells, _: Sheet) -> Entry | None:
    """A movement of money."""
    if cells.get("levelOfDetail", "").upper() in _DROPPED:
        return None
    attributes = {**cells, "dateTime": cells.get("dateTime", cells.get("reportDate", cells.get("settleDate", "")))}
    return Entry("transaction", _flex.cash_transaction_fields(attributes, flex_date), cells.get("accountId"))


def _roles(*needed: str) -> partial[list[str] | None]:
    return partial(_known, needed)


def _known(needed: tuple[str, ...], header: list[str]) -> list[str] | None:
    """Roles of a header; its other columns are attributes that we leave, under their own names."""
    names = set(header)
    return [_ATTRIBUTES.get(name, f"?{name}") for name in header] if names.issuperset(needed) else None


_DIALECT = Dialect(
    tables=(
        Table(_roles("buy/sell", "tradedate", "quantity", "currencyprimary"), _trade),
        Table(_roles("type", "amount", "currencyprimary", "settledate"), _movement),
        Table(_roles("type", "amount", "currencyprimary", "date/time"), _movement),
    ),
    basis="trade",
)


def read(draft: Draft) -> None:
    """Every row of the export; it names an account only where the query asks for it."""
    _broker_csv.read(_DIALECT, draft)


FORMAT = Format("ibkr_csv", partial(_broker_csv.sniff, _DIALECT), read, "Interactive Brokers Flex trades and cash, CSV")
