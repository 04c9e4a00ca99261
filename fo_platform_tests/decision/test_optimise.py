"""The solver: held against an independent formulation, and what an optimum must honour."""

from dataclasses import replace

import clarabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from fo_platform.decision import model
from fo_platform.decision.model import Problem, Trades, no_trades, values_after
from fo_platform.decision.optimise import PULL, Solution, solve, stand_still
from fo_platform.decision.program import write_program
from fo_platform.decision.scoring import objective, score
from fo_platform.decision.taxes import tax_bound

YEARS = 0.5
BPS = 1e-4


def optimum(problem: Problem, years: float = YEARS, **options: float) -> Solution:
    return solve(write_program(problem), problem, years, **options)


def bps(problem: Problem, trades: Trades, years: float = YEARS) -> float:
    return objective(problem, score(problem, trades), years) / problem.nav / BPS


def direct(problem: Problem, years: float) -> Trades:
    """The same question by hand: dense risk, power cones, Clarabel's own interface."""
    assets, nav = problem.assets, problem.nav
    effect, traded = model.effect_matrix(problem).toarray(), model.traded_matrix(problem).toarray()
    is_traded = np.flatnonzero(assets.impact)
    lines, cones = effect.shape[1], len(is_traded)
    sigma = assets.exposure @ assets.exposure.T + np.diag(assets.specific**2)
    risk = problem.risk_aversion * years * effect.T @ sigma
    start = (assets.value - assets.target) / nav
    rate, credit = tax_bound(problem.lots, problem.taxpayers)
    rate = np.hstack([rate, np.zeros((len(rate), lines - rate.shape[1]))])
    payers = len(rate)
    linear = [risk @ start + traded.T @ assets.linear, assets.impact[is_traded] * nav**0.5, 1 - problem.taxpayers.phi]
    member = model.class_matrix(problem).toarray()
    held = member @ assets.value / nav
    rows = [
        (-np.eye(lines), np.zeros(lines)),
        (np.eye(lines), model.caps(problem) / nav),
        (-model.worst_cash_matrix(problem).toarray(), (problem.pockets.cash - problem.pockets.floor) / nav),
        (-member @ effect, held - problem.classes.lower / nav),
        (member @ effect, problem.classes.upper / nav - held),
        (traded[is_traded], assets.volume_cap[is_traded] / nav),
        (np.full((1, lines), 0.5), np.array([problem.turnover_cap / nav])),
    ]
    inequality = [np.hstack([left, np.zeros((len(left), cones + payers))]) for left, _ in rows]
    no_less = -np.eye(lines + cones + payers)[lines + cones :]
    inequality += [no_less, no_less + np.hstack([rate, np.zeros((payers, cones + payers))])]
    bounds = np.concatenate([*(right for _, right in rows), np.zeros(payers), credit / nav])
    power, power_bounds = np.zeros((3 * cones, lines + cones + payers)), np.zeros(3 * cones)
    for j, asset in enumerate(is_traded):
        power[3 * j, lines + j], power_bounds[3 * j + 1], power[3 * j + 2, :lines] = -1, 1, -traded[asset]
    quadratic = sparse.block_diag([np.triu(risk @ effect), sparse.csc_matrix((cones + payers,) * 2)], format="csc")
    settings_ = clarabel.DefaultSettings()
    settings_.verbose = False
    solver = clarabel.DefaultSolver(
        1e6 * quadratic,
        1e6 * np.concatenate(linear),
        sparse.csc_matrix(np.vstack([*inequality, power])),
        np.concatenate([bounds, power_bounds]),
        [clarabel.NonnegativeConeT(len(bounds)), *[clarabel.PowerConeT(2 / 3)] * cones],
        settings_,
    )
    amounts = np.array(solver.solve().x)[:lines] * nav
    return model.trades_of(problem, np.clip(amounts, 0, model.caps(problem)))


@pytest.mark.parametrize(("seed", "instruments", "lots"), [(1, 50, 2), (2, 8, 4), (3, 8, 4)])
def test_objective_equals_a_direct_solve_of_the_same_matrices(make_problem, seed, instruments, lots):
    problem = make_problem(seed, instruments=instruments, lots=lots)
    ours, theirs = bps(problem, optimum(problem).trades), bps(problem, direct(problem, YEARS))
    assert ours == pytest.approx(theirs, abs=0.01)
    assert ours < bps(problem, no_trades(problem)) - 0.01


@settings(max_examples=8)
@given(st.integers(0, 1000), st.floats(0.05, 5))
def test_an_optimum_keeps_every_limit_and_beats_doing_nothing(make_problem, seed: int, years: float):
    problem = make_problem(seed)
    solution = optimum(problem, years)
    trades, caps = solution.trades, model.caps(problem)
    cash = problem.pockets.cash + model.worst_cash_matrix(problem) @ trades.amounts
    assert solution.is_solved
    assert (trades.amounts >= 0).all()
    assert (trades.amounts <= caps).all()
    assert (cash >= problem.pockets.floor - 1e-6 * problem.nav).all()
    assert trades.amounts.sum() / 2 <= problem.turnover_cap * (1 + 1e-6)
    assert bps(problem, trades, years) <= bps(problem, no_trades(problem), years) + 1e-9


@settings(max_examples=5)
@given(st.integers(0, 1000))
def test_what_may_not_be_traded_is_not(make_problem, seed: int):
    problem = make_problem(seed)
    rng = np.random.default_rng(seed)
    sales, purchases = rng.random(len(problem.lots.value)) < 0.5, rng.random(len(problem.purchases.asset)) < 0.5
    trades = optimum(model.forbid(problem, sales, purchases)).trades
    assert not trades.sales[sales].any()
    assert not trades.purchases[purchases].any()


@settings(max_examples=5)
@given(st.integers(0, 1000))
def test_more_freedom_never_hurts(make_problem, seed: int):
    problem = make_problem(seed)
    closed = np.random.default_rng(seed).random(len(problem.lots.value)) < 0.5
    narrow = model.forbid(problem, closed, np.zeros(len(problem.purchases.asset), dtype=bool))
    assert bps(problem, optimum(problem).trades) <= bps(problem, optimum(narrow).trades) + 1e-4


@settings(max_examples=5)
@given(st.integers(0, 1000))
def test_after_the_trade_nothing_is_left_to_trade(make_problem, seed: int):
    problem = make_problem(seed)
    problem = replace(problem, assets=replace(problem.assets, impact=0 * problem.assets.impact))
    untaxed = replace(problem, taxpayers=replace(problem.taxpayers, share=np.zeros(1)))
    trades = optimum(untaxed).trades
    pockets = untaxed.pockets
    effect = np.bincount(untaxed.lots.pocket, trades.sales * (1 - untaxed.assets.linear[untaxed.lots.asset]), 2)
    spent = np.bincount(
        untaxed.purchases.pocket, trades.purchases * (1 + untaxed.assets.linear[untaxed.purchases.asset]), 2
    )
    after = replace(
        untaxed,
        assets=replace(untaxed.assets, value=values_after(untaxed, trades)),
        lots=replace(untaxed.lots, cap=untaxed.lots.cap - trades.sales, value=untaxed.lots.value - trades.sales),
        pockets=replace(pockets, cash=pockets.cash + effect - spent),
    )
    again = optimum(after)
    assert bps(after, no_trades(after)) - bps(after, again.trades) < 1e-4
    assert again.trades.amounts.sum() < 0.02 * trades.amounts.sum() + 1e-6 * problem.nav


@settings(max_examples=4)
@given(st.integers(0, 1000))
def test_turnover_does_not_grow_as_costs_grow(make_problem, seed: int):
    problem = make_problem(seed)
    untaxed = replace(problem, taxpayers=replace(problem.taxpayers, share=np.zeros(1)))

    def turnover(times: float) -> float:
        linear = np.where(problem.assets.linear > 0, times * 3e-4, 0)
        assets = replace(problem.assets, linear=linear, impact=times * problem.assets.impact)
        return score(problem, optimum(replace(untaxed, assets=assets)).trades).turnover

    sizes = [turnover(times) for times in (0.5, 1, 2, 8)]
    assert all(later <= earlier + 1e-6 for earlier, later in zip(sizes, sizes[1:], strict=False))


def test_the_way_to_target_reaches_every_class_it_can(make_problem):
    problem = make_problem(4)
    left = values_after(problem, optimum(problem, pull=PULL).trades) - problem.assets.target
    by_class = model.class_matrix(problem) @ left / problem.nav
    assert np.abs(by_class[:3]).max() < 1e-4  # What the trade costs is missing somewhere.


def test_a_hard_limit_that_is_met_at_a_price_shows_its_price(make_problem):
    problem = make_problem(5)
    held = model.class_matrix(problem) @ problem.assets.value
    bound = replace(problem.classes, upper=np.append(0.99 * held[0], problem.classes.upper[1:]))
    dear = replace(problem, classes=bound, lots=replace(problem.lots, gain=np.full(len(problem.lots.gain), 0.8)))
    solution, loose = optimum(dear), replace(dear, classes=replace(bound, upper=bound.upper + 1e-4 * dear.nav))
    price = solution.shadow_prices[0]
    gained = bps(dear, solution.trades) - bps(dear, optimum(loose).trades)
    assert price.limit == f"c0 at most {bound.upper[0] / dear.nav:.2%}"
    assert price.price_bps * 0.01 == pytest.approx(gained, rel=0.02)


def test_a_limit_with_room_has_no_price(make_problem):
    assert optimum(make_problem(5)).shadow_prices == ()


def test_planted_conflicts_are_named(make_problem):
    problem = make_problem(6)
    held = model.class_matrix(problem) @ problem.assets.value
    tight = replace(problem, turnover_cap=0.01 * problem.nav)
    tight = replace(tight, classes=replace(problem.classes, upper=np.append(0.5 * held[0], problem.classes.upper[1:])))
    solution = optimum(tight)
    assert solution.status == "infeasible"
    assert solution.trades.is_empty
    assert all(name.startswith(("c0 at most", "turnover by")) for name in solution.violated)
    assert solution.violated


def test_where_nothing_may_be_traded_a_broken_hard_limit_is_named(make_problem):
    problem = make_problem(7)
    broken = replace(problem, classes=replace(problem.classes, lower=np.array([0, 0, 0, 0.1 * problem.nav])))
    assert stand_still(problem).status == "optimal"
    assert stand_still(broken).violated == ("cash at least 10.00% by 5.00% of NAV",)
