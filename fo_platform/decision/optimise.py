"""Solves one owner's program with Clarabel and says how it ended, what binds, and what is broken when nothing fits.

Minimum tickets, wash sales and verdicts do not belong here.
"""

import warnings
from dataclasses import dataclass
from typing import Literal

import cvxpy as cp
import numpy as np

from fo_platform.costs import BPS
from fo_platform.decision import model
from fo_platform.decision.model import Array, Problem, Trades, no_trades
from fo_platform.decision.program import SCALE, Program, class_limit_names

NEGLIGIBLE = 1e-8
"""A line below this fraction of NAV is solver noise."""

TIGHT = 1e-6
"""A limit with less room than this fraction of NAV binds; broken by less, it is met."""

GAP = 1e-7
"""Duality gap, in basis points of NAV or relative, at which the solver stops."""

MANY = 2_000
"""Lines above which writing the program anew is cheaper than keeping its parameters open."""

PULL = 1.0
"""Penalty per unit of class drift left when the way to target is asked for: dearer than any trade that removes it."""

Status = Literal["optimal", "optimal_inaccurate", "infeasible", "not_converged"]

STATUSES: dict[str, Status] = {
    "optimal": "optimal",
    "optimal_inaccurate": "optimal_inaccurate",
    "infeasible": "infeasible",
    "infeasible_inaccurate": "infeasible",
}
"""How the solver's own words are read; any other is not_converged."""


@dataclass(frozen=True)
class ShadowPrice:
    """What one binding limit costs: basis points of NAV gained by relaxing it by 1 % of NAV."""

    limit: str
    price_bps: float


@dataclass(frozen=True)
class Solution:
    """How the solver ended; trades are empty unless the status says optimal.

    shadow_prices: of limits that bind, largest first. violated: limits that no trades can meet together.
    """

    status: Status
    trades: Trades
    shadow_prices: tuple[ShadowPrice, ...] = ()
    violated: tuple[str, ...] = ()

    @property
    def is_solved(self) -> bool:
        """Whether the trades are an optimum."""
        return self.status in ("optimal", "optimal_inaccurate")


def solve(program: Program, problem: Problem, horizon_years: float, *, pull: float = 0.0) -> Solution:
    """Trades that minimise cost of drift over the horizon plus one-off cost, under every limit of the problem.

    problem: the program's own, or one with other caps or class limits. pull: penalty per unit of class drift left; zero
    for the owner's own question, `PULL` for the way to target.
    """
    _turn(program, problem, horizon_years, pull)
    status = _status(program.optimum)
    if status == "infeasible":
        return Solution(status, no_trades(problem), violated=_violated(program, problem))
    if status == "not_converged":
        return Solution(status, no_trades(problem))
    return Solution(status, _trades(program, problem), _shadow_prices(program, problem))


def stand_still(problem: Problem) -> Solution:
    """The solution where nothing can be traded: fine unless a class is out of reach or a hard limit is broken."""
    held, classes = model.class_matrix(problem) @ problem.assets.value, problem.classes
    broken = np.maximum(np.concatenate([classes.lower - held, held - classes.upper]), 0) / problem.nav
    names = class_limit_names(problem)
    out_of_reach = tuple(f"{name} has a target but nothing that could be bought" for name in problem.unreachable)
    violated = (*out_of_reach, *_named(names, broken))
    return Solution("infeasible" if violated else "optimal", no_trades(problem), violated=violated)


def _turn(program: Program, problem: Problem, horizon_years: float, pull: float) -> None:
    """Set the program's knobs to a problem."""
    frame, knobs = program.frame, program.knobs
    knobs.horizon.value, knobs.pull.value = horizon_years, pull
    knobs.cap.value = model.caps(problem)[frame.is_allowed] / frame.unit
    knobs.lower.value, knobs.upper.value = problem.classes.lower / frame.unit, problem.classes.upper / frame.unit


def _status(problem: cp.Problem) -> Status:
    """Solve, and say how it ended: a solver that gives up is a result, not an exception or a warning."""
    is_large = problem.size_metrics.num_scalar_variables > MANY
    try:
        with warnings.catch_warnings(action="ignore"):
            problem.solve(cp.CLARABEL, warm_start=False, ignore_dpp=is_large, tol_gap_abs=GAP, tol_gap_rel=GAP)
    except cp.error.SolverError:
        return "not_converged"
    return STATUSES.get(problem.status, "not_converged")


def _trades(program: Program, problem: Problem) -> Trades:
    """Amounts in base currency, within their caps, and nothing where only noise is left."""
    frame, caps = program.frame, model.caps(problem)
    amounts = np.zeros(len(caps))
    amounts[frame.is_allowed] = frame.amount.value * frame.unit
    amounts = np.clip(amounts, 0.0, caps)
    return model.trades_of(problem, np.where(amounts > NEGLIGIBLE * problem.nav, amounts, 0.0))


def _shadow_prices(program: Program, problem: Problem) -> tuple[ShadowPrice, ...]:
    """Duals of the limits that bind, largest first: one with room left has no price, whatever the solver says."""
    room = -program.left.value * program.frame.share
    price = program.optimum.constraints[0].dual_value * (0.01 / program.frame.share / SCALE / BPS)
    is_binding = np.flatnonzero((room < TIGHT) & (price > TIGHT))
    names = _limit_names(program, problem)
    prices = [ShadowPrice(names[i], float(price[i])) for i in is_binding]
    return tuple(sorted(prices, key=lambda item: (-item.price_bps, item.limit)))


def _violated(program: Program, problem: Problem) -> tuple[str, ...]:
    """Which limits break, and by how much of NAV, when all are met as far as they can be."""
    if _status(program.elastic) == "not_converged":
        return ("limits that could not be told apart",)
    return _named(_limit_names(program, problem), program.broken.value * program.frame.share)


def _limit_names(program: Program, problem: Problem) -> tuple[str, ...]:
    """Names of the program's limits, those of classes with today's bounds."""
    bounds = dict(zip(class_limit_names(program.frame.problem), class_limit_names(problem), strict=True))
    return tuple(bounds.get(name, name) for name in program.limit_names)


def _named(names: tuple[str, ...], broken: Array) -> tuple[str, ...]:
    return tuple(f"{name} by {by:.2%} of NAV" for name, by in zip(names, broken, strict=True) if by > TIGHT)
