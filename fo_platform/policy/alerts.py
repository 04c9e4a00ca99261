"""alerts.yaml: what a person must look at, how badly, and what to do. Finding who is affected belongs to analytics."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self, get_args

import pandas as pd
from pydantic import Field, RootModel, model_validator

from fo_platform.contracts import policy as contract
from fo_platform.contracts.catalogue import tables
from fo_platform.declarations import Declared, fault_at, nearest
from fo_platform.policy.models import Name, Share

Judged = Literal[
    "allocation_drift",
    "cash_forecast",
    "concentration",
    "drift_measures",
    "duplicate_exposures",
    "expected_deliveries",
    "exposures_currency",
    "fee_analysis",
    "holdings",
    "issuers",
    "liquidity_coverage",
    "liquidity_profile",
    "look_through",
    "performance",
    "reconciliation_breaks",
    "simulated_loss",
    "stress_losses",
    "var_backtests",
    "volatility",
]
"""Tables that rules may judge."""

COLUMNS = {table.table_name: set(table.fields()) for table in tables() if table.table_name in get_args(Judged)}
COLUMNS["holdings"].add("weight")
COLUMNS["issuers"] = {"scope", "issuer_id", "value_base", "issuer_weight"}
"""Columns that rules may name. Holdings have their weight over NAV; issuers are ultimate ones, looked through funds."""


class Needs(Declared):
    """What a figure's data must be before it is judged: part of the value it covers, part of NAV that is stale."""

    coverage_min: Share | None = None
    stale_max: Share | None = None


class AlertRule(Declared):
    """One rule; `title` and `remedy` are the two halves of the sentence that a person reads.

    where: cells that a row must have to be looked at. figure: the column that is judged; without one each row counts
    one. each: whether every row is judged by itself, the worst told, instead of their sum. threshold, or limit (a
    number of limits.yaml): without either every row that is looked at is a finding. rearm: an open alert closes only
    beyond it. named: columns that name a finding.
    """

    table: Judged
    where: dict[Name, str | list[str]] = {}
    figure: Name | None = None
    is_absolute: bool = False
    each: bool = True
    operator: Literal[">", ">=", "<", "<="] = ">"
    threshold: Decimal | None = None
    limit: Name | None = None
    rearm: Decimal | None = None
    scopes: list[Name] = []
    severity: Literal["info", "warn", "critical"]
    unit: str
    named: Annotated[list[Name], Field(min_length=1)]
    title: str
    remedy: str
    needs: Needs = Needs()

    @model_validator(mode="after")
    def _names_columns(self) -> Self:
        known = COLUMNS[self.table]
        for name in [*self.where, *self.named, *([self.figure] if self.figure else [])]:
            if name not in known:
                raise fault_at("table", f"{self.table} has no column {name}; {nearest(name, sorted(known))}")
        if self.needs.coverage_min is not None and "coverage_share" not in known:
            raise fault_at("needs", f"{self.table} states no coverage_share, so it cannot be needed")
        return self

    @model_validator(mode="after")
    def _has_one_threshold(self) -> Self:
        if self.threshold is not None and self.limit is not None:
            raise fault_at("limit", "states a threshold or a limit, one of the two")
        if self.rearm is None:
            return self
        if self.threshold is None or (self.rearm > self.threshold) == self.operator.startswith(">"):
            raise fault_at("rearm", "an alert closes at a number on the quiet side of its own threshold")
        return self


class AlertRules(RootModel[dict[Name, AlertRule]]):
    """alerts.yaml: rules by name."""


def alert_rules(rules: Mapping[str, AlertRule]) -> pd.DataFrame:
    """policy.AlertRules: every rule as a row."""
    rows = [
        {
            "rule": name,
            "judged_table": rule.table,
            "conditions": json.dumps({k: [v] if isinstance(v, str) else v for k, v in sorted(rule.where.items())}),
            "figure": rule.figure,
            "is_absolute": rule.is_absolute,
            "is_each": rule.each,
            "operator": rule.operator,
            "threshold": rule.threshold,
            "limit_name": rule.limit,
            "rearm": None if rule.rearm is None else float(rule.rearm),
            "scopes": ",".join(rule.scopes),
            "severity": rule.severity,
            "unit": rule.unit,
            "named": ",".join(rule.named),
            "title": rule.title,
            "remedy": rule.remedy,
            "coverage_min": None if rule.needs.coverage_min is None else float(rule.needs.coverage_min),
            "stale_max": None if rule.needs.stale_max is None else float(rule.needs.stale_max),
        }
        for name, rule in rules.items()
    ]
    return contract.AlertRules.frame(rows)
