"""Rows of scopes whose shares do not sum to one. Which tables must sum is told by the checks."""

import pandas as pd

TOLERANCE = 1e-9


def not_summing_to_one(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows of every scope whose column does not sum to one within rounding of floats."""
    sums = frame.groupby("scope")[column].transform("sum")
    return frame[(sums - 1).abs() > TOLERANCE]
