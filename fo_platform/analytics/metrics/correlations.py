"""Correlations of asset classes, and of the office's largest risks. Volatilities do not belong here."""

import pandas as pd

from fo_platform.analytics.correlation import correlate
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.portfolios import TOTAL, Histories, class_histories
from fo_platform.analytics.returns import WINDOW, base_returns
from fo_platform.analytics.scopes import base_currency, is_money
from fo_platform.contracts.analytics import Correlations
from fo_platform.limits import OFFICE

LARGEST = 10
"""How many instruments are correlated with one another: those whose value times volatility is largest."""


def correlations(
    *,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    allocation_targets: pd.DataFrame,
    prices: pd.DataFrame,
    fx_rates: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Correlations of past daily returns in base currency: of every scope's classes, and of the office's largest risks.

    Classes are today's weights applied to the past, as in `volatility`; one without returns of its own shows its
    declared proxy's and is flagged.
    """
    histories = class_histories(
        holdings=holdings,
        net_worth=net_worth,
        allocation_targets=allocation_targets,
        prices=prices,
        fx_rates=fx_rates,
        day=day,
    )
    returns = base_returns(prices, fx_rates, base_currency=base_currency(net_worth), day=day)
    risks = largest_risks(histories.values, returns)
    lines = correlate(returns[risks]).assign(scope=OFFICE, item_kind="instrument", is_proxy=False)
    scopes = histories.returns.columns.unique("scope")
    parts = [part for part in (*(_of_classes(histories, scope) for scope in scopes), lines) if len(part)]
    return Correlations.frame(pd.concat(parts, ignore_index=True) if parts else ())


METRIC = Metric(Correlations, correlations, {"prices": ("window", WINDOW), "fx_rates": ("window", WINDOW)})


def largest_risks(values: pd.DataFrame, returns: pd.DataFrame) -> list[str]:
    """Instruments of the office with the largest value times volatility, of those that have returns, by name.

    values: (scope, asset_class) x what it moves with.
    """
    office = values[values.index.isin([(OFFICE, TOTAL)])].sum().abs()
    securities = office[~is_money(office.index.to_series())]
    risks = (securities * returns.std().reindex(securities.index)).dropna()
    return sorted(risks[risks > 0].sort_index().nlargest(LARGEST).index)


def _of_classes(histories: Histories, scope: str) -> pd.DataFrame:
    """Correlations of one scope's classes."""
    own = histories.returns.loc[:, histories.returns.columns.get_level_values("scope") == scope]
    series = own.droplevel("scope", axis=1).drop(columns=TOTAL)
    stand_ins = histories.proxies[own.columns].dropna().index.get_level_values("asset_class")
    pairs = correlate(series)
    is_proxy = pairs["item_1"].isin(stand_ins) | pairs["item_2"].isin(stand_ins)
    return pairs.assign(scope=scope, item_kind="asset_class", is_proxy=is_proxy)
