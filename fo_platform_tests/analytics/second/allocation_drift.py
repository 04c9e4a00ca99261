"""Drift of every class once more, in fractions of whole numbers."""

from collections import defaultdict
from fractions import Fraction

import pandas as pd


def second(read) -> pd.DataFrame:
    """Weights, targets and drift, class by class."""
    held = defaultdict(lambda: defaultdict(Fraction))
    for line in read("book.holdings").dropna(subset=["market_value_base"]).itertuples():
        held[line.entity_id][line.asset_class] += Fraction(str(line.market_value_base))
    wanted = defaultdict(dict)
    for row in read("policy.allocation_targets").itertuples():
        wanted[row.entity_id][row.asset_class] = row
    numbers = {(row.entity_id, row.limit_name): Fraction(str(row.value)) for row in read("policy.limits").itertuples()}
    office = defaultdict(lambda: [Fraction(0)] * 4)
    rows = []
    for owner, values in held.items():
        lines = _lines(values, wanted[owner], numbers.get((owner, "reserve"), numbers["office", "reserve"]))
        rows += _rows(owner, lines)
        for name, amounts in lines.items():
            office[name] = [mine + its for mine, its in zip(office[name], amounts, strict=True)]
    return pd.DataFrame(rows + _rows("office", office))


def _lines(values, targets, reserve):
    """Value, target, tradeable value and what is wanted of it, by class."""
    nav = sum(values.values())
    lines = {}
    for name in {*values, *targets, *(["cash"] if reserve else [])}:
        value, row = values.get(name, Fraction(0)), targets.get(name)
        weight = Fraction(str(row.weight_target)) if row is not None else Fraction(0)
        lines[name] = [value, weight * nav, value, weight * nav]
    for name, row in targets.items():
        if not row.is_liquid:
            lines[row.proxy_asset_class][3] += lines[name][1] - lines[name][0]
    for name, row in targets.items():
        if not row.is_liquid:
            lines[name][2:] = [Fraction(0), Fraction(0)]
    if reserve:
        lines["cash"][2] -= reserve
    return {name: [*amounts[:3], max(amounts[3], Fraction(0))] for name, amounts in lines.items()}


def _rows(scope, lines):
    nav, _, sleeve, wish = (sum(amounts[at] for amounts in lines.values()) for at in range(4))
    return [
        {
            "scope": scope,
            "asset_class": name,
            "market_value_base": float(value),
            "nav_base": float(nav),
            "sleeve_base": float(sleeve),
            "weight": float(value / nav),
            "weight_target": float(target / nav),
            "drift_total": float((value - target) / nav),
            "weight_tradeable": float(tradeable / sleeve),
            "weight_target_tradeable": float(wanted / wish),
            "drift_tradeable": float(tradeable / sleeve - wanted / wish),
        }
        for name, (value, target, tradeable, wanted) in lines.items()
    ]
