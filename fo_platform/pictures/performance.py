"""Picture of performance: the office's linked returns, gross and net. Other segments do not belong here."""

import pandas as pd
from matplotlib.figure import Figure

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import DPI, SIZE, Picture

SESSIONS = 252

LINES = {"index_gross": "before fees", "index_net": "after fees"}


def draw(frame: pd.DataFrame) -> Figure:
    """Return since inception in per cent by close, of the whole office; days of large flows are marked."""
    rows = frame[(frame["scope"] == OFFICE) & (frame["level"] == "total")].sort_values("business_date")
    figure = Figure(figsize=SIZE, dpi=DPI)
    axes = figure.add_subplot()
    for column, label in LINES.items():
        axes.plot(rows["close_date"], (rows[column].astype("float64") - 1) * 100, label=label)
    large = rows[rows["is_large_flow"] & rows["index_net"].notna()]
    axes.scatter(large["close_date"], (large["index_net"] - 1) * 100, marker="v", label="large flow")
    axes.axhline(0, color="grey", linewidth=0.8)
    axes.set_ylabel("return since inception, %")
    axes.set_title(_title(rows))
    axes.legend()
    figure.autofmt_xdate()
    return figure


PICTURE = Picture(draw, sessions=SESSIONS)


def _title(rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["index_net", "inception_date"])
    if known.empty:
        return "The office has no linked return yet"
    last = known.iloc[-1]
    return f"The office's return since {last['inception_date']:%d %B %Y}: {last['index_net'] - 1:+.2%} after fees"
