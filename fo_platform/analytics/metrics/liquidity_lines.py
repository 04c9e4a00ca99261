"""How every line becomes money and how long that takes. Sums by horizon belong to liquidity_profile."""

import numpy as np
import pandas as pd

from fo_platform.analytics.liquidity import KEY, line_terms
from fo_platform.analytics.metric import Metric
from fo_platform.contracts.analytics import LiquidityLines

REASONS = {
    "none": "No market, and no terms are declared for it or its class.",
    "restricted": "It may not be traded, or the instrument master does not know it.",
}
NO_CYCLE = "No settlement cycle is known for its market."


def liquidity_lines(
    *,
    holdings: pd.DataFrame,
    instruments: pd.DataFrame,
    market_liquidity: pd.DataFrame,
    settlement_cycles: pd.DataFrame,
    liquidity_terms: pd.DataFrame,
    liabilities: pd.DataFrame,
    limits: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Sessions or days until the whole of a line is sold and is money; unknown, with the reason, where nobody knows."""
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
    lines = holdings[[*KEY, "entity_id", "market_value_base"]].merge(terms, how="left", on=KEY, validate="one_to_one")
    is_sold, is_termed = lines["liquidity_basis"] == "volume", lines["liquidity_basis"].isin(["notice", "maturity"])
    sessions = (np.ceil(1 / lines["daily_share"]) + lines["wait_sessions"]).where(is_sold)
    later = (np.ceil(1 / lines["gate_share"]) - 1) * lines["period_days"] + lines["settlement_days"]
    paid = (sessions + lines["lag_sessions"]).replace(np.inf, np.nan)
    timed = lines.assign(
        sessions_to_sell=sessions,
        sessions_to_cash=paid,
        days_to_cash=((lines["first_date"] - day).dt.days + later).where(is_termed),
        reason=lines["liquidity_basis"].map(REASONS).mask(is_sold & paid.isna(), NO_CYCLE),
    )
    return LiquidityLines.frame(timed[list(LiquidityLines.fields())])


METRIC = Metric(LiquidityLines, liquidity_lines)
