"""What needs a person's eye: one row a rule and scope, the same identifier every day."""

from collections.abc import Mapping
from dataclasses import fields
from types import SimpleNamespace
from typing import get_args

import pandas as pd
import pytest
from pydantic import ValidationError

from fo_platform.analytics.metrics.alerts import Judged, alerts
from fo_platform.contracts import analytics, policy
from fo_platform.contracts._base import inexact
from fo_platform.contracts.catalogue import tables
from fo_platform.ids import short_id
from fo_platform.policy.alerts import AlertRules, alert_rules
from fo_platform.policy.alerts import Judged as JudgedName
from fo_platform.policy.load import load_policy
from fo_platform_tests.analytics.funds import fund_holdings, looked
from fo_platform_tests.conftest import ROOT

DEMO = ROOT / "resources/offices/demo"
CONTRACTS = {
    table.table_name: table for table in tables() if table.table_name in {part.name for part in fields(Judged)}
}

DRIFT = {
    "asset_class": "us_equity", "market_value_base": 0, "nav_base": 0, "sleeve_base": 0, "weight": 0.53,
    "weight_target": 0.5, "weight_min": 0.4, "weight_max": 0.6, "drift_total": 0.03, "weight_tradeable": 0.53,
    "weight_target_tradeable": 0.5, "drift_tradeable": 0.03, "drift_limit": 0.02,
    "is_breach": False, "is_hard_breach": False,
}  # fmt: skip
DELIVERY = {"account_id": "trust_1", "expected_date": "2022-06-13", "age_sessions": 1, "row_count": 0}
BREAK = {
    "account_id": "trust_1", "instrument_id": "A", "break_class": "quantity", "severity": "warn",
    "explanation": "Differs.", "first_seen_date": "2022-06-13", "age_sessions": 0,
}  # fmt: skip


def alerts_of(
    frames: SimpleNamespace,
    held: pd.DataFrame,
    before: pd.DataFrame | None = None,
    rules: Mapping[str, Mapping[str, object]] | None = None,
    **rows: list[dict[str, object]],
) -> pd.DataFrame:
    """Alerts by rule and scope of an office where all is well but what the arguments say.

    before: the alerts of the session before. rules: those of the demo office, unless others are given.
    """
    accounts = [{"account_id": f"{name}_1", "entity_id": name} for name in ("trust", "llc")]
    names = [name for name in held["instrument_id"].unique() if not name.startswith("CASH.")]
    declared = AlertRules.model_validate(rules).root if rules else load_policy(DEMO).alerts
    given = {
        "allocation_drift": rows.get("drifts", []),
        "expected_deliveries": rows.get("deliveries", []),
        "reconciliation_breaks": rows.get("breaks", []),
        "volatility": rows.get("volatilities", []),
    }
    made = {name: inexact(table.frame(given.get(name, []))) for name, table in CONTRACTS.items()}
    leaves = looked(held, frames.net_worth(held), frames.instruments(*names), fund_holdings())
    judged = Judged(**{**made, "holdings": inexact(held), "look_through": leaves})
    found = alerts(
        judged=judged,
        alert_rules=inexact(alert_rules(declared)),
        alerts_previous=analytics.Alerts.frame() if before is None else before.reset_index(),
        net_worth=inexact(frames.net_worth(held)),
        accounts=inexact(policy.Accounts.frame(pd.DataFrame(accounts).assign(is_tradeable=True))),
        limits=inexact(frames.limits(("office", "issuer_weight_max", "0.1"))),
    )
    return inexact(analytics.Alerts.validate(found)).set_index(["rule", "scope"])


@pytest.fixture
def quiet(frames: SimpleNamespace) -> pd.DataFrame:
    """Holdings that alarm nobody."""
    return frames.positions(("trust", "A", "us_equity", 10), ("trust", "CASH.USD", "cash", 90))


def test_an_office_where_all_is_well_has_no_alert(frames: SimpleNamespace, quiet: pd.DataFrame) -> None:
    deliveries = [DELIVERY | {"source": "bank", "feed": "mt535", "coverage_status": "received"}]
    assert alerts_of(frames, quiet, deliveries=deliveries, drifts=[DRIFT | {"scope": "trust"}]).empty
    assert alerts_of(frames, frames.positions()).empty


def test_deliveries_that_did_not_come_are_one_alert_a_status_and_owner(
    frames: SimpleNamespace, quiet: pd.DataFrame
) -> None:
    stated = [
        ("bank", "mt535", "trust_1", "quarantined"),
        ("bank", "mt940", "trust_1", "quarantined"),
        ("bank", "mt535", "llc_1", "missing"),
        ("market_data", "market_csv", "*", "late"),
    ]
    rows = [
        DELIVERY | dict(zip(("source", "feed", "account_id", "coverage_status"), row, strict=True)) for row in stated
    ]
    found = alerts_of(frames, quiet, deliveries=rows)
    assert found["value"].to_dict() == {
        ("delivery_late", "office"): 1, ("delivery_missing", "llc"): 1, ("delivery_quarantined", "trust"): 2,
    }  # fmt: skip
    quarantined = found.loc[("delivery_quarantined", "trust")]
    assert (
        quarantined["message"] == "Quarantined from bank mt535, bank mt940; ask the source for a whole and valid file."
    )
    assert quarantined["severity"] == "critical"


def test_breaks_are_one_alert_a_severity_and_owner(frames: SimpleNamespace, quiet: pd.DataFrame) -> None:
    breaks = [BREAK | {"break_id": str(n), "instrument_id": f"I{n}"} for n in range(5)]
    breaks += [BREAK | {"break_id": "c", "severity": "critical", "account_id": "llc_1"}]
    found = alerts_of(frames, quiet, breaks=breaks)
    assert found["value"].to_dict() == {("open_breaks_critical", "llc"): 1, ("open_breaks_warn", "trust"): 5}
    assert "trust_1 I0, trust_1 I1, trust_1 I2 and 2 more;" in found.loc[("open_breaks_warn", "trust"), "message"]
    assert found["severity"].to_dict() == {
        ("open_breaks_critical", "llc"): "critical",
        ("open_breaks_warn", "trust"): "warn",
    }


def test_stale_holdings_are_weighed_and_unpriced_ones_counted(frames: SimpleNamespace) -> None:
    held = frames.positions(
        ("trust", "A", "us_equity", 5), ("trust", "CASH.USD", "cash", 95), ("trust", "B", "us_equity", None)
    )
    names = held["instrument_id"].astype("object")
    worse = held.assign(is_stale=names == "A", is_priced=names != "B")
    found = alerts_of(frames, worse)
    assert found["value"].to_dict() == {("stale_holdings", "trust"): 0.05, ("unpriced_holdings", "trust"): 1}
    assert "for want of a price: B;" in found.loc[("unpriced_holdings", "trust"), "message"]


def test_a_drift_alert_states_the_worst_class(frames: SimpleNamespace, quiet: pd.DataFrame) -> None:
    breach = DRIFT | {"scope": "trust", "is_breach": True}
    under = breach | {"asset_class": "bond", "drift_tradeable": -0.05}
    found = alerts_of(frames, quiet, drifts=[breach, under, DRIFT | {"scope": "llc"}])
    drift = found.loc[("drift_breach", "trust")]
    assert drift["value"] == 0.05
    assert drift["message"] == "Beyond the drift limit: bond, us_equity; read the evaluation and decide."
    assert len(found) == 1


@pytest.mark.parametrize("weight", [0.63, 0.35])
def test_a_hard_limit_alert_states_the_weight(frames: SimpleNamespace, quiet: pd.DataFrame, weight: float) -> None:
    found = alerts_of(frames, quiet, drifts=[DRIFT | {"scope": "llc", "weight": weight, "is_hard_breach": True}])
    assert found["value"].to_dict() == {("hard_limit_breach", "llc"): weight}
    assert found["severity"].tolist() == ["critical"]


def test_an_issuer_at_its_limit_is_no_alert_and_above_it_is_named(frames: SimpleNamespace, quiet: pd.DataFrame) -> None:
    assert alerts_of(frames, quiet).empty
    found = alerts_of(frames, frames.positions(("trust", "A", "us_equity", 11), ("trust", "CASH.USD", "cash", 89)))
    assert found["value"].to_dict() == {
        ("issuer_concentration", "office"): 0.11,
        ("issuer_concentration", "trust"): 0.11,
    }
    assert found["threshold"].tolist() == [0.1, 0.1]
    assert found["message"].str.startswith("Above the issuer limit: A;").all()


def test_an_alert_keeps_its_identifier_whatever_its_findings(frames: SimpleNamespace, quiet: pd.DataFrame) -> None:
    one = alerts_of(frames, quiet, breaks=[BREAK | {"break_id": "1"}])
    other = alerts_of(frames, quiet, breaks=[BREAK | {"break_id": "2", "instrument_id": "Z"}])
    expected = short_id("open_breaks_warn", "trust")
    assert [one["alert_id"].item(), other["alert_id"].item()] == [expected, expected]


CALM = {
    "table": "volatility", "figure": "volatility_annual", "severity": "warn", "unit": "1", "named": ["asset_class"],
    "title": "Wild:", "remedy": "look", "threshold": "0.2", "rearm": "0.15", "where": {"asset_class": "total"},
}  # fmt: skip
MOVES = {"scope": "trust", "asset_class": "total", "observations": 99, "coverage_share": 0.9}


def _wild(
    frames: SimpleNamespace, quiet: pd.DataFrame, volatility: float, before: pd.DataFrame | None = None, **more: object
) -> pd.DataFrame:
    rows = [MOVES | {"volatility_annual": volatility, "volatility_ewma_annual": volatility}]
    return alerts_of(frames, quiet, before, {"wild": CALM | more}, volatilities=rows)


def test_an_open_alert_closes_only_where_it_rearms(frames: SimpleNamespace, quiet: pd.DataFrame) -> None:
    opened = _wild(frames, quiet, 0.21)
    assert opened["value"].tolist() == [0.21]
    assert _wild(frames, quiet, 0.18).empty
    assert _wild(frames, quiet, 0.18, opened)["threshold"].tolist() == [0.15]
    assert _wild(frames, quiet, 0.15, opened).empty


@pytest.mark.parametrize(("operator", "found"), [(">", 0), (">=", 1), ("<", 0), ("<=", 1)])
def test_a_figure_at_its_threshold(frames: SimpleNamespace, quiet: pd.DataFrame, operator: str, found: int) -> None:
    assert len(_wild(frames, quiet, 0.2, operator=operator, rearm=None)) == found


def test_a_figure_whose_data_is_not_what_the_rule_needs_is_told_as_unjudged(
    frames: SimpleNamespace, quiet: pd.DataFrame
) -> None:
    row = _wild(frames, quiet, 0.5, needs={"coverage_min": "0.95"}).loc[("wild", "trust")]
    assert (row["alert_state"], pd.isna(row["value"])) == ("unjudged", True)
    assert row["message"] == "Cannot be judged: a figure that covers only 90% of the value; have the data completed."


def test_a_rule_may_be_for_some_scopes_only(frames: SimpleNamespace, quiet: pd.DataFrame) -> None:
    assert _wild(frames, quiet, 0.5, scopes=["office"]).empty
    assert len(_wild(frames, quiet, 0.5, scopes=["trust"])) == 1


def test_an_unknown_figure_is_no_finding(frames: SimpleNamespace, quiet: pd.DataFrame) -> None:
    assert _wild(frames, quiet, float("nan")).empty


def test_every_rule_of_the_demo_is_one_sentence_with_a_remedy() -> None:
    for name, rule in load_policy(DEMO).alerts.items():
        sentence = f"{rule.title} X; {rule.remedy}."
        assert sentence[0].isupper(), name
        assert sentence.count(".") == 1, name


def test_the_tables_that_rules_may_name_are_those_that_are_read() -> None:
    assert set(get_args(JudgedName)) == {part.name for part in fields(Judged)} | {"issuers"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"figure": "volatlity_annual"}, "did you mean `volatility_annual`"),
        ({"table": "vol"}, "Input should be"),
        ({"limit": "issuer_weight_max"}, "one of the two"),
        ({"rearm": "0.3"}, "quiet side"),
        ({"table": "holdings", "figure": "weight", "where": {}, "needs": {"coverage_min": "0.5"}}, "no coverage_share"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(more: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        AlertRules.model_validate({"wild": CALM | more})
