"""Cash stays above its floor in nineteen of twenty simulated paths. What to do about it belongs to decision."""

from fo_platform.checks._check import Check

CHECK = Check(
    table="analytics.cash_forecast",
    name="cash_stays_above_floor",
    description="Closing cash stays above the floor in nineteen of twenty simulated paths.",
    find=lambda frame: frame[(frame["cash_p05_base"] < frame["cash_floor_base"]).fillna(value=False).astype("bool")],
)
