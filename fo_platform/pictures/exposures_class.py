"""How the office's allocation moved, class by class, session by session. Targets belong to allocation_drift."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import DPI, SIZE, Picture

SESSIONS = 60


def draw(frame: pd.DataFrame) -> Figure:
    """A line a class, the largest first in the legend; what is owed lies below zero."""
    office = frame[frame["scope"] == OFFICE]
    weights = office.pivot(index="business_date", columns="asset_class", values="weight").fillna(0.0)
    order = weights.iloc[-1].sort_values(ascending=False).index if len(weights) else weights.columns
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    for name in order:
        axes.plot(weights.index, weights[name], marker=".", label=str(name).replace("_", " "))
    axes.axhline(0, color="k", linewidth=0.8)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_ylabel("per cent of net asset value")
    axes.set_title("What the office's net asset value is made of")
    axes.tick_params(axis="x", rotation=20)
    figure.legend(loc="outside lower center", fontsize="small", ncols=6)
    return figure


PICTURE = Picture(draw, sessions=SESSIONS)
