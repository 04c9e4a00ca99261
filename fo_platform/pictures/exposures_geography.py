"""Where the office's value lies after look-through, by domicile and by risk. Owners' are in the table only."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import DPI, SIZE, Picture

SHOWN = 10
"""Countries that are drawn by name; the smaller ones are drawn as one."""

OTHERS = "all others"

BAR = 0.4
"""Thickness of one of a country's two bars."""


def draw(frame: pd.DataFrame) -> Figure:
    """Two bars a country, by the seat of issuers and by where their fortunes lie, the largest on top."""
    office = frame[frame["scope"] == OFFICE]
    largest = office.groupby("country_name")["weight"].max().nlargest(SHOWN).index
    named = office.assign(place=office["country_name"].where(office["country_name"].isin(largest), OTHERS))
    weights = named.pivot_table(index="place", columns="country_basis", values="weight", aggfunc="sum", fill_value=0.0)
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    ordered = weights.loc[weights.max(axis=1).sort_values().index]
    for number, basis in enumerate(ordered.columns):
        heights = [row - BAR * number for row in range(len(ordered))]
        axes.barh(heights, ordered[basis], height=BAR, label=f"by {basis}")
    axes.set_yticks([row - BAR / 2 for row in range(len(ordered))], ordered.index)
    axes.legend(loc="lower right")
    axes.axvline(0, color="k", linewidth=0.8)
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_xlabel("per cent of net asset value")
    axes.set_title("Where the office's value lies, funds looked through")
    return figure


PICTURE = Picture(draw)
