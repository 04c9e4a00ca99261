"""One FIN block of an MT535 as the fields of a position. Pages, messages and totals do not belong here."""

import re
from collections.abc import Iterable

from fo_platform.custodians._numbers import swift_number
from fo_platform.custodians._swift import Block
from fo_platform.custodians._swift_fields import identity, money, stated_day

_QUANTITY = re.compile(r"(UNIT|FAMT|AMOR)/(N?[0-9.,]{1,40})")
_AMOUNT_PRICE = re.compile(r"[A-Z]{4}/(N?)([A-Z]{3})([0-9.,]{1,40})")
_COST = re.compile(r"STK\s*\n2([0-9]*,[0-9]*)[^\n]*\+[A-Z]{3}")
"""What German banks smuggle into free text: pieces on line 1, the cost of a piece behind the line number 2."""


def read_holding(block: Block) -> tuple[dict[str, str], dict[str, str]]:
    """Fields of a holding, and the value the custodian gives it by currency; ValueError where it cannot be read."""
    kind, quantity = _quantity(block.fields.get("93B:AGGR", ()))
    details = next(iter(block.named("FIA")), _NOTHING)
    price, basis, priced_in = _price(block, kind)
    values = _amounts(block.fields.get("19A:HOLD", ()))
    currency = details.first("11A:DENO") or priced_in or next(iter(values), "")
    optional = {
        "price": price,
        "factor": _number(details.first("92A:CUFC", "92B:CUFC")),
        "multiplier": _number(details.first("36B:SIZE").rpartition("/")[2]),
        "currency": currency,
        "market_value": values.get(currency),
        "accrued": _amounts(block.fields.get("19A:ACRU", ())).get(currency),
        "price_date": stated_day(block.first("98A:PRIC", "98C:PRIC")),
        "cost_price": _cost(block.first("70E:HOLD")),
    }
    fields = {
        **identity(block.first("35B")),
        "quantity": quantity,
        "quantity_type": kind,
        "price_basis": basis,
        "side": "SHORT" if quantity.startswith("-") else "LONG",
        "level": "",
        **{name: text for name, text in optional.items() if text},
    }
    return fields, values


def _quantity(texts: Iterable[str]) -> tuple[str, str]:
    """Type and signed quantity of the aggregate balance; an amortised value only where it is all there is."""
    stated = [match.groups() for match in map(_QUANTITY.fullmatch, texts) if match]
    if not stated:
        raise ValueError(f"it states no aggregate balance that can be read (93B AGGR {', '.join(texts)[:40]})")
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
    return "", "unit" if quantity_type == "UNIT" else "per_100", ""


def _amounts(texts: Iterable[str]) -> dict[str, str]:
    return dict(map(money, texts))


def _number(text: str) -> str:
    return swift_number(text) if text else ""


def _cost(text: str) -> str:
    match = _COST.search(text) if text else None
    return swift_number(match[1]) if match else ""


_NOTHING = Block("", 0)
