"""Allocation against target, decided exactly. Whether a drift is worth trading does not belong here."""

from collections import defaultdict
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, localcontext

import pandas as pd

from fo_platform.analytics.allocation import ZERO, Line, Lines, Target, allocate, combine
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import in_scopes
from fo_platform.contracts.analytics import AllocationDrift
from fo_platform.limits import OFFICE, limit

ARITHMETIC = Context(prec=100, traps=[Inexact, InvalidOperation, DivisionByZero])
"""Sums, differences and products only: anything that would round raises."""


def allocation_drift(
    holdings: pd.DataFrame, net_worth: pd.DataFrame, allocation_targets: pd.DataFrame, limits: pd.DataFrame
) -> pd.DataFrame:
    """Drift of every class of every entity and of the office, over NAV and over the tradeable sleeve.

    The sleeve is NAV less illiquid classes and less the limit `reserve`, which is kept in cash. What an illiquid class
    lacks or has above its target goes to its proxy class; tradeable targets, none below zero, are scaled to the sleeve.
    The office's targets, hard limits and reserve are the sums of its entities' in money. A breach is decided in exact
    products, without division, and is strict; the fractions are only shown.
    """
    held = in_scopes(holdings, net_worth)
    values = held[held["scope"] != OFFICE].groupby(["scope", "asset_class"])["market_value_base"].sum()
    targets = _targets(allocation_targets)
    with localcontext(ARITHMETIC):
        entities = {
            name: allocate(name, values[name].to_dict(), targets[name], limit(limits, name, "reserve"))
            for name in values.index.unique("scope")
        }
        scopes = entities | {OFFICE: combine(entities.values())}
        rows = [
            row for name, lines in scopes.items() for row in _drifts(name, lines, limit(limits, name, "drift_limit"))
        ]
    return AllocationDrift.frame(rows)


METRIC = Metric(AllocationDrift, allocation_drift, exact=True)


def _targets(allocation_targets: pd.DataFrame) -> dict[str, dict[str, Target]]:
    """Targets by entity and class; a weight is the decimal that policy declares, the shortest of its float."""
    found: dict[str, dict[str, Target]] = defaultdict(dict)
    for row in allocation_targets.itertuples():
        found[str(row.entity_id)][str(row.asset_class)] = Target(
            weight=Decimal(str(row.weight_target)),
            weight_min=Decimal(str(row.weight_min)),
            weight_max=Decimal(str(row.weight_max)),
            is_liquid=bool(row.is_liquid),
            proxy=str(row.proxy_asset_class),
        )
    return found


def _drifts(scope: str, lines: Lines, drift_limit: Decimal) -> list[dict[str, object]]:
    """Rows of one scope."""
    whole = sum(lines.values(), Line())
    same = {
        "scope": scope,
        "nav_base": whole.value,
        "sleeve_base": whole.tradeable,
        "drift_limit": float(drift_limit),
    }
    return [same | {"asset_class": name} | _drift(line, whole, drift_limit) for name, line in lines.items()]


def _drift(line: Line, whole: Line, drift_limit: Decimal) -> dict[str, object]:
    """Verdicts and fractions of one class; the distance over the sleeve is multiplied out, it stands over `scale`."""
    scale = max(whole.tradeable, ZERO) * whole.wanted
    distance = line.tradeable * whole.wanted - line.wanted * whole.tradeable
    is_outside = not line.low <= line.value <= line.high
    return {
        "market_value_base": line.value,
        "is_breach": abs(distance) > drift_limit * scale,
        "is_hard_breach": bool(line.declared) and is_outside,
        "weight": _ratio(line.value, whole.value),
        "weight_target": _ratio(line.target, whole.value),
        "weight_min": _ratio(line.low, whole.value) if line.declared else None,
        "weight_max": _ratio(line.high, whole.value) if line.declared else None,
        "drift_total": _ratio(line.value - line.target, whole.value),
        "weight_tradeable": _ratio(line.tradeable, max(whole.tradeable, ZERO)),
        "weight_target_tradeable": _ratio(line.wanted, whole.wanted),
        "drift_tradeable": _ratio(distance, scale),
    }


def _ratio(numerator: Decimal, denominator: Decimal) -> float:
    """Quotient as a float, unknown over zero."""
    return float(numerator) / float(denominator) if denominator else float("nan")
