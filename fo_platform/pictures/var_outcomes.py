"""Forecast and realised losses of the office, day by day. Tests of them do not belong here."""

import pandas as pd
from matplotlib.figure import Figure

from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import SIZE, Picture

CONFIDENCE = 0.99
METHODS = ("student_t", "filtered")
MILLION = 1e6


def draw(frame: pd.DataFrame) -> Figure:
    """Losses of the office as bars, value at risk at 99 % as lines, and a mark where a loss exceeded its forecast."""
    rows = frame[(frame["scope"] == OFFICE) & (frame["confidence"] == CONFIDENCE)]
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    losses = rows.drop_duplicates("return_date")
    axes.bar(losses["return_date"], losses["loss_base"] / MILLION, color="lightgrey", label="loss that came")
    for method in METHODS:
        lines = rows[rows["method"] == method].sort_values("return_date")
        dates, risk = lines["return_date"], lines["value_at_risk_base"] / MILLION
        drawn = axes.plot(dates, risk, label=f"value at risk, {method.replace('_', ' ')}")
        is_over = lines["is_exception"]
        axes.scatter(dates[is_over], lines["loss_base"][is_over] / MILLION, color=drawn[0].get_color(), marker="x")
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set(xlabel="session", ylabel="loss, millions of base currency")
    axes.set_title("Losses of the office against value at risk at 99 % (crosses: exceeded)")
    figure.legend(loc="outside lower center", frameon=False, ncols=3)
    figure.autofmt_xdate()
    return figure


PICTURE = Picture(draw, sessions=250)
