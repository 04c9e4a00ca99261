"""Losses by scope and scenario, added up again line by line."""

from collections import defaultdict
from collections.abc import Callable

import pandas as pd

Read = Callable[..., pd.DataFrame]


def second(read: Read) -> pd.DataFrame:
    """Key and figures of analytics.stress_losses."""
    nav = dict(read("book.net_worth")[["entity_id", "nav_base"]].to_numpy().tolist())
    loss: dict[tuple[str, str], list[float]] = defaultdict(list)
    gross: dict[tuple[str, str], float] = defaultdict(float)
    reached: dict[tuple[str, str], float] = defaultdict(float)
    for row in read("analytics.stress_contributions").to_dict("records"):
        place, value = (row["scope"], row["scenario"]), abs(row["market_value_base"])
        gross[place] += value
        if not pd.isna(row["stress_loss_base"]):
            loss[place].append(row["stress_loss_base"])
            reached[place] += value
    rows = [
        {
            "scope": place[0],
            "scenario": place[1],
            "stress_loss_base": sum(loss[place]) if loss[place] else None,
            "stress_loss": sum(loss[place]) / nav[place[0]] if loss[place] and nav[place[0]] > 0 else None,
            "uncovered_base": whole - reached[place],
            "coverage_share": reached[place] / whole,
        }
        for place, whole in gross.items()
    ]
    return pd.DataFrame(rows)
