"""What is owed is stated as a positive amount. How it is made belongs to book."""

import pandas as pd

from fo_platform.checks._check import Check


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[(frame["liability_local"] < 0).astype("bool")]


CHECK = Check(
    table="book.liabilities",
    name="liabilities_are_positive",
    description="What is owed is stated as a positive amount.",
    find=_wrong,
)
