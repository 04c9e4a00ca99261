"""Where the office's value is and where its risk comes from, by asset class. Single positions are in the table only."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import DPI, SIZE, Picture


def draw(frame: pd.DataFrame) -> Figure:
    """Weight and share of volatility of every class, the riskiest on top, and what the volatility covers."""
    office = frame[frame["scope"] == OFFICE]
    classes = office[office["rollup"] == "class"].sort_values(
        ["volatility_contribution_share", "weight"], na_position="first"
    )
    whole = office[office["rollup"] == "total"]
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    places = np.arange(len(classes))
    axes.barh(places + 0.2, 100 * classes["weight"], height=0.4, label="share of NAV")
    axes.barh(places - 0.2, 100 * classes["volatility_contribution_share"], height=0.4, label="share of volatility")
    axes.set_yticks(places, [name.replace("_", " ") for name in classes["asset_class"]])
    axes.axvline(0, color="k", linewidth=0.8)
    axes.set_xlabel("per cent")
    axes.set_title("".join(_title(*row) for row in whole[TITLE].itertuples(index=False)) or "The office holds nothing")
    axes.legend(loc="lower right")
    return figure


PICTURE = Picture(draw)

TITLE = ["volatility_contribution_annual", "coverage_share"]


def _title(volatility: float, coverage: float) -> str:
    return f"Where the office's volatility of {volatility:.1%} a year comes from ({coverage:.1%} of value covered)"
