"""Published examples of value at risk, expected shortfall and their backtests.

Losses by Rockafellar and Uryasev, contributions and tests of coverage are the product's; quantiles and expansions by
other conventions, which it does not use, are written down here, of returns as their sources state them.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.polynomial.hermite_e import hermeval
from scipy.stats import chi2, norm

from fo_platform.analytics.backtests import (
    Ratio,
    Transitions,
    binomial_score,
    conditional_coverage,
    exceptions_probability,
    first_failure,
    independence,
    kupiec,
    shortfall_score,
    traffic_light,
    transitions,
)
from fo_platform.analytics.loss import Vector, tail
from fo_platform_tests.reference_cases._runner import Adapter
from fo_platform_tests.reference_cases._series import by_column

Case = dict[str, object]

COUNTS = ("failures", "exceptions", "x")


def _given(case: Case, *names: str, default: float | None = None) -> float:
    """The first of several names that a case states a number by."""
    found = [case[name] for name in names if name in case]
    return float(str(found[0])) if found else float(default if default is not None else "nan")


def _returns(case: Case) -> Vector:
    """Known returns, of the portfolio where a case gives weights."""
    values = np.asarray(case.get("returns", case.get("data", case.get("portfolio"))), dtype="float64")
    series = values @ np.asarray(case["weights"], dtype="float64") if "weights" in case else values
    return series[~np.isnan(series)]


def _alpha(case: Case) -> float:
    """Part of outcomes that lie in the tail, however it is stated."""
    alpha = _given(case, "alpha", "cutoff", "p", default=0.05)
    return alpha if "beta" not in case and "confidence" not in case else 1 - _given(case, "beta", "confidence")


def _beta(case: Case) -> float:
    return _given(case, "beta", "confidence", "confidence_level", default=0.95)


# Losses by the product's convention ---------------------------------------------------------------------------------


def _value_at_risk(case: Case) -> float:
    losses = -_returns(case)
    return tail(losses, _beta(case)).value_at_risk if len(losses) else math.nan


def _expected_shortfall(case: Case) -> float:
    losses = -_returns(case)
    return tail(losses, _beta(case)).expected_shortfall if len(losses) else math.nan


# Returns by other conventions ---------------------------------------------------------------------------------------


def _linear_quantile(case: Case) -> float:
    """Quantile of returns between order statistics, R's type 7."""
    returns = _returns(case)
    return float(np.quantile(returns, _alpha(case))) if len(returns) else math.nan


def _mean_to_place(case: Case) -> float:
    """Mean of the returns up to the place that the cutoff reaches, rounded down."""
    returns = np.sort(_returns(case))
    return float(returns[: int((len(returns) - 1) * _alpha(case)) + 1].mean())


def _mean_below(case: Case) -> float:
    """Mean of the returns that are not above the linear quantile."""
    returns = _returns(case)
    return float(returns[returns <= np.quantile(returns, _alpha(case))].mean())


def _moments(case: Case) -> tuple[float, float, float, float]:
    """Mean, deviation (of the sample where a portfolio is given, else of the population), skewness, excess kurtosis."""
    returns = _returns(case)
    deviation = returns.std(ddof=int("weights" in case))
    scores = (returns - returns.mean()) / deviation
    return returns.mean(), deviation, (scores**3).mean(), (scores**4).mean() - 3


def _gaussian_quantile(case: Case) -> float:
    mean, deviation, _, _ = _moments(case)
    return float(mean + deviation * norm.ppf(_alpha(case)))


def _gaussian_shortfall(case: Case) -> float:
    mean, deviation, _, _ = _moments(case)
    return float(mean - deviation * norm.pdf(norm.ppf(_alpha(case))) / _alpha(case))


def _cornish_fisher(case: Case) -> float:
    """The normal quantile, expanded by Cornish and Fisher."""
    _, _, skew, kurtosis = _moments(case)
    z = norm.ppf(_alpha(case))
    bent = (z**2 - 1) * skew / 6 + (z**3 - 3 * z) * kurtosis / 24 - (2 * z**3 - 5 * z) * skew**2 / 36
    return float(z + bent)


def _modified_quantile(case: Case) -> float:
    mean, deviation, _, _ = _moments(case)
    return mean + deviation * _cornish_fisher(case)


def _modified_shortfall(case: Case) -> float:
    """Mean of an Edgeworth density up to the expanded quantile, no better than it (Boudt, Peterson and Croux, 2008)."""
    mean, deviation, skew, kurtosis = _moments(case)
    h = _cornish_fisher(case)
    weights = {3: skew / 6, 4: kurtosis / 24, 6: skew**2 / 72}
    parts = sum(weight * (h * _hermite(n - 1, h) + _hermite(n - 2, h)) for n, weight in weights.items())
    return float(mean + deviation * min(-norm.pdf(h) * (1 + parts) / _alpha(case), h))


def _hermite(degree: int, at: float) -> float:
    return float(hermeval(at, [0.0] * degree + [1.0]))


def _loss(adapter: Callable[[Case], float]) -> Adapter:
    """The same figure as a positive loss."""
    return lambda case: -adapter(case)


# Tests of coverage --------------------------------------------------------------------------------------------------


def _flags(case: Case) -> np.ndarray:
    return np.asarray(case.get("exceptions", case.get("hits", case.get("failures"))), dtype="bool")


def _count(case: Case) -> tuple[int, int, float]:
    """Observations, exceptions and their expected rate."""
    rate = _given(case, "p", "rate", "alpha", default=1 - _beta(case))
    if "hits" in case:
        return len(_flags(case)), int(_flags(case).sum()), rate
    return int(_given(case, "n", "observations", "N")), int(_given(case, *COUNTS)), rate


def _transitions(case: Case) -> Transitions:
    if "n00" not in case:
        return transitions(_flags(case))
    return Transitions(*(int(_given(case, name)) for name in ("n00", "n01", "n10", "n11")))


def _pair(ratio: Ratio) -> list[float]:
    return [ratio.statistic, ratio.p_value]


def _coverage(case: Case) -> Ratio:
    return kupiec(*_count(case))


def _binomial(case: Case) -> list[float]:
    score = binomial_score(*_count(case))
    return [score, float(2 * norm.sf(abs(score)))]


def _joint(case: Case) -> list[float]:
    """From counts, or from the statistics of both tests."""
    if "lr_pof" in case:
        parts = Ratio(_given(case, "lr_pof"), 1.0), Ratio(_given(case, "lr_cci", "lr_ind"), 1.0)
        return _pair(conditional_coverage(*parts))
    return _pair(conditional_coverage(_coverage(case), independence(_transitions(case))))


def _first_failure(case: Case) -> list[float]:
    sessions = int(_given(case, "n", "first_failure", "v", "number"))
    return _pair(first_failure(sessions, _given(case, "p", "rate", default=1 - _beta(case))))


def _gaps(case: Case) -> float:
    """Sum of the ratios of all times between failures."""
    rate = _given(case, "p", "rate", default=1 - _beta(case))
    times = np.asarray(case.get("times", case.get("days_between")), dtype="int64")
    return sum(first_failure(int(sessions), rate).statistic for sessions in times)


def _between_failures(case: Case) -> list[float]:
    """Haas (2001): failures as often as expected, and each as long after the last."""
    statistic = _coverage(case).statistic + _gaps(case)
    return [statistic, float(chi2.sf(statistic, _count(case)[1] + 1))]


def _between_failures_independence(case: Case) -> list[float]:
    return [_gaps(case), float(chi2.sf(_gaps(case), len(np.asarray(case.get("times", case.get("days_between"))))))]


def _shortfall_score(case: Case) -> float:
    losses = -np.asarray(case["returns"], dtype="float64")
    forecast = (np.asarray(case[name], dtype="float64") for name in ("var", "es"))
    return shortfall_score(losses, *(np.broadcast_to(each, losses.shape) for each in forecast), 1 - _beta(case))


MEASURES: dict[str, Adapter] = {
    "value_at_risk_hist_loss": _value_at_risk,
    "cvar_hist_loss": _expected_shortfall,
    "expected_shortfall_hist_loss": _expected_shortfall,
    "worst_realization_hist_loss": lambda case: max((-_returns(case)).tolist(), default=math.nan),
    "worst_realization": lambda case: max((-_returns(case)).tolist(), default=math.nan),
    "value_at_risk_linear_quantile": _linear_quantile,
    "conditional_value_at_risk_linear_quantile": _mean_to_place,
    "conditional_value_at_risk": _mean_to_place,
    "cvar_linear_quantile": _mean_to_place,
    "var_historical": _linear_quantile,
    "var_gaussian": _gaussian_quantile,
    "var_modified": _modified_quantile,
    "var_cornish_fisher": _modified_quantile,
    "es_historical": _mean_below,
    "es_gaussian": _gaussian_shortfall,
    "es_modified": _modified_shortfall,
    "es_cornish_fisher": _modified_shortfall,
    "component_var_gaussian_total": _loss(_gaussian_quantile),
    "component_var_historical_total": _loss(_linear_quantile),
    "component_var_modified_total": _loss(_modified_quantile),
    "component_es_gaussian_total": _loss(_gaussian_shortfall),
    "component_es_historical_total": _loss(_mean_below),
    "component_es_modified_total": _loss(_modified_shortfall),
}

LOSSES = {name: by_column(measure) for name, measure in MEASURES.items()}

BACKTESTS: dict[str, Adapter] = {
    "kupiec_pof": lambda case: _pair(_coverage(case)),
    "kupiec_tuff": _first_failure,
    "time_until_first_failure": _first_failure,
    "tuff": _first_failure,
    "christoffersen_independence": lambda case: _pair(independence(_transitions(case))),
    "christoffersen_cci": lambda case: _pair(independence(_transitions(case))),
    "christoffersen_joint": _joint,
    "christoffersen_conditional_coverage": _joint,
    "conditional_coverage": _joint,
    "conditional_coverage_joint": _joint,
    "binomial_test": _binomial,
    "time_between_failures": _between_failures,
    "time_between_failures_independence": _between_failures_independence,
    "traffic_light": lambda case: traffic_light(*_count(case)),
    "traffic_light_probability": lambda case: exceptions_probability(*_count(case)),
    "acerbi_szekely_z2": _shortfall_score,
}

ADAPTERS = LOSSES | BACKTESTS
