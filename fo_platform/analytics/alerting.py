"""Judging alert rules against rows of tables. Which rules there are belongs to policy, what is done to operations."""

import json
import operator
from dataclasses import dataclass

import pandas as pd

from fo_platform.analytics.scopes import TEXT
from fo_platform.limits import OFFICE, limit

NAMED = 3
"""How many findings a message names before it counts the others."""

FINDING = ["rule", "scope", "value", "threshold", "what", "alert_state"]

IS_BEYOND = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


@dataclass(frozen=True)
class Ground:
    """What rules are judged on beside their rows.

    limits: policy numbers. stale: part of NAV that is stale, by scope. opened: pairs (rule, scope) of the alerts that
    were open at the session before.
    """

    limits: pd.DataFrame
    stale: pd.Series
    opened: frozenset[tuple[str, str]]


def judge(rule: pd.Series, rows: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Findings of one rule, one row a scope: value, threshold, what is named and whether it is open or unjudged.

    rule: row of policy.AlertRules. rows: its table with a column `scope`. A scope whose data is not what the rule
    needs is told as unjudged, without value. An alert that was open stays open until the value is back at `rearm`.
    """
    held = rows[_matches(rows, json.loads(rule["conditions"]))]
    scopes = [name for name in rule["scopes"].split(",") if name]
    seen = held[held["scope"].isin(scopes)] if scopes else held
    judged = [_scope(rule, str(scope), of_scope, ground) for scope, of_scope in seen.groupby("scope")]
    found = [finding for finding in judged if finding is not None]
    return pd.DataFrame(found, columns=FINDING)


def scoped(rows: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Rows with their scope: as stated, else the entity, or that of the account, else the office."""
    if "scope" in rows:
        return rows
    if "entity_id" in rows:
        return rows.assign(scope=rows["entity_id"])
    if "account_id" not in rows:
        return rows.assign(scope=pd.Series(OFFICE, index=rows.index, dtype=TEXT))
    owners = accounts.set_index("account_id")["entity_id"]
    return rows.assign(scope=rows["account_id"].map(owners).astype(TEXT).fillna(OFFICE))


def _matches(rows: pd.DataFrame, conditions: dict[str, list[str]]) -> pd.Series:
    """Rows whose cells are, as text, among those that are wanted; a flag is `true` or `false`."""
    matching = pd.Series(data=True, index=rows.index)
    for column, wanted in conditions.items():
        cells = rows[column].astype(str)
        matching &= (cells.str.lower() if rows[column].dtype == bool else cells).isin(wanted)
    return matching


def _scope(rule: pd.Series, scope: str, rows: pd.DataFrame, ground: Ground) -> list[object] | None:
    """The finding of one scope, none where all is well."""
    doubt = _doubt(rule, scope, rows, ground)
    threshold = _threshold(rule, scope, ground)
    if doubt:
        return [rule["rule"], scope, None, threshold, doubt, "unjudged"]
    figures = rows[rule["figure"]].astype("float64") if pd.notna(rule["figure"]) else pd.Series(1.0, rows.index)
    known = (figures.abs() if rule["is_absolute"] else figures).dropna()
    values = known if rule["is_each"] else pd.Series(known.sum(), index=known.index)
    beyond = values if pd.isna(threshold) else values[IS_BEYOND[rule["operator"]](values, threshold)]
    if beyond.empty:
        return None
    worst = beyond.max() if rule["operator"].startswith(">") else beyond.min()
    return [rule["rule"], scope, worst, threshold, _named(rule, rows, known.loc[beyond.index]), "open"]


def _threshold(rule: pd.Series, scope: str, ground: Ground) -> float:
    """What the scope's figure is held against; unknown where every row that is looked at is a finding."""
    if pd.notna(rule["limit_name"]):
        return float(limit(ground.limits, scope, rule["limit_name"]))
    is_open = (rule["rule"], scope) in ground.opened and pd.notna(rule["rearm"])
    return float(rule["rearm"] if is_open else rule["threshold"])


def _doubt(rule: pd.Series, scope: str, rows: pd.DataFrame, ground: Ground) -> str:
    """Why the scope's figure cannot be judged; empty if it can."""
    if pd.notna(rule["coverage_min"]) and (least := rows["coverage_share"].min()) < rule["coverage_min"]:
        return f"a figure that covers only {least:.0%} of the value"
    stale = float(ground.stale.get(scope, 0.0))
    if pd.notna(rule["stale_max"]) and stale > rule["stale_max"]:
        return f"a figure of which {stale:.0%} of NAV is stale"
    return ""


def _named(rule: pd.Series, rows: pd.DataFrame, figures: pd.Series) -> str:
    """The findings by name, the largest first."""
    columns = rule["named"].split(",")
    names = rows.loc[figures.index, columns].astype(str).agg(" ".join, axis=1)
    order = pd.DataFrame({"size": figures.abs(), "name": names}).sort_values(["size", "name"], ascending=[False, True])
    distinct = order["name"].drop_duplicates().tolist()
    more = f" and {len(distinct) - NAMED} more" if len(distinct) > NAMED else ""
    return ", ".join(distinct[:NAMED]) + more
