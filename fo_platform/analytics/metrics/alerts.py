"""What needs a person's eye today. Notification and what was done about an alert do not belong here."""

from dataclasses import dataclass, fields

import pandas as pd

from fo_platform.analytics.alerting import Ground, judge, scoped
from fo_platform.analytics.issuers import issuer_weights
from fo_platform.analytics.metric import Metric
from fo_platform.contracts.analytics import Alerts
from fo_platform.ids import short_id


@dataclass(frozen=True)
class Judged:
    """The tables that rules may judge, of one business date."""

    allocation_drift: pd.DataFrame
    cash_forecast: pd.DataFrame
    concentration: pd.DataFrame
    drift_measures: pd.DataFrame
    duplicate_exposures: pd.DataFrame
    expected_deliveries: pd.DataFrame
    exposures_currency: pd.DataFrame
    fee_analysis: pd.DataFrame
    holdings: pd.DataFrame
    liquidity_coverage: pd.DataFrame
    liquidity_profile: pd.DataFrame
    look_through: pd.DataFrame
    performance: pd.DataFrame
    reconciliation_breaks: pd.DataFrame
    simulated_loss: pd.DataFrame
    stress_losses: pd.DataFrame
    var_backtests: pd.DataFrame
    volatility: pd.DataFrame


def alerts(
    *,
    judged: Judged,
    alert_rules: pd.DataFrame,
    alerts_previous: pd.DataFrame,
    net_worth: pd.DataFrame,
    accounts: pd.DataFrame,
    limits: pd.DataFrame,
) -> pd.DataFrame:
    """One row a rule and scope that has findings; its identifier is that of the same alert on any other day.

    What belongs to an account is shown under its entity, what belongs to none under the office.
    """
    worth = net_worth.set_index("entity_id")
    ground = Ground(
        limits=limits,
        stale=(worth["stale_base"] / worth["nav_base"].where(worth["nav_base"] != 0)).fillna(0.0),
        opened=frozenset(zip(alerts_previous["rule"], alerts_previous["scope"], strict=True)),
    )
    frames = {part.name: scoped(getattr(judged, part.name), accounts) for part in fields(Judged)}
    held = frames["holdings"]
    nav = held["scope"].map(worth["nav_base"])
    frames["holdings"] = held.assign(weight=held["market_value_base"] / nav.where(nav != 0))
    debts = held.loc[held["holding_kind"] == "liability", "instrument_id"]
    frames["issuers"] = issuer_weights(judged.look_through, debts).rename(columns={"share": "issuer_weight"})
    found = [judge(rule, frames[rule["judged_table"]], ground) for _, rule in alert_rules.iterrows()]
    filled = [findings for findings in found if len(findings)]
    return Alerts.frame(_told(pd.concat(filled, ignore_index=True), alert_rules) if filled else ())


METRIC = Metric(Alerts, alerts)


def _told(findings: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """Findings as sentences: what is wrong and what to do, or why it cannot be said."""
    texts = rules[["rule", "severity", "unit", "title", "remedy"]]
    rows = findings.merge(texts, how="left", on="rule", validate="many_to_one")
    is_open = rows["alert_state"] == "open"
    doubted = "Cannot be judged: " + rows["what"] + "; have the data completed."
    return rows.assign(
        alert_id=[short_id(rule, scope) for rule, scope in zip(rows["rule"], rows["scope"], strict=True)],
        message=(rows["title"] + " " + rows["what"] + "; " + rows["remedy"] + ".").where(is_open, doubted),
        value=rows["value"].astype("float64"),
        threshold=rows["threshold"].astype("float64"),
    )[list(Alerts.fields())]
