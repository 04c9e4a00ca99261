"""Where every scope's return over its policy's comes from. Returns themselves belong to performance."""

import pandas as pd

from fo_platform.analytics.attribution import (
    account_effects,
    both_sides,
    class_effects,
    currency_effects,
    currency_grids,
    over_cash,
    scopes_of,
    total_effects,
)
from fo_platform.analytics.attribution_rows import account_rows, class_rows, currency_rows, total_rows
from fo_platform.analytics.attribution_spans import over_spans
from fo_platform.analytics.line_flows import LINE
from fo_platform.analytics.local_cash import cash_returns
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.metrics.exposures_currency import FORWARD
from fo_platform.analytics.policy_benchmark import (
    class_returns,
    currency_exposures,
    fx_returns,
    in_force,
    policy_weights,
)
from fo_platform.analytics.scopes import base_currency
from fo_platform.analytics.trading_effect import trading_gains
from fo_platform.contracts.analytics import ReturnAttribution
from fo_platform.limits import OFFICE


def return_attribution(
    *,
    performance: pd.DataFrame,
    holdings: pd.DataFrame,
    holdings_previous: pd.DataFrame,
    transactions: pd.DataFrame,
    instruments: pd.DataFrame,
    prices: pd.DataFrame,
    net_worth: pd.DataFrame,
    fx_rates: pd.DataFrame,
    fx_rates_previous: pd.DataFrame,
    benchmarks: pd.DataFrame,
    factor_returns: pd.DataFrame,
    allocation_targets_previous: pd.DataFrame,
    class_benchmarks_previous: pd.DataFrame,
    cash_rates: pd.DataFrame,
    return_attribution_previous: pd.DataFrame,
) -> pd.DataFrame:
    """Effects of the session that the book states, and linked over the month, the year and all days, by Carino.

    The book of a morning is of the close before it: the session's benchmark returns are those dated by that close, and
    its policy is the one in force on the morning before. A scope that had nothing at the start has no effects.
    """
    scope = scopes_of(performance)
    if scope.names.empty:
        return ReturnAttribution.frame()
    close_date, base = performance["close_date"].max(), base_currency(net_worth)
    fx = fx_returns(fx_rates, fx_rates_previous, base)
    parts = in_force(class_benchmarks_previous, close_date)
    returns = class_returns(parts, benchmarks, factor_returns, fx, close_date)
    gains = trading_gains(
        holdings=holdings, holdings_previous=holdings_previous, transactions=transactions, prices=prices
    )
    worth = pd.Series(scope.start, scope.names).drop(OFFICE, errors="ignore")
    local = both_sides(performance, scope, policy_weights(allocation_targets_previous, worth), returns, gains)
    before = _valued(holdings_previous, holdings)
    is_hedge = before["instrument_id"].isin(instruments.loc[instruments["instrument_type"] == FORWARD, "instrument_id"])
    grids = currency_grids(before, is_hedge, scope, local, currency_exposures(parts, fx.index, base))
    cash = cash_returns(cash_rates, fx.index, close_date)
    sides = over_cash(local, grids, cash)
    classes = class_effects(sides)
    total = total_effects(scope, sides, classes)
    rows = [
        total_rows(scope, sides, total),
        class_rows(scope, sides, classes, total),
        account_rows(scope, *account_effects(performance, scope, sides, before=before, gains=gains, cash=cash), total),
        currency_rows(scope, cash, (grids.every, grids.benchmark), currency_effects(grids, fx, cash), total),
    ]
    today = pd.concat(rows, ignore_index=True)
    return ReturnAttribution.frame(over_spans(today, return_attribution_previous, close_date))


METRIC = Metric(ReturnAttribution, return_attribution)


def _valued(before: pd.DataFrame, today: pd.DataFrame) -> pd.DataFrame:
    """Yesterday's holdings, without those that have no value today: performance leaves them out on both days."""
    lost = pd.MultiIndex.from_frame(today.loc[today["market_value_base"].isna(), LINE])
    return before[~pd.MultiIndex.from_frame(before[LINE]).isin(lost)] if len(lost) else before
