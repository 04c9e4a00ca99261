"""Loadings of portfolios once more: normal equations, and Newey-West's sums written out."""

from math import floor, isnan, nan

import numpy as np
import pandas as pd

from fo_platform_tests.analytics.second._factors import complete_factors
from fo_platform_tests.analytics.second._histories import TOTAL, class_histories

COLUMNS = [
    "scope",
    "method",
    "factor",
    "loading",
    "standard_error",
    "t_statistic",
    "loading_dimson",
    "standard_error_dimson",
    "variance_inflation",
    "r_squared",
    "observations",
    "coverage_share",
]


def second(read) -> pd.DataFrame:
    """Loadings of every scope by both methods."""
    dates, histories, values = class_histories(read)
    names, factors = complete_factors(read)
    known = read("analytics.factor_loadings").pivot(index="instrument_id", columns="factor", values="loading")
    rows = []
    for (scope, name), (series, coverage, _) in histories.items():
        if name == TOTAL and factors:
            rows += _from_returns(scope, dict(zip(dates, series, strict=True)), names, factors, coverage)
            rows += _from_holdings(scope, values[scope, TOTAL], names, known)
    return pd.DataFrame(rows, columns=COLUMNS)


def _from_returns(scope, series, names, factors, coverage):
    dates = [date for date in factors if not isnan(series.get(date, nan))]
    returns = np.array([series[date] for date in dates])
    design = np.array([[1.0, *factors[date]] for date in dates])
    if len(dates) < max(36, 2 * (len(names) + 1)) or np.ptp(returns) == 0:
        for factor in names:
            yield scope, "returns", factor, *[nan] * 7, len(dates), coverage
        return
    beta, errors, explained = _regressed(returns, design)
    before = dict(zip(list(factors)[1:], list(factors.values())[:-1], strict=True))
    later = [t for t, date in enumerate(dates) if date in before]
    both = np.array([[1.0, *factors[dates[t]], *before[dates[t]]] for t in later])
    twice, _, _, spread = _regressed(returns[later], both, with_covariance=True)
    for place, factor in enumerate(names, 1):
        pick = np.zeros(both.shape[1])
        pick[[place, place + len(names)]] = 1
        others = np.delete(design, place, axis=1)
        _, _, shared = _regressed(design[:, place], others)
        yield (
            scope, "returns", factor, beta[place], errors[place], beta[place] / errors[place],
            pick @ twice, (pick @ spread @ pick) ** 0.5, 1 / (1 - shared), explained, len(dates), coverage,
        )  # fmt: skip


def _regressed(returns, design, *, with_covariance=False):
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ (design.T @ returns)
    residual = returns - design @ beta
    scores = [row * left for row, left in zip(design, residual, strict=True)]
    count, width = design.shape
    lags = floor(4 * (count / 100) ** (2 / 9))
    middle = sum(np.outer(score, score) for score in scores)
    for lag in range(1, lags + 1):
        later = sum(np.outer(scores[t], scores[t - lag]) for t in range(lag, count))
        middle = middle + (1 - lag / (lags + 1)) * (later + later.T)
    spread = inverse @ middle @ inverse * count / (count - width)
    explained = 1 - (residual**2).sum() / ((returns - returns.mean()) ** 2).sum()
    figures = beta, np.sqrt(np.diag(spread)), explained
    return (*figures, spread) if with_covariance else figures


def _from_holdings(scope, lines, names, known):
    covered = {name: value for name, value in lines.items() if name in known.index}
    gross, net = sum(map(abs, covered.values())), sum(covered.values())
    for factor in names:
        total = sum(value * known.loc[name, factor] for name, value in covered.items())
        loading = total / net if covered and abs(net) >= 0.05 * gross else nan
        yield scope, "holdings", factor, loading, *[nan] * 7, gross / sum(map(abs, lines.values()))
