"""Our own lots of one account and instrument, moved by trades until they sum to our book. Frames belong to tax_lots."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from fo_platform import ids
from fo_platform.lots import Lot, relieve
from fo_platform.units import money


@dataclass(frozen=True)
class Basis:
    """What a statement says that a holding cost, for how many units; its date is when unknown lots were acquired."""

    quantity: Decimal
    cost_local: Decimal
    stated_date: date

    def cost_of(self, quantity: Decimal) -> Decimal:
        """Cost of some units at the stated average; nothing is known to have cost nothing."""
        return money(self.cost_local * quantity / self.quantity) if self.quantity else Decimal(0)


def moved_lots(lots: Sequence[Lot], trades: Sequence[Lot], quantity_book: Decimal, basis: Basis) -> list[Lot]:
    """Lots after the day's trades, which always sum to the quantity of our book.

    trades: purchases as the lots they open, sales as lots of negative quantity; a sale is relieved at average cost.
    What they leave unexplained (an opening, a transfer in kind) opens a lot at the stated cost or is relieved like a
    sale; what is sold beyond all lots shows as a short one.
    """
    held = [lot for lot in lots if lot.quantity > 0]
    for trade in trades:
        held = [*held, trade] if trade.quantity > 0 else _sold(held, -trade.quantity)
    missing = quantity_book - _quantity(held)
    held = held if missing >= 0 else _sold(held, -missing)
    rest = quantity_book - _quantity(held)
    return [*held, _opened(rest, basis)] if rest else held


def _sold(lots: list[Lot], quantity: Decimal) -> list[Lot]:
    """Lots after a sale of as much of the quantity as they hold."""
    return list(relieve(lots, min(quantity, _quantity(lots)), "average_cost").left)


def _opened(quantity: Decimal, basis: Basis) -> Lot:
    lot = Lot("", basis.stated_date, quantity, basis.cost_of(quantity))
    return replace(
        lot, lot_id=ids.short_id("opened", basis.stated_date.isoformat(), "short" if quantity < 0 else "long")
    )


def _quantity(lots: Sequence[Lot]) -> Decimal:
    return sum((lot.quantity for lot in lots), Decimal(0))
