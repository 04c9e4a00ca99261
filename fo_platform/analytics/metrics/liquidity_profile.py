"""How fast all that is owned can be sold and be money. What selling costs does not belong here."""

import pandas as pd

from fo_platform.analytics.liquidity import KEY, bucketed, line_terms
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import in_scopes
from fo_platform.contracts.analytics import LiquidityProfile

NO_DENOMINATOR = "Net asset value is not above zero: a share of it says nothing."


def liquidity_profile(
    *,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    instruments: pd.DataFrame,
    market_liquidity: pd.DataFrame,
    settlement_cycles: pd.DataFrame,
    liquidity_terms: pd.DataFrame,
    liabilities: pd.DataFrame,
    limits: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Value by scope sold within each horizon, and in cash by it; disjoint, summing to NAV, cumulated never shrinking.

    Sold: by the office's part of an instrument's volume, shared by all its lines, or on the dealing days of declared
    terms. In cash: after settlement, without what is pledged. A debt leaves with its maturity. `beyond`: later than a
    month, or nobody knows when. `never`: restricted, pledged, or unknown to the instrument master.
    """
    terms = line_terms(
        holdings=holdings,
        instruments=instruments,
        market_liquidity=market_liquidity,
        settlement_cycles=settlement_cycles,
        liquidity_terms=liquidity_terms,
        liabilities=liabilities,
        limits=limits,
        day=day,
    )
    lines = in_scopes(holdings, net_worth).merge(terms, how="left", on=KEY, validate="many_to_one")
    sold, paid = (bucketed(lines, day, is_paid=is_paid) for is_paid in (False, True))
    return LiquidityProfile.frame(_long(trading=sold, cash=paid))


METRIC = Metric(LiquidityProfile, liquidity_profile)


def _long(trading: pd.DataFrame, cash: pd.DataFrame) -> pd.DataFrame:
    both = {"value_trading_base": trading, "value_cash_base": cash}
    long = pd.DataFrame(
        {name: wide.rename_axis(columns="horizon").stack() for name, wide in both.items()}
    ).reset_index()
    nav = long["nav_base"].where(long["nav_base"] > 0)
    return long.assign(
        weight_trading=long["value_trading_base"] / nav,
        weight_cash=long["value_cash_base"] / nav,
        reason=nav.isna().map({True: NO_DENOMINATOR, False: None}),
    ).drop(columns="nav_base")
