"""Allocations by account of every owner, and of all, sum to net asset value. Targets belong to policy."""

import pandas as pd

from fo_platform.checks._check import Check
from fo_platform.checks._sums import TOLERANCE


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    own = frame.groupby("entity_id")["weight"].transform("sum")
    is_whole = abs(frame["weight_office"].sum() - 1) <= TOLERANCE
    return frame[((own - 1).abs() > TOLERANCE) | (not is_whole)]


CHECK = Check(
    table="analytics.exposures_account",
    name="accounts_sum_to_one",
    description="Allocations by account sum to one over each owner's net asset value and over the office's.",
    find=_wrong,
)
