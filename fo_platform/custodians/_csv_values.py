"""Numbers, dates and words of brokers' exports, written for people of many countries. Columns belong to formats."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from fo_platform.custodians._numbers import EXACT, number

MISSING = frozenset({"", "-", "--", "...", "N/A", "n/a", "null", "Incomplete"})
_DRESS = str.maketrans("", "", "$€£ \u00a0\u202f'’+")
_DIGITS = re.compile(r"-?[0-9.,]{1,60}(?:[eE][+-]?[0-9]{1,2})?")
_TWO_WAYS = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9])")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})(?![0-9])")
_NAMED = re.compile(r"([0-9]{1,2})[- .]{1,2}([^\W\d_]{3,9})\.?[- .]{1,2}([0-9]{4})")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,9})\.?[- ]([0-9]{1,2}),?[- ]([0-9]{4})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen", "feb fév fev", "mar mrt mär mrz", "apr avr abr", "may mai mei mag", "jun jui giu",
            "jul lug", "aug aoû ago", "sep set", "oct okt ott out", "nov", "dec dez déc dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_CENT = Decimal("0.01")


@lru_cache(maxsize=65536)
def loose_number(text: str, mark: str = "") -> str:
    """A number as people write it, as canonical text: `(1,234.50)`, `-$5`, `1'000.00`, `1 757,95`.

    mark: the decimal mark of the file, where it is known. Without it what can be read in two ways is a ValueError.
    """
    plain = text.strip().translate(_DRESS)
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    if not _DIGITS.fullmatch(plain):
        raise ValueError(f"{text[:40]!r} is not a number")
    if not mark and _TWO_WAYS.fullmatch(plain):
        raise ValueError(f"{text[:40]!r} is not a number that can be read in one way only")
    mark = mark or _mark(plain) or "."
    group = "," if mark == "." else "."
    whole, _, part = plain.rpartition(mark) if mark in plain else (plain, "", "")
    if group in part or mark in whole or (group in whole and not _is_grouped(whole, group)):
        raise ValueError(f"{text[:40]!r} is not a number")
    return number(f"{whole.replace(group, '')}.{part}" if part else whole.replace(group, ""))


def _mark(plain: str) -> str:
    """The decimal mark that the digits themselves tell: the last of two, or one that can be no thousands' mark."""
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    found = "," if comma >= 0 else "." if point >= 0 else ""
    if not found or plain.count(found) > 1:
        return {",": ".", ".": ","}.get(found, "")
    return "" if _TWO_WAYS.fullmatch(plain) else found


def _is_grouped(whole: str, group: str) -> bool:
    first, *rest = whole.lstrip("-").split(group)
    return 1 <= len(first) <= 3 and all(len(part) == 3 for part in rest)


@lru_cache(maxsize=65536)
def loose_date(text: str, order: str) -> date:
    """The date that a text begins with, whatever its style. order: `day` or `month`, what stands first in numbers."""
    if match := _YEAR_FIRST.match(text):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match := _NUMERIC.match(text):
        day, month = (match[1], match[3]) if order == "day" or match[2] == "." else (match[3], match[1])
        return date(_year(match[4]), int(month), int(day))
    if match := _NAMED.match(text):
        return date(int(match[3]), _month(match[2]), int(match[1]))
    if match := _NAMED_FIRST.match(text):
        return date(int(match[3]), _month(match[1]), int(match[2]))
    raise ValueError(f"{text[:40]!r} is not a date")


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _month(name: str) -> int:
    lowered = name.lower()
    if lowered.startswith(("juil", "juli")):
        return 7
    month = _MONTHS.get(lowered[:3])
    if month is None:
        raise ValueError(f"{name[:12]!r} is no month")
    return month


def kind_of(text: str, words: Iterable[tuple[str, str]], sign: str) -> str:
    """The kind whose word stands first in the list and anywhere in the text; sign: of the money, or else of the units.

    `money` and `transfer` are kinds whose direction is their sign.
    """
    lowered = text.lower()
    kind = next((kind for word, kind in words if word in lowered), "other")
    pairs = {"money": ("deposit", "withdrawal"), "transfer": ("transfer_in", "transfer_out"), "trade": ("sell", "buy")}
    return pairs[kind][sign.startswith("-")] if kind in pairs else kind


def numbers(cells: Mapping[str, str], names: Iterable[str], mark: str) -> dict[str, str]:
    """Canonical numbers of the cells that are stated; a ValueError names the bad one."""
    found: dict[str, str] = {}
    for name in (name for name in names if cells.get(name, "") not in MISSING):
        try:
            found[name] = loose_number(cells[name], mark)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return found


def signed_units(found: dict[str, str], kind: str) -> dict[str, str]:
    """Units sold are below zero and units bought above, whatever sign the export gives them."""
    quantity = found.get("quantity", "0")
    if quantity == "0" or kind not in ("buy", "sell"):
        return found
    return {**found, "quantity": quantity.removeprefix("-") if kind == "buy" else f"-{quantity.removeprefix('-')}"}


def worth(found: Mapping[str, str]) -> dict[str, str]:
    """How price and quantity make the value, where they do to the cent: by unit, per hundred, or by contracts."""
    if not {"quantity", "price", "market_value"} <= found.keys():
        return {"price_basis": "unit", "quantity_type": "UNIT"}
    value = Decimal(found["market_value"])
    made = EXACT.multiply(Decimal(found["quantity"]), Decimal(found["price"]))
    ways = {
        "1": {"price_basis": "unit"},
        "0.01": {"price_basis": "per_100"},
        "100": {"price_basis": "unit", "multiplier": "100"},
    }
    fits = (way for scale, way in ways.items() if value and rounds_to(EXACT.multiply(made, Decimal(scale)), value))
    way = next(fits, {"price_basis": "unit"})
    return {**way, "quantity_type": "FAMT" if way["price_basis"] == "per_100" else "UNIT"}


def rounds_to(made: Decimal, value: Decimal) -> bool:
    """Whether a product is the stated value, rounded to its places but to the cent at least."""
    place = min(_CENT, Decimal(1).scaleb(int(value.as_tuple().exponent)))
    return made.quantize(place, ROUND_HALF_UP, EXACT) == value
