"""What a bond is worth after its yield moves. Which yields move, and by how much, does not belong here."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

Vector = npt.NDArray[np.float64]

YIELD_LOW, YIELD_HIGH = -0.5, 10.0
"""Between which a yield is looked for, a year."""


def bond_price(rate: float, coupon: float, years: float, frequency: int = 1) -> float:
    """Price with accrued interest, per 1 of face value, of a bullet bond at a yield.

    rate: yield to maturity, compounded `frequency` times a year. coupon: a year, per 1 of face value. years: to
    maturity, after which nothing is left. Source: Fabozzi (2007), "Fixed Income Analysis", chapter 5.
    """
    times = _times(years, frequency)
    flows = np.full(len(times), coupon / frequency)
    if len(times):
        flows[-1] += 1
    return float((flows * (1 + rate / frequency) ** (-frequency * times)).sum())


def bond_yield(price: float, coupon: float, years: float, frequency: int = 1) -> float | None:
    """The yield at which a bond has a price with accrued interest; nothing where there is none between the bounds."""

    def apart(rate: float) -> float:
        return bond_price(rate, coupon, years, frequency) - price

    if not (years > 0 and apart(YIELD_LOW) * apart(YIELD_HIGH) <= 0):
        return None
    return float(brentq(apart, YIELD_LOW, YIELD_HIGH, xtol=1e-14))


def bond_return(price: float, shift: float, *, coupon: float, years: float, frequency: int = 1) -> float | None:
    """Return of a bond whose yield shifts at once, by full revaluation; unknown where its yield is."""
    rate = bond_yield(price, coupon, years, frequency)
    return None if rate is None else bond_price(rate + shift, coupon, years, frequency) / price - 1


def duration_return(shift: float, duration: float, convexity: float) -> float:
    """Return of what has a modified duration and a convexity, both in years, to the second order of the shift."""
    return -duration * shift + 0.5 * convexity * shift**2


def _times(years: float, frequency: int) -> Vector:
    """Years until every remaining coupon, the last at maturity."""
    count = int(np.ceil(years * frequency - 1e-9))
    return years - np.arange(count - 1, -1, -1) / frequency
