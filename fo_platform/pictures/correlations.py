"""How the office's asset classes move together, as a heat map. Correlations of instruments are in the table only."""

import pandas as pd
from matplotlib.figure import Figure

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import DPI, SIZE, Picture


def draw(frame: pd.DataFrame) -> Figure:
    """Correlations of the office's classes; a class without any is left out, one of a stand-in has a star."""
    classes = frame[(frame["scope"] == OFFICE) & (frame["item_kind"] == "asset_class") & frame["correlation"].notna()]
    square = classes.pivot(index="item_1", columns="item_2", values="correlation")
    proxies = set(classes.loc[classes["is_proxy"] & (classes["item_1"] == classes["item_2"]), "item_1"])
    names = [f"{name.replace('_', ' ')}{' *' if name in proxies else ''}" for name in square.index]
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    if square.empty:
        axes.set_title("No correlation of the office's asset classes is known")
        return figure
    image = axes.imshow(square, cmap="RdBu_r", vmin=-1, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=30, ha="right")
    axes.set_yticks(range(len(names)), names)
    for row, values in enumerate(square.to_numpy()):
        for column, value in enumerate(values):
            axes.text(column, row, f"{value:.2f}", ha="center", va="center", color="w" if abs(value) > 0.6 else "k")
    figure.colorbar(image, label="correlation of daily returns")
    axes.set_title("How the office's asset classes move together" + (" (* a stand-in's)" if proxies else ""))
    return figure


PICTURE = Picture(draw)
