"""Regression of a portfolio on factors, with errors fit for time series. Instruments belong to factor_model."""

import numpy as np
import pandas as pd

from fo_platform.analytics.covariance import Matrix
from fo_platform.analytics.dispersion import OBSERVATIONS_MIN, newey_west_lags

DIMSON_LAGS = 1
"""Sessions by which stale prices follow a factor."""

RETURNS_A_COEFFICIENT = 2
"""Fewest returns for every coefficient of a regression."""


def loadings_of(series: pd.Series, factors: pd.DataFrame) -> pd.DataFrame:
    """Ordinary least squares, with intercept, of daily returns on factors: one row a factor.

    Columns loading, standard_error (Newey-West, Bartlett weights, scaled by n / (n - k)), t_statistic, r_squared,
    observations, variance_inflation, and loading and error summed over DIMSON_LAGS lags. What is refused is unknown,
    with a reason: too few returns, series that never move, factors that determine no loadings.
    Source: Newey and West (1987); Dimson (1979), "Risk measurement when shares are subject to infrequent trading".
    """
    known = series.reindex(factors.index).dropna()
    aligned = factors.loc[known.index]
    counted = pd.DataFrame({"observations": len(known)}, index=factors.columns)
    reason = refusal(known, aligned)
    if reason:
        return counted.assign(reason=reason)
    plain, errors, r_squared = _fit(known, [aligned])
    return counted.assign(
        loading=plain,
        standard_error=errors,
        t_statistic=plain / errors,
        r_squared=r_squared,
        variance_inflation=variance_inflation(aligned),
        **_dimson(known, factors),
    )


def refusal(returns: pd.Series, factors: pd.DataFrame) -> str:
    """Why a regression of these returns on these factors would say nothing; empty when it would."""
    needed = max(OBSERVATIONS_MIN, RETURNS_A_COEFFICIENT * (factors.shape[1] + 1))
    if len(returns) < needed:
        return f"{len(returns)} returns, {needed} are needed."
    if returns.max() == returns.min():
        return "Its value never moves."
    if np.linalg.matrix_rank(_design([_standardised(factors)])) <= factors.shape[1]:
        return "The factors are collinear: no loading is determined."
    return ""


def variance_inflation(factors: pd.DataFrame) -> pd.Series:
    """1 / (1 - R squared) of every factor on the others: above 10 its loading is hardly its own."""
    inverse = np.linalg.inv(np.corrcoef(factors.to_numpy(), rowvar=False).reshape((factors.shape[1],) * 2))
    return pd.Series(np.diag(inverse), index=factors.columns).clip(lower=1.0)


def _dimson(returns: pd.Series, factors: pd.DataFrame) -> dict[str, pd.Series]:
    """Loading and error summed over a factor and its lags; unknown where there are too few returns for so many."""
    lagged = [factors.shift(lag) for lag in range(DIMSON_LAGS + 1)]
    together = pd.concat(lagged, axis=1, keys=range(DIMSON_LAGS + 1)).loc[returns.index].dropna()
    known = returns.loc[together.index]
    if refusal(known, together):
        return {}
    loading, error, _ = _fit(known, [block.loc[together.index] for block in lagged])
    return {"loading_dimson": loading, "standard_error_dimson": error}


def _fit(returns: pd.Series, blocks: list[pd.DataFrame]) -> tuple[pd.Series, pd.Series, float]:
    """Loadings summed over blocks of the same factors, their errors, and R squared."""
    from statsmodels.regression.linear_model import OLS  # noqa: PLC0415 - loads for a second: only to regress.

    lags = newey_west_lags(len(returns))
    fitted = OLS(returns.to_numpy(), _design(blocks)).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}
    )
    names = blocks[0].columns
    summed = np.tile(np.eye(len(names)), len(blocks))
    sums = np.hstack([np.zeros((len(names), 1)), summed])
    errors = np.sqrt(np.einsum("ij,jk,ik->i", sums, fitted.cov_params(), sums))
    return pd.Series(sums @ fitted.params, index=names), pd.Series(errors, index=names), float(fitted.rsquared)


def _design(blocks: list[pd.DataFrame]) -> Matrix:
    return np.column_stack([np.ones(len(blocks[0])), *blocks])


def _standardised(factors: pd.DataFrame) -> pd.DataFrame:
    """Factors on one scale, so that a small one does not look dependent; one that never moves stays so."""
    spread = factors.std(ddof=0)
    return (factors - factors.mean()) / spread.where(spread > 0, 1.0)
