"""Value at risk is not exceeded far too often. Which tests say so belongs to analytics."""

import pandas as pd

from fo_platform.checks._check import Check

P_VALUE_MIN = 0.001


def _exceeded(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows in Basel's red zone, or with more exceptions than chance would bring one time in a thousand."""
    is_often = frame["exception_count"].astype("float64") > frame["exception_count_expected"]
    return frame[(frame["traffic_light"] == "red") | (is_often & (frame["kupiec_p_value"] < P_VALUE_MIN))]


CHECK = Check(
    table="analytics.var_backtests",
    name="value_at_risk_holds",
    description="No forecast is in Basel's red zone or exceeded far more often than its confidence says.",
    find=_exceeded,
)
