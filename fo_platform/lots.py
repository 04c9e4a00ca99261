"""Tax lots of one account and instrument: which are relieved by a sale, at what cost, held how long; exact.

Tax rates and wash sales do not belong here.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from fo_platform.canonical import canonical
from fo_platform.errors import DataError
from fo_platform.units import money, plain

UNNUMBERED = "unnumbered."
"""Prefix of the lot_id that we give a lot whose custodian states none: it means nothing to the custodian."""

Method = Literal["fifo", "highest_cost", "average_cost"]


@dataclass(frozen=True)
class Lot:
    """Units bought together: signed long quantity, and the whole lot's tax cost in local currency."""

    lot_id: str
    acquired_date: date
    quantity: Decimal
    cost_local: Decimal


@dataclass(frozen=True)
class Relief:
    """A sale split over lots: what it takes from each, and what is left; quantities and costs foot exactly."""

    taken: tuple[Lot, ...]
    left: tuple[Lot, ...]


def relieve(lots: Iterable[Lot], quantity: Decimal, method: Method) -> Relief:
    """A sale of `quantity` relieved by a rule: oldest first, dearest unit first, or oldest first at average cost."""
    ordered = _ordered(average_cost(lots) if method == "average_cost" else tuple(lots), method)
    return relieve_specified(ordered, _taken_in_order(ordered, quantity))


def relieve_specified(lots: Iterable[Lot], quantities: Mapping[str, Decimal]) -> Relief:
    """A sale relieved from the lots it names: quantity by lot_id, none more than its lot holds."""
    held = tuple(lots)
    _refuse_what_is_not_held(held, quantities)
    halves = [_split(lot, quantities.get(lot.lot_id, Decimal(0))) for lot in held]
    taken = tuple(taken for taken, _ in halves if taken.quantity)
    return Relief(taken, tuple(left for _, left in halves if left.quantity))


def instruction(choice: Mapping[str, Decimal]) -> str:
    """Lots that a sale is to relieve, in order, as text: `[["lot","5"],...]`; empty where none is named."""
    return canonical([[lot_id, quantity] for lot_id, quantity in choice.items()]).decode() if choice else ""


def instructed(text: str) -> dict[str, Decimal]:
    """Quantity by lot_id of an instruction."""
    return {lot_id: Decimal(quantity) for lot_id, quantity in json.loads(text or "[]")}


def between(choice: Mapping[str, Decimal], start: Decimal, end: Decimal) -> dict[str, Decimal]:
    """What an execution of units from `start` to `end` of its order relieves of the lots chosen for all of it."""
    found: dict[str, Decimal] = {}
    position = Decimal(0)
    for lot_id, quantity in choice.items():
        taken = min(end, position + quantity) - max(start, position)
        position += quantity
        found |= {lot_id: taken} if taken > 0 else {}
    return found


def average_cost(lots: Iterable[Lot]) -> tuple[Lot, ...]:
    """The same lots, dates kept, summed cost spread by quantity; the residual cent goes to the largest lot."""
    held = tuple(lots)
    quantity, cost = sum(lot.quantity for lot in held), total_cost(held)
    if not quantity:
        return held
    shares = [money(cost * lot.quantity / quantity) for lot in held]
    largest = max(range(len(held)), key=lambda i: (held[i].quantity, held[i].lot_id))
    shares[largest] += cost - sum(shares)
    return tuple(replace(lot, cost_local=share) for lot, share in zip(held, shares, strict=True))


def merge(lots: Sequence[Lot], lot_id: str) -> Lot:
    """Several purchases as the one line that an average-cost custodian keeps, dated by the oldest."""
    oldest = min(lot.acquired_date for lot in lots)
    return Lot(lot_id, oldest, sum((lot.quantity for lot in lots), Decimal(0)), total_cost(lots))


def total_cost(lots: Iterable[Lot]) -> Decimal:
    """Summed tax cost."""
    return sum((lot.cost_local for lot in lots), Decimal(0))


def long_term_from(acquired_date: date) -> date:
    """First day on which a sale is long term: the period starts the day after purchase and must exceed one year.

    Source: 26 USC 1222 and Rev. Rul. 66-7; a day that the next year lacks becomes 1 March.
    """
    start = acquired_date + timedelta(days=1)
    if (start.month, start.day) == (2, 29):
        return date(start.year + 1, 3, 1)
    return start.replace(year=start.year + 1)


def is_long_term(acquired_date: date, sold_date: date) -> bool:
    """Whether a lot is held more than one year on the day it is sold."""
    return sold_date >= long_term_from(acquired_date)


def _ordered(lots: Sequence[Lot], method: Method) -> list[Lot]:
    if method == "highest_cost":
        return sorted(lots, key=lambda lot: (-lot.cost_local / lot.quantity, lot.acquired_date, lot.lot_id))
    return sorted(lots, key=lambda lot: (lot.acquired_date, lot.lot_id))


def _taken_in_order(lots: Sequence[Lot], quantity: Decimal) -> dict[str, Decimal]:
    held = sum((lot.quantity for lot in lots), Decimal(0))
    if not 0 <= quantity <= held:
        sentence = f"a sale of {plain(quantity)} cannot be relieved from lots of {plain(held)}."
        raise DataError(sentence, "Check the position against its lots.")
    taken: dict[str, Decimal] = {}
    for lot in lots:
        taken[lot.lot_id] = min(lot.quantity, quantity - sum(taken.values()))
    return taken


def _refuse_what_is_not_held(lots: Sequence[Lot], quantities: Mapping[str, Decimal]) -> None:
    held = {lot.lot_id: lot.quantity for lot in lots}
    if len(held) < len(lots):
        raise DataError("two lots of one account and instrument share a lot_id.", "Check the statement's lots.")
    for lot_id, quantity in quantities.items():
        if not 0 <= quantity <= held.get(lot_id, Decimal(0)):
            sentence = f"lot {lot_id} holds {plain(held.get(lot_id, Decimal(0)))}, not {plain(quantity)}."
            raise DataError(sentence, "Name lots and quantities that are held.")


def _split(lot: Lot, quantity: Decimal) -> tuple[Lot, Lot]:
    """What is taken and what is left: cost by quantity to the cent, so that both halves sum to the lot."""
    cost = lot.cost_local if quantity == lot.quantity else money(lot.cost_local * quantity / lot.quantity)
    taken = replace(lot, quantity=quantity, cost_local=cost)
    return taken, replace(lot, quantity=lot.quantity - quantity, cost_local=lot.cost_local - cost)
