"""What one owner could do: trade to target, to the edge of its no-trade band, or wait. Verdicts do not belong here.

A one-off cost is compared with drift over its own standing-policy horizon: cheap trades over weeks, taxed ones over
years. A horizon that belongs to dear trades would make any cheap one look good, so it is found together with the trade.
"""

from dataclasses import dataclass, replace

import numpy as np

from fo_platform.decision import no_trade_band
from fo_platform.decision.model import Array, Problem, class_matrix, forbid, no_trades
from fo_platform.decision.optimise import PULL, Solution, solve
from fo_platform.decision.program import Program
from fo_platform.decision.repairs import optimise
from fo_platform.decision.scoring import Score, objective, risk, score

ROUNDS = 12
"""Rounds in which horizon and trade are brought together; they shrink together and end well before."""

AGREED = 1e-3
"""Relative change of the proportional cost at which they agree."""

INSIDE = (0.0, 0.5, 0.9)
"""How far from the re-arm level to the drift limit a trade may end, deepest first."""

STILL = 1e-3
"""Least volatility of a drift, so that a class that cannot drift away still has a horizon to come back over."""

WIDE = 100.0
"""Multiple of NAV that stands for no upper limit."""

REFERENCE_YEARS = 1.0
"""Horizon under which the way to target chooses between instruments; the classes' pull dominates it."""


@dataclass(frozen=True)
class Drift:
    """Where an owner stands: the class that drifted most, by how much, and how much that moves.

    size: largest absolute class drift over NAV. variance: annual, per unit of drift squared. volatility: of the drift,
    a year.
    """

    asset_class: str
    size: float
    variance: float
    volatility: float


@dataclass(frozen=True)
class Band:
    """Proportional cost of a trade, the edge of the no-trade band it implies, and the horizon it is judged over."""

    cost: float
    edge: float
    horizon_years: float


NO_BAND = Band(0.0, 0.0, REFERENCE_YEARS)
"""Where no trade removes drift, a trade that a hard limit forces is still compared over something."""


@dataclass(frozen=True)
class Alternative:
    """Some trades, what they come to, and the band that their cost implies; no band where they remove no drift."""

    solution: Solution
    score: Score
    band: Band | None


def measure_drift(problem: Problem) -> Drift:
    """The drift of the problem as it stands.

    variance: x' Sigma x / d^2 of holdings less target x. volatility: w (1 - w) times the volatility of the class
    against the rest, since a weight moves by that much when its class outruns the rest.
    """
    assets = problem.assets
    excess = (assets.value - assets.target) / problem.nav
    by_class = class_matrix(problem) @ excess
    chosen = int(np.argmax(np.abs(by_class)))
    size = float(abs(by_class[chosen]))
    variance = risk(assets, excess, excess) / size**2 if size > 0 else 0.0
    return Drift(problem.classes.names[chosen], size, variance, _drift_volatility(problem, chosen))


def to_target(program: Program, problem: Problem, drift: Drift) -> Alternative:
    """The cheapest way to every class's target, as far as limits let it."""
    solution = solve(program, problem, REFERENCE_YEARS, pull=PULL)
    return _alternative(problem, solution, drift)


def standing_band(program: Program, problem: Problem, drift: Drift, start: Band) -> Band:
    """The band that decides whether any trade pays: horizon and trade found together.

    The horizon starts at the way to target's and shrinks with the cost of what is worth trading under it, until the
    two agree or nothing is worth trading.
    """
    band = start
    for _ in range(ROUNDS):
        trade = _alternative(problem, solve(program, problem, band.horizon_years), drift)
        if trade.band is None or trade.band.cost > band.cost * (1 - AGREED):
            return band
        band = trade.band
    return band


def best_trade(program: Program, problem: Problem, drift: Drift, band: Band) -> tuple[Alternative, Band]:
    """The trade to make, and the band whose horizon it is judged over; no trade where none pays.

    It goes on inside the drift limit, as far as the re-arm level, where that still saves more than it costs over its
    own horizon: a rebalance that ends in breach, at the edge of the band, would be asked for again tomorrow.
    """
    edge = _alternative(problem, optimise(program, problem, band.horizon_years), drift)
    if edge.solution.trades.is_empty:
        return edge, band
    for part in INSIDE:
        level = problem.rearm + part * (problem.drift_limit - problem.rearm)
        inner = _bounded(problem, *_drift_bounds(problem, level))
        own = _alternative(problem, solve(program, inner, band.horizon_years), drift).band or band
        further = _alternative(problem, optimise(program, inner, own.horizon_years), drift)
        if further.solution.is_solved and _saves(problem, further, own.horizon_years):
            return further, own
    return edge, band


def _saves(problem: Problem, trade: Alternative, horizon_years: float) -> bool:
    idle = objective(problem, waiting(problem).score, horizon_years)
    return objective(problem, trade.score, horizon_years) < idle


def compliance_price(program: Program, problem: Problem, trade: Alternative, horizon_years: float) -> float:
    """What hard limits cost: the objective with them less the objective without, in base currency."""
    none = replace(
        problem.classes, lower=0 * problem.classes.lower, upper=0 * problem.classes.upper + WIDE * problem.nav
    )
    free = solve(program, replace(problem, classes=none), horizon_years)
    without = objective(problem, score(problem, free.trades), horizon_years)
    return objective(problem, trade.score, horizon_years) - without


def toward_target(problem: Problem) -> Problem:
    """The problem in which classes above target are only sold, those below only bought, and none moves past its target.

    Drift is drift between classes. Without this a taxed owner would swap one bond for another to hedge its shares a
    little: risk goes down, drift stays, and the trade comes back every day. Doing nothing stays allowed.
    """
    member, assets = class_matrix(problem), problem.assets
    held, target = member @ assets.value, member @ assets.target
    is_over, is_under = (held > target)[assets.class_index], (held < target)[assets.class_index]
    aimed = forbid(problem, ~is_over[problem.lots.asset], ~is_under[problem.purchases.asset])
    return _bounded(aimed, np.minimum(held, target), np.maximum(held, target))


def waiting(problem: Problem) -> Alternative:
    """Doing nothing."""
    nothing = no_trades(problem)
    return Alternative(Solution("optimal", nothing), score(problem, nothing), None)


def _alternative(problem: Problem, solution: Solution, drift: Drift) -> Alternative:
    scored = score(problem, solution.trades)
    return Alternative(solution, scored, _band(problem, scored, drift))


def _band(problem: Problem, scored: Score, drift: Drift) -> Band | None:
    """The band on whose edge a trade ends: by what one more unit of drift would cost to remove after it."""
    removed = scored.removed * drift.size
    if removed <= 0:
        return None
    cost = scored.marginal_cost / (problem.nav * removed)
    edge = no_trade_band.edge(
        cost, variance=drift.variance, volatility=drift.volatility, risk_aversion=problem.risk_aversion
    )
    horizon = no_trade_band.horizon_years(
        cost, variance=drift.variance, band_edge=edge, risk_aversion=problem.risk_aversion
    )
    return Band(cost, edge, horizon)


def _drift_volatility(problem: Problem, chosen: int) -> float:
    """Annual volatility of the weight of a class that is left alone; a class that is all or nothing hardly moves."""
    assets = problem.assets
    is_in = assets.class_index == chosen
    weight = assets.value[is_in].sum() / problem.nav
    if not 0 < weight < 1:
        return STILL
    against = np.where(is_in, assets.value / weight, -assets.value / (1 - weight)) / problem.nav
    return max(float(weight * (1 - weight) * risk(assets, against, against) ** 0.5), STILL)


def _drift_bounds(problem: Problem, level: float) -> tuple[Array, Array]:
    """Values between which every class is within a level of its target."""
    target: Array = class_matrix(problem) @ problem.assets.target
    return target - level, target + level


def _bounded(problem: Problem, lower: Array, upper: Array) -> Problem:
    """The problem with class limits drawn in."""
    classes = problem.classes
    drawn = replace(classes, lower=np.maximum(classes.lower, lower), upper=np.minimum(classes.upper, upper))
    return replace(problem, classes=drawn)
