"""Movements and balances of MT940 text as fields of records. Statements and their proof do not belong here."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from fo_platform.custodians._numbers import swift_date, swift_number
from fo_platform.custodians._swift import BEGIN, MORE, readable

_DETAILS = MORE.replace("(?!:[0-9]", "(?!:(?!86:)[0-9]")
ITEM = re.compile(
    rf"""{BEGIN}:(?:
      61:([0-9]{{6}})([0-9]{{4}})?[ ]*(E?[CD]|R[CD])[A-Z]?\s{{0,2}}([0-9.,]{{1,24}})
        ([A-Z][A-Z0-9 ]{{3}})?([^\n]*)({_DETAILS})
    | ([0-9]{{2}}[A-Z]?):([^\n]*{MORE})
    )""",
    re.MULTILINE | re.VERBOSE,
)
"""A movement, which is a statement line and the details behind it, or any other field: its tag (group 8) and text (9).

A letter after the mark of debit or credit is the third of the currency and not a reversal, which stands before it.
"""
Movement = re.Match[str]
_BALANCE = re.compile(r"([CD])\s*([0-9]{6})\s*([A-Z]{3})\s*([0-9.,]{1,40})")
_DEBITS = frozenset({"D", "RC", "ED"})
"""A reversed credit takes money out; a reversed debit brings it back."""
_KINDS = {"INT": "interest", "DIV": "dividend", "CHG": "fee", "COM": "fee", "TAX": "tax", "FEX": "fx"}
_KINDS_OUT = {**_KINDS, "SEC": "buy", "TRF": "withdrawal"}
_KINDS_IN = {**_KINDS, "SEC": "sell", "TRF": "deposit"}
"""By the last three letters of the transaction type."""


class Balance(NamedTuple):
    """A booked balance: signed canonical amount."""

    day: date
    currency: str
    amount: str


def span(match: re.Match[str]) -> tuple[int, int]:
    """First and last offset of an item, without the white space at its end."""
    start, end = match.span()
    return (start, start + len(match[0].rstrip())) if match.string[end - 1].isspace() else (start, end)


def balance(text: str) -> Balance:
    """`C110522EUR3236,28` as a balance; ValueError for anything else."""
    match = _BALANCE.match(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is not a balance")
    return Balance(swift_date(match[2]), match[3], _signed(match[4], is_out=match[1] == "D"))


def transaction_fields(movement: Movement, currency: str) -> dict[str, str]:
    """What a movement states: positive is money in, whatever letters say so."""
    value, entry, mark, amount, code, references, details, _, _ = movement.groups()
    is_out = mark in _DEBITS
    booked, settled = _days(value, entry)
    fields = {
        "kind": (_KINDS_OUT if is_out else _KINDS_IN).get((code or "")[1:], "other"),
        "date": booked,
        "settle_date": settled,
        "amount": _signed(amount, is_out=is_out),
        "currency": currency,
    }
    customer, _, bank = references.partition("//")
    reference = bank.strip() or customer.strip()
    if reference and reference != "NONREF":
        fields["reference"] = reference if reference.isascii() else readable(reference)
    if details:
        fields["description"] = readable(details.replace("\n:86:", "\n"))
    return fields


def _signed(text: str, *, is_out: bool) -> str:
    amount = swift_number(text)
    return f"-{amount}" if is_out and amount != "0" else amount


@lru_cache(maxsize=4096)
def _days(value: str, entry: str | None) -> tuple[str, str]:
    """Day of booking and value date; the booking falls in the nearest year, or on the value date if not stated."""
    settled = swift_date(value)
    days = [day for year in (-1, 0, 1) if entry and (day := _in_year(settled.year + year, entry))]
    return min(days, key=lambda day: abs(day - settled), default=settled).isoformat(), settled.isoformat()


def _in_year(year: int, month_day: str) -> date | None:
    try:
        return swift_date(f"{year % 100:02d}{month_day}")
    except ValueError:
        return None
