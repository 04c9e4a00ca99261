"""The office's value at risk and expected shortfall by method. How they come about does not belong here."""

import pandas as pd
from matplotlib.figure import Figure

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import SIZE, Picture

CONFIDENCE = 0.99
MEASURES = {"value_at_risk": ("value at risk", -0.2), "expected_shortfall": ("expected shortfall", 0.2)}
"""Label and place of every bar."""


def draw(frame: pd.DataFrame) -> Figure:
    """Losses of the office at 99 %, a panel a horizon and a pair of bars a method, in per cent of NAV with errors."""
    rows = frame[(frame["scope"] == OFFICE) & (frame["confidence"] == CONFIDENCE)]
    figure = Figure(figsize=SIZE, layout="constrained")
    horizons = ["1d", "10d", "21d"]
    panels = figure.subplots(1, len(horizons))
    for axes, horizon in zip(panels, horizons, strict=True):
        shown = rows[(rows["horizon"] == horizon) & rows["value_at_risk"].notna()].reset_index(drop=True)
        for measure, (label, offset) in MEASURES.items():
            percent = 100 * shown[measure]
            error = percent * shown[f"{measure}_error_base"] / shown[f"{measure}_base"].abs()
            axes.bar(shown.index + offset, percent, 0.4, yerr=error.abs(), capsize=2, label=label)
        axes.set_xticks(shown.index, shown["method"], rotation=30)
        axes.set_title(f"{horizon.removesuffix('d')} session{'s' if horizon != '1d' else ''}")
    panels[0].set_ylabel("loss, % of net asset value")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    figure.suptitle("What the office may lose: one time in a hundred at least value at risk")
    return figure


PICTURE = Picture(draw)
