"""What every scope loses in every scenario. What each line loses belongs to stress_contributions."""

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import TEXT
from fo_platform.contracts.analytics import StressLosses


def stress_losses(
    stress_contributions: pd.DataFrame, stress_scenarios: pd.DataFrame, net_worth: pd.DataFrame
) -> pd.DataFrame:
    """Sum of the lines' losses by scope and scenario, and the gross value of lines that no shock maps to.

    A loss of a scope in which nothing maps to anything is unknown, as is a fraction of a NAV that is not above zero.
    """
    gross = stress_contributions["market_value_base"].abs()
    rows = stress_contributions.assign(
        gross=gross, uncovered_base=gross.where(stress_contributions["stress_loss_base"].isna(), 0.0)
    )
    sums = rows.groupby(["scope", "scenario"])[["gross", "uncovered_base"]].sum()
    losses = rows.groupby(["scope", "scenario"])["stress_loss_base"].sum(min_count=1)
    stated = sums.assign(stress_loss_base=losses).reset_index()
    nav = net_worth.set_index("entity_id")["nav_base"]
    names = stress_scenarios.drop_duplicates("scenario").set_index("scenario")["scenario_name"]
    covered = 1 - stated["uncovered_base"] / stated["gross"]
    return StressLosses.frame(
        stated.assign(
            scenario_name=stated["scenario"].map(names),
            stress_loss=stated["stress_loss_base"] / stated["scope"].map(nav.where(nav > 0)),
            coverage_share=covered.clip(0, 1),
            reason=_reasons(stated),
        ).drop(columns="gross")
    )


METRIC = Metric(StressLosses, stress_losses)


def _reasons(stated: pd.DataFrame) -> pd.Series:
    """Why there is no loss; unknown where there is one."""
    nothing = "No line maps to a shock, or history does not hold the window."
    return pd.Series(nothing, index=stated.index, dtype=TEXT).mask(stated["stress_loss_base"].notna())
