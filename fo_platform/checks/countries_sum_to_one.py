"""Exposures by country of every scope and basis sum to its net asset value. Countries belong to reference."""

import pandas as pd

from fo_platform.checks._check import Check
from fo_platform.checks._sums import TOLERANCE


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    sums = frame.groupby(["scope", "country_basis"])["weight"].transform("sum")
    return frame[(sums - 1).abs() > TOLERANCE]


CHECK = Check(
    table="analytics.exposures_geography",
    name="countries_sum_to_one",
    description="Exposures by country of every scope sum to its net asset value, by domicile and by risk.",
    find=_wrong,
)
