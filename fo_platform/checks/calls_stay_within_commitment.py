"""Nothing is called beyond what was committed and may be called again. How it is made belongs to book."""

import pandas as pd

from fo_platform.checks._check import Check


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    is_over = frame["unfunded_local"] < 0
    return frame[is_over.fillna(value=False).astype("bool")]


CHECK = Check(
    table="book.private_capital",
    name="calls_stay_within_commitment",
    description="Nothing is called beyond what was committed and may be called again.",
    find=_wrong,
)
