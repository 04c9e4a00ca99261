"""Whole quantities that the accounts can pay for at the worst signed price. Orders do not belong here."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import floor

import numpy as np
import pandas as pd

from fo_platform.decision.model import Array, Index, Problem, Trades

CENT = Decimal("0.01")

TOUCH = 1e-6
"""Part of a step by which a quantity may fall short of a whole one and still be it: noise of the solver."""


@dataclass(frozen=True)
class Quantities:
    """Whole quantities to sell of each lot and to buy of each purchase, in the problem's order."""

    sales: tuple[Decimal, ...]
    purchases: tuple[Decimal, ...]


def limit_price(price: Decimal, side: str, collar_bps: Decimal) -> Decimal:
    """The worst price a signature allows: reference and collar, rounded to cents outward, never below a cent."""
    collar = collar_bps / 10_000
    if side == "BUY":
        return (price * (1 + collar)).quantize(CENT, rounding=ROUND_CEILING)
    return max((price * (1 - collar)).quantize(CENT, rounding=ROUND_FLOOR), CENT)


def whole_quantities(problem: Problem, trades: Trades, facts: pd.DataFrame) -> Quantities:
    """Quantities rounded down to whole steps, purchases reduced to what every pocket can pay.

    facts: per instrument_id its `lot_size`, and `worst_purchase`, `worst_sale`: limit over reference price.
    """
    lots, buys = problem.lots, problem.purchases
    sales = _whole(trades.sales / lots.unit_value, lots.instrument_id, facts)
    held = _whole(lots.value / lots.unit_value, lots.instrument_id, facts)
    sold = tuple(min(quantity, most) for quantity, most in zip(sales, held, strict=True))
    bought = _whole(trades.purchases / buys.unit_value, buys.instrument_id, facts)
    part = _payable_part(problem, Quantities(sold, bought), facts)
    reduced = _whole(_floats(bought) * part[buys.pocket], buys.instrument_id, facts)
    return Quantities(sold, tuple(min(pair) for pair in zip(bought, reduced, strict=True)))


def trades_in_money(problem: Problem, quantities: Quantities) -> Trades:
    """Quantities at reference prices, in base currency."""
    sales = _floats(quantities.sales) * problem.lots.unit_value
    bought = _floats(quantities.purchases) * problem.purchases.unit_value
    return Trades(np.nan_to_num(sales), np.nan_to_num(bought))


def _payable_part(problem: Problem, quantities: Quantities, facts: pd.DataFrame) -> Array:
    """Part of its purchases that every pocket can pay if all orders fill at their limits, at most one."""
    lots, buys, linear = problem.lots, problem.purchases, problem.assets.linear
    money, count = trades_in_money(problem, quantities), len(problem.pockets.account_id)
    worst_sale = facts["worst_sale"].reindex(lots.instrument_id).to_numpy(float)
    worst_purchase = facts["worst_purchase"].reindex(buys.instrument_id).to_numpy(float)
    proceeds = _by_pocket(lots.pocket, money.sales * (worst_sale - linear[lots.asset]), count)
    needed = _by_pocket(buys.pocket, money.purchases * (worst_purchase + linear[buys.asset]), count)
    room = np.maximum(problem.pockets.cash - problem.pockets.floor + proceeds, 0.0)
    return np.minimum(1.0, room / np.where(needed > 0, needed, 1.0) + (needed <= 0))


def _by_pocket(pocket: Index, amounts: Array, count: int) -> Array:
    return np.bincount(pocket, np.nan_to_num(amounts), minlength=count).astype(np.float64)


def _whole(quantities: Array, instrument_id: Iterable[str], facts: pd.DataFrame) -> tuple[Decimal, ...]:
    """Quantities rounded down to multiples of their instrument's step; an unknown price or step gives none."""
    steps = facts["lot_size"].reindex(list(instrument_id)).fillna(0.0)
    return tuple(_multiple(quantity, step) for quantity, step in zip(np.nan_to_num(quantities), steps, strict=True))


def _multiple(quantity: float, step: float) -> Decimal:
    return floor(quantity / step + TOUCH) * Decimal(str(step)) if step > 0 else Decimal(0)


def _floats(quantities: Iterable[Decimal]) -> Array:
    return np.array([float(quantity) for quantity in quantities])
