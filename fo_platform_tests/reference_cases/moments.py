"""Published moments, partial moments and their ratios of one series. What needs a benchmark lies elsewhere."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from fo_platform.analytics.dispersion import annual_volatility
from fo_platform.analytics.returns import SESSIONS_PER_YEAR
from fo_platform_tests.reference_cases._series import (
    Array,
    Case,
    above,
    below,
    by_column,
    number,
    over_periods,
    periods,
    returns,
    yearly,
)

Measure = Callable[[Array], float]
Targeted = Callable[[Array, float], float]


def _annual_volatility(case: Case) -> float:
    """Ours is daily; another frequency is scaled from it."""
    daily = annual_volatility(pd.DataFrame({"a": returns(case)}))["a"]
    return float(daily * np.sqrt(periods(case) / SESSIONS_PER_YEAR))


def _excess_kurtosis_sample(series: Array) -> float:
    """Sample kurtosis less what it is of a normal sample."""
    n = len(series)
    return _kurtosis_sample(series) - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))


def _kurtosis_sample(series: Array) -> float:
    n = len(series)
    fourth = (((series - series.mean()) / series.std(ddof=1)) ** 4).sum()
    return float(fourth) * n * (n + 1) / ((n - 1) * (n - 2) * (n - 3))


def _skewness_sample(series: Array) -> float:
    """The source divides by the population's deviation here."""
    n = len(series)
    return float((((series - series.mean()) / series.std()) ** 3).sum() * n / ((n - 1) * (n - 2)))


def _skewness_unbiased(series: Array) -> float:
    """Unknown of fewer than three."""
    return float(stats.skew(series, bias=False)) if len(series) > 2 else math.nan


def _kurtosis_unbiased(series: Array) -> float:
    """In excess of a normal's three, unknown of fewer than four."""
    return float(stats.kurtosis(series, bias=False)) if len(series) > 3 else math.nan


def _sharpe(series: Array) -> float:
    return float(series.mean() / series.std(ddof=1))


def _hurst(series: Array) -> float:
    walk = np.cumsum(series - series.mean())
    return float(np.log((walk.max() - walk.min()) / series.std(ddof=1)) / np.log(len(series)))


def _sharpe_annual(case: Case) -> float:
    """Geometric return over volatility, both a year."""
    excess = returns(case) - number(case, "rf", "risk_free")
    return yearly(excess, case) / float(excess.std(ddof=1) * np.sqrt(periods(case)))


def _adjusted_sharpe(case: Case) -> float:
    series, ratio = returns(case), _sharpe_annual(case)
    return float(ratio * (1 + stats.skew(series) / 6 * ratio - stats.kurtosis(series) / 24 * ratio**2))


def _stability(case: Case) -> float:
    """empyrical: r squared of the straight line through cumulated logarithms."""
    walk = np.cumsum(np.log1p(returns(case)))
    return float(stats.linregress(np.arange(len(walk)), walk).rvalue ** 2)


def _empyrical_ratio(case: Case, risk: Measure) -> float:
    """Mean excess over a risk, at the square root of periods."""
    excess = returns(case) - over_periods(case, "required_return", "risk_free", "rf")
    return float(excess.mean() / risk(excess) * np.sqrt(periods(case)))


def _omega_empyrical(case: Case) -> float:
    """What exceeds the required return, a year's, over what falls short of it; unknown where nothing does."""
    if number(case, "required_return") <= -1:
        return math.nan
    required = (1 + number(case, "required_return")) ** (1 / periods(case)) - 1
    excess = returns(case) - over_periods(case, "risk_free", "rf") - required
    short = -excess[excess < 0].sum()
    return float(excess[excess > 0].sum() / short) if short else math.nan


def _entropic(case: Case) -> float:
    theta, beta = number(case, "theta", default=1.0), number(case, "beta", default=0.95)
    return float(theta * np.log(np.mean(np.exp(-returns(case) / theta)) / (1 - beta)))


def _gini(series: Array) -> float:
    return float(np.abs(series[:, None] - series[None, :]).sum() / (len(series) * (len(series) - 1)))


def _deviations_mean_square(case: Case) -> float:
    """Variance of a sample, or of the population where the case says so."""
    series = returns(case)
    ddof = int(number(case, "ddof", default=0 if case.get("biased") else 1))
    return float(series.var(ddof=ddof)) if len(series) > ddof else math.nan


def _about_mean(case: Case, *, biased: bool) -> float:
    """Skfolio's semi-variance, about the mean unless the case names a target."""
    count = len(returns(case))
    if count <= 1 - biased:
        return math.nan
    return below(returns(case), _target(case)) * (1.0 if biased else count / (count - 1))


PLAIN: dict[str, Measure] = {
    "mean": np.mean, "median": np.median, "min": np.min, "max": np.max, "sum": np.sum,
    "std_population": np.std, "variance_population": np.var,
    "variance_unbiased": lambda s: s.var(ddof=1), "variance_biased": np.var,
    "semi_sd": lambda s: below(s, s.mean()) ** 0.5,
    "semi_variance_subset": lambda s: ((s.mean() - s[s < s.mean()]) ** 2).mean(),
    "downside_variance_zero": lambda s: below(s, 0.0), "third_central_moment": lambda s: stats.moment(s, 3),
    "fourth_central_moment": lambda s: stats.moment(s, 4),
    "gini_mean_difference": _gini, "best_realization": np.max,
    "skew": stats.skew, "skewness": stats.skew, "skewness_moment": stats.skew, "skewness_sample": _skewness_sample,
    "skewness_fisher": _skewness_unbiased, "skewness_unbiased": _skewness_unbiased,
    "kurtosis": lambda s: stats.kurtosis(s, fisher=False), "kurtosis_moment": lambda s: stats.kurtosis(s, fisher=False),
    "kurtosis_excess": stats.kurtosis, "kurtosis_fisher": _kurtosis_unbiased,
    "kurtosis_unbiased": _kurtosis_unbiased, "kurtosis_sample": _kurtosis_sample,
    "kurtosis_excess_unbiased": _kurtosis_unbiased,
    "kurtosis_sample_excess": _excess_kurtosis_sample,
    "skewness_kurtosis": lambda s: stats.skew(s) / stats.kurtosis(s, fisher=False),
    "tail": lambda s: abs(np.percentile(s, 95)) / abs(np.percentile(s, 5)), "hurst": _hurst, "hurst_index": _hurst,
    "kelly": lambda s: s.mean() / s.var(ddof=1) / 2, "kelly_half": lambda s: s.mean() / s.var(ddof=1) / 2,
    "kelly_full": lambda s: s.mean() / s.var(ddof=1), "sharpe_period": _sharpe,
    "bernardo_ledoit": lambda s: above(s, 0, 1) / below(s, 0, 1),
    "d": lambda s: (s < 0).sum() * below(s, 0, 1) / ((s > 0).sum() * above(s, 0, 1)),
    "dratio": lambda s: (s < 0).sum() * below(s, 0, 1) / ((s > 0).sum() * above(s, 0, 1)),
    "samples": len, "gain_deviation": lambda s: s[s > 0].std(ddof=1), "loss_deviation": lambda s: s[s < 0].std(ddof=1),
}  # fmt: skip
"""Of a series alone: PerformanceAnalytics, skfolio (biased where it says so) and QuantLib (unbiased)."""

ABOUT_TARGET: dict[str, Targeted] = {
    "downside_deviation": lambda s, t: below(s, t) ** 0.5, "downside_risk_period": lambda s, t: below(s, t) ** 0.5,
    "downside_variance": below, "downside_potential": lambda s, t: below(s, t, 1),
    "downside_frequency": lambda s, t: (s < t).mean(),
    "downside_deviation_subset": lambda s, t: below(s[s < t], t) ** 0.5,
    "upside_risk": lambda s, t: above(s, t) ** 0.5, "upside_deviation": lambda s, t: above(s, t) ** 0.5,
    "upside_variance": above, "upside_potential": lambda s, t: above(s, t, 1),
    "upside_frequency": lambda s, t: (s > t).mean(),
    "upside_potential_ratio": lambda s, t: above(s, t, 1) / below(s, t) ** 0.5,
    "upside_potential_ratio_full": lambda s, t: above(s, t, 1) / below(s, t) ** 0.5,
    "upside_potential_ratio_subset": lambda s, t: above(s[s > t], t, 1) / below(s[s < t], t) ** 0.5,
    "sortino_period": lambda s, t: (s.mean() - t) / below(s, t) ** 0.5,
    "omega_period": lambda s, t: above(s, t, 1) / below(s, t, 1),
    "omega_sharpe": lambda s, t: above(s, t, 1) / below(s, t, 1) - 1,
    "volatility_skewness": lambda s, t: above(s, t) / below(s, t),
    "variability_skewness": lambda s, t: (above(s, t) / below(s, t)) ** 0.5,
    "prospect": lambda s, t: (above(s, 0, 1) - 2.25 * below(s, 0, 1) - t / len(s)) / below(s, t) ** 0.5,
}  # fmt: skip
"""Of a series and a minimum acceptable return, all observations counted unless named subset."""


ABOUT_MEAN: dict[str, Targeted] = {
    "mean_absolute_deviation": lambda s, t: np.abs(s - t).mean(),
    "first_lower_partial_moment": lambda s, t: below(s, t, 1),
    "fourth_lower_partial_moment": lambda s, t: below(s, t, 4),
}
"""Of a series about its mean, or about a target that the case names."""


def _target(case: Case) -> float:
    series = returns(case)
    return number(case, "mar", "min_acceptable_return", default=float(series.mean()) if len(series) else math.nan)


def _is_monthly(case: Case) -> bool:
    return "portfolio" in case


def _by_source(case: Case, *, monthly: str, other: Callable[[Case], float]) -> float:
    """Bacon's portfolio by PerformanceAnalytics, anything else by empyrical."""
    if _is_monthly(case):
        return float(ABOUT_TARGET[monthly](returns(case), number(case, "mar", default=0.0)))
    return other(case)


def _kappa(case: Case) -> float:
    series, target, power = returns(case), number(case, "mar"), number(case, "l", default=2.0)
    return float((series.mean() - target) / below(series, target, power) ** (1 / power))


MEASURES: dict[str, Callable[[Case], object]] = {
    **{name: lambda case, measure=measure: float(measure(returns(case))) for name, measure in PLAIN.items()},
    **{
        name: lambda case, measure=measure: float(measure(returns(case), number(case, "mar", default=0.0)))
        for name, measure in ABOUT_TARGET.items()
    },
    **{
        name: lambda case, measure=measure: float(measure(returns(case), _target(case)))
        for name, measure in ABOUT_MEAN.items()
    },
    "semi_deviation": lambda case: _about_mean(case, biased=bool(case.get("biased", True))) ** 0.5,
    "variance": _deviations_mean_square,
    "std": lambda case: float(np.sqrt(_deviations_mean_square(case))),
    "standard_deviation": lambda case: float(np.sqrt(_deviations_mean_square(case))),
    "kappa": _kappa,
    "annual_return": lambda case: yearly(returns(case), case),
    "cagr": lambda case: yearly(returns(case), case),
    "return_annualized": lambda case: yearly(returns(case), case),
    "annual_volatility": _annual_volatility,
    "std_dev_annualized": _annual_volatility,
    "stability": _stability,
    "stability_of_timeseries": _stability,
    "adjusted_sharpe": _adjusted_sharpe,
    "sharpe_annualized": _sharpe_annual,
    "sharpe": lambda case: (
        _sharpe(returns(case)) if _is_monthly(case) else _empyrical_ratio(case, lambda s: s.std(ddof=1))
    ),
    "sortino": partial(
        _by_source, monthly="sortino_period", other=lambda c: _empyrical_ratio(c, lambda s: below(s, 0.0) ** 0.5)
    ),
    "omega": partial(_by_source, monthly="omega_period", other=_omega_empyrical),
    "downside_risk": lambda case: float(
        np.sqrt(below(returns(case), over_periods(case, "mar", "required_return")) * periods(case))
    ),
    "semi_variance": lambda case: _about_mean(case, biased=bool(case.get("biased"))),
    "semi_variance_biased": lambda case: _about_mean(case, biased=True),
    "entropic_risk_measure": _entropic,
}
"""Every statistic of one series, by the names of their sources."""

ADAPTERS = {name: by_column(measure) for name, measure in MEASURES.items()}
