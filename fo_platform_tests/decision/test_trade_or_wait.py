"""Verdicts end to end: who trades, who waits, who is held, and what stays in force."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.contracts.decision import RebalanceEvaluation
from fo_platform.decision.trade_or_wait import decide, rebalance_evaluation

TRUST = {
    "entity_id": "trust",
    "legal_form": "trust",
    "nav": 260e6,
    "basis": 0.2,
    "rates": (0.408, 0.238),
    "weights": {"us_equity": 0.523, "intl_equity": 0.097, "fixed_income": 0.335, "cash": 0.045},
}
CALM = {"weights": {"us_equity": 0.49, "intl_equity": 0.104, "fixed_income": 0.356, "cash": 0.05}}


def evaluated(inputs, day) -> pd.Series:
    frame = rebalance_evaluation(inputs, day)
    RebalanceEvaluation.validate(frame)
    assert len(frame) == 1
    return frame.iloc[0]


def test_an_untaxed_foundation_under_target_trades(owner, make_inputs, day):
    row = evaluated(make_inputs(owner()), day)
    assert (row["verdict"], row["trigger"]) == ("TRADE", "drift")
    assert float(row["saving_base"]) > 0
    assert float(row["cost_of_drift_base"]) > float(row["cost_of_trading_base"]) > 0
    assert row["drift_flip"] < 0.024
    assert row["reason"].startswith("us_equity is 2.40% under target: the best trade costs USD")


def test_a_trust_with_low_basis_waits_by_the_same_rule(owner, make_inputs, day):
    row = evaluated(make_inputs(owner(**TRUST)), day)
    assert (row["verdict"], row["trigger"]) == ("WAIT", "drift")
    assert float(row["saving_base"]) < 0
    assert float(row["tax_base"]) == pytest.approx(0.023 * 260e6 * 0.8 * 0.238, rel=0.01)
    assert row["horizon_days"] > 4 * 365
    assert row["drift_flip"] > 0.023


def test_the_same_trust_without_tax_would_trade(owner, make_inputs, day):
    assert evaluated(make_inputs(owner(**TRUST | {"rates": (0.0, 0.0)})), day)["verdict"] == "TRADE"


def test_a_deferral_credit_lowers_the_cost_that_counts_and_is_shown_beside_it(owner, make_inputs, day):
    inputs = make_inputs(owner(**TRUST))
    row = evaluated(replace(inputs, taxpayers=inputs.taxpayers.assign(tax_deferral_credit=0.5)), day)
    without = float(row["cost_of_trading_full_credit_zero_base"])
    assert without - float(row["cost_of_trading_base"]) == pytest.approx(0.5 * float(row["tax_base"]), abs=0.02)


def test_drift_within_the_limit_waits_and_says_so(owner, make_inputs, day):
    row = evaluated(make_inputs(owner(**CALM)), day)
    assert (row["verdict"], row["trigger"]) == ("WAIT", "none")
    assert row["reason"] == "drift 1.00% of us_equity is within the limit of 2.00%"
    assert float(row["cost_to_target_base"]) > 0


def test_cost_of_a_day_is_half_lambda_times_variance_times_value(owner, make_inputs, day):
    row = evaluated(make_inputs(owner()), day)
    per_day = 120e6 * 4 / 2 * row["tracking_error_annual"] ** 2 / 365
    assert float(row["cost_of_drift_per_day_base"]) == pytest.approx(per_day, abs=0.01)
    assert float(row["cost_of_drift_to_review_base"]) == pytest.approx(30 * per_day, rel=1e-3)


def doubtful(inputs, share: float):
    worth = inputs.net_worth.assign(broken_base=share * inputs.net_worth["nav_base"])
    positions = inputs.reconciled_positions
    return replace(
        inputs, net_worth=worth, reconciled_positions=positions.assign(has_break=positions["instrument_id"] == "SAP")
    )


def test_a_verdict_that_bad_data_could_turn_is_held(owner, make_inputs, day):
    row = evaluated(doubtful(make_inputs(owner()), 0.006), day)
    assert row["verdict"] == "HOLD"
    assert "open breaks: SAP in foundation_us" in row["reason"]


def test_bad_data_that_cannot_turn_the_verdict_holds_nothing(owner, make_inputs, day):
    assert evaluated(doubtful(make_inputs(owner()), 0.001), day)["verdict"] == "TRADE"
    assert evaluated(doubtful(make_inputs(owner(**TRUST)), 0.01), day)["verdict"] == "WAIT"


def test_calm_drift_that_bad_data_could_have_hidden_is_held(owner, make_inputs, day):
    row = evaluated(doubtful(make_inputs(owner(**CALM)), 0.02), day)
    assert (row["verdict"], row["trigger"]) == ("HOLD", "none")


def hard(inputs):
    targets, drift = inputs.allocation_targets, inputs.allocation_drift
    tight = targets.assign(weight_max=targets["weight_max"].mask(targets["asset_class"] == "us_equity", 0.51))
    return replace(
        inputs,
        allocation_targets=tight,
        allocation_drift=drift.assign(is_hard_breach=drift["asset_class"] == "us_equity"),
    )


def test_a_hard_limit_is_met_whatever_it_costs_and_shows_its_price(owner, make_inputs, day):
    inputs = hard(make_inputs(owner(**TRUST)))
    (decision,) = decide(inputs, day)
    row = evaluated(inputs, day)
    assert (row["verdict"], row["trigger"]) == ("TRADE", "hard_limit")
    assert float(row["tax_base"]) > 500_000
    assert decision.weighed.compliance_price > 500_000
    assert row["binding_constraint"].startswith("us_equity at most")
    assert row["shadow_price_bps"] > 10


def test_a_hard_limit_that_nothing_can_meet_is_held_and_named(owner, make_inputs, day):
    inputs = hard(make_inputs(owner(**TRUST)))
    stuck = replace(
        inputs, instruments=inputs.instruments.assign(is_restricted=inputs.instruments["asset_class"] == "us_equity")
    )
    row = evaluated(stuck, day)
    assert row["verdict"] == "HOLD"
    assert row["solver_status"] == "infeasible"
    assert "no trade meets every limit: us_equity at most 51.00% by 1.30% of NAV" in row["reason"]


def test_a_class_out_of_reach_is_held_and_named(owner, make_inputs, day):
    weights = {"us_equity": 0.6, "fixed_income": 0.35, "cash": 0.05}
    row = evaluated(make_inputs(owner(weights=weights)), day)
    assert row["verdict"] == "HOLD"
    assert "intl_equity has a target but nothing that could be bought" in row["reason"]


@pytest.fixture
def yesterday(owner, make_inputs, day) -> pd.DataFrame:
    """The foundation's verdict of the day before, TRADE."""
    return rebalance_evaluation(make_inputs(owner()), day)


def test_a_decision_stays_in_force_after_its_trades_brought_drift_back(owner, make_inputs, yesterday, day):
    later = day + pd.Timedelta(days=3)
    row = evaluated(replace(make_inputs(owner(**CALM)), rebalance_evaluation_previous=yesterday), later)
    assert (row["verdict"], row["trigger"]) == ("TRADE", "drift")
    assert row["reason"].startswith("decision of 2022-06-14: us_equity is 2.40% under target")
    assert row["evaluated_date"] == day
    assert row["next_review_date"] == yesterday["next_review_date"].iloc[0]
    assert abs(row["drift_tradeable"]) == pytest.approx(0.01, abs=1e-6)
    figures = ["cost_of_drift_base", "cost_of_trading_base", "tax_base", "saving_base", "horizon_days"]
    assert row[figures].tolist() == yesterday.iloc[0][figures].tolist(), "those that the decision was made on"


def test_carrying_twice_says_so_once(owner, make_inputs, yesterday, day):
    inputs, frame = make_inputs(owner(**CALM)), yesterday
    for days in (1, 2):
        frame = rebalance_evaluation(
            replace(inputs, rebalance_evaluation_previous=frame), day + pd.Timedelta(days=days)
        )
    assert frame["reason"].iloc[0].count("decision of") == 1


def test_changed_targets_decide_afresh(owner, make_inputs, yesterday, day):
    inputs = make_inputs(owner(**CALM))
    targets = inputs.allocation_targets.assign(weight_max=0.9)
    changed = replace(inputs, allocation_targets=targets, rebalance_evaluation_previous=yesterday)
    row = evaluated(changed, day + pd.Timedelta(days=1))
    assert (row["verdict"], row["evaluated_date"]) == ("WAIT", day + pd.Timedelta(days=1))


def test_a_decision_ends_on_its_review_date(owner, make_inputs, yesterday, day):
    inputs = replace(make_inputs(owner(**CALM)), rebalance_evaluation_previous=yesterday)
    row = evaluated(inputs, day + pd.Timedelta(days=30))
    assert (row["verdict"], row["evaluated_date"]) == ("WAIT", day + pd.Timedelta(days=30))


def test_a_new_breach_is_decided_afresh_unless_orders_are_working(owner, make_inputs, yesterday, day):
    later = day + pd.Timedelta(days=1)
    inputs = replace(make_inputs(owner()), rebalance_evaluation_previous=yesterday)
    working = inputs.working_orders.assign(entity_id=["foundation"], leaves_notional_base=[1.0])
    assert evaluated(inputs, later)["evaluated_date"] == later
    assert evaluated(replace(inputs, working_orders=working), later)["evaluated_date"] == day


def test_waiting_for_no_reason_is_restated_daily_under_one_review_date(owner, make_inputs, day):
    inputs = make_inputs(owner(**CALM))
    first = rebalance_evaluation(inputs, day)
    row = evaluated(replace(inputs, rebalance_evaluation_previous=first), day + pd.Timedelta(days=1))
    assert not row["reason"].startswith("decision of")
    assert row["next_review_date"] == first["next_review_date"].iloc[0]


def test_equal_input_gives_equal_rows_in_any_order(owner, make_inputs, day):
    inputs = make_inputs(owner())
    shuffled = replace(
        inputs,
        reconciled_positions=inputs.reconciled_positions.iloc[::-1],
        tax_lots=inputs.tax_lots.sample(frac=1, random_state=3),
        factor_loadings=inputs.factor_loadings.iloc[::-1],
    )
    pd.testing.assert_frame_equal(rebalance_evaluation(inputs, day), rebalance_evaluation(shuffled, day))


def test_splitting_lots_changes_no_figure(owner, make_inputs, day):
    weights = {"us_equity": 0.55, "intl_equity": 0.10, "fixed_income": 0.31, "cash": 0.04}
    inputs = make_inputs(owner(**TRUST | {"basis": 0.995, "weights": weights}))
    halves = inputs.tax_lots.assign(
        quantity=inputs.tax_lots["quantity"] / 2, cost_local=inputs.tax_lots["cost_local"] / 2
    )
    split = pd.concat([halves, halves.assign(lot_id=halves["lot_id"] + "b")])
    one, other = evaluated(inputs, day), evaluated(replace(inputs, tax_lots=split), day)
    assert one["verdict"] == other["verdict"] == "TRADE"
    for name in ("cost_of_trading_base", "cost_to_target_base", "tax_base", "saving_base"):
        assert float(one[name]) == pytest.approx(float(other[name]), rel=0.01, abs=1)


@settings(max_examples=3)
@given(st.floats(0.021, 0.06), st.floats(0.3, 1.2), st.floats(0.0, 0.3))
def test_a_trade_always_saves_more_than_it_costs(owner, make_inputs, day, drift: float, basis: float, rate: float):
    weights = {"us_equity": 0.5 + drift, "intl_equity": 0.1, "fixed_income": 0.35 - drift, "cash": 0.05}
    row = evaluated(make_inputs(owner(weights=weights, basis=basis, rates=(rate, rate))), day)
    assert (row["verdict"] == "TRADE") == (float(row["saving_base"]) > 0)
