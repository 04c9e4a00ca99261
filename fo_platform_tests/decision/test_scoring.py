"""The exact evaluator: its figures by hand, and what it must conserve."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.decision.model import Problem, Trades, no_trades, trades_of, values_after
from fo_platform.decision.scoring import drift_cost_per_year, objective, score


def random_trades(problem: Problem, seed: int) -> Trades:
    rng = np.random.default_rng(seed)
    amounts = rng.uniform(0, 0.1, len(problem.lots.value) + len(problem.purchases.asset)) * 1e6
    return trades_of(problem, amounts)


def test_two_percent_of_drift_costs_28_dollars_a_day_on_500_million(make_problem):
    problem = replace(make_problem(1), nav=500e6, risk_aversion=4.0)
    assert drift_cost_per_year(problem, 0.02**2 * 0.0256) / 365 == pytest.approx(28, abs=0.1)


def test_doing_nothing_costs_nothing_and_removes_nothing(make_problem):
    problem = make_problem(1)
    idle = score(problem, no_trades(problem))
    assert (idle.cost, idle.tax, idle.turnover, idle.removed) == (0.0, 0.0, 0.0, 0.0)
    assert objective(problem, idle, 2.0) == pytest.approx(2 * drift_cost_per_year(problem, idle.variance))


def test_a_purchase_worked_by_hand(make_problem):
    problem = make_problem(1)
    bought = np.zeros(len(problem.purchases.asset))
    bought[0] = 200_000.0
    scored = score(problem, Trades(np.zeros(len(problem.lots.value)), bought))
    assert scored.linear_cost == pytest.approx(200_000 * problem.assets.linear[0])
    assert scored.impact_cost == pytest.approx(problem.assets.impact[0] * 200_000**1.5)
    assert scored.marginal_cost == pytest.approx(scored.linear_cost + 1.5 * scored.impact_cost)
    assert scored.turnover == pytest.approx(100_000 / problem.nav)


def test_lines_of_one_instrument_share_one_days_volume(make_problem):
    problem = make_problem(1, instruments=2, lots=1, accounts=2)
    apart, together = (no_trades(problem).purchases.copy() for _ in range(2))
    apart[[0, 2]], together[0] = 100_000.0, 200_000.0
    idle = np.zeros(len(problem.lots.value))
    assert score(problem, Trades(idle, apart)).impact_cost == pytest.approx(
        score(problem, Trades(idle, together)).impact_cost
    )


def test_trading_all_the_way_to_target_removes_all_of_the_drift(make_problem):
    problem = make_problem(1, lots=1, accounts=1)
    problem = replace(problem, assets=replace(problem.assets, linear=0 * problem.assets.linear))
    short = (problem.assets.target - problem.assets.value)[:-1]
    trades = Trades(np.maximum(-short, 0), np.maximum(short, 0))
    scored = score(problem, trades)
    assert scored.variance == pytest.approx(0, abs=1e-18)
    assert scored.removed == pytest.approx(1.0)


@settings(max_examples=20)
@given(st.integers(0, 100))
def test_cash_is_conserved_in_every_account(make_problem, seed: int):
    problem = make_problem(seed)
    trades, lots, buys = random_trades(problem, seed), problem.lots, problem.purchases
    spent = 0.0
    for account in range(len(problem.pockets.account_id)):
        sold, bought = trades.sales * (lots.pocket == account), trades.purchases * (buys.pocket == account)
        costs = sold @ problem.assets.linear[lots.asset] + bought @ problem.assets.linear[buys.asset]
        spent += bought.sum() - sold.sum() + costs
    money = problem.pockets.asset[0]
    change = values_after(problem, trades) - problem.assets.value
    assert change[money] == pytest.approx(-spent, abs=1e-9 * problem.nav)
    assert change.sum() == pytest.approx(-score(problem, trades).linear_cost, abs=1e-9 * problem.nav)
