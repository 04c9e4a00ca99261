"""What needs a person's eye today. Episodes, notification and what was done about an alert do not belong here."""

import pandas as pd

from fo_platform.analytics.alert_rules import RULES
from fo_platform.analytics.issuers import issuer_values
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import TEXT, holdings
from fo_platform.contracts.analytics import Alerts
from fo_platform.contracts.book import ExpectedDeliveries
from fo_platform.ids import short_id
from fo_platform.limits import OFFICE, limit

NAMED = 3
"""How many findings a message names before it counts the others."""

FINDING = ["rule", "scope", "what", "value", "threshold"]


def alerts(
    *,
    expected_deliveries: pd.DataFrame,
    reconciliation_breaks: pd.DataFrame,
    reconciled_positions: pd.DataFrame,
    net_worth: pd.DataFrame,
    allocation_drift: pd.DataFrame,
    instruments: pd.DataFrame,
    accounts: pd.DataFrame,
    limits: pd.DataFrame,
) -> pd.DataFrame:
    """One row a rule and scope that has findings; its identifier is that of the same alert on any other day.

    What belongs to an account is shown under its entity, what belongs to none under the office.
    """
    held = holdings(reconciled_positions, net_worth)
    every = [
        _deliveries(expected_deliveries, accounts),
        _breaks(reconciliation_breaks, accounts),
        _stale(held),
        _unpriced(reconciled_positions),
        _drifts(allocation_drift),
        _hard_limits(allocation_drift),
        _issuers(issuer_values(held, instruments), limits),
    ]
    found = [findings[FINDING] for findings in every if len(findings)]
    return Alerts.frame(_alerts(pd.concat(found, ignore_index=True)) if found else ())


METRIC = Metric(Alerts, alerts)


def _deliveries(expected_deliveries: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    rows = expected_deliveries[~expected_deliveries["coverage_status"].isin(ExpectedDeliveries.in_hand)]
    what = rows["source"] + " " + rows["feed"]
    return rows.assign(
        rule="delivery_" + rows["coverage_status"], scope=_owner(rows, accounts), what=what, value=1.0, threshold=0.0
    )


def _breaks(reconciliation_breaks: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    rows = reconciliation_breaks
    what = rows["account_id"] + " " + rows["instrument_id"]
    return rows.assign(
        rule="open_breaks_" + rows["severity"], scope=_owner(rows, accounts), what=what, value=1.0, threshold=0.0
    )


def _stale(held: pd.DataFrame) -> pd.DataFrame:
    rows = held[held["is_stale"] & (held["scope"] != OFFICE)]
    share = (rows["market_value_base"] / rows["nav_base"]).abs()
    return rows.assign(rule="stale_holdings", what=rows["instrument_id"], value=share, threshold=0.0)


def _unpriced(reconciled_positions: pd.DataFrame) -> pd.DataFrame:
    rows = reconciled_positions[~reconciled_positions["is_priced"]]
    return rows.assign(
        rule="unpriced_holdings", scope=rows["entity_id"], what=rows["instrument_id"], value=1.0, threshold=0.0
    )


def _drifts(allocation_drift: pd.DataFrame) -> pd.DataFrame:
    rows = allocation_drift[allocation_drift["is_breach"]]
    drift = rows["drift_tradeable"].abs()
    return rows.assign(rule="drift_breach", what=rows["asset_class"], value=drift, threshold=rows["drift_limit"])


def _hard_limits(allocation_drift: pd.DataFrame) -> pd.DataFrame:
    """How far weights lie outside their hard limits."""
    rows = allocation_drift[allocation_drift["is_hard_breach"]]
    below, above = rows["weight_min"] - rows["weight"], rows["weight"] - rows["weight_max"]
    return rows.assign(
        rule="hard_limit_breach", what=rows["asset_class"], value=below.where(below > above, above), threshold=0.0
    )


def _issuers(issuers: pd.DataFrame, limits: pd.DataFrame) -> pd.DataFrame:
    most = {scope: float(limit(limits, scope, "issuer_weight_max")) for scope in issuers["scope"].unique()}
    share = (issuers["market_value_base"] / issuers["nav_base"]).abs()
    rows = issuers.assign(rule="issuer_concentration", what=issuers["issuer_id"], value=share)
    limited = rows.assign(threshold=rows["scope"].map(most).astype("float64"))
    return limited[limited["value"] > limited["threshold"]]


def _owner(rows: pd.DataFrame, accounts: pd.DataFrame) -> pd.Series:
    """Entity of every row's account; the office where the account is nobody's."""
    return rows["account_id"].map(accounts.set_index("account_id")["entity_id"]).astype(TEXT).fillna(OFFICE)


def _alerts(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings gathered by rule and scope, the largest named first."""
    ordered = findings.sort_values(["value", "what"], ascending=[False, True])
    rows = ordered.groupby(["rule", "scope"], as_index=False).agg(
        total=("value", "sum"), worst=("value", "max"), threshold=("threshold", "first"), what=("what", _named)
    )
    told = rows.merge(
        pd.DataFrame(list(RULES.values()), index=list(RULES)), how="left", left_on="rule", right_index=True
    )
    return told.assign(
        alert_id=[short_id(rule, scope) for rule, scope in zip(told["rule"], told["scope"], strict=True)],
        value=told["worst"].where(told["is_worst"], told["total"]),
        message=told["title"] + " " + told["what"] + "; " + told["remedy"] + ".",
    )[list(Alerts.fields())]


def _named(what: pd.Series) -> str:
    names = what.unique()
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
