"""One owner's tables as arrays: what it holds, where it should be, and every limit it trades under.

Targets: the current mix of instruments within each class, scaled to the class's tradeable target. Drift is therefore
drift between classes; a trade that changes the mix within a class is charged its risk against that mix. What a solver
makes of it does not belong here.
"""

import numpy as np
import pandas as pd

from fo_platform import costs
from fo_platform.decision.holdings import positions_in, read_lots, read_pockets, read_purchases
from fo_platform.decision.inputs import Inputs
from fo_platform.decision.lines import CASH_CLASS, LINE, entity_lines, unreachable_classes
from fo_platform.decision.model import Array, Assets, Classes, Problem, forbid
from fo_platform.decision.risk_model import risk_model
from fo_platform.decision.taxes import entity_taxpayers
from fo_platform.decision.wash_sales import NOTHING, Washed, forbidden
from fo_platform.limits import limit


def build_problem(inputs: Inputs, entity_id: str, day: pd.Timestamp, washed: Washed = NOTHING) -> Problem:
    """The problem of one owner. washed: what its wash-sale group bought and sold, or proposes to, too near to today."""
    lines = entity_lines(inputs, entity_id)
    drift = inputs.allocation_drift[inputs.allocation_drift["scope"] == entity_id].set_index("asset_class")
    entity = inputs.entities.set_index("entity_id").loc[entity_id]
    nav, sleeve = float(drift["nav_base"].iloc[0]), float(drift["sleeve_base"].iloc[0])
    assets = _assets(inputs, entity_id, lines, drift)
    problem = Problem(
        entity_id=entity_id,
        nav=nav,
        risk_aversion=float(entity["risk_aversion"]),
        turnover_cap=nav * _limit(inputs, entity_id, "turnover_max"),
        ticket_min=_limit(inputs, entity_id, "ticket_min"),
        sleeve=sleeve,
        drift_limit=sleeve * _limit(inputs, entity_id, "drift_limit"),
        rearm=sleeve * _limit(inputs, entity_id, "drift_rearm"),
        collar=_limit(inputs, entity_id, "collar_bps") * costs.BPS,
        assets=assets,
        lots=read_lots(inputs, lines, assets, day),
        purchases=read_purchases(lines, assets),
        pockets=read_pockets(inputs, lines, assets),
        classes=_classes(inputs, entity_id, lines, nav),
        taxpayers=entity_taxpayers(entity_id, inputs, day),
        unreachable=unreachable_classes(inputs, entity_id, lines),
    )
    return forbid(problem, *forbidden(problem, washed))


def _limit(inputs: Inputs, entity_id: str, name: str) -> float:
    return float(limit(inputs.limits, entity_id, name))


def _class_names(lines: pd.DataFrame) -> list[str]:
    return sorted(lines["asset_class"].unique())


def _assets(inputs: Inputs, entity_id: str, lines: pd.DataFrame, drift: pd.DataFrame) -> Assets:
    ordered = lines.sort_values(["is_open", *LINE], ascending=[False, True, True])
    rows = ordered.drop_duplicates("instrument_id").set_index("instrument_id").sort_index()
    value = lines.groupby("instrument_id")["value"].sum().reindex(rows.index)
    adv_value = (rows["adv_quantity"] * rows["unit_value"]).where(rows["is_open"]).to_numpy(float)
    is_open = np.isfinite(adv_value)
    volume = np.where(is_open, adv_value, 1.0)
    commission, coefficient = (_limit(inputs, entity_id, name) for name in ("commission_bps", "impact_coefficient"))
    linear = costs.linear_fraction(rows["spread_bps"].fillna(0.0).to_numpy(float), commission)
    exposure, specific = risk_model(inputs, value, is_open)
    return Assets(
        names=tuple(rows.index),
        value=value.to_numpy(float),
        target=_target(value, rows["asset_class"], drift),
        class_index=positions_in(_class_names(lines), rows["asset_class"]),
        exposure=exposure,
        specific=specific,
        linear=np.where(is_open, linear, 0.0),
        impact=np.where(is_open, costs.impact_scale(volume, coefficient), 0.0),
        volume_cap=np.where(is_open, volume * _limit(inputs, entity_id, "participation_max"), 0.0),
    )


def _target(value: pd.Series, asset_class: pd.Series, drift: pd.DataFrame) -> Array:
    """Target of every instrument: its share of the class's long holdings, times the class's target value.

    A class without long holdings is split evenly; one outside the tradeable sleeve has no drift, so it is its target.
    """
    long = value.clip(lower=0.0)
    held = long.groupby(asset_class).transform("sum")
    even = 1.0 / asset_class.groupby(asset_class).transform("size")
    share = (long / held.where(held > 0)).fillna(even)
    excess = (drift["drift_tradeable"].fillna(0.0) * drift["sleeve_base"]).reindex(asset_class).fillna(0.0)
    target: Array = (share * (value.groupby(asset_class).transform("sum") - excess.to_numpy(float))).to_numpy(float)
    return target


def _classes(inputs: Inputs, entity_id: str, lines: pd.DataFrame, nav: float) -> Classes:
    """Hard limits in base currency, drawn in by what rounding to whole lots can move, never past where we stand."""
    names = _class_names(lines)
    targets = inputs.allocation_targets[inputs.allocation_targets["entity_id"] == entity_id].set_index("asset_class")
    held = lines.groupby("asset_class")["value"].sum().reindex(names).to_numpy(float)
    step = (lines["lot_size"] * lines["unit_value"]).where(lines["is_open"], 0.0).fillna(0.0)
    by_class = step.groupby(lines["asset_class"]).sum().reindex(names).to_numpy(float)
    lower = nav * targets["weight_min"].reindex(names).fillna(0.0).to_numpy(float)
    upper = nav * targets["weight_max"].reindex(names).fillna(1.0).to_numpy(float)
    rounding = np.minimum(np.where(np.array(names) == CASH_CLASS, step.sum(), by_class), (upper - lower) / 2)
    return Classes(
        names=tuple(names),
        lower=np.where(held < lower, lower + rounding, np.minimum(lower + rounding, held)),
        upper=np.where(held > upper, upper - rounding, np.maximum(upper - rounding, held)),
    )
