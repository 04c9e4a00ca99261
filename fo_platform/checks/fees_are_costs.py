"""A fee is a cost: one that is paid to us is looked at. How it is made belongs to book."""

import pandas as pd

from fo_platform.checks._check import Check


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[(frame["fee_local"] < 0).astype("bool")]


CHECK = Check(
    table="book.fees",
    name="fees_are_costs",
    description="A fee is a cost: one that is paid to us is looked at.",
    find=_wrong,
)
