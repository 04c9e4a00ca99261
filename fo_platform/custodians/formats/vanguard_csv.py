"""Vanguard's download of holdings and transactions, CSV of two tables. Reading rows belongs to _broker_csv."""

from functools import partial

from fo_platform.custodians import _broker_csv
from fo_platform.custodians._broker_csv import Cells, Dialect, Entry, Sheet, Table, named, others, required
from fo_platform.custodians._csv_values import MISSING, kind_of, loose_date, numbers, signed_units, worth
from fo_platform.custodians._draft import Draft, Format

_WORDS = (
    ("split", "other"), ("conversion", "transfer"), ("merger", "other"), ("in lieu", "other"), ("expired", "other"),
    ("reinvestment", "buy"), ("buy", "buy"), ("sell", "sell"), ("sweep", "trade"), ("dividend", "dividend"),
    ("capital gain", "dividend"), ("interest", "interest"), ("tax", "tax"), ("withholding", "tax"), ("fee", "fee"),
    ("exchange", "trade"), ("transfer", "transfer"), ("rollover", "money"), ("funds", "money"), ("contribution",
    "money"),
    ("withdrawal", "money"), ("deposit", "money"), ("distribution", "money"), ("redemption", "sell"),
)  # fmt: skip
_HOLDINGS = {
    "account number": "account", "investment name": "description", "symbol": "symbol", "shares": "quantity",
    "share price": "price", "total value": "market_value", "": "",
}  # fmt: skip
_TRANSACTIONS = {
    "account number": "account", "trade date": "date", "settlement date": "settled", "transaction type": "action",
    "transaction description": "detail", "investment name": "description", "symbol": "symbol", "shares": "quantity",
    "share price": "price", "principal amount": "principal", "commission fees": "fee", "commissions and fees": "fee",
    "commission": "fee", "fees": "fees", "net amount": "amount", "accrued interest": "accrued",
    "account type": "account_type", "": "",
}  # fmt: skip


def _holding(cells: Cells, _: Sheet) -> Entry:
    """A holding; one that is called cash is money."""
    found = numbers(cells, ("quantity", "price", "market_value"), ".")
    if "quantity" not in found:
        raise ValueError("quantity is blank")
    account, symbol = required(cells, "account"), cells.get("symbol", "")
    if symbol.upper() == "CASH" or (not symbol and cells.get("description", "").upper().startswith("CASH")):
        return Entry("cash", {"currency": "USD", "amount": found.get("market_value", found["quantity"])}, account)
    side = "SHORT" if found["quantity"].startswith("-") else "LONG"
    fields = {**others(cells, "account"), **found, **worth(found), "currency": "USD", "side": side, "level": ""}
    return Entry("position", fields, account)


def _movement(cells: Cells, _: Sheet) -> Entry:
    """A movement; shares of one that moves none are written as zero."""
    found = numbers(cells, ("quantity", "price", "principal", "fee", "amount", "accrued"), ".")
    label = required(cells, "action")
    kind = kind_of(label, _WORDS, found.get("amount", found.get("quantity", "")))
    stated = {name: text for name, text in found.items() if text != "0" or name == "amount"}
    settled = cells.get("settled", "")
    fields = {
        **others(cells, "account", "settled", "quantity", "price", "fee", "accrued"), **signed_units(stated, kind),
        "date": loose_date(required(cells, "date"), "month").isoformat(), "kind": kind, "currency": "USD",
        **({"settle_date": loose_date(settled, "month").isoformat()} if settled not in MISSING else {}),
    }  # fmt: skip
    return Entry("transaction", fields, required(cells, "account"))


_DIALECT = Dialect(
    tables=(
        Table(named(_HOLDINGS, "account number", "investment name", "shares", "total value"), _holding),
        Table(named(_TRANSACTIONS, "account number", "trade date", "transaction type", "principal amount"), _movement),
    ),
)


def read(draft: Draft) -> None:
    """Every row of both tables; the file says no day that its holdings are of."""
    _broker_csv.read(_DIALECT, draft)


FORMAT = Format("vanguard_csv", partial(_broker_csv.sniff, _DIALECT), read, "Vanguard holdings and transactions, CSV")
