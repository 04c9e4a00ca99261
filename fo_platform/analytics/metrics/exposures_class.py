"""Value and weight by asset class. Weights against targets do not belong here."""

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import in_scopes
from fo_platform.contracts.analytics import ExposuresClass


def exposures_class(holdings: pd.DataFrame, net_worth: pd.DataFrame) -> pd.DataFrame:
    """Value in base currency and fraction of NAV by scope and asset class; weights of a scope sum to one."""
    held = in_scopes(holdings, net_worth)
    sums = held.groupby(["scope", "asset_class", "nav_base"], as_index=False)[["market_value_base"]].sum()
    weight = sums["market_value_base"] / sums["nav_base"]
    return ExposuresClass.frame(sums.assign(weight=weight).drop(columns="nav_base"))


METRIC = Metric(ExposuresClass, exposures_class)
