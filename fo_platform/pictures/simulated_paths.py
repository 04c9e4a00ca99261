"""The fan of the office's simulated value. The quantiles that it draws are those of the table."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import SIZE, Picture

METHOD = "student_t"
MILLION = 1e6
BANDS = ((0.01, 0.99, 0.15), (0.05, 0.95, 0.25), (0.25, 0.75, 0.45))
"""Probabilities between which a band lies, and how dark it is."""


def draw(frame: pd.DataFrame) -> Figure:
    """Simulated value of the office over the sessions of a month: median, and bands of 50, 90 and 98 %."""
    rows = frame[(frame["scope"] == OFFICE) & (frame["method"] == METHOD)]
    wide = rows.pivot(index="session_ahead", columns="probability", values="value_simulated_base") / MILLION
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    axes.set(xlabel="sessions ahead", ylabel="value, millions of base currency")
    axes.set_title("Where the office's value may be a month from now (Student's t, no trades or flows)")
    if wide.empty:
        axes.text(0.5, 0.5, "Nothing was simulated.", ha="center", transform=axes.transAxes)
        return figure
    sessions = wide.index.astype("int64")
    for low, high, alpha in BANDS:
        label = f"{high - low:.0%} of paths"
        axes.fill_between(sessions, wide[low], wide[high], color="tab:blue", alpha=alpha, linewidth=0, label=label)
    axes.plot(sessions, wide[0.5], color="tab:blue", label="median")
    axes.axhline(wide[0.5].iloc[0], color="grey", linewidth=0.8, linestyle="--", label="today")
    axes.set_xlim(0, sessions.max())
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="upper left", frameon=False, ncols=2)
    return figure


PICTURE = Picture(draw)
