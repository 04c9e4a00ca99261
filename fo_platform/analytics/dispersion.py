"""Volatilities of return series, by several conventions. Whose series, and correlations, do not belong here."""

import numpy as np
import pandas as pd

from fo_platform.analytics.returns import SESSIONS_PER_YEAR

OBSERVATIONS_MIN = 36
"""Below it no volatility, correlation or regression is stated."""

DECAY = 0.94
"""RiskMetrics (1996) decay of daily squared returns."""


def annual_volatility(returns: pd.DataFrame) -> pd.Series:
    """Standard deviation (ddof 1) of every column of daily returns, per year."""
    annual: pd.Series = returns.std(ddof=1) * SESSIONS_PER_YEAR**0.5
    return annual


def ewma_volatility(returns: pd.DataFrame) -> pd.Series:
    """Annual volatility of every column about zero, with exponential weights that sum to one, the newest largest."""
    known = returns.notna()
    age = known.iloc[::-1].cumsum().iloc[::-1] - 1
    weights = (DECAY**age).where(known, 0.0)
    variance = (returns.fillna(0.0) ** 2 * weights).sum() / weights.sum()
    annual: pd.Series = (variance * SESSIONS_PER_YEAR) ** 0.5
    return annual


def newey_west_lags(observations: int) -> int:
    """How many autocovariances to count of a series: floor(4 (n / 100)^(2/9)).

    Source: Newey and West (1994), "Automatic lag selection in covariance matrix estimation", rule for Bartlett weights.
    """
    return int(4 * (observations / 100) ** (2 / 9))


def newey_west_volatility(returns: pd.DataFrame) -> pd.Series:
    """Annual volatility of every column that stays true over horizons on which its returns are autocorrelated.

    The variance of a session (ddof 1) plus twice its autocovariances with Bartlett weights; gaps are left out.
    Source: Newey and West (1987), "A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent
    covariance matrix".
    """
    long_run = {name: _long_run_variance(column.dropna().to_numpy()) for name, column in returns.items()}
    variances = pd.Series(long_run, index=returns.columns, dtype="float64")
    annual: pd.Series = (variances * SESSIONS_PER_YEAR) ** 0.5
    return annual


def _long_run_variance(returns: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    if len(returns) < 2:
        return np.nan
    lags = min(newey_west_lags(len(returns)), len(returns) - 1)
    centred = returns - returns.mean()
    products = [float(centred[lag:] @ centred[: len(centred) - lag]) for lag in range(lags + 1)]
    later = sum((1 - lag / (lags + 1)) * products[lag] for lag in range(1, lags + 1))
    return max(products[0] + 2 * later, 0.0) / (len(returns) - 1)
