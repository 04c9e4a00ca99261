"""From what policy would have earned in the month to what the office earned. Single classes are in the table only."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import DPI, SIZE, Picture

SPAN = "mtd"

STEPS = ("allocation", "selection", "currency", "trading", "fees")
ENDS = ("benchmark", "portfolio")
COLOURS = {True: "tab:green", False: "tab:red"}


def draw(frame: pd.DataFrame) -> Figure:
    """A waterfall, per cent of the office's value: the benchmark's return, linked effects, and the net return."""
    rows = frame[(frame["scope"] == OFFICE) & (frame["span"] == SPAN) & (frame["level"] == "total")]
    returns = 100 * rows.set_index("effect")["effect_return"].reindex([ENDS[0], *STEPS, ENDS[1]])
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    axes.set_ylabel("per cent of value")
    if returns.isna().any():
        axes.set_title("The office's return over its benchmark is not known this month")
        return figure
    steps = returns[list(STEPS)]
    starts = returns[ENDS[0]] + steps.cumsum() - steps
    bars = axes.bar(returns.index, returns, bottom=[0.0, *starts, 0.0], color=_colours(steps))
    axes.bar_label(bars, labels=[f"{value:+.2f}" for value in returns], padding=2)
    axes.plot(np.arange(len(STEPS) + 1) + 0.5, [returns[ENDS[0]], *(starts + steps)], "_", color="k", markersize=16)
    axes.axhline(0, color="k", linewidth=0.8)
    axes.use_sticky_edges = False
    axes.margins(y=0.1)
    axes.set_title(_title(rows, returns))
    return figure


PICTURE = Picture(draw)


def _colours(steps: pd.Series) -> list[str]:
    return ["tab:gray", *(COLOURS[value >= 0] for value in steps), "tab:blue"]


def _title(rows: pd.DataFrame, returns: pd.Series) -> str:
    """Active return of the month to the close, and the sessions that it leaves out."""
    last = rows.iloc[0]
    active = returns["portfolio"] - returns["benchmark"]
    left_out = f"; {last['unknown_sessions']} sessions unknown" if last["unknown_sessions"] else ""
    return f"Month to {last['close_date']:%d %B %Y}: the office is {active:+.2f} % over its benchmark{left_out}"
