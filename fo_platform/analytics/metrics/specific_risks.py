"""Volatility of every instrument that factors leave unexplained. Factor risk does not belong here."""

import pandas as pd

from fo_platform.analytics.factor_model import fit_factor_model
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.returns import WINDOW, base_returns, complete_factors
from fo_platform.analytics.scopes import base_currency
from fo_platform.contracts.analytics import SpecificRisks


def specific_risks(
    *,
    instruments: pd.DataFrame,
    net_worth: pd.DataFrame,
    prices: pd.DataFrame,
    fx_rates: pd.DataFrame,
    factor_returns: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Annual volatility of the residuals of the regression behind `factor_loadings`, by instrument."""
    returns = base_returns(prices, fx_rates, base_currency=base_currency(net_worth), day=day)
    model = fit_factor_model(instruments, returns, complete_factors(factor_returns, day))
    return SpecificRisks.frame(model.fit.drop(columns="r_squared").reset_index())


METRIC = Metric(
    SpecificRisks,
    specific_risks,
    {"prices": ("window", WINDOW), "fx_rates": ("window", WINDOW), "factor_returns": ("window", WINDOW)},
)
