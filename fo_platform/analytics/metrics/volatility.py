"""Volatility of today's holdings by asset class and in total. Factors, correlations and losses do not belong here."""

import numpy as np
import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.returns import SESSIONS_PER_YEAR, WINDOW, base_returns
from fo_platform.analytics.scopes import TEXT, base_currency, holdings
from fo_platform.contracts.analytics import Volatility

TOTAL = "total"
"""The class that stands for all of them."""

OBSERVATIONS_MIN = 36
"""Below it no volatility is stated."""

HISTORY_MIN = 0.8
"""Part of the window's dates on which an instrument needs a return to be covered."""

DECAY = 0.94
"""RiskMetrics (1996) decay of daily squared returns."""


def volatility(
    *,
    reconciled_positions: pd.DataFrame,
    net_worth: pd.DataFrame,
    prices: pd.DataFrame,
    fx_rates: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Annual volatility of today's weights applied to past simple daily returns in base currency.

    A figure speaks of the covered part of its class, weights summing to one over it; `coverage_share` is that part of
    the gross value. Dates on which a covered holding has no return are left out.
    """
    values = _values(holdings(reconciled_positions, net_worth))
    history = base_returns(prices, fx_rates, base_currency=base_currency(net_worth), day=day)
    returns = history.reindex(columns=values.columns)
    covered = values.loc[:, returns.notna().mean() >= HISTORY_MIN]
    series = portfolio_returns(covered.div(covered.sum(axis=1), axis=0), returns[covered.columns])
    observations = series.notna().sum()
    figures = {
        "volatility_annual": annual_volatility(series).where(observations >= OBSERVATIONS_MIN),
        "volatility_ewma_annual": ewma_volatility(series).where(observations >= OBSERVATIONS_MIN),
        "observations": observations,
        "coverage_share": covered.abs().sum(axis=1) / values.abs().sum(axis=1),
    }
    return Volatility.frame(pd.DataFrame(figures).reset_index())


METRIC = Metric(Volatility, volatility, {"prices": ("window", WINDOW), "fx_rates": ("window", WINDOW)})


def portfolio_returns(weights: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """Returns, dates x portfolios, of fixed weights, portfolios x instruments with the same columns as returns.

    Unknown where the return of a holding is, and of a portfolio that holds nothing.
    """
    held = (weights != 0).to_numpy()
    gaps = returns.isna().to_numpy(dtype="float64") @ held.T > 0
    known = np.where(gaps | ~held.any(axis=1), np.nan, returns.fillna(0.0).to_numpy() @ weights.to_numpy().T)
    return pd.DataFrame(known, index=returns.index, columns=weights.index)


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


def _values(held: pd.DataFrame) -> pd.DataFrame:
    """Value of every instrument in every class and in total: (scope, class) x instruments, where there is any value."""
    every = pd.concat([held, held.assign(asset_class=pd.Series(TOTAL, index=held.index, dtype=TEXT))])
    values = every.pivot_table(
        index=["scope", "asset_class"], columns="instrument_id", values="market_value_base", aggfunc="sum"
    ).fillna(0.0)
    return values[values.abs().sum(axis=1) > 0]
