"""eToro's account activity, CSV. Reading rows belongs to _broker_csv."""

from functools import partial

from fo_platform.custodians import _broker_csv
from fo_platform.custodians._broker_csv import Cells, Dialect, Entry, Sheet, Table, named, others, required
from fo_platform.custodians._csv_values import kind_of, loose_date, numbers, signed_units
from fo_platform.custodians._draft import Draft, Format

_WORDS = (
    ("open position", "buy"), ("position closed", "sell"), ("corp action", "other"), ("split", "other"),
    ("dividend", "dividend"), ("withdrawal conversion", "fee"), ("withdraw fee", "fee"), ("conversion fee", "fee"),
    ("overnight", "interest"), ("rollover", "interest"), ("sdrt", "tax"), ("tax", "tax"), ("fee", "fee"),
    ("commission", "fee"), ("interest", "interest"), ("deposit", "money"), ("withdraw", "money"), ("refund", "money"),
    ("transfer", "transfer"), ("mirror", "transfer"), ("copy", "transfer"), ("staking", "interest"),
)  # fmt: skip
_COLUMNS = {
    "date": "date", "type": "action", "details": "details", "amount": "amount", "units": "quantity",
    "units / contracts": "quantity", "realized equity change": "equity_change", "realized equity": "equity",
    "balance": "balance", "position id": "reference", "asset type": "asset_type", "nwa": "", "": "",
}  # fmt: skip


def _movement(cells: Cells, _: Sheet) -> Entry:
    """A movement; what a position costs to open is written without a sign. The account's currency is not stated."""
    found = numbers(cells, ("amount", "quantity", "equity_change", "equity", "balance"), "")
    kind = kind_of(required(cells, "action"), _WORDS, found.get("amount", ""))
    if kind == "buy" and found.get("amount", "0") != "0":
        found["amount"] = f"-{found['amount'].removeprefix('-')}"
    symbol, quoted = cells.get("details", "").rpartition("/")[::2]
    names = {"symbol": symbol, "price_currency": quoted} if symbol and len(quoted) == 3 else {}
    fields = {
        **others(cells, "quantity"), **names, **signed_units(found, kind), "kind": kind,
        "date": loose_date(required(cells, "date"), "day").isoformat(),
    }  # fmt: skip
    return Entry("transaction", fields)


_DIALECT = Dialect(
    tables=(
        Table(named(_COLUMNS, "date", "type", "details", "amount", "realized equity change", "position id"), _movement),
    ),
    delimiters=",;",
)


def read(draft: Draft) -> None:
    """Every row of the export; it names no account."""
    _broker_csv.read(_DIALECT, draft)


FORMAT = Format("etoro_csv", partial(_broker_csv.sniff, _DIALECT), read, "eToro account activity, CSV")
