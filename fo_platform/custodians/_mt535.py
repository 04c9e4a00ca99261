"""One FIN block of an MT535 as the fields of a position. Pages, messages and totals do not belong here."""

import re
from collections.abc import Iterable

from fo_platform.custodians import _swift
from fo_platform.custodians._numbers import swift_number
from fo_platform.custodians._swift import Block, readable
from fo_platform.custodians._swift_fields import SCHEMES, identity, money, stated_day

_QUANTITY = re.compile(r"(UNIT|FAMT|AMOR)/(N?[0-9.,]{1,40})")
_AMOUNT_PRICE = re.compile(r"[A-Z]{4}/(N?)([A-Z]{3})([0-9.,]{1,40})")
_COST = re.compile(r"STK[^\n|]*[\n|]2([0-9]*,[0-9]*)[^\n]*\+([A-Z]{3})")
"""What German banks smuggle into free text: pieces on line 1, the cost of a piece behind the line number 2.

A bar stands for the end of a line in what some of their clients keep.
"""

_REST = r"[^\n@{]*\n"
_LINES = rf"{_REST}(?:[^\s:\-{{@\x01]{_REST}){{0,20}}"
"""The rest of a line, and further lines of its field."""
_OTHER = rf"(?!16)[0-9]{{2}}[A-Z]?:{_LINES}"
_AMOUNT = r"([0-9]{1,15}),([0-9]{0,15})[ ]*\n"
ORDINARY = re.compile(
    rf""":16R:FIN(?<=^:16R:FIN)[ ]*\n
    :35B:(?=[^\s:])(?:ISIN[ ]*([A-Z0-9]{{12}})[ ]*\n)?(?:/([A-Z]{{2}})/([^\s@{{]+){_REST})?
      ((?:(?!ISIN|CUSIP|SEDOL)[^\s:/\-{{@\x01\x80-\xff]{_REST}){{0,20}})
    (?::(?:
      9(?:
        3B::AGGR//(?:(?(5)(?!)|(UNIT|FAMT|AMOR)/(N?){_AMOUNT})|(?(5)AMOR/{_LINES}|(?!)))
      | 0(?(9)(?!)|(A::(?:MRKT|INDC)//PRCT/|B::(?:MRKT|INDC)//[A-Z]{{4}}/([A-Z]{{3}})){_AMOUNT})
      | 8[AC]::PRIC//(?(13)(?!)|([0-9]{{8}})[0-9]{{0,6}}[ ]*\n))
    | 19A::(?:
        HOLD//(?:(?(15)(?!)|(N?)([A-Z]{{3}}){_AMOUNT})|(?(15)(?(19)(?!)|(N?)([A-Z]{{3}}){_AMOUNT})|(?!)))
      | ACRU//(?(23)(?!)|(N?)([A-Z]{{3}}){_AMOUNT}))
    | 70E::HOLD//(?(26)(?!)|({_LINES}))
    | 16R:FIA[ ]*\n(?(27)(?!)|((?::{_OTHER}){{0,50}}):16S:FIA[ ]*\n)
    | 16R:(SUBBAL|BREAK)[ ]*\n
      (?::{_OTHER}|:16R:BREAK[ ]*\n(?::{_OTHER}){{0,50}}:16S:BREAK[ ]*\n){{0,50}}:16S:\28[ ]*\n
    | (?!35B|93B::AGGR|90[AB]::(?:MRKT|INDC)|98[AC]::PRIC|19A::(?:HOLD|ACRU)|70E::HOLD){_OTHER}
    )){{0,99}}
    :16S:FIN(?=[ ]?\n:16[RS]:)""",
    re.MULTILINE | re.VERBOSE,
)
"""A block as most are: each field at most once (two values), amounts as the standard has them, nothing odd in it.

`(?(5)(?!)|...)` is what may stand where group 5 has matched nothing yet: once.
It reads as `read_block` reads it, and is about three times as fast.
"""


def read_holding(found: re.Match[str] | Block) -> tuple[dict[str, str], dict[str, str]]:
    """Fields of a holding, and the value the custodian gives it by currency; ValueError where it cannot be read.

    found: its block, as an ordinary one or by its fields.
    """
    return read_block(found) if isinstance(found, Block) else _read_ordinary(found)


def _read_ordinary(found: re.Match[str]) -> tuple[dict[str, str], dict[str, str]]:
    (
        isin, scheme, national, words, kind, sign, whole, part, price, priced_in, price_whole, price_part, day,
        sign_1, currency_1, whole_1, part_1, sign_2, currency_2, whole_2, part_2,
        sign_accrued, accrued_in, whole_accrued, part_accrued, text, details, _,
    ) = found.groups()  # fmt: skip
    if not kind:
        raise ValueError(_NO_BALANCE.format(""))
    values = {currency_1: _number(sign_1, whole_1, part_1)} if currency_1 else {}
    if currency_2:
        values[currency_2] = _number(sign_2, whole_2, part_2)
    denomination, factor, multiplier = _details(_block(details)) if details else ("", "", "")
    currency = denomination or priced_in or next(iter(values), "")
    basis = ("unit" if priced_in else "per_100") if price else _basis(kind)
    named = {"isin": isin} if isin else {}
    if national:
        named[SCHEMES.get(scheme, "symbol")] = national
    if words:
        named["description"] = readable(words)
    optional = (
        price and _number("", price_whole, price_part),
        factor,
        multiplier,
        currency,
        values.get(currency),
        _number(sign_accrued, whole_accrued, part_accrued) if accrued_in and accrued_in == currency else "",
        day and stated_day(day),
        text and _cost(text, currency),
    )
    return _fields(named, (kind, _number(sign, whole, part), basis), optional), values


def read_block(block: Block) -> tuple[dict[str, str], dict[str, str]]:
    """The same of a block whose fields come in any number, order and dialect; its price may be in a block PRIC."""
    kind, quantity = _quantity(block.fields.get("93B:AGGR", ()))
    priced = next(iter(block.named("PRIC")), block)
    price, basis, priced_in = _price(priced, kind)
    values = _amounts(block.fields.get("19A:HOLD", ()))
    denomination, factor, multiplier = _details(next(iter(block.named("FIA")), _NOTHING))
    currency = denomination or priced_in or next(iter(values), "")
    optional = (
        price,
        factor,
        multiplier,
        currency,
        values.get(currency),
        _amounts(block.fields.get("19A:ACRU", ())).get(currency),
        stated_day(priced.first("98A:PRIC", "98C:PRIC")),
        _cost(block.first("70E:HOLD"), currency),
    )
    return _fields(identity(block.first("35B")), (kind, quantity, basis), optional), values


def _fields(named: dict[str, str], balance: tuple[str, str, str], optional: Iterable[str | None]) -> dict[str, str]:
    """Fields of a position, from its instrument, the type and size of its balance, what its price is of, and others.

    optional: texts in the order of _OPTIONAL, or nothing.
    """
    kind, quantity, basis = balance
    fields = {
        **named,
        "quantity": quantity,
        "quantity_type": kind,
        "price_basis": basis,
        "side": "SHORT" if quantity.startswith("-") else "LONG",
        "level": "",
    }
    fields |= {name: text for name, text in zip(_OPTIONAL, optional, strict=True) if text}
    return fields


def _quantity(texts: Iterable[str]) -> tuple[str, str]:
    """Type and signed quantity of the aggregate balance; an amortised value only where it is all there is."""
    stated = [match.groups() for match in map(_QUANTITY.fullmatch, texts) if match]
    if not stated:
        raise ValueError(_NO_BALANCE.format(", ".join(texts)[:40]))
    kind, quantity = min(stated, key=lambda pair: pair[0] == "AMOR")
    return kind, swift_number(quantity)


def _price(block: Block, quantity_type: str) -> tuple[str, str, str]:
    """Price, its basis and its currency; field 90A is in per cent, field 90B an amount."""
    percent = block.first("90A:MRKT", "90A:INDC")
    stated = block.first("90B:MRKT", "90B:INDC")
    amount = _AMOUNT_PRICE.fullmatch(stated)
    if percent.startswith("PRCT/"):
        return swift_number(percent.removeprefix("PRCT/")), "per_100", ""
    if stated and not amount:
        raise ValueError(f"{stated[:40]!r} is no price (90B)")
    if amount:
        return swift_number(amount[1] + amount[3]), "unit", amount[2]
    return "", _basis(quantity_type), ""


def _basis(quantity_type: str) -> str:
    """What the price of a balance of a type would be of, where none is stated."""
    return "unit" if quantity_type == "UNIT" else "per_100"


def _amounts(texts: Iterable[str]) -> dict[str, str]:
    return dict(map(money, texts))


def _details(block: Block) -> tuple[str, str, str]:
    """Currency, current factor and size of the instrument."""
    factor, size = block.first("92A:CUFC", "92B:CUFC"), block.first("36B:SIZE").rpartition("/")[2]
    return block.first("11A:DENO"), swift_number(factor) if factor else "", swift_number(size) if size else ""


def _block(text: str) -> Block:
    """Fields between the borders of a block."""
    block = Block("", 0)
    for item in _swift.fields(0, text):
        block.fields.setdefault(item.key, []).append(item.text)
    return block


def _number(sign: str, whole: str, part: str) -> str:
    """An amount as canonical text, from the digits before and behind its comma."""
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    digits = f"{whole}.{part}" if part else whole
    return f"-{digits}" if sign and digits != "0" else digits


def _cost(text: str, currency: str) -> str:
    """The cost of a piece; nothing where it is in another currency than the holding."""
    match = _COST.search(text) if text else None
    return swift_number(match[1]) if match and match[2] == currency else ""


_OPTIONAL = ("price", "factor", "multiplier", "currency", "market_value", "accrued", "price_date", "cost_price")
_NOTHING = Block("", 0)
_NO_BALANCE = "it states no aggregate balance that can be read (93B AGGR {})"
