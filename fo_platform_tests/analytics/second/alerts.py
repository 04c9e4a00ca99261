"""Alerts, rule by rule and row by row in plain loops. How the metric judges them does not belong here."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

Read = Callable[..., pd.DataFrame]
Row = dict[str, Any]


def second(read: Read) -> pd.DataFrame:
    """alert_id, rule, scope, severity, value and threshold of every rule that finds something."""
    rules = read("policy.alert_rules").to_dict("records")
    limits = {(r["entity_id"], r["limit_name"]): r["value"] for r in read("policy.limits").to_dict("records")}
    before = {(r["rule"], r["scope"]) for r in read("analytics.alerts", back=1).to_dict("records")}
    return pd.DataFrame(
        [found for rule in rules for found in _found(rule, list(_rows(read, rule["judged_table"])), limits, before)]
    )


def _found(
    rule: Row, rows: list[Row], limits: dict[tuple[str, str], float], before: set[tuple[str, str]]
) -> Iterator[Row]:
    wanted = json.loads(rule["conditions"])
    seen = [row for row in rows if all(_text(row[name]) in cells for name, cells in wanted.items())]
    for scope in sorted({row["scope"] for row in seen}):
        if rule["scopes"] and scope not in rule["scopes"].split(","):
            continue
        mine = [row for row in seen if row["scope"] == scope]
        figures = [1.0 if pd.isna(rule["figure"]) else float(row[rule["figure"]]) for row in mine]
        known = [abs(figure) if rule["is_absolute"] else figure for figure in figures if pd.notna(figure)]
        values = known if rule["is_each"] else [sum(known)]
        threshold = rule["threshold"]
        if pd.notna(rule["limit_name"]):
            threshold = limits[scope, rule["limit_name"]]
        elif pd.notna(rule["rearm"]) and (rule["rule"], scope) in before:
            threshold = rule["rearm"]
        signs = {">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b}
        beyond = [v for v in values if pd.isna(threshold) or signs[rule["operator"]](v, threshold)]
        if known and beyond:
            worst = max(beyond) if rule["operator"].startswith(">") else min(beyond)
            same = {name: rule[name] for name in ("rule", "severity", "unit")}
            yield {"alert_id": _id(rule["rule"], scope), "scope": scope, "value": worst, "threshold": threshold, **same}


def _rows(read: Read, table: str) -> Iterator[Row]:
    owners = dict(read("policy.accounts")[["account_id", "entity_id"]].itertuples(index=False))
    nav = dict(read("book.net_worth")[["entity_id", "nav_base"]].itertuples(index=False))
    if table == "issuers":
        yield from _issuers(read)
        return
    schema = "book" if table in ("holdings", "expected_deliveries", "reconciliation_breaks") else "analytics"
    for row in read(f"{schema}.{table}").to_dict("records"):
        scope = row.get("scope") or row.get("entity_id") or owners.get(row.get("account_id"), "office")
        weight = row["market_value_base"] / nav[scope] if table == "holdings" else None
        yield {**row, "scope": scope, "weight": row.get("weight", weight)}


def _issuers(read: Read) -> Iterator[Row]:
    held = read("book.holdings")
    debts = set(held.loc[held["holding_kind"] == "liability", "instrument_id"])
    sums: dict[tuple[str, str], float] = {}
    for row in read("analytics.look_through").to_dict("records"):
        if row["leaf_id"].startswith("CASH.") or row["held_instrument_id"] in debts:
            continue
        key = row["scope"], row["leaf_id"] if pd.isna(row["issuer_id"]) else row["issuer_id"]
        sums[key] = sums.get(key, 0.0) + row["weight"]
    for (scope, issuer), weight in sums.items():
        yield {"scope": scope, "issuer_id": issuer, "issuer_weight": abs(weight)}


def _text(cell: object) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _id(*parts: str) -> str:
    body = b"".join(len(part.encode()).to_bytes(8, "big") + part.encode() for part in parts)
    return hashlib.sha256(body).hexdigest()[:16]
