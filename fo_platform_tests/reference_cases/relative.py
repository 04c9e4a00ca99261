"""Published figures of a portfolio against its benchmark: beta, alpha, capture. Attribution lies elsewhere."""

from collections.abc import Callable
from functools import partial

import numpy as np

from fo_platform_tests.reference_cases._series import (
    BENCHMARKS,
    NAMES,
    Array,
    Case,
    below,
    both,
    every,
    number,
    periods,
    slope,
    yearly,
)

Pair = Callable[[Array, Array], float]


def _beta_where(case: Case, *, sign: int) -> float:
    """Beta of the periods in which the benchmark rose, or fell."""
    ours, theirs = both(case)
    chosen = np.sign(theirs) == sign
    return slope(ours[chosen], theirs[chosen])


def _jensen(case: Case) -> float:
    ours, theirs = both(case)
    return yearly(ours, case) - slope(ours, theirs) * yearly(theirs, case)


def _alpha_period(case: Case) -> float:
    ours, theirs = both(case)
    return float(ours.mean() - slope(ours, theirs) * theirs.mean())


def _alpha(case: Case) -> float:
    """The intercept, of a period for Bacon's portfolio, compounded to a year as empyrical has it."""
    period = _alpha_period(case)
    return period if "portfolio" in case else float((1 + period) ** periods(case) - 1)


def _specific(case: Case) -> float:
    ours, theirs = both(case)
    error = ours - slope(ours, theirs) * theirs
    return float(error.std() * np.sqrt(periods(case)))


def _systematic(case: Case) -> float:
    """Beta times the benchmark's deviation of a population, as the book has it."""
    ours, theirs = both(case)
    return slope(ours, theirs) * float(theirs.std() * np.sqrt(periods(case)))


def _fama_beta(case: Case) -> float:
    ours, theirs = both(case)
    return float(ours.std() / theirs.std())


def _net_selectivity(case: Case) -> float:
    ours, theirs = both(case)
    return _jensen(case) - (_fama_beta(case) - slope(ours, theirs)) * yearly(theirs, case)


def _tracking_error(case: Case) -> float:
    ours, theirs = both(case)
    return float((ours - theirs).std(ddof=1) * np.sqrt(periods(case)))


def _active_premium(case: Case) -> float:
    ours, theirs = both(case)
    return yearly(ours, case) - yearly(theirs, case)


def _information(case: Case) -> float:
    return _active_premium(case) / _tracking_error(case)


def _excess_sharpe(case: Case) -> float:
    """Empyrical's information ratio of a period."""
    ours, theirs = both(case)
    return float((ours - theirs).mean() / (ours - theirs).std(ddof=1))


def _m_squared(case: Case) -> float:
    ours, theirs = both(case)
    free = number(case, "rf", "risk_free")
    return float(yearly(ours, case) * theirs.std() / ours.std() + free)


def _m_squared_excess(case: Case, *, is_geometric: bool) -> float:
    squared, benchmark = _m_squared(case), yearly(both(case)[1], case)
    return (1 + squared) / (1 + benchmark) - 1 if is_geometric else squared - benchmark


def _downside(series: Array, case: Case) -> float:
    return float(np.sqrt(below(series, number(case, "mar")) * periods(case)))


def _m2_sortino(case: Case) -> float:
    ours, theirs = both(case)
    target = number(case, "mar")
    ratio = (ours.mean() - target) / np.sqrt(below(ours, target))
    return float(yearly(ours, case) + ratio * (_downside(theirs, case) - _downside(ours, case)))


def _omega_excess(case: Case) -> float:
    ours, theirs = both(case)
    return yearly(ours, case) - 3 * _downside(ours, case) * _downside(theirs, case)


def _capture_all(case: Case) -> float:
    """Return a year over the benchmark's, an unknown return being none, as empyrical counts years."""
    ours, theirs = (yearly(np.nan_to_num(every(case, names)), case) for names in (NAMES, BENCHMARKS))
    return ours / theirs


def _capture(case: Case, *, sign: int) -> float:
    """Return a year of the periods in which the benchmark rose, or fell, over the benchmark's own."""
    ours, theirs = both(case)
    chosen = np.sign(theirs) == sign
    return yearly(ours[chosen], case) / yearly(theirs[chosen], case)


def _batting(case: Case) -> float:
    ours, theirs = both(case)
    return float((ours > theirs).mean())


def _of_pair(measure: Pair) -> Callable[[Case], float]:
    return lambda case: float(measure(*both(case)))


def _treynor(case: Case) -> float:
    ours, theirs = both(case)
    return yearly(ours, case) / slope(ours, theirs)


ADAPTERS: dict[str, Callable[[Case], object]] = {
    "beta": _of_pair(slope),
    "capm_beta": _of_pair(slope),
    "regression_beta": _of_pair(slope),
    "beta_bull": partial(_beta_where, sign=1),
    "bull_beta": partial(_beta_where, sign=1),
    "capm_beta_bull": partial(_beta_where, sign=1),
    "beta_bear": partial(_beta_where, sign=-1),
    "bear_beta": partial(_beta_where, sign=-1),
    "capm_beta_bear": partial(_beta_where, sign=-1),
    "timing": lambda case: _beta_where(case, sign=1) / _beta_where(case, sign=-1),
    "timing_ratio": lambda case: _beta_where(case, sign=1) / _beta_where(case, sign=-1),
    "fama_beta": _fama_beta,
    "alpha": _alpha,
    "capm_alpha": _alpha_period,
    "regression_alpha": _alpha_period,
    "epsilon": lambda case: _jensen(case) - _alpha_period(case),
    "jensen_alpha": _jensen,
    "selectivity": _jensen,
    "net_selectivity": _net_selectivity,
    "diversification": lambda case: _jensen(case) - _net_selectivity(case),
    "specific_risk": _specific,
    "systematic_risk": _systematic,
    "total_risk": lambda case: float(np.hypot(_specific(case), _systematic(case))),
    "appraisal": lambda case: _jensen(case) / _specific(case),
    "appraisal_modified": lambda case: _jensen(case) / slope(*both(case)),
    "appraisal_alternative": lambda case: _jensen(case) / _systematic(case),
    "treynor": _treynor,
    "treynor_modified": lambda case: yearly(both(case)[0], case) / _systematic(case),
    "modified_treynor": lambda case: yearly(both(case)[0], case) / _systematic(case),
    "tracking_error": _tracking_error,
    "active_premium": _active_premium,
    "active_return": _active_premium,
    "information": _information,
    "excess_sharpe": _excess_sharpe,
    "m_squared": _m_squared,
    "m_squared_excess": partial(_m_squared_excess, is_geometric=True),
    "m_squared_excess_geometric": partial(_m_squared_excess, is_geometric=True),
    "m_squared_excess_arithmetic": partial(_m_squared_excess, is_geometric=False),
    "m2_sortino": _m2_sortino,
    "omega_excess_return": _omega_excess,
    "up_capture": partial(_capture, sign=1),
    "down_capture": partial(_capture, sign=-1),
    "up_down_capture": lambda case: _capture(case, sign=1) / _capture(case, sign=-1),
    "capture": _capture_all,
    "batting_average": _batting,
    "r_squared": _of_pair(lambda ours, theirs: np.corrcoef(ours, theirs)[0, 1] ** 2),
    "correlation_with_benchmark": _of_pair(lambda ours, theirs: np.corrcoef(ours, theirs)[0, 1]),
}
"""Figures of Bacon (2008) as PerformanceAnalytics has them, and empyrical's, by their names."""
