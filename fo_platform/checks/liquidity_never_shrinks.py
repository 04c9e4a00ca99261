"""What is free within a horizon is free within every later one. How fast lines sell belongs to analytics."""

import pandas as pd

from fo_platform.checks._check import Check

FIRST = "1d"
"""The only bucket that may be below zero: what is owed at once and not covered."""


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    later = frame[frame["horizon"] != FIRST]
    return later[(later["value_trading_base"] < 0) | (later["value_cash_base"] < 0)]


CHECK = Check(
    table="analytics.liquidity_profile",
    name="liquidity_never_shrinks",
    description="No bucket after the first is below zero: cumulated, liquidity never shrinks.",
    find=_wrong,
)
