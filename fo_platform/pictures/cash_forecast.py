"""The office's cash of the next twelve months as a fan above its floor. Owners' cash is in the table only."""

import pandas as pd
from matplotlib.figure import Figure

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import DPI, SIZE, Picture

MILLION = 1e6


def draw(frame: pd.DataFrame) -> Figure:
    """Closing cash by month: what is expected, the middle half and nine tenths of the paths, and the floor."""
    office = frame[(frame["scope"] == OFFICE) & (frame["flow"] == "closing")].set_index("month_end_date").sort_index()
    months = office.filter(like="cash_") / MILLION
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    bands = {
        "nine paths in ten": ("cash_p05_base", "cash_p95_base"),
        "every second path": ("cash_p25_base", "cash_p75_base"),
    }
    for (label, (low, high)), strength in zip(bands.items(), (0.2, 0.35), strict=True):
        axes.fill_between(months.index, months[low], months[high], color="C0", alpha=strength, label=label)
    axes.plot(months.index, months["cash_base"], color="C0", marker="o", label="expected")
    axes.step(months.index, months["cash_floor_base"], color="C3", where="mid", linestyle="--", label="floor")
    axes.set_ylabel("cash, millions in base currency")
    axes.set_title("The office's cash at the end of each of the next twelve months")
    axes.legend(loc="best")
    figure.autofmt_xdate()
    return figure


PICTURE = Picture(draw)
