"""Gains of all classes sum to their owner's, and so do flows. What a class gained belongs to analytics."""

import pandas as pd

from fo_platform.checks._check import Check

COLUMNS = ["gain_base", "external_flow_base", "end_value_base"]
ROUNDING = 1.0
"""A cent or two a class."""


def wrong(frame: pd.DataFrame) -> pd.DataFrame:
    """Total rows from which the sum of their classes differs, in gain, flow or value."""
    amounts = frame.set_index("scope")[COLUMNS].astype("float64")
    levels = frame.set_index("scope")["level"]
    classes = amounts[levels == "asset_class"].groupby(level="scope").sum()
    totals = amounts[levels == "total"]
    apart = (totals - classes.reindex(totals.index).fillna(0.0)).abs().max(axis=1) > ROUNDING
    return frame[(frame["level"] == "total") & frame["scope"].isin(apart.index[apart])]


CHECK = Check(
    table="analytics.performance",
    name="classes_gain_what_owners_gain",
    description="Gains, flows and values of the classes of an owner sum to the owner's.",
    find=wrong,
)
