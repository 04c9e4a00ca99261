"""Where an owner stands against its triggers, and how far wrong data could have put it. Costs do not belong here."""

from dataclasses import dataclass

import pandas as pd

from fo_platform.canonical import Value, content_digest
from fo_platform.contracts import policy
from fo_platform.decision.inputs import Inputs
from fo_platform.limits import OFFICE, limit


@dataclass(frozen=True)
class Standing:
    """Triggers of one owner. Drifts are signed and those of the class that drifted most.

    hard_excess: how far the worst class lies outside its hard limits over NAV, negative inside. uncertainty: how far
    stale or broken holdings could move a weight. doubts: which holdings, in words.
    """

    entity_id: str
    base_currency: str
    asset_class: str
    drift_total: float
    drift_tradeable: float
    limit: float
    is_breach: bool
    is_hard_breach: bool
    hard_class: str
    hard_excess: float
    uncertainty: float
    doubts: str
    has_working_orders: bool
    targets_digest: str

    @property
    def is_due(self) -> bool:
        """Whether a fresh decision is due: a breach, and no orders of a live approval still working."""
        return (self.is_breach or self.is_hard_breach) and not self.has_working_orders


def read_standing(inputs: Inputs, entity_id: str) -> Standing:
    """Where an entity stands, from its drift, net worth and open orders."""
    drift = inputs.allocation_drift[inputs.allocation_drift["scope"] == entity_id].set_index("asset_class").sort_index()
    worst = drift.loc[drift["drift_tradeable"].abs().fillna(0.0).idxmax()]
    excess = _hard_excess(inputs, entity_id, drift["weight"])
    return Standing(
        entity_id=entity_id,
        base_currency=str(inputs.entities.set_index("entity_id").at[entity_id, "base_currency"]),
        asset_class=str(worst.name),
        drift_total=float(worst["drift_total"]),
        drift_tradeable=float(worst["drift_tradeable"]),
        limit=float(worst["drift_limit"]),
        is_breach=bool(drift["is_breach"].any()),
        is_hard_breach=bool(drift["is_hard_breach"].any()),
        hard_class=str(excess.idxmax()),
        hard_excess=float(excess.max()),
        uncertainty=_uncertainty(inputs, entity_id),
        doubts=_doubts(inputs, entity_id),
        has_working_orders=entity_id in set(inputs.working_orders["entity_id"]),
        targets_digest=targets_digest(inputs.allocation_targets, inputs.limits, entity_id),
    )


def targets_digest(allocation_targets: pd.DataFrame, limits: pd.DataFrame, entity_id: str) -> str:
    """Content digest of what an entity is held against: its targets, its limits and the office's."""
    targets = policy.AllocationTargets.frame(allocation_targets[allocation_targets["entity_id"] == entity_id])
    bounds = policy.Limits.frame(limits[limits["entity_id"].isin([entity_id, OFFICE])])
    return content_digest({"targets": _plain_rows(targets), "limits": _plain_rows(bounds)})


def _plain_rows(rows: pd.DataFrame) -> list[Value]:
    """Typed rows, key order, every cell as text, since a digest holds no floats."""
    return [{str(name): str(cell) for name, cell in row.items()} for row in rows.to_dict("records")]


def _hard_excess(inputs: Inputs, entity_id: str, weight: pd.Series) -> pd.Series:
    targets = inputs.allocation_targets[inputs.allocation_targets["entity_id"] == entity_id].set_index("asset_class")
    bounds = targets[["weight_min", "weight_max"]].reindex(weight.index)
    over, under = weight - bounds["weight_max"].fillna(1.0), bounds["weight_min"].fillna(0.0) - weight
    return over.where(over > under, under)


def _uncertainty(inputs: Inputs, entity_id: str) -> float:
    """Part of NAV that could be wrong: all of what is broken, and the declared share of what is stale."""
    worth = inputs.net_worth.set_index("entity_id").loc[entity_id]
    doubtful = worth["broken_base"] + float(limit(inputs.limits, entity_id, "stale_uncertainty")) * worth["stale_base"]
    return float(doubtful / worth["nav_base"])


def _doubts(inputs: Inputs, entity_id: str) -> str:
    rows = inputs.reconciled_positions[inputs.reconciled_positions["entity_id"] == entity_id]
    stale = sorted(rows.loc[rows["is_stale"], "account_id"].unique())
    broken = sorted((rows["instrument_id"] + " in " + rows["account_id"])[rows["has_break"]].unique())
    parts = [f"stale: {', '.join(stale)}"] * bool(stale) + [f"open breaks: {', '.join(broken)}"] * bool(broken)
    return "; ".join(parts)
