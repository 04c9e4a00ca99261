"""Texts of SWIFT fields that mean the same in every message: money, dates, instruments. Messages belong to formats."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import islice

from fo_platform.custodians._numbers import compact_date, swift_number
from fo_platform.custodians._swift import Block, Message, readable

_ISIN = re.compile(r"ISIN[ ]*([A-Z0-9]{12})[ ]*$")
_NATIONAL = re.compile(r"(?:/([A-Z]{2}|CUSP|SEDL|VALO|WKNR)/|(CUSIP|SEDOL)[ ]+(?=[A-Z0-9]{7,9}[ ]*$))(\S+)")
_BARRED = re.compile(r"ISIN[ ]*[A-Z0-9]{12}[ ]*\|")
"""A bar in place of the end of a line, as some clients of German banks keep it."""
SCHEMES = {
    "US": "cusip", "CH": "valor", "DE": "wkn", "GB": "sedol", "TS": "symbol",
    "CUSP": "cusip", "SEDL": "sedol", "VALO": "valor", "WKNR": "wkn", "CUSIP": "cusip", "SEDOL": "sedol",
}  # fmt: skip
_MONEY = re.compile(r"(N?)([A-Z]{3})([0-9.,]{1,40})")
_QUANTITY = re.compile(r"(UNIT|FAMT|AMOR|DIGI|TBLX)/(N?[0-9.,]{1,40})")
_PRICE = re.compile(r"([A-Z]{4})/(N?)([A-Z]{3})([0-9.,]{1,40})")
_WORD = re.compile(r"[A-Z]{4}(?:/[^\n]*)?")
"""What stands for a day that is open or unknown."""
_YEARS = range(1900, 2200)
"""Years that a date of a booking can fall in; others are placeholders such as 11111111 and 99991231."""
_STATED_MAX = 6
"""Quantities and amounts of a message that are shown of it as a whole."""


def money(text: str) -> tuple[str, str]:
    """`NCHF1234,5` as currency and canonical amount: CHF, -1234.5."""
    match = _MONEY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is not an amount of money")
    return match[2], swift_number(match[1] + match[3])


def stated_date(text: str) -> date | None:
    """The day of `20220614` or `20220614153000`; None of nothing."""
    return compact_date(text[:8]) if text else None


def stated_day(text: str) -> str:
    """The day of `20220614` or `20220614153000` as text, or nothing."""
    return _day(text[:8]) if text else ""


@lru_cache(maxsize=4096)
def _day(text: str) -> str:
    return compact_date(text).isoformat()


def identity(text: str) -> dict[str, str]:
    """ISIN, national number and description of field 35B; a number in no known scheme stands as the symbol."""
    found: dict[str, str] = {}
    words: list[str] = []
    for line in (text.replace("|", "\n") if _BARRED.match(text) else text).split("\n"):
        isin = _ISIN.match(line) if not found else None
        national = _NATIONAL.match(line) if line[:1] in ("/", "C", "S") else None
        if isin:
            found["isin"] = isin[1]
        elif national:
            found.setdefault(SCHEMES.get(national[1] or national[2], "symbol"), national[3])
        else:
            words.append(line)
    if words:
        found["description"] = readable(" ".join(words))
    if not any(found.values()):
        raise ValueError("it names no instrument (35B)")
    return found


def walk(block: Block) -> Iterator[Block]:
    """The block and every block inside it, outer ones first."""
    yield block
    for inner in block.blocks:
        yield from walk(inner)


def inside(block: Block, *names: str) -> list[Block]:
    """Blocks of these names at any depth, in order."""
    return [found for found in walk(block) if found.name in names]


def joined(blocks: Iterable[Block]) -> Block:
    """One block with the fields of several, for what may stand in any of them."""
    whole = Block("", 0)
    for block in blocks:
        for key, texts in block.fields.items():
            whole.fields.setdefault(key, []).extend(texts)
    return whole


def texts_of(block: Block, tag: str) -> Iterator[tuple[str, str]]:
    """Qualifier and text of every field of a tag, such as 19A or 95, whose letters may be left out."""
    for key, texts in block.fields.items():
        name, _, qualifier = key.partition(":")
        if qualifier and name.startswith(tag):
            yield from ((qualifier, text) for text in texts)


def plausible_day(text: str) -> str:
    """The day of a date with or without a time; nothing of none, of words such as OPEN, and of placeholders."""
    if not text or _WORD.fullmatch(text):
        return ""
    day = compact_date(text[:8])
    return day.isoformat() if day.year in _YEARS else ""


def quantities(texts: Iterable[str]) -> dict[str, str]:
    """`FAMT/1000,` and `AMOR/581,15` as quantity by type; a ValueError of what is no quantity."""
    found: dict[str, str] = {}
    for text in texts:
        match = _QUANTITY.fullmatch(text)
        if match is None:
            raise ValueError(f"{text[:40]!r} is not a quantity")
        found.setdefault(match[1], swift_number(match[2]))
    return found


def quantity_fields(texts: Iterable[str]) -> dict[str, str]:
    """A quantity and its type; the amortised value beside a face amount is kept as such."""
    found = quantities(texts)
    if not found:
        return {}
    kind = min(found, key=lambda name: name == "AMOR")
    amortised = {"quantity_amortised": found["AMOR"]} if kind != "AMOR" and "AMOR" in found else {}
    return {"quantity": found[kind], "quantity_type": kind, **amortised}


def price_fields(percent: str, amount: str) -> dict[str, str]:
    """A price of field 90A in per cent or of field 90B in money; a yield or a discount is kept by its name."""
    if percent:
        kind, _, text = percent.partition("/")
        number = swift_number(text)
        return {"price": number, "price_basis": "per_100"} if kind == "PRCT" else {f"price_{kind.lower()}": number}
    if not amount:
        return {}
    match = _PRICE.fullmatch(amount)
    if match is None:
        raise ValueError(f"{amount[:40]!r} is no price (90B)")
    number = swift_number(match[2] + match[4])
    if match[1] != "ACTU":
        return {f"price_{match[1].lower()}": number, "price_currency": match[3]}
    return {"price": number, "price_basis": "unit", "price_currency": match[3]}


def stated(message: Message) -> dict[str, object]:
    """What a message says of itself as a whole, in the words of its fields."""
    blocks = list(walk(message.root))
    every = joined(blocks)
    amounts = (f"{qualifier}//{text}" for block in blocks for qualifier, text in texts_of(block, "19A"))
    settled = (text for block in blocks for text in _settled(block))
    return {
        "type": message.type or None,
        "stat": every.first("98A:STAT", "98C:STAT")[:8] or None,
        "page": every.first("28E", "28") or None,
        "positions": [],
        "isin": every.first("35B").split("\n")[0].strip() or None,
        "settled": list(islice(settled, _STATED_MAX)),
        "amt": list(islice(amounts, _STATED_MAX)),
    }


def _settled(block: Block) -> Iterator[str]:
    return (text for qualifier, text in texts_of(block, "36B") if qualifier in ("SETT", "ESTT"))
