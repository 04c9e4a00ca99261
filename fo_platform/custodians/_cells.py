"""What people write in a cell, as canonical text: amounts, shares, dates. Which cell states what belongs to the tables.

Whatever can be read in two ways is refused with a ValueError; nothing is rounded and nothing is evaluated.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from fo_platform.custodians._numbers import EXACT, flex_date, number
from fo_platform.units import plain

CELL_MAX = 32767
"""Characters of the longest cell: what spreadsheets hold."""

_AMOUNT_MAX = 64
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2019": "'"})
_MONEY_SIGNS = "$\u20ac\u00a3\u00a5"
_POINTS = re.compile(r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_COMMA = re.compile(r"([0-9]*|[0-9]{1,3}(?:\.[0-9]{3})+),([0-9]+)")
_TWO_WAYS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_SPACED = re.compile(r"[0-9]{1,3}(?:[ '\u00a0\u202f][0-9]{3})+(?=[.,]|$)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(
    r"([0-9]{1,2})[ -]([a-z]{3})[a-z]{0,6}\.?[ -]([0-9]{4})|([a-z]{3})[a-z]{0,6}\.? ([0-9]{1,2}),? ([0-9]{4})"
)
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/[0-9]{4}")
_YEAR_SLASHED = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Dialect(NamedTuple):
    """How a file writes what can be written in several ways. date_order: `month`, `day` or, as yet unsaid, nothing."""

    has_decimal_comma: bool = False
    date_order: str = ""


Check = Callable[[str, Dialect], str]


def text(cell: str, _: Dialect) -> str:
    """The cell as it stands."""
    return cell


@lru_cache(maxsize=65536)
def amount(cell: str, dialect: Dialect) -> str:
    """A number as accounts write it: `(1,234.50)`, `1'234.50`, `$ 5`, `5-`, and `-` for nothing.

    In a file of decimal commas it is `1.234,50`, and `1.234` can be read in two ways.
    """
    if len(cell) > _AMOUNT_MAX:
        raise ValueError(f"{cell[:40]!r} is not a number")
    bare = cell.translate(_MINUS).strip()
    is_negative = bare.startswith("(") and bare.endswith(")")
    bare = bare[1:-1] if is_negative else bare
    bare = _without_money_sign(bare)
    if bare == "-" and not is_negative:
        return "0"
    if len(bare) > 1 and bare.endswith("-") and bare[0] in "0123456789":
        bare = f"-{bare[:-1]}"
    try:
        found = number(_pointed(bare, dialect))
    except ValueError as error:
        raise ValueError(f"{cell[:40]!r} is not a number that can be read in one way only") from error
    return _negated(found) if is_negative else found


def _without_money_sign(bare: str) -> str:
    sign = "-" if bare.startswith("-") and len(bare) > 1 else ""
    return sign + bare.removeprefix(sign).strip().strip(_MONEY_SIGNS).strip()


def _negated(found: str) -> str:
    if found.startswith("-"):
        raise ValueError("a negative number stands in brackets")
    return found if found == "0" else f"-{found}"


def _pointed(bare: str, dialect: Dialect) -> str:
    """The same number with a decimal point and nothing between thousands, or with the commas that `number` knows."""
    sign = bare[: bare[:1] in ("-", "+")]
    digits = bare[len(sign) :]
    if _SPACED.match(digits):
        digits = re.sub(r"[ '\u00a0\u202f]", "", digits)
    if not dialect.has_decimal_comma:
        return sign + digits
    if match := _COMMA.fullmatch(digits):
        return f"{sign}{match[1].replace('.', '') or '0'}.{match[2]}"
    if _TWO_WAYS.fullmatch(digits) or ("," in digits):
        raise ValueError(digits)
    return sign + (digits.replace(".", "") if _POINTS.fullmatch(digits) else digits)


def whole(cell: str, dialect: Dialect) -> str:
    """A count."""
    found = amount(cell, dialect)
    if not found.isdigit():
        raise ValueError(f"{cell[:40]!r} is not a count")
    return found


def not_negative(cell: str, dialect: Dialect) -> str:
    """A number of zero or more."""
    found = amount(cell, dialect)
    if found.startswith("-"):
        raise ValueError(f"{cell[:40]} is negative")
    return found


def fraction(cell: str, dialect: Dialect) -> str:
    """`60%` or `0.6` as 0.6, `-2.5%` as -0.025; a bare number beyond one is neither fraction nor marked as percent."""
    if cell.rstrip().endswith("%"):
        return _hundredth(amount(cell.rstrip()[:-1], dialect))
    found = amount(cell, dialect)
    if abs(Decimal(found)) > 1:
        raise ValueError(f"{cell[:40]} is no fraction: a percentage needs its sign")
    return found


def percent(cell: str, dialect: Dialect) -> str:
    """`4.5` or `4.5%` under a header that says percent, as 0.045."""
    return _hundredth(amount(cell.rstrip().removesuffix("%"), dialect))


def share(cell: str, dialect: Dialect) -> str:
    """A part of a whole as a fraction from 0 to 1."""
    return _part(cell, fraction(cell, dialect))


def percent_share(cell: str, dialect: Dialect) -> str:
    """A part of a whole under a header that says percent; a bare number up to one could be a fraction after all."""
    found = percent(cell, dialect)
    if not cell.rstrip().endswith("%") and 0 < Decimal(found) <= Decimal("0.01"):
        raise ValueError(f"{cell[:40]} may be a fraction or a percentage: it needs its sign")
    return _part(cell, found)


def _part(cell: str, found: str) -> str:
    if not 0 <= Decimal(found) <= 1:
        raise ValueError(f"{cell[:40]} is not between nothing and the whole")
    return found


def _hundredth(found: str) -> str:
    return plain(Decimal(found).scaleb(-2, EXACT))


def currency(cell: str, _: Dialect) -> str:
    """An ISO 4217 code."""
    code = cell.strip().upper()
    if not _CURRENCY.fullmatch(code):
        raise ValueError(f"{cell[:40]!r} is not a currency")
    return code


@lru_cache(maxsize=65536)
def day(cell: str, dialect: Dialect) -> str:
    """A date as YYYY-MM-DD: `31/03/2022` can be read in one way only, `03/04/2022` needs the file's order."""
    bare = cell.strip().lower()
    if match := _NAMED.fullmatch(bare):
        return _named(bare, match).isoformat()
    if match := _DOTTED.fullmatch(bare):
        return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
    if match := _YEAR_SLASHED.fullmatch(bare):
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    slashed = _SLASHED.fullmatch(bare)
    order = _order(int(slashed[1]), int(slashed[2])) if slashed else ""
    return flex_date(bare, order or dialect.date_order).isoformat()


def _named(bare: str, match: re.Match[str]) -> date:
    dom, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
    if month not in _MONTHS:
        raise ValueError(f"{bare[:40]!r} names no month")
    return date(int(year), _MONTHS.index(month) + 1, int(dom))


def _order(first: int, second: int) -> str:
    """Which part of a slashed date is the month where the numbers themselves tell."""
    if first == second:
        return "month"
    return "day" if first > 12 else "month" if second > 12 else ""


def one_of(**spellings: str) -> Check:
    """A check for a word of a list, each with the other spellings it has, divided by `|`."""
    known = {other: name for name, others in spellings.items() for other in (name, *others.split("|")) if other}

    def check(cell: str, _: Dialect) -> str:
        word = re.sub(r"[\s_-]+", "_", cell.strip().lower())
        if word not in known:
            raise ValueError(f"{cell[:40]!r} is none of {', '.join(spellings)}")
        return known[word]

    return check
