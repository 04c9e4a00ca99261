"""The convex program of one owner as cvxpy writes it, once, with knobs for what changes from solve to solve.

Risk in factor form, impact u^1.5 as second-order cones, weights in units of 1/N, objective scaled up: the form that
keeps the solver accurate at any number of instruments. Solving it does not belong here.
"""

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
from scipy import sparse

from fo_platform.decision import model
from fo_platform.decision.model import Flags, Problem
from fo_platform.decision.taxes import tax_bound

SCALE = 1e4
"""Objective in basis points of NAV."""

FINE = 0.03
"""Size of a typical trade: of the N-th part of NAV that one asset holds, so that amounts are near one."""


@dataclass(frozen=True)
class Limit:
    """Limits of one kind: their names, and left-hand sides that are at most zero when met."""

    names: tuple[str, ...]
    left: cp.Expression


@dataclass(frozen=True)
class Knobs:
    """What a solve may change without writing the program again: years, penalty, and bounds in solver's units."""

    horizon: cp.Parameter
    pull: cp.Parameter
    cap: cp.Parameter
    lower: cp.Parameter
    upper: cp.Parameter


@dataclass(frozen=True)
class Frame:
    """The problem in solver's units: money in NAV / N, and `amount` over the lines that are allowed."""

    problem: Problem
    is_allowed: Flags
    amount: cp.Variable

    @property
    def unit(self) -> float:
        """Base currency in one solver's unit."""
        return self.problem.nav * self.share

    @property
    def share(self) -> float:
        """NAV in one solver's unit: a typical trade of one of N assets."""
        return FINE / len(self.problem.assets.names)

    def sum(self, matrix: sparse.csr_array) -> cp.Expression:
        """A matrix over all lines times the amounts of those that are allowed."""
        return matrix.tocsc()[:, self.is_allowed] @ self.amount


@dataclass(frozen=True)
class Program:
    """A problem written for the solver, and its elastic twin that breaks limits by as little as can be."""

    frame: Frame
    knobs: Knobs
    limit_names: tuple[str, ...]
    left: cp.Expression
    optimum: cp.Problem
    elastic: cp.Problem
    broken: cp.Variable


def write_program(problem: Problem) -> Program:
    """The program of a problem; at least one line must be allowed."""
    is_allowed = model.caps(problem) > 0
    frame = Frame(problem, is_allowed, cp.Variable(int(is_allowed.sum()), nonneg=True))
    sizes = ((), (), int(is_allowed.sum()), len(problem.classes.names), len(problem.classes.names))
    knobs = Knobs(*(cp.Parameter(size, nonneg=True) for size in sizes))
    limits = _limits(frame, knobs)
    names = tuple(name for limit in limits for name in limit.names)
    left, broken, capped = (
        cp.hstack([limit.left for limit in limits]),
        cp.Variable(len(names)),
        frame.amount <= knobs.cap,
    )
    cost = knobs.horizon * _drift_rate(frame) + _trading_cost(frame) + _tax(frame) + knobs.pull * _class_drift(frame)
    optimum = cp.Problem(cp.Minimize(SCALE * cost), [left <= 0, capped])
    elastic = cp.Problem(cp.Minimize(cp.sum(broken)), [left <= broken, broken >= 0, capped])
    return Program(frame, knobs, names, left, optimum, elastic, broken)


def class_limit_names(problem: Problem) -> tuple[str, ...]:
    """Names of the lower, then the upper limits of the classes, with their bounds over NAV."""
    sides = (("least", problem.classes.lower), ("most", problem.classes.upper))
    return tuple(
        f"{name} at {side} {bound / problem.nav:.2%}"
        for side, bounds in sides
        for name, bound in zip(problem.classes.names, bounds, strict=True)
    )


def _drift_rate(frame: Frame) -> cp.Expression:
    """Cost of a year of the drift that is left, as a fraction of NAV."""
    assets = frame.problem.assets
    excess = (assets.value - assets.target) / frame.unit + frame.sum(model.effect_matrix(frame.problem))
    variance = cp.sum_squares(assets.exposure.T @ excess) + cp.sum_squares(cp.multiply(assets.specific, excess))
    return frame.problem.risk_aversion / 2 * frame.share**2 * variance


def _trading_cost(frame: Frame) -> cp.Expression:
    """Spread, commission and impact, as a fraction of NAV."""
    assets, traded = frame.problem.assets, frame.sum(model.traded_matrix(frame.problem))
    is_traded = np.flatnonzero(assets.impact)
    impact = assets.impact[is_traded] * frame.unit**0.5
    return (assets.linear @ traded + impact @ cp.power(traded[is_traded], 1.5)) * frame.share


def _tax(frame: Frame) -> cp.Expression:
    """Convex bound on the tax of each taxpayer, less the credit for deferral, as a fraction of NAV."""
    problem = frame.problem
    if not problem.taxpayers.names:
        return cp.Constant(0.0)
    rate, credit = tax_bound(problem.lots, problem.taxpayers)
    every = sparse.csr_array(np.hstack([rate, np.zeros((len(rate), len(problem.purchases.asset)))]))
    return (1 - problem.taxpayers.phi) @ cp.pos(frame.sum(every) - credit / frame.unit) * frame.share


def _class_drift(frame: Frame) -> cp.Expression:
    """One-way class drift that is left, as a fraction of NAV."""
    assets, member = frame.problem.assets, model.class_matrix(frame.problem)
    drift = member @ (assets.value - assets.target) / frame.unit
    return cp.norm1(drift + frame.sum(member @ model.effect_matrix(frame.problem))) / 2 * frame.share


def _limits(frame: Frame, knobs: Knobs) -> list[Limit]:
    """Every limit of the problem by the name a person knows it under."""
    problem, unit = frame.problem, frame.unit
    pockets, assets = problem.pockets, problem.assets
    member, is_traded = model.class_matrix(problem), np.flatnonzero(assets.volume_cap)
    spent = -frame.sum(model.worst_cash_matrix(problem))
    held = member @ assets.value / unit + frame.sum(member @ model.effect_matrix(problem))
    volume = frame.sum(model.traded_matrix(problem)[is_traded])
    pairs = zip(pockets.account_id, pockets.currency, strict=True)
    return [
        Limit(
            tuple(f"cash of {account} in {money}" for account, money in pairs),
            spent - (pockets.cash - pockets.floor) / unit,
        ),
        Limit(class_limit_names(problem), cp.hstack([knobs.lower - held, held - knobs.upper])),
        Limit(tuple(f"volume of {assets.names[i]}" for i in is_traded), volume - assets.volume_cap[is_traded] / unit),
        Limit(("turnover",), cp.reshape(cp.sum(frame.amount) / 2 - problem.turnover_cap / unit, (1,), order="C")),
    ]
