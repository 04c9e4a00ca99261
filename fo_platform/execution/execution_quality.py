"""What execution cost against the price at release and against what was predicted.

Checks before sending do not belong here.
"""

import numpy as np
import pandas as pd

from fo_platform.contracts._base import inexact
from fo_platform.contracts.execution import ExecutionQuality
from fo_platform.execution.amounts import price_scales
from fo_platform.execution.fills import active_fills
from fo_platform.execution.order_states import orders_at_close
from fo_platform.execution.order_terms import order_terms

BPS = 1e4


def execution_quality(
    order_events: pd.DataFrame,
    fills: pd.DataFrame,
    prices: pd.DataFrame,
    instruments: pd.DataFrame,
    fx_rates: pd.DataFrame,
    *,
    day: pd.Timestamp,
    excess_max_bps: float,
) -> pd.DataFrame:
    """Cost of every order that is open at the close of the day or moved on it, as `execution.execution_quality`.

    prices, fx_rates: any days, the last ones count. check_result holds slippage and fees against cost_expected_bps plus
    excess_max_bps; without an arrival price or a fill there is no evidence.
    """
    known = active_fills(fills[fills["business_date"] <= day])
    orders = orders_at_close(order_events, fills, day)
    priced = _priced(orders, order_terms(order_events), instruments, _rates(fx_rates, day))
    costs = inexact(priced).assign(
        fee_local=priced["client_order_id"].map(_fees(known)).fillna(0.0),
        mark_local=priced["instrument_id"].map(_marks(known, prices, day)),
        sign=np.where(priced["side"] == "BUY", 1.0, -1.0),
    )
    judged = costs.assign(slippage_bps=_slippage_bps(costs), shortfall_base=_shortfall_base(costs))
    pairs = zip(_cost_bps(judged), judged["cost_expected_bps"], strict=True)
    verdicts = [_verdict(*pair, excess_max_bps) for pair in pairs]
    told = judged.assign(check_result=[result for result, _ in verdicts], message=[message for _, message in verdicts])
    return ExecutionQuality.frame(told[list(ExecutionQuality.fields())])


def _slippage_bps(costs: pd.DataFrame) -> pd.Series:
    """Average price against arrival; unknown without either."""
    return costs["sign"] * (costs["average_price_local"] / costs["arrival_price_local"] - 1) * BPS


def _cost_bps(costs: pd.DataFrame) -> pd.Series:
    """Slippage and fees over what was paid."""
    paid = costs["cum_quantity"] * costs["average_price_local"] * costs["scale"]
    return costs["slippage_bps"] + costs["fee_local"] / paid * BPS


def _shortfall_base(costs: pd.DataFrame) -> pd.Series:
    """Implementation shortfall: the executed part against arrival, fees, and what the open part lost since.

    Source: Perold (1988), "The Implementation Shortfall: Paper versus Reality".
    """
    arrival, unfilled = costs["arrival_price_local"], (costs["quantity"] - costs["cum_quantity"]).clip(lower=0)
    executed = (costs["cum_quantity"] * (costs["average_price_local"] - arrival)).where(costs["cum_quantity"] > 0, 0.0)
    missed = (unfilled * (costs["mark_local"] - arrival)).where(unfilled > 0, 0.0)
    return (costs["sign"] * (executed + missed) * costs["scale"] + costs["fee_local"]) * costs["fx_rate"]


def _verdict(cost_bps: float, expected_bps: float, excess_max_bps: float) -> tuple[str, str]:
    if np.isnan(cost_bps) or np.isnan(expected_bps):
        return "no_evidence", "There is no fill or no arrival price to judge by."
    message = f"Cost {cost_bps:.1f} bps against {expected_bps:.1f} expected, {excess_max_bps:.1f} more allowed."
    return "pass" if cost_bps <= expected_bps + excess_max_bps else "breach", message


def _priced(orders: pd.DataFrame, terms: pd.DataFrame, instruments: pd.DataFrame, rates: pd.Series) -> pd.DataFrame:
    """Orders with what was expected of them and the factors that turn quantity x price into base money."""
    expected = terms[["client_order_id", "arrival_price_local", "cost_expected_bps"]]
    scales = price_scales(instruments).rename("scale").rename_axis("instrument_id").reset_index()
    return (
        orders.merge(expected, how="left", on="client_order_id", validate="one_to_one")
        .merge(scales, how="left", on="instrument_id", validate="many_to_one")
        .assign(fx_rate=lambda rows: rows["currency"].map(rates))
    )


def _fees(fills: pd.DataFrame) -> pd.Series:
    """Fees paid by order."""
    return inexact(fills).groupby("client_order_id")["fee_local"].sum()


def _marks(fills: pd.DataFrame, prices: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """The last price known of every instrument: its last fill of the day, else its last close."""
    closes = prices[prices["price_date"] <= day].sort_values("price_date")
    traded = fills[fills["trade_date"] == day].sort_values("executed_at")
    last_close, last_traded = (
        inexact(rows).groupby("instrument_id")["price_local"].last() for rows in (closes, traded)
    )
    return pd.Series({**last_close, **last_traded}, dtype="float64")


def _rates(fx_rates: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Base money for one unit of every currency, the base itself included."""
    known = inexact(fx_rates[fx_rates["rate_date"] <= day].sort_values("rate_date"))
    bases = dict.fromkeys(known["base_currency"], 1.0)
    return pd.Series({**bases, **known.groupby("currency")["fx_rate"].last()}, dtype="float64")
