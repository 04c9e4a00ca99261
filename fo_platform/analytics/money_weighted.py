"""Money-weighted returns: internal rates of many series of flows, present values, multiples of private funds.

Time-weighted returns do not belong here.
"""

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyxirr
from pyxirr import pe
from scipy.optimize import brentq

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

DAYS_PER_YEAR = 365.0
"""Act/365F: a leap year is a little longer than one."""

GROWTH_MAX = math.log(1e6)
"""Largest growth a year, and decline, as a logarithm: a rate beyond says nothing of a year."""

COARSE, FINE = 64, 32
"""Rates are scanned for roots at the product of both, evenly by the logarithm of growth."""

DAYS_MAX = 10_000_000
"""More days than any date lies from 1970."""

SCALE = 1e6
"""Flows are brought to this size, as the solver accepts what is within a tenth of a cent."""

TINY = 1e-12
"""A balance smaller than this part of what was moved is zero."""

ONE, NONE, SEVERAL, ONE_SIGN = "one_root", "no_root", "several_roots", "one_sign"


def internal_rates(series: pd.Series, dates: pd.Series, amounts: pd.Series) -> pd.DataFrame:
    """Internal rate of return of every series of dated flows, a year (act/365F); what the holder receives is positive.

    series, dates, amounts: one row a flow, in any order. Returns index series with `irr_annual`, unknown unless there
    is exactly one root, and `irr_flag`: one_root, no_root, several_roots or one_sign (nothing paid, or nothing
    received). A root at which the balance of the investment never changes its sign is the only one; where it does,
    every rate is scanned. Money that grows more than a million times a year, or shrinks as much, counts as no root.
    Source: Teichroew, Robichek and Montalbano (1965), "An analysis of criteria for investment and financing decisions".
    """
    codes, names = pd.factorize(series, sort=True)
    numbers = dates.to_numpy().astype("datetime64[D]").astype(np.int64)
    order = np.argsort(codes * DAYS_MAX + numbers, kind="stable")
    lengths = np.bincount(codes, minlength=len(names))
    stops = np.cumsum(lengths)
    starts = stops - lengths
    flows = _scaled(amounts.to_numpy(dtype="float64")[order], starts, lengths)
    times = (numbers[order] - np.repeat(numbers[order][starts], lengths)) / DAYS_PER_YEAR
    found = _rates(numbers[order].astype("datetime64[D]"), times, flows, starts=starts, lengths=lengths)
    stated = pd.DataFrame(found, columns=["irr_annual", "irr_flag"], index=pd.Index(names, name=series.name))
    return stated.astype({"irr_annual": "float64"})


def brackets(times: Array, flows: Array) -> list[tuple[float, float]]:
    """Intervals that hold one root each, of yearly growth as a logarithm; found by scanning.

    times: years since the first flow, sorted. A pair of roots between two points of the scan shows in a turning point
    between them that both ends' tangents let reach zero; it is looked up.
    """
    grid = np.linspace(-GROWTH_MAX, GROWTH_MAX, COARSE * FINE)
    discounts = _discounts(grid, times)
    values, slopes = (_worth(weights, *discounts) for weights in (flows, -times * flows))
    known = np.flatnonzero(values)
    crossing = np.flatnonzero(np.sign(values[known[1:]]) != np.sign(values[known[:-1]]))
    found = [(float(grid[known[i]]), float(grid[known[i + 1]])) for i in crossing]
    for i in _turning(values, slopes, grid[1] - grid[0]):
        turn = brentq(_slope, grid[i], grid[i + 1], args=(times, flows))
        if _value(turn, times, flows) * values[i] < 0:
            found += [(float(grid[i]), turn), (turn, float(grid[i + 1]))]
    return found


def present_value(rate: float, dates: pd.Series, amounts: pd.Series) -> float:
    """Worth of dated flows on the first of the dates, discounted at a rate a year (act/365F)."""
    worth = pyxirr.xnpv(rate, dates.to_numpy().astype("datetime64[D]"), amounts.to_numpy(dtype="float64"))
    return math.nan if worth is None else worth


def multiples(contributions: float, distributions: float, nav: float) -> dict[str, float]:
    """DPI, RVPI and TVPI: paid out, remaining and total value over paid in. Unknown where nothing was paid in.

    Source: ILPA and GIPS 2020; INSEAD (2019), "Measuring private equity fund performance".
    """
    if not contributions > 0:
        return dict.fromkeys(("dpi", "rvpi", "tvpi"), math.nan)
    return {
        "dpi": pe.dpi_2([contributions], [distributions]),
        "rvpi": pe.rvpi([contributions], nav),
        "tvpi": pe.tvpi_2([contributions], [distributions], nav),
    }


def ks_pme(amounts: Array, index: Array, nav: float) -> float:
    """Public market equivalent: what was received, over what was paid, each as if grown with an index to the end.

    amounts: calls negative. index: its level on the day of each flow; the last one belongs to the value and may have a
    flow of zero. Above one the fund did better. Unknown where nothing was paid in.
    Source: Kaplan and Schoar (2005), "Private equity performance: returns, persistence, and capital flows".
    """
    equivalent = pe.ks_pme(amounts, index, nav) if (amounts < 0).any() else None
    return math.nan if equivalent is None else equivalent


def _scaled(flows: Array, starts: Counts, lengths: Counts) -> Array:
    """Flows of every series brought to one size, as the solver's tolerance is an amount."""
    largest = np.maximum.reduceat(np.abs(flows), starts) if len(starts) else flows
    return np.asarray(flows * np.repeat(SCALE / np.where(largest > 0, largest, 1.0), lengths))


def _rates(
    days: npt.NDArray[np.datetime64], times: Array, flows: Array, *, starts: Counts, lengths: Counts
) -> list[tuple[float, str]]:
    if not len(starts):
        return []
    is_mixed = (np.minimum.reduceat(flows, starts) < 0) & (np.maximum.reduceat(flows, starts) > 0)
    bounds = list(zip(is_mixed.tolist(), starts.tolist(), (starts + lengths).tolist(), strict=True))
    rates = np.array([_solved(days[i:j], flows[i:j]) if mixed else math.nan for mixed, i, j in bounds])
    is_only = _keeps_side(times, flows, rates, starts=starts, lengths=lengths)
    return [
        (rate, ONE) if only else _scanned(times[i:j], flows[i:j]) if mixed else (math.nan, ONE_SIGN)
        for rate, only, (mixed, i, j) in zip(rates.tolist(), is_only.tolist(), bounds, strict=True)
    ]


def _solved(days: npt.NDArray[np.datetime64], flows: Array) -> float:
    rate = pyxirr.xirr(days, flows, silent=True)
    return math.nan if rate is None else rate


def _keeps_side(times: Array, flows: Array, rates: Array, *, starts: Counts, lengths: Counts) -> npt.NDArray[np.bool_]:
    """Of every series whether its rate is one and its balance at it stays on one side of zero until the last flow."""
    growths = np.log1p(rates)
    is_rate = np.abs(growths) <= GROWTH_MAX
    worth = flows * np.exp(-np.repeat(np.where(is_rate, growths, np.inf), lengths) * (times + 1.0))
    summed = np.cumsum(worth)
    balance = summed - np.repeat(summed[starts] - worth[starts], lengths)
    inner = np.ones(len(flows), dtype=bool)
    inner[starts + lengths - 1] = False
    rounding = TINY * np.add.reduceat(np.abs(worth), starts)
    is_above = np.minimum.reduceat(np.where(inner, balance, np.inf), starts) > rounding
    is_below = np.maximum.reduceat(np.where(inner, balance, -np.inf), starts) < -rounding
    return np.asarray(is_rate & (is_above | is_below))


def _scanned(times: Array, flows: Array) -> tuple[float, str]:
    found = brackets(times, flows)
    if len(found) != 1:
        return math.nan, SEVERAL if found else NONE
    return math.expm1(brentq(_value, *found[0], args=(times, flows), xtol=1e-14)), ONE


def _turning(values: Array, slopes: Array, step: float) -> npt.NDArray[np.int64]:
    """Points from which values go towards zero and turn before the next point, both tangents reaching zero between."""
    reach = np.divide(values, slopes, out=np.full_like(values, np.inf), where=slopes != 0)
    left, right = reach[:-1], reach[1:]
    is_near = (values[:-1] * values[1:] > 0) & (left < 0) & (left > -step) & (right > 0) & (right < step)
    return np.flatnonzero(is_near)


def _discounts(grid: Array, times: Array) -> tuple[Array, Array]:
    """Discounts of an even grid of growths as a coarse and a fine table, whose products they are.

    Those of negative growth are scaled by the largest, which alters no sign.
    """
    coarse = grid[::FINE, None]
    fine = (grid[:FINE] - grid[0])[:, None]
    return np.exp(-coarse * times + np.minimum(coarse, 0.0) * times[-1]), np.exp(-fine * times)


def _worth(weights: Array, coarse: Array, fine: Array) -> Array:
    """Sum of weights at every point of the grid."""
    return np.asarray((coarse * weights) @ fine.T).ravel()


def _value(growth: float, times: Array, flows: Array) -> float:
    return float(np.exp(-growth * times + min(growth, 0.0) * times[-1]) @ flows)


def _slope(growth: float, times: Array, flows: Array) -> float:
    return _value(growth, times, -times * flows)
