"""What the office loses in its own scenarios. Single lines do not belong here."""

from textwrap import fill

import pandas as pd
from matplotlib.figure import Figure

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import SIZE, Picture

NAME_WIDTH = 34
"""Characters of a line of a scenario's name."""


def draw(frame: pd.DataFrame) -> Figure:
    """Loss of the office by scenario in per cent of NAV, the largest on top, with the part that nothing maps to."""
    rows = frame[(frame["scope"] == OFFICE) & frame["stress_loss"].notna()].sort_values("stress_loss")
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    bars = axes.barh(
        [fill(name, NAME_WIDTH) for name in rows["scenario_name"]], 100 * rows["stress_loss"], color="tab:red"
    )
    axes.bar_label(
        bars, labels=[_label(*pair) for pair in zip(rows["stress_loss"], rows["coverage_share"], strict=True)]
    )
    axes.axvline(0, color="black", linewidth=0.8)
    axes.margins(x=0.6)
    axes.set_xlabel("loss, % of net asset value")
    axes.set_title("What the office loses in its scenarios")
    return figure


PICTURE = Picture(draw)


def _label(loss: float, coverage: float) -> str:
    covered = "" if coverage > 0.9995 else f", {1 - coverage:.1%} not covered"
    return f" {loss:.1%}{covered}"
