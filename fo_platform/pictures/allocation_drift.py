"""How far the office's classes are from their targets, session by session. Owners' drifts are in the table only."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import DPI, SIZE, Picture

SESSIONS = 60


def draw(frame: pd.DataFrame) -> Figure:
    """Tradeable drift of every class, and the band within which nothing is due."""
    office = frame[frame["scope"] == OFFICE]
    drifts = office.pivot(index="business_date", columns="asset_class", values="drift_tradeable")
    limit = office.groupby("business_date")["drift_limit"].first()
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    axes.fill_between(limit.index, -limit, limit, color="0.9", label="within the limit")
    for name in drifts.columns[drifts.abs().max() > 0]:
        axes.plot(drifts.index, drifts[name], marker=".", label=name.replace("_", " "))
    axes.axhline(0, color="k", linewidth=0.8)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axes.set_ylabel("drift, per cent of the tradeable sleeve")
    axes.set_title("How far the office's asset classes are from their targets")
    axes.tick_params(axis="x", rotation=20)
    figure.legend(loc="outside lower center", fontsize="small", ncols=6)
    return figure


PICTURE = Picture(draw, sessions=SESSIONS)
