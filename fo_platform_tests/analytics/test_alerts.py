"""What needs a person's eye: one row a rule and scope, the same identifier every day."""

from types import SimpleNamespace

import pandas as pd
import pytest

from fo_platform.analytics.alert_rules import RULES
from fo_platform.analytics.metrics.alerts import alerts
from fo_platform.contracts import analytics, book, policy
from fo_platform.contracts._base import inexact
from fo_platform.ids import short_id

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


def alerts_of(frames: SimpleNamespace, held: pd.DataFrame, **rows: list[dict[str, object]]) -> pd.DataFrame:
    """Alerts by rule and scope of an office where all is well but what the arguments say."""
    accounts = [{"account_id": f"{name}_1", "entity_id": name} for name in ("trust", "llc")]
    names = [name for name in held["instrument_id"].unique() if not name.startswith("CASH.")]
    found = alerts(
        expected_deliveries=book.ExpectedDeliveries.frame(rows.get("deliveries", [])),
        reconciliation_breaks=inexact(book.ReconciliationBreaks.frame(rows.get("breaks", []))),
        reconciled_positions=inexact(held),
        net_worth=inexact(frames.net_worth(held)),
        allocation_drift=inexact(analytics.AllocationDrift.frame(rows.get("drifts", []))),
        instruments=frames.instruments(*names),
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


def test_a_drift_alert_states_the_worst_class_and_its_limit(frames: SimpleNamespace, quiet: pd.DataFrame) -> None:
    breach = DRIFT | {"scope": "trust", "is_breach": True}
    under = breach | {"asset_class": "bond", "drift_tradeable": -0.05}
    found = alerts_of(frames, quiet, drifts=[breach, under, DRIFT | {"scope": "llc"}])
    drift = found.loc[("drift_breach", "trust")]
    assert drift[["value", "threshold"]].tolist() == [0.05, 0.02]
    assert drift["message"] == "Beyond the drift limit: bond, us_equity; read the evaluation and decide."
    assert len(found) == 1


@pytest.mark.parametrize(("weight", "outside"), [(0.63, 0.03), (0.35, 0.05)])
def test_a_hard_limit_alert_states_how_far_outside_the_weight_is(
    frames: SimpleNamespace, quiet: pd.DataFrame, weight: float, outside: float
) -> None:
    found = alerts_of(frames, quiet, drifts=[DRIFT | {"scope": "llc", "weight": weight, "is_hard_breach": True}])
    assert found["value"].to_dict() == {("hard_limit_breach", "llc"): pytest.approx(outside)}
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


def test_every_rule_is_one_sentence_with_a_remedy() -> None:
    for name, rule in RULES.items():
        sentence = f"{rule.title} X; {rule.remedy}."
        assert sentence[0].isupper(), name
        assert sentence.count(".") == 1, name
