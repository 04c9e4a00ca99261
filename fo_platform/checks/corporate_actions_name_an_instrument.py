"""Every corporate action is of an instrument that we know. How it is made belongs to reference."""

import pandas as pd

from fo_platform.checks._check import Check


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["instrument_id"].isna()]


CHECK = Check(
    table="reference.corporate_actions",
    name="corporate_actions_name_an_instrument",
    description="Every corporate action is of an instrument that we know.",
    find=_wrong,
)
