"""Reading the series of a published case, and the few figures that many statistics share. Statistics lie beside."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Case = dict[str, object]

NAMES = ("portfolio", "returns", "data")
BENCHMARKS = ("benchmark", "factor_returns", "index")


def every(case: Case, names: tuple[str, ...] = NAMES) -> Array:
    """The case's series under the first of the names that it has; a null is NaN."""
    found = next((name for name in names if name in case), names[0])
    return np.array(case[found], dtype=np.float64)


def by_column(measure: Callable[[Case], object]) -> Callable[[Case], object]:
    """The figure of a series, or of each of several side by side that are not weighted together.

    What would be divided by nothing is unknown.
    """

    def figure(case: Case) -> object:
        try:
            return measure(case)
        except ZeroDivisionError:
            return math.nan

    def measured(case: Case) -> object:
        name = next((name for name in NAMES if name in case), NAMES[0])
        table = np.array(case.get(name), dtype=np.float64)
        if table.ndim < 2 or "weights" in case:
            return figure(case)
        return [figure({**case, name: column}) for column in table.T]

    return measured


def returns(case: Case) -> Array:
    """What is known of the portfolio."""
    series = every(case)
    return series[~np.isnan(series)]


def both(case: Case) -> tuple[Array, Array]:
    """Portfolio and benchmark where both are known, in excess of the risk-free rate."""
    ours, theirs = every(case), every(case, BENCHMARKS)
    known = ~np.isnan(ours) & ~np.isnan(theirs)
    free = number(case, "risk_free", "rf")
    return ours[known] - free, theirs[known] - free


def number(case: Case, *names: str, default: float = 0.0) -> float:
    """A parameter under the first of its names, or else the default."""
    return float(str(next((case[name] for name in names if name in case), default)))


def over_periods(case: Case, *names: str) -> Array:
    """A rate under the first of its names, one for all periods or one each; where our return is unknown it is left."""
    stated = next((case[name] for name in names if name in case), 0.0)
    return np.broadcast_to(np.array(stated, dtype=np.float64), every(case).shape)[~np.isnan(every(case))]


def periods(case: Case) -> float:
    """Returns a year: as the case says, else 12 of Bacon's monthly portfolio and 252 of anything else."""
    return number(case, "periods_per_year", "scale", default=12.0 if "portfolio" in case else 252.0)


def yearly(series: Array, case: Case) -> float:
    """Geometric return a year; unknown of nothing, and of `n_obs` observations where the case counts them itself."""
    count = number(case, "n_obs", default=len(series))
    return float(np.prod(1 + series) ** (periods(case) / count) - 1) if len(series) else float("nan")


def below(series: Array, target: float | Array, power: float = 2.0) -> float:
    """Lower partial moment about a target, over all observations."""
    return float(np.mean(np.clip(target - series, 0, None) ** power))


def above(series: Array, target: float, power: float = 2.0) -> float:
    """Upper partial moment about a target, over all observations."""
    return float(np.mean(np.clip(series - target, 0, None) ** power))


def slope(ours: Array, theirs: Array) -> float:
    """Regression beta."""
    return float(np.cov(ours, theirs)[0, 1] / np.var(theirs, ddof=1))
