"""From tables to arrays: targets, limits, and what may not be traded."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fo_platform.decision.model import class_matrix
from fo_platform.decision.problem import build_problem
from fo_platform.errors import DataError


@pytest.fixture
def foundation(owner, make_inputs):
    return make_inputs(owner())


def build(inputs, day):
    return build_problem(inputs, "foundation", day)


def changed(frame: pd.DataFrame, key: str, **cells: object) -> pd.DataFrame:
    """The frame with some cells of one instrument replaced."""
    is_row = frame["instrument_id"] == key
    return frame.assign(**{name: frame[name].mask(is_row, cell) for name, cell in cells.items()})


def caps(problem, name: str) -> tuple[float, float]:
    """The most of a name that may be sold and bought."""
    index = problem.assets.names.index(name)
    return problem.lots.cap[problem.lots.asset == index].sum(), problem.purchases.cap[
        problem.purchases.asset == index
    ].sum()


def test_targets_are_the_mix_within_each_class_scaled_to_its_target(foundation, day):
    problem = build(foundation, day)
    by_class = dict(
        zip(problem.classes.names, class_matrix(problem) @ problem.assets.target / problem.nav, strict=True)
    )
    assert by_class == pytest.approx({"us_equity": 0.5, "intl_equity": 0.1, "fixed_income": 0.35, "cash": 0.05})
    stocks = problem.assets.class_index == problem.classes.names.index("us_equity")
    assert problem.assets.target[stocks] / problem.assets.value[stocks] == pytest.approx(0.5 / 0.476, rel=1e-4)


def test_a_write_down_outside_the_sleeve_is_no_drift_of_its_own(foundation, day):
    targets = foundation.allocation_targets
    illiquid = targets.assign(is_liquid=targets["asset_class"] != "intl_equity")
    drift = foundation.allocation_drift
    drift = drift.assign(drift_tradeable=drift["drift_tradeable"].mask(drift["asset_class"] == "intl_equity"))
    problem = build(replace(foundation, allocation_targets=illiquid, allocation_drift=drift), day)
    index = problem.assets.names.index("SAP")
    assert problem.assets.target[index] == problem.assets.value[index]
    assert caps(problem, "SAP") == (0, 0)


@pytest.mark.parametrize("flag", ["is_stale", "has_break"])
def test_a_line_that_is_stale_or_broken_is_not_traded(foundation, day, flag):
    positions = changed(foundation.reconciled_positions, "KO", **{flag: True})
    problem = build(replace(foundation, reconciled_positions=positions), day)
    assert caps(problem, "KO") == (0, 0)
    assert min(caps(problem, "XOM")) > 0


def test_a_restricted_or_illiquid_instrument_is_not_traded(foundation, day):
    instruments = changed(changed(foundation.instruments, "KO", is_restricted=True), "XOM", is_liquid=False)
    problem = build(replace(foundation, instruments=instruments), day)
    assert (caps(problem, "KO"), caps(problem, "XOM")) == ((0, 0), (0, 0))


def test_an_account_without_a_broker_is_not_traded(foundation, day):
    problem = build(replace(foundation, accounts=foundation.accounts.assign(broker=pd.NA)), day)
    assert not problem.lots.cap.any()
    assert not problem.purchases.cap.any()


def test_lots_that_do_not_foot_to_the_position_are_not_sold(foundation, day):
    lots = changed(foundation.tax_lots, "KO", quantity=1.0)
    sell, buy = caps(build(replace(foundation, tax_lots=lots), day), "KO")
    assert sell == 0
    assert buy > 0


def test_money_that_is_not_known_for_sure_may_not_be_spent(foundation, day):
    positions = changed(foundation.reconciled_positions, "CASH.USD", is_stale=True)
    pockets = build(replace(foundation, reconciled_positions=positions), day).pockets
    assert pockets.floor == pytest.approx(pockets.cash)


def test_an_overdrawn_pocket_may_be_paid_into_and_asks_for_no_sale(foundation, day):
    positions = changed(foundation.reconciled_positions, "CASH.USD", market_value_base=-500.0)
    pockets = build(replace(foundation, reconciled_positions=positions), day).pockets
    assert pockets.floor.tolist() == [-500.0]


def test_a_purchase_is_paid_from_money_of_its_own_currency_in_its_account(foundation, day):
    positions = changed(foundation.reconciled_positions, "NESN", currency="CHF", fx_rate=1.05)
    problem = build(replace(foundation, reconciled_positions=positions), day)
    line = problem.purchases.instrument_id.index("NESN")
    pocket = problem.purchases.pocket[line]
    assert problem.pockets.currency[pocket] == "CHF"
    assert problem.pockets.cash[pocket] == 0
    assert problem.assets.names[problem.pockets.asset[pocket]] == "CASH.CHF"


def test_gain_is_clean_value_over_cost_as_part_of_dirty_value(foundation, day):
    positions = changed(
        foundation.reconciled_positions, "USGOV", market_value_base=110.0, quantity=1.0, accrued_base=10.0
    )
    lots = changed(foundation.tax_lots, "USGOV", quantity=0.5, cost_local=40.0)
    problem = build(replace(foundation, reconciled_positions=positions, tax_lots=lots), day)
    is_lot = problem.lots.asset == problem.assets.names.index("USGOV")
    assert problem.lots.gain[is_lot] == pytest.approx((50 - 40) / 55)


def test_a_class_without_holdings_is_bought_through_its_most_traded_instrument(owner, make_inputs, foundation, day):
    empty = make_inputs(owner(weights={"us_equity": 0.6, "fixed_income": 0.35, "cash": 0.05}))
    elsewhere = foundation.reconciled_positions.assign(entity_id="other", account_id="other_us")
    liquidity = changed(foundation.market_liquidity, "SAP", adv_quantity=9e7)
    positions = pd.concat([empty.reconciled_positions, elsewhere])
    problem = build(replace(empty, reconciled_positions=positions, market_liquidity=liquidity), day)
    assert problem.unreachable == ()
    assert caps(problem, "SAP")[1] > 0
    assert problem.assets.target[problem.assets.names.index("SAP")] == pytest.approx(0.1 * problem.nav)


def test_a_class_that_nothing_can_fill_is_named(owner, make_inputs, day):
    empty = make_inputs(owner(weights={"us_equity": 0.6, "fixed_income": 0.35, "cash": 0.05}))
    assert build(empty, day).unreachable == ("intl_equity",)


def test_an_instrument_without_risk_figures_is_refused_by_name(foundation, day):
    risks = foundation.specific_risks[foundation.specific_risks["instrument_id"] != "KO"]
    with pytest.raises(DataError, match="KO have no risk figures"):
        build(replace(foundation, specific_risks=risks), day)


def test_a_holding_that_nobody_can_name_stops_no_decision(foundation, day):
    positions = foundation.reconciled_positions
    nameless = positions[positions["instrument_id"] == "KO"].assign(
        instrument_id="UNKNOWN.ZZ", asset_class="unknown", market_value_base=float("nan"), is_priced=False
    )
    both = pd.concat([positions, nameless], ignore_index=True)
    problem = build(replace(foundation, reconciled_positions=both), day)
    place = problem.assets.names.index("UNKNOWN.ZZ")
    assert (problem.assets.value[place], problem.assets.specific[place], problem.assets.volume_cap[place]) == (0, 0, 0)


def test_hard_limits_leave_room_for_rounding_but_never_force_a_trade(foundation, day):
    problem = build(foundation, day)
    held = class_matrix(problem) @ problem.assets.value
    assert (problem.classes.lower <= held).all()
    assert (problem.classes.upper >= held).all()
    stocks = problem.classes.names.index("us_equity")
    assert problem.classes.upper[stocks] == pytest.approx(0.6 * problem.nav - 4 * 100)


def test_order_of_rows_changes_nothing(foundation, day):
    shuffled = replace(
        foundation,
        **{
            name: getattr(foundation, name).sample(frac=1, random_state=7)
            for name in (
                "reconciled_positions",
                "tax_lots",
                "instruments",
                "factor_loadings",
                "allocation_targets",
                "accounts",
            )
        },
    )
    one, other = build(foundation, day), build(shuffled, day)
    assert one.assets.names == other.assets.names
    assert one.lots.lot_id == other.lots.lot_id
    assert np.array_equal(one.assets.target, other.assets.target)
    assert np.array_equal(one.assets.exposure, other.assets.exposure)
