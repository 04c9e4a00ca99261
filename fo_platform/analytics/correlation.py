"""Correlations of return series, however late they close or short they are. Whose series does not belong here."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from fo_platform.analytics.covariance import Matrix, ewma_covariance, psd_repair
from fo_platform.analytics.dispersion import DECAY, OBSERVATIONS_MIN

LAGS = 1
"""Sessions by which one market's close may come before another's for the same news."""

METHOD = f"lead_lag_{LAGS}"

Counts = npt.NDArray[np.int64]


def correlate(series: pd.DataFrame) -> pd.DataFrame:
    """Every pair of columns, both triangles, long: item_1, item_2 and what the columns of Correlations say of them.

    series: dates x items, simple returns, unknown where there is none. `correlation` adds LAGS leads and lags and is
    repaired to be positive semi-definite; `correlation_same_day` is plain, `correlation_ewma` RiskMetrics on dates that
    all items have. Items that never move, or have too few returns in common, have none, and a reason.
    """
    known = series.notna().to_numpy()
    observations = known.T.astype(np.int64) @ known
    raw = lead_lag_correlation(series.to_numpy(), LAGS)
    kept = complete_items(raw, observations)
    matrix, distance = psd_repair(raw[np.ix_(kept, kept)])
    recent = _ewma(series.to_numpy()[:, kept])
    figures = {
        "correlation": _spread(matrix, kept, len(raw)),
        "correlation_same_day": series.corr(min_periods=OBSERVATIONS_MIN).to_numpy(),
        "correlation_ewma": _spread(recent, kept, len(raw)),
        "observations": observations,
        "psd_distance": _spread(np.full_like(matrix, distance), kept, len(raw)),
    }
    pairs = pd.MultiIndex.from_product([series.columns, series.columns], names=["item_1", "item_2"])
    flat = pd.DataFrame({name: cells.ravel() for name, cells in figures.items()}, index=pairs).reset_index()
    return flat.assign(method=METHOD, reason=_reasons(flat, series))


def lead_lag_correlation(returns: Matrix, lags: int) -> Matrix:
    """Correlation from covariances that are summed over leads and lags, as closes of one news fall on different days.

    returns: observations x variables in order of time, NaN where unknown. Each covariance is over the pairs of known
    returns, so the matrix may have negative eigenvalues and cells beyond one; unknown where a variance is not positive.
    Source: Scholes and Williams (1977), "Estimating betas from nonsynchronous data".
    """
    known = np.isfinite(returns)
    means = np.where(known, returns, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    centred = np.where(known, returns - means, 0.0)
    summed = _cross(centred, known, 0)
    for lag in range(1, lags + 1):
        ahead = _cross(centred, known, lag)
        summed = summed + ahead + ahead.T
    variances = np.diag(summed)
    scale = np.sqrt(np.where(variances > 0, variances, np.nan))
    correlation: Matrix = summed / np.outer(scale, scale)
    np.fill_diagonal(correlation, np.where(variances > 0, 1.0, np.nan))
    return correlation


def complete_items(correlation: Matrix, observations: Counts) -> npt.NDArray[np.intp]:
    """Positions of items that all have a known correlation with one another; more observations are taken first."""
    usable = np.isfinite(correlation) & (observations >= OBSERVATIONS_MIN)
    kept: list[int] = []
    for item in np.argsort(-np.diag(observations), kind="stable"):
        if usable[item, [*kept, item]].all():
            kept.append(int(item))
    return np.sort(np.array(kept, dtype=np.intp))


def _cross(centred: Matrix, known: npt.NDArray[np.bool_], lag: int) -> Matrix:
    """Mean product of every variable with every other one `lag` observations later."""
    end = len(centred) - lag
    pairs = known[:end].T.astype("float64") @ known[lag:]
    mean: Matrix = (centred[:end].T @ centred[lag:]) / np.where(pairs > 0, pairs, np.nan)
    return mean


def _ewma(returns: Matrix) -> Matrix:
    complete = returns[np.isfinite(returns).all(axis=1)]
    if len(complete) < OBSERVATIONS_MIN:
        return np.full((returns.shape[1],) * 2, np.nan)
    covariance = ewma_covariance(complete, DECAY)
    variances = np.diag(covariance)
    scale = np.sqrt(np.where(variances > 0, variances, np.nan))
    correlation: Matrix = covariance / np.outer(scale, scale)
    np.fill_diagonal(correlation, np.where(variances > 0, 1.0, np.nan))
    return correlation


def _spread(cells: Matrix, kept: npt.NDArray[np.intp], size: int) -> Matrix:
    """A matrix of the kept items among all of them, unknown elsewhere."""
    spread = np.full((size, size), np.nan)
    spread[np.ix_(kept, kept)] = cells
    return spread


def _reasons(pairs: pd.DataFrame, series: pd.DataFrame) -> pd.Series:
    """Why a pair has no correlation; unknown where it has one."""
    still = series.columns[(series.max() == series.min()).to_numpy()]
    few = pairs["observations"].astype("string") + f" common returns, {OBSERVATIONS_MIN} are needed."
    reasons = few.mask(pairs["observations"] >= OBSERVATIONS_MIN, "Not known together with all others.")
    for item in ("item_1", "item_2"):
        reasons = reasons.mask(pairs[item].isin(still), pairs[item].astype("string") + " never moves.")
    return reasons.mask(pairs["correlation"].notna())
