"""Proposal lines and orders: whole, payable, deterministic, and signed as one document."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fo_platform.canonical import canonical, content_digest
from fo_platform.contracts import policy
from fo_platform.contracts._base import inexact
from fo_platform.contracts.decision import ExecutionPlan, RebalanceProposal
from fo_platform.decision.document import Stored, proposal_document, proposer
from fo_platform.decision.plan import execution_plan
from fo_platform.decision.proposal import rebalance_proposal
from fo_platform.decision.trade_or_wait import rebalance_evaluation
from fo_platform.errors import PolicyError
from fo_platform.lots import instructed

HASHES = {"book.tax_lots": "1" * 64, "book.reconciled_positions": "2" * 64}

SALES = {"weights": {"us_equity": 0.54, "intl_equity": 0.10, "fixed_income": 0.31, "cash": 0.05}, "spread_bps": 1.0}


def approvers() -> pd.DataFrame:
    row = {"approver_id": "ops", "approver_role": "proposer", "public_key": "k", "valid_from": "2020-01-01"}
    return policy.Approvers.frame([{"entity_id": "office", **row}])


def stored_of(inputs, day) -> Stored:
    evaluation = rebalance_evaluation(inputs, day)
    proposal = rebalance_proposal(evaluation, inputs, day)
    return Stored(evaluation, proposal, ExecutionPlan.frame(), inputs.entities, inputs.limits, approvers())


def planned(inputs, day) -> Stored:
    stored = stored_of(inputs, day)
    plan = execution_plan(stored, inputs.reconciled_positions, inputs.accounts, inputs=HASHES, day=day)
    return replace(stored, execution_plan=plan)


@pytest.fixture(scope="module")
def inputs(owner, make_inputs):
    """A foundation over target in equity: it sells lots and buys bonds."""
    return make_inputs(owner(**SALES))


@pytest.fixture(scope="module")
def stored(inputs, day) -> Stored:
    """Its tables after the decision."""
    return planned(inputs, day)


def test_lines_are_whole_and_no_lot_gives_more_than_it_holds(inputs, stored):
    lines = RebalanceProposal.validate(stored.rebalance_proposal)
    sales = lines[lines["side"] == "SELL"].merge(inputs.tax_lots, on=["account_id", "instrument_id", "lot_id"])
    assert len(sales)
    assert (sales["quantity_x"].astype(float) <= sales["quantity_y"]).all()
    assert all(quantity == int(quantity) for quantity in lines["quantity"])
    assert set(lines.loc[lines["side"] == "BUY", "lot_id"]) <= {"new"}


def test_the_proposal_brings_drift_back_and_keeps_the_cash_floor_at_the_worst_prices(inputs, stored):
    plan = stored.execution_plan
    worst = plan["quantity_max"].astype(float) * plan["limit_price_local"].astype(float)
    cash = inputs.reconciled_positions.set_index("instrument_id").at["CASH.USD", "market_value_base"]
    assert cash + worst[plan["side"] == "SELL"].sum() - worst[plan["side"] == "BUY"].sum() >= 100_000
    classes = plan["instrument_id"].map(inputs.instruments.set_index("instrument_id")["asset_class"])
    signed = plan["notional_base"].astype(float) * np.where(plan["side"] == "BUY", 1, -1)
    drift = inputs.allocation_drift.set_index("asset_class")["drift_tradeable"] + signed.groupby(classes).sum() / 120e6
    assert abs(drift["us_equity"]) < 0.02


def test_one_order_stands_for_all_lots_of_a_name(inputs, stored, day):
    lines = inexact(stored.rebalance_proposal)
    lots = pd.concat([lines, lines[lines["side"] == "SELL"].assign(lot_id="another", quantity=7.0)])
    tables = replace(stored, rebalance_proposal=lots)
    plan = execution_plan(tables, inputs.reconciled_positions, inputs.accounts, inputs=HASHES, day=day)
    summed = lots.groupby(["instrument_id", "side"])["quantity"].sum()
    ordered = ExecutionPlan.validate(plan).set_index(["instrument_id", "side"])["quantity_max"].astype(float)
    assert dict(summed) == dict(ordered)
    assert (plan["valid_until_date"] == pd.Timestamp("2022-06-22")).all()
    assert (plan["lots"] != "").tolist() == (plan["side"] == "SELL").tolist()
    assert {instructed(text)["another"] for text in plan["lots"] if text} == {7}


def test_lots_that_we_keep_are_nobody_elses(inputs, stored, day):
    accounts = inputs.accounts.assign(lot_authority="office")
    plan = execution_plan(stored, inputs.reconciled_positions, accounts, inputs=HASHES, day=day)
    assert set(plan["lots"]) == {""}


def test_orders_carry_the_date_of_their_price(stored):
    plan = stored.execution_plan
    assert (plan["price_date"] == pd.Timestamp("2022-06-13")).all()


def test_the_digest_is_that_of_the_document_made_from_stored_tables(stored, day):
    digest = stored.execution_plan["proposal_digest"].unique().tolist()
    assert [content_digest(proposal_document(stored, "foundation", day, HASHES))] == digest


def test_tables_read_back_as_floats_give_the_same_document(stored, day):
    loose = replace(
        stored,
        rebalance_evaluation=inexact(stored.rebalance_evaluation),
        rebalance_proposal=inexact(stored.rebalance_proposal),
        execution_plan=inexact(stored.execution_plan).sample(frac=1, random_state=1),
    )
    one, other = (canonical(proposal_document(tables, "foundation", day, HASHES)) for tables in (stored, loose))
    assert one == other


def test_equal_input_gives_equal_orders(inputs, stored, day):
    pd.testing.assert_frame_equal(planned(inputs, day).execution_plan, stored.execution_plan)


@pytest.mark.parametrize("change", ["input", "limit", "order", "lots", "day"])
def test_any_change_gives_another_digest(stored, day, change):
    hashes, tables, on = dict(HASHES), stored, day
    if change == "input":
        hashes["book.tax_lots"] = "3" * 64
    if change == "limit":
        limits = stored.limits.assign(
            value=stored.limits["value"].mask(stored.limits["limit_name"] == "turnover_max", 0.3)
        )
        tables = replace(stored, limits=limits)
    if change == "order":
        more = inexact(stored.execution_plan)
        tables = replace(stored, execution_plan=more.assign(quantity_max=more["quantity_max"] + (more.index == 0)))
    if change == "lots":
        tables = replace(stored, execution_plan=stored.execution_plan.assign(lots='[["another","1"]]'))
    if change == "day":
        on = day + pd.Timedelta(days=1)
    digest = content_digest(proposal_document(tables, "foundation", on, hashes))
    assert digest != stored.execution_plan["proposal_digest"].iloc[0]


def test_the_document_says_who_proposes_until_when_and_how_many_must_sign(stored, day):
    document = proposal_document(stored, "foundation", day, HASHES)
    assert (document["proposer_id"], document["min_approvals"]) == ("ops", 2)
    assert str(document["valid_until_date"]) == "2022-06-22"
    assert b'"collar_bps":"100"' in canonical(document)


def test_without_a_proposer_nothing_can_be_signed(day):
    with pytest.raises(PolicyError, match="Nobody may propose for foundation"):
        proposer(approvers().assign(valid_until=pd.Timestamp("2021-01-01")), "foundation", day)


def test_a_carried_decision_proposes_nothing(owner, make_inputs, stored, day):
    calm = make_inputs(owner(weights={"us_equity": 0.49, "intl_equity": 0.1, "fixed_income": 0.36, "cash": 0.05}))
    later = replace(calm, rebalance_evaluation_previous=stored.rebalance_evaluation)
    after = stored_of(later, day + pd.Timedelta(days=1))
    assert after.rebalance_evaluation["verdict"].tolist() == ["TRADE"]
    assert after.rebalance_proposal.empty
    assert execution_plan(after, later.reconciled_positions, later.accounts, inputs=HASHES, day=day).empty


def test_tax_of_the_lines_sums_to_the_tax_of_the_verdict(owner, make_inputs, day):
    taxed = make_inputs(owner(**SALES, entity_id="trust", legal_form="trust", basis=0.995, rates=(0.4, 0.2)))
    tables = stored_of(taxed, day)
    lines, verdict = tables.rebalance_proposal, tables.rebalance_evaluation.iloc[0]
    assert verdict["verdict"] == "TRADE"
    assert float(lines["tax_base"].astype(float).sum()) == pytest.approx(float(verdict["tax_base"]), rel=0.02)
    assert float(lines["cost_expected_base"].astype(float).sum()) > 0
