"""Value and weight by owner, account and asset class. Weights against targets do not belong here."""

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import in_scopes
from fo_platform.contracts.analytics import ExposuresAccount
from fo_platform.limits import OFFICE


def exposures_account(holdings: pd.DataFrame, net_worth: pd.DataFrame) -> pd.DataFrame:
    """Value in base currency by entity, account and class, as fractions of the entity's NAV and of the office's.

    Adding rows gives every coarser allocation: of an account, an entity, a class of an entity or of the office.
    """
    held = in_scopes(holdings, net_worth)
    own = held[held["scope"] != OFFICE]
    key = ["entity_id", "account_id", "asset_class", "nav_base"]
    sums = own.groupby(key, as_index=False)[["market_value_base"]].sum()
    nav = net_worth.set_index("entity_id")["nav_base"].astype("float64")
    office = nav.get(OFFICE, float("nan"))
    value = sums["market_value_base"]
    return ExposuresAccount.frame(
        sums.assign(weight=value / sums["nav_base"], weight_office=value / office).drop(columns="nav_base")
    )


METRIC = Metric(ExposuresAccount, exposures_account)
