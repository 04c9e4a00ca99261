"""How much of each owner's wealth is cash within each horizon, as a ladder. What may be called is in the coverage."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from fo_platform.pictures._picture import DPI, SIZE, Picture

LABELS = {"1d": "today", "1w": "a week", "1m": "a month", "beyond": "later", "never": "pledged or restricted"}
COLOURS = ("#1b7837", "#7fbf7b", "#d9f0d3", "#af8dc3", "#762a83")

NAMED_MIN = 0.05
"""Smallest part that has room for its number."""


def draw(frame: pd.DataFrame) -> Figure:
    """Disjoint parts of net asset value by when they are cash, one bar an owner."""
    shares = frame.pivot(index="scope", columns="horizon", values="weight_cash").reindex(columns=list(LABELS))
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    left = pd.Series(0.0, index=shares.index)
    for (horizon, label), colour in zip(LABELS.items(), COLOURS, strict=True):
        axes.barh(shares.index, shares[horizon], left=left, color=colour, edgecolor="w", label=label)
        for row, (start, share) in enumerate(zip(left, shares[horizon], strict=True)):
            text = f"{share:.0%}" if share >= NAMED_MIN else ""
            axes.text(start + share / 2, row, text, ha="center", va="center")
        left = left + shares[horizon]
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.set_xlabel("part of net asset value")
    axes.set_title("How soon what is owned can be cash")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=len(LABELS), fontsize="small")
    return figure


PICTURE = Picture(draw)
