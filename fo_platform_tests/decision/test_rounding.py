"""Whole quantities that the accounts can pay for."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.decision.model import Problem, trades_of
from fo_platform.decision.rounding import limit_price, trades_in_money, whole_quantities


def facts_of(problem: Problem, lot_size: float = 1.0) -> pd.DataFrame:
    facts = {"lot_size": lot_size, "worst_purchase": 1.01, "worst_sale": 0.99}
    return pd.DataFrame(facts, index=list(problem.assets.names[:-1]))


@pytest.mark.parametrize(
    ("price", "side", "limit"),
    [("131.88", "BUY", "133.20"), ("131.88", "SELL", "130.56"), ("100", "BUY", "101.00"), ("0.004", "SELL", "0.01")],
)
def test_a_limit_price_is_the_collar_rounded_outward(price: str, side: str, limit: str):
    assert limit_price(Decimal(price), side, Decimal(100)) == Decimal(limit)


def test_a_whole_lot_is_sold_whole_despite_the_noise_of_the_solver(make_problem):
    problem = make_problem(1, instruments=2, lots=1, accounts=1)
    problem = replace(problem, lots=replace(problem.lots, value=np.array([70_000.0, 20_000.0])))
    amounts = np.array([70_000.0 * (1 - 1e-10), 0, 0, 0])
    sold = whole_quantities(problem, trades_of(problem, amounts), facts_of(problem)).sales
    assert sold == (Decimal(700), Decimal(0))


def test_a_lot_smaller_than_a_step_is_left(make_problem):
    problem = make_problem(1, instruments=2, lots=1, accounts=1)
    problem = replace(problem, lots=replace(problem.lots, value=np.array([70_050.0, 20_000.0])))
    sold = whole_quantities(problem, trades_of(problem, np.array([70_050.0, 0, 0, 0])), facts_of(problem, 100.0)).sales
    assert sold[0] == Decimal(700)


def test_purchases_are_cut_to_what_the_money_pays_for_at_the_worst_price(make_problem):
    problem = make_problem(1, instruments=2, lots=1, accounts=1)
    pockets = replace(problem.pockets, cash=np.array([20_000.0]), floor=np.array([5_000.0]))
    problem = replace(problem, pockets=pockets, assets=replace(problem.assets, linear=np.zeros(3)))
    trades = trades_of(problem, np.array([0, 0, 20_000.0, 10_000.0]))
    bought = whole_quantities(problem, trades, facts_of(problem)).purchases
    assert bought == (Decimal(99), Decimal(49))  # 15,000 pays for 148.5 units at 101.


@settings(max_examples=25)
@given(st.integers(0, 1000), st.sampled_from([1.0, 0.001, 100.0]))
def test_no_lot_is_oversold_and_no_pocket_overdrawn(make_problem, seed: int, lot_size: float):
    problem = make_problem(seed)
    rng = np.random.default_rng(seed)
    lots, buys, linear = problem.lots, problem.purchases, problem.assets.linear
    amounts = np.concatenate([rng.uniform(0, 1, len(lots.value)) * lots.value, rng.uniform(0, 1e6, len(buys.asset))])
    quantities = whole_quantities(problem, trades_of(problem, amounts), facts_of(problem, lot_size))
    money = trades_in_money(problem, quantities)
    proceeds = np.bincount(lots.pocket, money.sales * (0.99 - linear[lots.asset]), 2)
    spent = np.bincount(buys.pocket, money.purchases * (1.01 + linear[buys.asset]), 2)
    assert (money.sales <= lots.value * (1 + 1e-9)).all()
    assert (money.amounts <= amounts * (1 + 1e-6) + 1e-3).all()
    assert (problem.pockets.cash + proceeds - spent >= problem.pockets.floor - 0.01).all()
    assert all(quantity % Decimal(str(lot_size)) == 0 for quantity in (*quantities.sales, *quantities.purchases))
