"""Cost of trading: half the spread, commission and impact, one model for the optimiser and the paper broker.

Taxes, prices and fills do not belong here.
"""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", float, npt.NDArray[np.float64])

BPS = 1e-4


def spread_fraction(spread_bps: Number) -> Number:
    """Cost of crossing from mid to the far side: half of the quoted spread, as a fraction of the notional."""
    return spread_bps * (BPS / 2)


def linear_fraction(spread_bps: Number, commission_bps: float) -> Number:
    """Cost that is proportional to the notional: half spread and commission, as a fraction."""
    return spread_fraction(spread_bps) + commission_bps * BPS


def impact_fraction(quantity: Number, adv_quantity: Number, coefficient: float) -> Number:
    """Price moved against us by an order, as a fraction of mid.

    quantity: units of the whole order, not negative. adv_quantity: average daily volume, same units, above zero.
    coefficient: the move caused by trading one average day's volume (limit `impact_coefficient`, such as 0.01).
    Source: the square-root law, Almgren, Thum, Hauptmann and Li (2005), with exponent one half for every instrument.
    """
    return coefficient * _root(quantity / adv_quantity)


def impact_scale(adv_value: Number, coefficient: float) -> Number:
    """The k of the impact cost k u^1.5 of trading a value u; adv_value is one day's volume in the same money."""
    return coefficient / _root(adv_value)


def _root(value: Number) -> Number:
    root: Number = value**0.5
    return root
