"""Alternatives: the drift they are measured on, the horizon they are judged over, and where they may lead."""

from dataclasses import replace

import numpy as np
import pytest

from fo_platform.decision.alternatives import measure_drift, toward_target
from fo_platform.decision.model import Problem, class_matrix, no_trades, values_after
from fo_platform.decision.no_trade_band import edge
from fo_platform.decision.optimise import solve
from fo_platform.decision.program import write_program
from fo_platform.decision.scoring import score
from fo_platform.decision.weighing import weigh


def two_assets(make_problem, drift: float, cost: float, gain: float = 0.0) -> Problem:
    """Half equity, half money, as in the known answers: v 0.0256, s 0.04, lambda 4, and no impact to speak of."""
    base = make_problem(1, instruments=1, lots=1, accounts=1)
    value = np.array([50e6 + drift * 100e6, 50e6 - drift * 100e6])
    assets = replace(
        base.assets,
        value=value,
        target=np.array([50e6, 50e6]),
        class_index=np.array([0, 1]),
        exposure=np.array([[0.16], [0.0]]),
        specific=np.zeros(2),
        linear=np.array([cost, 0.0]),
        impact=np.array([1e-12, 0.0]),
        volume_cap=np.array([1e9, 0.0]),
    )
    payer = replace(base.taxpayers, rate_long=np.array([0.238]), phi=np.zeros(1), carry_forward=np.zeros(1))
    return replace(
        base,
        nav=100e6,
        sleeve=100e6,
        drift_limit=2e6,
        rearm=1.5e6,
        assets=assets,
        lots=replace(
            base.lots, value=value[:1], cap=value[:1], gain=np.array([gain]), is_long_term=np.ones(1, dtype=bool)
        ),
        purchases=replace(base.purchases, cap=np.array([1e9])),
        pockets=replace(base.pockets, cash=value[1:], floor=np.zeros(1)),
        classes=replace(base.classes, names=("equity", "cash"), lower=np.zeros(2), upper=np.full(2, 1e8)),
        taxpayers=payer,
    )


def test_drift_has_the_variance_and_volatility_of_the_known_answers(make_problem):
    drift = measure_drift(two_assets(make_problem, 0.03, 5e-4))
    assert (drift.asset_class, drift.size) == ("equity", pytest.approx(0.03))
    assert drift.variance == pytest.approx(0.0256)
    assert drift.volatility == pytest.approx(0.04, rel=0.01)


@pytest.mark.parametrize(("cost", "gain", "flip", "days"), [(5e-4, 0.0, 0.0227, 78), (0.0, 0.30, 0.119, 5.9 * 365)])
def test_the_verdict_flips_at_the_known_edge(make_problem, cost, gain, flip, days):
    weighed = weigh(two_assets(make_problem, 0.002, cost, gain), is_due=False, is_hard=False)
    assert weighed.flip == pytest.approx(flip, rel=0.01)
    assert weighed.horizon_years * 365 == pytest.approx(days, rel=0.02)


def test_just_inside_the_edge_nothing_pays_and_outside_a_trade_does(make_problem):
    known = edge(5e-4, variance=0.0256, volatility=0.04, risk_aversion=4.0)
    inside = weigh(two_assets(make_problem, known * 0.97, 5e-4), is_due=True, is_hard=False)
    outside = weigh(two_assets(make_problem, known * 1.05, 5e-4), is_due=True, is_hard=False)
    assert inside.best.solution.trades.is_empty
    assert not outside.best.solution.trades.is_empty
    assert outside.saving > 0


def test_a_trade_far_outside_ends_at_the_rearm_level_and_still_saves(make_problem):
    problem = two_assets(make_problem, 0.05, 5e-4)
    weighed = weigh(problem, is_due=True, is_hard=False)
    after = values_after(problem, weighed.best.solution.trades)
    assert (after[0] - 50e6) / 100e6 == pytest.approx(0.015, abs=1e-4)
    assert weighed.saving > 0


def test_tax_alone_turns_the_same_drift_from_trading_to_waiting(make_problem):
    untaxed = weigh(two_assets(make_problem, 0.05, 5e-4), is_due=True, is_hard=False)
    taxed = weigh(two_assets(make_problem, 0.05, 5e-4, gain=0.3), is_due=True, is_hard=False)
    assert not untaxed.best.solution.trades.is_empty
    assert taxed.best.solution.trades.is_empty
    assert taxed.shown.score.tax == pytest.approx(0.05 * 100e6 * 0.3 * 0.238, rel=0.01)
    assert taxed.saving < 0


def test_trades_go_toward_target_and_never_past_it(make_problem):
    problem = make_problem(2)
    aimed = toward_target(problem)
    member = class_matrix(problem)
    start = member @ (problem.assets.value - problem.assets.target)
    trades = solve(write_program(aimed), aimed, 50.0).trades
    end = member @ (values_after(problem, trades) - problem.assets.target)
    bought = member @ np.bincount(problem.purchases.asset, trades.purchases, len(problem.assets.names))
    sold = member @ np.bincount(problem.lots.asset, trades.sales, len(problem.assets.names))
    assert not trades.is_empty
    assert (np.abs(end) <= np.abs(start) + 1e-6 * problem.nav).all()
    assert (end * start >= -1e-6 * problem.nav * np.abs(start)).all()
    assert bought[start > 0].sum() == 0
    assert sold[start < 0].sum() == 0


def test_doing_nothing_stays_allowed_on_the_way_to_target(make_problem):
    problem = toward_target(make_problem(3))
    held = class_matrix(problem) @ problem.assets.value
    assert (problem.classes.lower <= held).all()
    assert (problem.classes.upper >= held).all()


def test_a_hard_limit_that_no_trade_toward_target_can_meet_opens_every_trade(make_problem):
    problem = make_problem(4)
    held = class_matrix(problem) @ problem.assets.value
    beyond = np.append(problem.classes.lower[:3], held[3] + 1e6)
    target = problem.assets.target.copy()
    target[-1] = held[3]
    bound = replace(
        problem, classes=replace(problem.classes, lower=beyond), assets=replace(problem.assets, target=target)
    )
    weighed = weigh(bound, is_due=True, is_hard=True)
    after = class_matrix(bound) @ values_after(bound, weighed.best.solution.trades)
    assert weighed.best.solution.is_solved
    assert after[3] >= beyond[3] - 1e-6 * bound.nav
    assert weighed.compliance_price > 0


def test_waiting_is_shown_through_the_way_to_target(make_problem):
    problem = two_assets(make_problem, 0.01, 5e-4)
    weighed = weigh(problem, is_due=False, is_hard=False)
    assert weighed.best.score == score(problem, no_trades(problem))
    assert weighed.shown.score.cost == pytest.approx(0.01 * 100e6 * 5e-4, rel=0.01)
    assert weighed.drift_per_day == pytest.approx(100e6 * 4 / 2 * 0.01**2 * 0.0256 / 365)


def test_the_flip_is_stated_over_the_sleeve_as_drift_is(make_problem):
    problem = two_assets(make_problem, 0.002, 5e-4)
    half = replace(problem, sleeve=problem.nav / 2)
    whole_flip = weigh(problem, is_due=False, is_hard=False).flip
    assert weigh(half, is_due=False, is_hard=False).flip == pytest.approx(2 * whole_flip)
