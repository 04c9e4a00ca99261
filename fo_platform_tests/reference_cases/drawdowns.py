"""Published cumulative returns, drawdowns and what is measured on them. Moments and ratios to risk are elsewhere."""

from collections.abc import Callable

import numpy as np

from fo_platform.analytics.loss import Tail, tail
from fo_platform.analytics.time_weighted import drawdowns
from fo_platform_tests.reference_cases._series import Array, Case, by_column, every, number, returns, yearly


def compounded(series: Array) -> Array:
    """Distance to the highest level so far, the start included."""
    return drawdowns(np.cumprod(np.append(1.0, 1 + series)))[1:]


def _deepest(depths: Array) -> float:
    """Unknown of nothing."""
    return float(depths.min()) if len(depths) else float("nan")


def _cumulated(case: Case) -> Array:
    """As empyrical: an unknown return is none, and a level to start from other than zero is what has grown."""
    start = number(case, "starting_value")
    grown = np.cumprod(1 + np.nan_to_num(every(case)))
    return grown * start if start else grown - 1


def _total(case: Case) -> float:
    """What the last one comes to, unknown of nothing."""
    cumulated = _cumulated(case)
    return float(cumulated[-1]) if len(cumulated) else float("nan")


def _uncompounded(case: Case) -> Array:
    """Skfolio's default: returns are summed, the first level is the first return, and depth is an amount."""
    levels = np.cumsum(returns(case))
    return np.asarray(levels - np.maximum.accumulate(levels))


def _from_first(case: Case) -> Array:
    """Skfolio's compounded depth: the peak begins with the first level."""
    return drawdowns(np.cumprod(1 + returns(case)))


def _episodes(series: Array) -> Array:
    """Depth of every drawdown from a peak back to it, positive."""
    depth = compounded(series)
    starts = np.flatnonzero((depth < 0) & (np.append(0.0, depth[:-1]) == 0))
    return np.array([-part.min() for part in np.split(depth, starts)[1:]])


def _runs(series: Array) -> Array:
    """What every unbroken run of losses lost, in the source's way: compounded at a hundredth of its size."""
    starts = np.flatnonzero((series < 0) & (np.append(1.0, series[:-1]) >= 0))
    ends = np.flatnonzero((series < 0) & (np.append(series[1:], 1.0) >= 0)) + 1
    return np.array([100 * (np.prod(1 + series[i:j] / 100) - 1) for i, j in zip(starts, ends, strict=True)])


def pain(series: Array) -> float:
    """Mean depth, returns compounded at a hundredth of their size: so the published ratio comes out."""
    return float(-100 * compounded(series / 100).mean())


def ulcer(series: Array) -> float:
    """Root mean square of depth."""
    return float(np.sqrt((compounded(series) ** 2).mean()))


def _excess(case: Case) -> float:
    return yearly(returns(case), case) - number(case, "rf", "risk_free")


def _burke(case: Case) -> float:
    return _excess(case) / float(np.sqrt((_runs(returns(case)) ** 2).sum()))


def _sterling(case: Case) -> float:
    return _excess(case) / float(-compounded(returns(case)).min() + number(case, "excess", default=0.1))


def _calmar(case: Case) -> float | None:
    deepest = _deepest(compounded(returns(case)))
    return _excess(case) / float(-deepest) if deepest < 0 else None


def _tail(depths: Array, case: Case) -> Tail:
    """Depths, none above zero, as losses."""
    return tail(-depths, number(case, "beta", default=0.95))


def _in_place(case: Case, depths: Array) -> list[float]:
    """Depths on the days of known returns, unknown on the others."""
    placed = np.where(np.isnan(every(case)), np.nan, 0.0)
    placed[~np.isnan(placed)] = depths
    return placed.tolist()


MEASURES: dict[str, Callable[[Case], object]] = {
    "cum_return": _total,
    "cum_returns": lambda case: _cumulated(case).tolist(),
    "cum_returns_final": _total,
    "cumulative_return": _total,
    "max_drawdown": lambda case: _deepest(compounded(returns(case))),
    "max_drawdown_cum": lambda case: -_deepest(drawdowns(1 + np.array(case["cumulative_returns"], dtype=np.float64))),
    "max_drawdown_compounded": lambda case: -_deepest(_from_first(case)),
    "max_drawdown_uncompounded": lambda case: -_deepest(_uncompounded(case)),
    "average_drawdown": lambda case: float(_episodes(returns(case)).mean()),
    "average_drawdown_uncompounded": lambda case: float(-_uncompounded(case).mean()),
    "average_drawdown_compounded": lambda case: float(-_from_first(case).mean()),
    "drawdowns": lambda case: _in_place(case, compounded(returns(case))),
    "drawdowns_compounded": lambda case: _in_place(case, _from_first(case)),
    "drawdowns_uncompounded": lambda case: _in_place(case, _uncompounded(case)),
    "drawdown_at_risk_uncompounded": lambda case: _tail(_uncompounded(case), case).value_at_risk,
    "cdar_uncompounded": lambda case: _tail(_uncompounded(case), case).expected_shortfall,
    "drawdown_at_risk_compounded": lambda case: _tail(_from_first(case), case).value_at_risk,
    "cdar_compounded": lambda case: _tail(_from_first(case), case).expected_shortfall,
    "drawdown_deviation": lambda case: float(np.sqrt((_episodes(returns(case)) ** 2).sum() / len(returns(case)))),
    "pain_index": lambda case: pain(returns(case)),
    "pain_ratio": lambda case: _excess(case) / pain(returns(case)),
    "ulcer_index": lambda case: ulcer(returns(case)),
    "ulcer_index_uncompounded": lambda case: float(np.sqrt((_uncompounded(case) ** 2).mean())),
    "ulcer_index_compounded": lambda case: float(np.sqrt((_from_first(case) ** 2).mean())),
    "martin_ratio": lambda case: _excess(case) / ulcer(returns(case)),
    "burke": _burke,
    "burke_modified": lambda case: _burke(case) * float(np.sqrt(len(returns(case)))),
    "modified_burke": lambda case: _burke(case) * float(np.sqrt(len(returns(case)))),
    "calmar": _calmar,
    "sterling": _sterling,
}
"""Functions of PerformanceAnalytics, empyrical, skfolio and Portfolio Performance, each by its own convention."""

ADAPTERS = {name: by_column(measure) for name, measure in MEASURES.items()}
