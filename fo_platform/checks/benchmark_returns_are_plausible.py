"""No benchmark moves by half in a day. How it is made belongs to reference."""

import pandas as pd

from fo_platform.checks._check import Check


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["return_1d"].abs() > 0.5]


CHECK = Check(
    table="reference.benchmarks",
    name="benchmark_returns_are_plausible",
    description="No benchmark moves by half in a day.",
    find=_wrong,
)
