"""How fast holdings can be sold and be money. What selling costs does not belong here."""

import numpy as np
import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import holdings, is_money
from fo_platform.contracts.analytics import LiquidityProfile
from fo_platform.limits import OFFICE, limit

HORIZONS = {"1d": 1, "1w": 5, "1m": 21}
"""Sessions of every horizon, counted from today's."""


def liquidity_profile(
    *,
    reconciled_positions: pd.DataFrame,
    net_worth: pd.DataFrame,
    instruments: pd.DataFrame,
    market_liquidity: pd.DataFrame,
    settlement_cycles: pd.DataFrame,
    limits: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Value by scope sold within each horizon, and in cash by it after the settlement lag; disjoint, summing to NAV.

    All positions of an instrument, whoever holds them, share the office's part of its volume pro rata. Money is there
    at once. `beyond`: illiquid, without a known volume or settlement cycle, or too large. `never`: restricted, or
    unknown to the instrument master.
    """
    terms = _terms(instruments, market_liquidity, settlement_cycles, day)
    speeds = _speeds(reconciled_positions, terms, float(limit(limits, OFFICE, "participation_max")))
    lines = holdings(reconciled_positions, net_worth).merge(
        speeds, how="left", on="instrument_id", validate="many_to_one"
    )
    lag = lines["lag_sessions"]
    return LiquidityProfile.frame(
        _long(trading=_buckets(lines, pd.Series(0.0, index=lag.index)), cash=_buckets(lines, lag))
    )


METRIC = Metric(LiquidityProfile, liquidity_profile)


def _terms(
    instruments: pd.DataFrame, market_liquidity: pd.DataFrame, settlement_cycles: pd.DataFrame, day: pd.Timestamp
) -> pd.DataFrame:
    """What the world says of every instrument: volume, settlement lag, and whether it can be sold."""
    volumes = market_liquidity[["instrument_id", "adv_quantity"]]
    in_force = settlement_cycles[settlement_cycles["valid_from"] <= day].sort_values("valid_from")
    cycles = in_force.drop_duplicates("market", keep="last")[["market", "cycle_days"]]
    return (
        instruments[["instrument_id", "market", "is_liquid", "is_restricted"]]
        .merge(volumes, how="left", on="instrument_id", validate="one_to_one")
        .merge(cycles, how="left", on="market", validate="many_to_one")
    )


def _speeds(reconciled_positions: pd.DataFrame, terms: pd.DataFrame, participation: float) -> pd.DataFrame:
    """Part of a holding that a session can sell, sessions until it is cash, and whether it can never be sold."""
    held = reconciled_positions["quantity"].abs().groupby(reconciled_positions["instrument_id"]).sum()
    lines = held.reset_index().merge(terms, how="left", on="instrument_id", validate="one_to_one")
    money = is_money(lines["instrument_id"])
    volume = lines["adv_quantity"].where(lines["is_liquid"].eq(True)).fillna(0.0)
    daily = (participation * volume / lines["quantity"]).clip(upper=1.0).fillna(0.0)
    return pd.DataFrame(
        {
            "instrument_id": lines["instrument_id"],
            "daily_share": daily.mask(money, 1.0),
            "lag_sessions": lines["cycle_days"].astype("float64").fillna(np.inf).mask(money, 0.0),
            "is_never": lines["is_restricted"].ne(False) & ~money,
        }
    )


def _buckets(lines: pd.DataFrame, lag: pd.Series) -> pd.DataFrame:
    """Exact cents by (scope, NAV) and disjoint horizon, of what is sold in each horizon's sessions less the lag."""
    value = lines["market_value_base"]
    sellable = value.mask(lines["is_never"], 0.0)
    sessions = np.array([0, *HORIZONS.values()]) - lag.to_numpy()[:, None]
    shares = np.minimum(lines["daily_share"].to_numpy()[:, None] * sessions.clip(min=0), 1.0)
    sold = shares * sellable.to_numpy()[:, None]
    within = pd.DataFrame(np.diff(sold, axis=1), index=lines.index, columns=list(HORIZONS))
    parts = within.assign(beyond=sellable - sold[:, -1], never=value - sellable)
    return _cents(parts.join(lines[["scope", "nav_base"]]).groupby(["scope", "nav_base"]).sum())


def _cents(sums: pd.DataFrame) -> pd.DataFrame:
    """Rows rounded to cents; what rounding leaves of NAV goes to the largest bucket of its row."""
    cents = sums.round(2)
    left_over = sums.index.get_level_values("nav_base") - cents.sum(axis=1)
    largest = cents.abs().rank(axis=1, method="first", ascending=False) == 1
    return (cents + largest.mul(left_over, axis=0)).round(2)


def _long(trading: pd.DataFrame, cash: pd.DataFrame) -> pd.DataFrame:
    both = {"value_trading_base": trading, "value_cash_base": cash}
    long = pd.DataFrame(
        {name: wide.rename_axis(columns="horizon").stack() for name, wide in both.items()}
    ).reset_index()
    nav = long["nav_base"]
    return long.assign(weight_trading=long["value_trading_base"] / nav, weight_cash=long["value_cash_base"] / nav).drop(
        columns="nav_base"
    )
