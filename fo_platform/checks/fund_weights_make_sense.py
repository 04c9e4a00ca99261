"""Fund reports are about whole: their weights sum to about one. How they are read belongs to reference."""

import pandas as pd

from fo_platform.checks._check import Check


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    weights = frame.groupby("fund_id")["weight"].transform("sum")
    return frame[frame["weight"].notna() & ~weights.between(0.5, 1.5)]


CHECK = Check(
    table="reference.fund_holdings",
    name="fund_weights_make_sense",
    description="The holdings that a fund reports weigh between half and one and a half of its assets.",
    find=_wrong,
)
