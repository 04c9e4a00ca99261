"""Numbers and dates of custodians as canonical text and exact sums. What a number means does not belong here."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Context, Decimal, localcontext
from functools import lru_cache

from fo_platform.units import plain

EXACT = Context(prec=150)
"""Wide enough that no sum of accepted numbers (at most 40 digits each side of the point) is rounded."""

_CANONICAL = re.compile(r"(?!-0$)-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{0,39}[1-9])?")
_NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]{1,40}|[0-9]{1,3}(?:,[0-9]{3}){1,12})(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?1?[0-9])?"
)
SWIFT_MAX = 44
"""Characters of the longest amount that is looked at."""

_SWIFT = re.compile(r"(N?)([0-9]{1,20}),([0-9]{0,20})")
_BENT = (
    (re.compile(r"(?<=[0-9])\.(?=[0-9]{3}(?:\.[0-9]{3})*,)"), ""),
    (re.compile(r"^(N?[0-9]+)(?:\.([0-9]{1,2}))?$"), r"\1,\2"),
    (re.compile(r"^(N?)(?=,[0-9])"), r"\g<1>0"),
)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})(?:[0-9]{6}|[^0-9].{0,40})?", re.DOTALL)
_MONTH_NAMED = re.compile(r"([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4}|[0-9]{2})(?:[^0-9].{0,40})?", re.DOTALL)
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})(?:[^0-9].{0,40})?", re.DOTALL)
_PIVOT = 80
"""SWIFT reads the years 80 to 99 as 1980 to 1999."""


@lru_cache(maxsize=65536)
def number(text: str) -> str:
    """A number with a decimal point as canonical text: `1,234.50` -> `1234.5`; a ValueError of all else, NaN too."""
    if _CANONICAL.fullmatch(text):
        return text
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a number")
    return plain(Decimal(text.replace(",", "")))


def is_number(text: str) -> bool:
    """Whether `number` reads the text."""
    return _NUMBER.fullmatch(text) is not None


def swift_number(text: str) -> str:
    """A SWIFT amount as canonical text: decimal comma, a leading N is minus; `7,` -> `7`, `N1234,50` -> `-1234.5`.

    Also read: no comma, no digit before it, points between thousands, or a point with two digits at most instead of it.
    """
    whole, comma, part = text.partition(",")
    if comma and whole and len(text) <= 20 and (whole + part).isdecimal() and text.isascii():
        whole, part = whole.lstrip("0") or "0", part.rstrip("0")
        return f"{whole}.{part}" if part else whole
    match = _SWIFT.fullmatch(text) or _SWIFT.fullmatch(_straightened(text))
    if match is None:
        raise ValueError(f"{text[:40]!r} is not an amount with a decimal comma")
    sign, whole, part = match.groups()
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    digits = f"{whole}.{part}" if part else whole
    return f"-{digits}" if sign and digits != "0" else digits


def _straightened(text: str) -> str:
    """Amounts that banks write against the standard, as the standard has them."""
    if len(text) > SWIFT_MAX:
        return ""
    for pattern, replacement in _BENT:
        text, count = pattern.subn(replacement, text)
        if count:
            break
    return text


@lru_cache(maxsize=65536)
def implied_number(digits: str, decimals: int, sign: str = "+") -> str:
    """Unsigned digits with implied decimals and a separate sign as canonical text: `0001250`, 2, `-` -> `-12.5`."""
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{digits[:40]!r} is not a zero-padded number")
    if sign not in ("+", "-"):
        raise ValueError(f"{sign!r} is not a sign")
    return plain(Decimal(f"{sign}{digits}").scaleb(-decimals, EXACT))


def total(texts: Iterable[str]) -> Decimal:
    """Exact sum of canonical numbers; nothing sums to zero."""
    return add(map(Decimal, texts))


def add(values: Iterable[Decimal]) -> Decimal:
    """Exact sum of decimals, beyond the 28 digits of the default context."""
    with localcontext(EXACT):
        return sum(values, Decimal(0))


def iso_date(text: str) -> date:
    """`2022-06-14` as a date; ValueError for anything else."""
    if not _ISO.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a date YYYY-MM-DD")
    return date.fromisoformat(text)


def compact_date(text: str) -> date:
    """`20220614` as a date; ValueError for anything else."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text[:40]!r} is not a date YYYYMMDD")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


@lru_cache(maxsize=4096)
def swift_date(text: str) -> date:
    """`220614` as a date; a day past the month's end, such as 30 February in 30/360 books, is the month's last day."""
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text[:40]!r} is not a date YYMMDD")
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError(f"{text!r} is not a date YYMMDD")
    full = year + (1900 if year >= _PIVOT else 2000)
    return date(full, month, min(day, monthrange(full, month)[1]))


@lru_cache(maxsize=65536)
def flex_date(text: str, order: str = "") -> date:
    """The date of any style of a Flex query, with or without a time after it.

    order: `month` or `day`, which part stands first in slashed dates; without it a slashed date is a ValueError.
    """
    if match := _YEAR_FIRST.fullmatch(text):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if (match := _MONTH_NAMED.fullmatch(text)) and match[2].lower() in _MONTHS:
        return date(_year(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]))
    if (match := _SLASHED.fullmatch(text)) and order:
        month, day = (match[1], match[2]) if order == "month" else (match[2], match[1])
        return date(_year(match[3]), int(month), int(day))
    raise ValueError(f"{text[:40]!r} is not a date that can be read in one way only, as yyyyMMdd is")


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)
