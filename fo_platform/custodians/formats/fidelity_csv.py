"""Fidelity's exports of account history and positions, CSV. Reading rows belongs to _broker_csv."""

import re
from datetime import date
from functools import partial

from fo_platform.custodians import _broker_csv
from fo_platform.custodians._broker_csv import Cells, Dialect, Entry, Export, Row, Sheet, Table, named, others, required
from fo_platform.custodians._csv_values import MISSING, kind_of, loose_date, numbers, signed_units, worth
from fo_platform.custodians._draft import Draft, Format

_NUMBER = re.compile(r"(?:^|\s)([A-Z]?[0-9]{8,9})$")
_CUSIP = re.compile(r"[0-9]{3}[0-9A-Z]{5}[0-9]")
_DOWNLOADED = re.compile(rb"Date downloaded\"? (.{1,24})")
_LAST = "Date downloaded"
_LINKED = re.compile(rb"(?m)^(?:[^,\r\n]*,)?\"?BrokerageLink")
_NAME_BEGINS = 12
_CURRENCY = re.compile(r"[A-Z]{3}")
_UNSETTLED = MISSING | {"Processing"}
_WORDS = (
    ("you bought", "buy"), ("you sold", "sell"), ("purchase into core", "buy"), ("redemption from core", "sell"),
    ("in lieu", "other"), ("split", "other"), ("merger", "other"), ("spin", "other"), ("expired", "other"),
    ("assigned", "other"), ("exercised", "other"), ("return of capital", "other"), ("reverse", "other"),
    ("reinvestment", "buy"), ("tax", "tax"), ("dividend", "dividend"), ("cap gain", "dividend"), ("capital gain",
    "dividend"),
    ("interest", "interest"), ("exempt int", "interest"), ("fee", "fee"), ("transferred", "transfer"),
    ("transfer of assets", "transfer"),
    ("journaled", "transfer"), ("electronic funds", "money"), ("direct deposit", "money"), ("direct debit", "money"),
    ("wire", "money"), ("check", "money"), ("bill pay", "money"), ("debit card", "money"), ("contribution", "money"),
    ("deposit", "money"), ("withdrawal", "money"), ("normal distr", "money"), ("rollover", "money"),
    ("cash advance", "money"),
    ("distribution", "other"), ("bought", "buy"), ("sold", "sell"), ("redemption", "sell"),
)  # fmt: skip
_HISTORY = {
    "run date": "date", "account": "account_name", "account number": "account", "action": "action", "symbol": "symbol",
    "description": "description", "security description": "description", "type": "subaccount",
    "security type": "subaccount",
    "exchange quantity": "exchange_quantity", "exchange currency": "exchange_currency", "quantity": "quantity",
    "currency": "currency", "price": "price", "price ($)": "price", "exchange rate": "exchange_rate",
    "commission": "commission", "commission ($)": "commission", "fees": "fees", "fees ($)": "fees",
    "accrued interest": "accrued", "accrued interest ($)": "accrued", "amount": "amount", "amount ($)": "amount",
    "cash balance": "balance", "cash balance ($)": "balance", "settlement date": "settled", "": "",
}  # fmt: skip
_POSITIONS = {
    "account number": "account", "account name": "account_name", "account name/number": "account_name",
    "symbol": "symbol", "description": "description",
    "quantity": "quantity", "last price": "price", "current value": "market_value", "cost basis total": "cost",
    "cost basis": "cost", "average cost basis": "cost_price", "cost basis per share": "cost_price",
    "type": "subaccount",
    "last price change": "", "today's gain/loss dollar": "", "today's gain/loss percent": "",
    "total gain/loss dollar": "", "total gain/loss percent": "", "percent of account": "", "": "",
}  # fmt: skip


def _movement(cells: Cells, _: Sheet) -> Entry:
    """A movement of one account's history; one that is being processed has no day of settlement yet."""
    cells = _aligned(cells)
    found = numbers(cells, ("quantity", "price", "amount", "accrued", "commission", "fees"), ".")
    kind = kind_of(_label(cells), _WORDS, found.get("amount", found.get("quantity", "")))
    if found.get("quantity") == "0":
        del found["quantity"]
    settled = cells.get("settled", "")
    fields = {
        **others(cells, "symbol", "settled", "account", "quantity"), **_identity(cells), **signed_units(found, kind),
        "date": loose_date(required(cells, "date"), "month").isoformat(), "kind": kind,
        "currency": cells.get("currency", "USD"),
        **({"settle_date": loose_date(settled, "month").isoformat()} if settled not in _UNSETTLED else {}),
    }  # fmt: skip
    return Entry("transaction", fields, _account(cells))


def _aligned(cells: Cells) -> Cells:
    """Quantity, currency and price, also where an export names them in this order and writes the quantity last."""
    if not _CURRENCY.fullmatch(cells.get("quantity", "")):
        return cells
    first, second, third = (cells.get(name, "") for name in ("quantity", "currency", "price"))
    return {**cells, "currency": first, "price": second, "quantity": third}


def _label(cells: Cells) -> str:
    """What was done: the action without the name of the security behind it, whose words mean nothing."""
    text = required(cells, "action").lower()
    name = cells.get("description", "").lower()[:_NAME_BEGINS]
    return (text.partition(name)[0] if name else "") or text


def _account(cells: Cells) -> str | None:
    """The account's number: its own column, or behind the name in the other one."""
    match = _NUMBER.search(cells.get("account_name", ""))
    return cells.get("account") or (match[1] if match else None)


def _identity(cells: Cells) -> dict[str, str]:
    symbol = cells.get("symbol", "")
    return {"cusip" if _CUSIP.fullmatch(symbol) else "symbol": symbol.rstrip("*")} if symbol not in MISSING else {}


def _position(cells: Cells, _: Sheet) -> Entry | None:
    """A holding, or money in the core fund, which two stars mark and which has no quantity."""
    account = _account(cells) or cells.get("account_name")
    found = numbers(cells, ("quantity", "price", "market_value", "cost", "cost_price"), ".")
    symbol = cells.get("symbol") or required(cells, "description")
    if symbol.lower().startswith("pending") and "market_value" not in found:
        return None
    if "quantity" not in found:
        if not symbol.endswith("**") and not symbol.lower().startswith("pending"):
            raise ValueError("quantity is blank")
        about = {"symbol": symbol.rstrip("*"), "description": cells.get("description", "")}
        return Entry("cash", {"currency": "USD", "amount": required(found, "market_value"), **about}, account)
    side = "SHORT" if found["quantity"].startswith("-") else "LONG"
    fields = {**others(cells, "symbol", "account", *found), **_identity(cells), **found, **worth(found)}
    return Entry("position", {**fields, "currency": "USD", "side": side, "level": ""}, account)


def _around(export: Export, row: Row) -> bool:
    """The word before the table and the notices behind it: sentences, in one cell or cut at their commas."""
    first, alone = row.cells[0].strip(), not any(cell.strip() for cell in row.cells[1:])
    is_prose = len(first) > 25 and first.count(" ") > 2
    return is_prose or _is_last(first) or (alone and export.table is None) or _is_linked(export, row)


def _is_linked(export: Export, row: Row) -> bool:
    """Whether the row of a plan is only the sum of the brokerage account linked to it, which the file lists too."""
    return "BROKERAGELINK" in row.cells and _LINKED.search(export.draft.data[:]) is not None


def _is_last(text: str) -> bool:
    """Whether it is the line of the download, which has its quotation marks and commas where it likes."""
    return text.strip('"').startswith(_LAST)


def _downloaded(draft: Draft) -> date | None:
    """The day on which the holdings were exported, which the last line says."""
    at = max(0, draft.data.find(_LAST.encode()))
    match = _DOWNLOADED.match(draft.data[at : at + 64])
    try:
        return loose_date(match[1].decode("ascii", "replace"), "month") if match else None
    except ValueError:
        draft.note(at, "the day of the download cannot be read", "Nothing is to be done.")
        return None


_DIALECT = Dialect(
    tables=(
        Table(named(_HISTORY, "run date", "action", "symbol", "quantity"), _movement),
        Table(named(_POSITIONS, "symbol", "description", "quantity", "last price", "current value"), _position),
    ),
    around=_around,
    is_notice=_is_last,
)


def read(draft: Draft) -> None:
    """Every row of the export; only holdings are as of the day of the download."""
    export = Export(_DIALECT, draft)
    if b"run date" not in draft.data[:4096].lower():
        export.sheet = Sheet(None, _downloaded(draft))
    export.read()


FORMAT = Format(
    "fidelity_csv", partial(_broker_csv.sniff, _DIALECT), read, "Fidelity account history and positions, CSV"
)
