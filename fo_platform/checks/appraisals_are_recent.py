"""No appraisal is older than eighteen months. How it is made belongs to book."""

import pandas as pd

from fo_platform.checks._check import Check


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["appraisal_age_days"] > 550]


CHECK = Check(
    table="book.appraisals",
    name="appraisals_are_recent",
    description="No appraisal is older than eighteen months.",
    find=_wrong,
)
