"""Sensitivity of every instrument to every factor. Exposure of a portfolio to factors does not belong here."""

import pandas as pd

from fo_platform.analytics.factor_model import fit_factor_model
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.returns import WINDOW, base_returns, complete_factors
from fo_platform.analytics.scopes import base_currency
from fo_platform.contracts.analytics import FactorLoadings


def factor_loadings(
    *,
    instruments: pd.DataFrame,
    net_worth: pd.DataFrame,
    prices: pd.DataFrame,
    fx_rates: pd.DataFrame,
    factor_returns: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Least-squares loadings of base-currency returns on factor returns, by instrument and factor, long."""
    returns = base_returns(prices, fx_rates, base_currency=base_currency(net_worth), day=day)
    model = fit_factor_model(instruments, returns, complete_factors(factor_returns, day))
    long = model.loadings.melt(var_name="factor", value_name="loading", ignore_index=False).join(
        model.fit.drop(columns="specific_volatility_annual")
    )
    return FactorLoadings.frame(long.reset_index())


METRIC = Metric(
    FactorLoadings,
    factor_loadings,
    {"prices": ("window", WINDOW), "fx_rates": ("window", WINDOW), "factor_returns": ("window", WINDOW)},
)
