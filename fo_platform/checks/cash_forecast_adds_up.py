"""Opening cash plus flows is closing cash, and the next month's opening, to the cent. Flows belong to analytics."""

import pandas as pd

from fo_platform.checks._check import Check

KEY = ["scope", "month_ahead"]


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    is_closing = frame["flow"] == "closing"
    reached = frame[~is_closing].groupby(KEY)["cash_base"].sum().rename("reached")
    opened = frame[frame["flow"] == "opening"].set_index(KEY)["cash_base"].rename("opened").reset_index()
    before = opened.assign(month_ahead=opened["month_ahead"] - 1)
    closings = frame[is_closing].merge(reached, how="left", on=KEY, validate="one_to_one")
    both = closings.merge(before, how="left", on=KEY, validate="one_to_one")
    is_apart = (both["cash_base"] != both["reached"]) | (both["opened"].notna() & (both["cash_base"] != both["opened"]))
    return both[is_apart.fillna(value=True).astype("bool")]


CHECK = Check(
    table="analytics.cash_forecast",
    name="cash_forecast_adds_up",
    description="Opening cash plus flows is closing cash, and the next month's opening cash, to the cent.",
    find=_wrong,
    is_blocking=True,
)
