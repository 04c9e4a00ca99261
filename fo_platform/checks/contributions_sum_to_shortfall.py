"""Contributions of the lines sum to expected shortfall. How either is simulated belongs to analytics."""

import pandas as pd

from fo_platform.checks._check import Check
from fo_platform.checks._sums import TOLERANCE


def _apart(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of every scope and method whose known contributions do not sum to its expected shortfall."""
    sums = frame.groupby(["scope", "method"])["loss_contribution_base"].transform("sum")
    gross = frame["loss_contribution_base"].abs().groupby([frame["scope"], frame["method"]]).transform("sum")
    return frame[(sums - frame["expected_shortfall_base"]).abs() > TOLERANCE * gross]


CHECK = Check(
    table="analytics.loss_contributions",
    name="contributions_sum_to_shortfall",
    description="Contributions of every scope and method sum to its expected shortfall.",
    find=_apart,
)
