"""Rows of the market-data file as the fields of records, each value checked. Files and counts do not belong here."""

import re
from collections.abc import Callable
from typing import NamedTuple

from fo_platform.custodians._numbers import iso_date, number
from fo_platform.custodians.records import Kind

Check = Callable[[str], str]
_CURRENCY = re.compile(r"[A-Z]{3}")


class Row(NamedTuple):
    """A type of row: its kind of record, its columns with what their values must be; the last ones may be left off."""

    kind: Kind
    columns: dict[str, Check]
    optional: int = 0

    def fits(self, cells: list[str]) -> bool:
        """Whether a row has as many cells as it may."""
        return 0 <= len(self.columns) - len(cells) <= self.optional


def row_fields(row: Row, cells: list[str]) -> dict[str, str]:
    """Canonical values of a row by name, the blank ones left out; ValueError names the bad column."""
    found: dict[str, str] = {}
    for (name, check), cell in zip(row.columns.items(), cells, strict=False):
        try:
            found[name] = check(cell.strip())
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return {name: text for name, text in found.items() if text}


def _text(text: str) -> str:
    if not text:
        raise ValueError("it is blank")
    return text


def _any(text: str) -> str:
    return text


def _currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a currency")
    return text


def _currency_or_none(text: str) -> str:
    return _currency(text) if text else text


def _day(text: str) -> str:
    return iso_date(text).isoformat()


def _above_zero(text: str) -> str:
    value = number(text)
    if value == "0" or value.startswith("-"):
        raise ValueError(f"{text[:40]} is not above zero")
    return value


def _not_negative(text: str) -> str:
    value = number(text)
    if value.startswith("-"):
        raise ValueError(f"{text[:40]} is negative")
    return value


def _one_of(*allowed: str) -> Check:
    def check(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"{text[:40]!r} is none of {', '.join(allowed)}")
        return text

    return check


ROWS = {
    "SEC": Row(
        "instrument",
        {
            "instrument_id": _text, "instrument_name": _text, "instrument_type": _text, "asset_class": _text,
            "issuer_id": _text, "currency": _currency, "currency_risk": _currency, "market": _text, "mic": _any,
            "country": _text, "price_basis": _one_of("unit", "per_100"), "multiplier": _above_zero,
            "lot_size": _above_zero, "is_liquid": _one_of("Y", "N"), "is_restricted": _one_of("Y", "N"),
            "currency_hedged": _currency_or_none,
        },
        optional=1,
    ),
    "IDN": Row("identifier", {"id_type": _text, "id_value": _text, "instrument_id": _text, "valid_from": _day}),
    "PRC": Row(
        "price",
        {
            "instrument_id": _text, "price_date": _day, "price_local": _above_zero, "currency": _currency,
            "price_source": _text,
        },
    ),
    "FXR": Row(
        "fx",
        {
            "currency": _currency, "base_currency": _currency, "rate_date": _day, "fx_rate": _above_zero,
            "fx_source": _text,
        },
    ),
    "FAC": Row("factor", {"factor": _text, "return_date": _day, "return_1d": number, "source": _text}),
    "LIQ": Row(
        "liquidity",
        {"instrument_id": _text, "adv_quantity": _not_negative, "spread_bps": _not_negative, "liquidity_source": _text},
    ),
}  # fmt: skip
