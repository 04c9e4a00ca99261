"""Minimum tickets and wash sales: honoured, and at a gap that the convex optimum bounds."""

from dataclasses import replace

import numpy as np
import pytest

from fo_platform.decision.model import Problem, no_trades
from fo_platform.decision.optimise import solve
from fo_platform.decision.program import write_program
from fo_platform.decision.repairs import optimise
from fo_platform.decision.scoring import objective, score
from fo_platform.decision.wash_sales import conflicted_lots, proposed_trades

YEARS = 5.0


def bps(problem: Problem, solution) -> float:
    return objective(problem, score(problem, solution.trades), YEARS) / problem.nav * 1e4


def churning(problem: Problem) -> Problem:
    """An owner over target in names with gains, under it in names at a loss: selling those to buy them back pays."""
    has_gain = np.arange(len(problem.assets.names)) % 2 == 0
    target = problem.assets.value * np.where(has_gain, 0.85, 1.15)
    gain = np.where(has_gain[problem.lots.asset], 0.6, -0.4)
    return replace(
        problem,
        lots=replace(problem.lots, gain=gain, is_long_term=np.ones(len(gain), dtype=bool)),
        assets=replace(problem.assets, target=target),
    )


def order_sizes(problem: Problem, trades) -> list[float]:
    sizes: dict[tuple[str, str, str], float] = {}
    lots, buys = problem.lots, problem.purchases
    for side, keys, amounts in (
        ("SELL", zip(lots.account_id, lots.instrument_id, strict=True), trades.sales),
        ("BUY", zip(buys.account_id, buys.instrument_id, strict=True), trades.purchases),
    ):
        for (account, name), amount in zip(keys, amounts, strict=True):
            sizes[side, account, name] = sizes.get((side, account, name), 0.0) + amount
    return [size for size in sizes.values() if size > 0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_order_is_at_least_the_minimum_ticket(make_problem, seed: int):
    problem = replace(make_problem(seed), ticket_min=250_000.0)
    program = write_program(problem)
    repaired, convex = optimise(program, problem, YEARS), solve(program, problem, YEARS)
    assert min(order_sizes(problem, convex.trades)) < 250_000
    assert min(order_sizes(problem, repaired.trades)) >= 250_000 * (1 - 1e-9)
    assert bps(problem, convex) - 1e-6 <= bps(problem, repaired) <= bps(problem, convex) + 0.5


def test_without_repair_this_owner_would_wash_its_own_losses(make_problem):
    problem = churning(make_problem(3))
    program = write_program(problem)
    assert conflicted_lots(problem, solve(program, problem, YEARS).trades).any()


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_no_name_is_bought_and_sold_at_a_loss_in_one_proposal(make_problem, seed: int):
    problem = churning(make_problem(seed))
    program = write_program(problem)
    repaired = optimise(program, problem, YEARS)
    proposed = proposed_trades(problem, repaired.trades)
    assert repaired.is_solved
    assert not proposed.bought & proposed.sold
    assert bps(problem, repaired) <= bps(problem, replace(repaired, trades=no_trades(problem)))


def test_an_untaxed_owner_has_no_losses_to_wash(make_problem):
    problem = churning(make_problem(3))
    untaxed = replace(problem, taxpayers=replace(problem.taxpayers, share=np.zeros(1)))
    assert not proposed_trades(untaxed, optimise(write_program(untaxed), untaxed, YEARS).trades).sold


def test_small_orders_stay_where_a_hard_limit_needs_them(make_problem):
    problem = make_problem(5)
    held = np.bincount(problem.assets.class_index, problem.assets.value)
    upper = np.append(held[0] - 40_000, problem.classes.upper[1:])
    bound = replace(problem, ticket_min=30e6, classes=replace(problem.classes, upper=upper))
    solution = optimise(write_program(bound), bound, 0.01)
    assert solution.is_solved
    assert max(order_sizes(bound, solution.trades)) < 30e6
