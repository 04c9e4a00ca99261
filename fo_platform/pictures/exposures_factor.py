"""What the office's returns follow: its loadings on the factors. Loadings of single owners are in the table only."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import DPI, SIZE, Picture


def draw(frame: pd.DataFrame) -> Figure:
    """Loadings from returns, with two standard errors, beside those from holdings."""
    office = frame[frame["scope"] == OFFICE].set_index("factor")
    returns = office[office["method"] == "returns"].sort_index(ascending=False)
    holdings = office.loc[office["method"] == "holdings", "loading"].reindex(returns.index)
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    places = np.arange(len(returns))
    axes.barh(
        places + 0.2,
        returns["loading"],
        height=0.4,
        xerr=2 * returns["standard_error"],
        capsize=3,
        label="from returns",
    )
    axes.barh(places - 0.2, holdings, height=0.4, label="from holdings")
    axes.set_yticks(places, list(returns.index))
    axes.axvline(0, color="k", linewidth=0.8)
    axes.set_xlabel(
        "per cent that the covered value moves with one per cent of the factor; whiskers: 2 standard errors"
    )
    explained = returns["r_squared"].dropna().unique()
    axes.set_title("What the office's returns follow" + "".join(f" (explained: {share:.0%})" for share in explained))
    axes.legend(loc="lower right")
    return figure


PICTURE = Picture(draw)
