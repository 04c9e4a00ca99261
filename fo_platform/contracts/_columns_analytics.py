"""Columns of what the book means. Columns that other layers have too belong to columns."""

import pandera.pandas as pa_check

from fo_platform.contracts._column import Column, count, flag, floating, money, share, text

ANALYTICS: dict[str, Column] = {
    "weight": floating("fraction", "share of NAV"),
    "weight_trading": floating("fraction", "share of NAV that can be sold within the horizon, disjoint buckets"),
    "weight_cash": floating("fraction", "share of NAV that turns into cash within the horizon, disjoint buckets"),
    "value_trading_base": money("base", "value sold within the horizon, disjoint buckets"),
    "value_cash_base": money("base", "value in cash within the horizon, disjoint buckets"),
    "drift_total": floating("fraction", "weight less target, over NAV"),
    "drift_tradeable": floating("fraction", "weight less tradeable target, over the tradeable sleeve"),
    "weight_tradeable": floating("fraction", "weight over the tradeable sleeve"),
    "weight_target_tradeable": floating("fraction", "target over the tradeable sleeve"),
    "sleeve_base": money("base", "tradeable sleeve: NAV less illiquid classes and reserve"),
    "is_breach": flag("whether drift_tradeable exceeds the limit, decided exactly"),
    "is_hard_breach": flag("whether the weight lies outside its hard limits"),
    "drift": Column("price", "fraction", "largest absolute tradeable drift, as an episode's event records it"),
    "drift_limit": floating("fraction", "drift above which an evaluation is due"),
    "asset_value_base": money("base", "securities exposed to the currency"),
    "hedge_value_base": money("base", "forward legs in the currency"),
    "net_value_base": money("base", "net exposure to the currency; sums to NAV"),
    "volatility_annual": floating(
        "fraction per year", "standard deviation (ddof 1) of daily simple returns x sqrt(252)", pa_check.Check.ge(0)
    ),
    "volatility_ewma_annual": floating(
        "fraction per year", "RiskMetrics lambda 0.94 volatility x sqrt(252)", pa_check.Check.ge(0)
    ),
    "observations": count("returns", "number of returns used"),
    "coverage_share": share("share of the value that the figure covers"),
    "loading": floating("1", "sensitivity to the factor"),
    "r_squared": floating("fraction", "variance explained"),
    "covariance_annual": floating("fraction squared per year", "covariance of factor returns"),
    "specific_volatility_annual": floating(
        "fraction per year", "volatility that factors do not explain", pa_check.Check.ge(0)
    ),
    "is_proxy": flag("whether the figure stands in for an instrument with too short a history"),
    "measure": text("which measure"),
    "horizon": text("1d, 1w, 1m, beyond or never"),
    "alert_id": text("stable identifier of an alert"),
    "rule": text("alert rule"),
    "threshold": Column("price", "see unit", "the limit that the value is held against"),
    "message": text("one sentence for the operator"),
}
