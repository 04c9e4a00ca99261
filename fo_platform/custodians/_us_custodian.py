"""Columns of the US custodian's records and their meaning as fields. Files and controls do not belong here."""

from collections.abc import Callable
from typing import NamedTuple

from fo_platform.custodians._numbers import compact_date, implied_number
from fo_platform.custodians.records import Kind


class Column(NamedTuple):
    """Columns first to last, 1-based and inclusive; numbers have implied decimals, maybe a sign in column `sign`."""

    name: str
    first: int
    last: int
    decimals: int = -1
    sign: int = 0
    is_date: bool = False


class Detail(NamedTuple):
    """A type of record: the kind it becomes, its columns, which of them may not be blank, and what they mean."""

    kind: Kind
    columns: tuple[Column, ...]
    needed: tuple[str, ...]
    meaning: Callable[[dict[str, str]], dict[str, str]]


def cut(line: str, columns: tuple[Column, ...]) -> dict[str, str]:
    """The columns that are not blank, numbers and dates as canonical text; a ValueError names the bad column."""
    texts = ((column, line[column.first - 1 : column.last].strip(" ")) for column in columns)
    return {column.name: _value(line, column, text) for column, text in texts if text}


def detail_fields(code: str, line: str) -> tuple[str, dict[str, str]]:
    """Account and fields of a detail record."""
    detail = DETAILS[code]
    found = cut(line, detail.columns)
    for name in detail.needed:
        if name not in found:
            raise ValueError(f"{name} is blank")
    return found.pop("account"), detail.meaning(found)


def _position(found: dict[str, str]) -> dict[str, str]:
    basis = found.pop("basis", "")
    if basis not in _BASES:
        raise ValueError(f"price basis {basis!r} is neither U nor C")
    side = "SHORT" if found["quantity"].startswith("-") else "LONG"
    return {**found, "quantity_type": _BASES[basis][0], "price_basis": _BASES[basis][1], "side": side, "level": ""}


def _lot(found: dict[str, str]) -> dict[str, str]:
    return {**found, "level": "LOT"}


def _activity(found: dict[str, str]) -> dict[str, str]:
    """A movement; the quantity, price and fee of one that has none are written as zero."""
    kind = _KINDS.get(found.pop("code"), "other")
    stated = {name: text for name, text in found.items() if text != "0" or name not in ("quantity", "price", "fee")}
    return {"kind": kind, **stated}


def _value(line: str, column: Column, text: str) -> str:
    try:
        if column.is_date:
            return compact_date(text).isoformat()
        if column.decimals < 0:
            return text
        if len(text) != column.last - column.first + 1:
            raise ValueError(f"{text!r} does not fill its columns")
        return implied_number(text, column.decimals, line[column.sign - 1] if column.sign else "+")
    except ValueError as error:
        raise ValueError(f"columns {column.first}-{column.last} ({column.name}): {error}") from error


_BASES = {"U": ("UNIT", "unit"), "C": ("FAMT", "per_100")}
_KINDS = {
    "BUY": "buy", "SEL": "sell", "DIV": "dividend", "INT": "interest", "FEE": "fee", "TAX": "tax", "DEP": "deposit",
    "WDL": "withdrawal", "XIN": "transfer_in", "XOT": "transfer_out",
}  # fmt: skip

_SECURITY = (
    Column("account", 2, 11), Column("cusip", 12, 20), Column("isin", 21, 32), Column("symbol", 33, 40),
    Column("currency", 41, 43),
)  # fmt: skip
_POSITION = (
    *_SECURITY,
    Column("quantity", 45, 62, 5, 63),
    Column("quantity_settled", 64, 81, 5, 82),
    Column("price", 83, 99, 8),
    Column("market_value", 100, 117, 2, 118),
    Column("accrued", 119, 136, 2, 137),
    Column("price_date", 138, 145, is_date=True),
    Column("basis", 146, 146),
    Column("factor", 147, 156, 8),
    Column("description", 157, 196),
)
_LOT = (
    *_SECURITY,
    Column("lot_id", 44, 59),
    Column("acquired_date", 60, 67, is_date=True),
    Column("quantity", 68, 85, 5, 86),
    Column("cost", 87, 104, 2, 105),
)
_CASH = (
    Column("account", 2, 11),
    Column("currency", 41, 43),
    Column("amount", 45, 62, 2, 63),
    Column("amount_settled", 64, 81, 2, 82),
)
_ACTIVITY = (
    *_SECURITY,
    Column("code", 44, 46),
    Column("reference", 47, 62),
    Column("date", 63, 70, is_date=True),
    Column("settle_date", 71, 78, is_date=True),
    Column("quantity", 79, 96, 5, 97),
    Column("price", 98, 114, 8),
    Column("amount", 115, 132, 2, 133),
    Column("fee", 134, 151, 2, 152),
)
DETAILS = {
    "P": Detail("position", _POSITION, ("account", "quantity", "currency"), _position),
    "L": Detail("lot", _LOT, ("account", "lot_id", "quantity", "cost"), _lot),
    "C": Detail("cash", _CASH, ("account", "amount", "currency"), dict),
    "A": Detail("transaction", _ACTIVITY, ("account", "code", "date", "amount", "currency"), _activity),
}
TRAILER = (
    Column("date", 13, 20, is_date=True),
    Column("details", 21, 29, 0),
    Column("P", 30, 38, 0),
    Column("L", 39, 47, 0),
    Column("C", 48, 56, 0),
    Column("A", 57, 65, 0),
    Column("market_value", 66, 85, 2, 86),
)
