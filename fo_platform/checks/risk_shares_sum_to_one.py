"""Contributions to volatility sum to it. How much of the value they cover belongs to risk_is_mostly_known."""

import pandas as pd

from fo_platform.checks._check import Check
from fo_platform.checks._sums import not_summing_to_one


def _find(frame: pd.DataFrame) -> pd.DataFrame:
    share = "volatility_contribution_share"
    return not_summing_to_one(frame[(frame["rollup"] == "position") & frame[share].notna()], share)


CHECK = Check(
    table="analytics.risk_contributions",
    name="risk_shares_sum_to_one",
    description="Shares of every scope's volatility sum to one over its covered positions.",
    find=_find,
)
