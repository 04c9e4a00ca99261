"""One exact evaluator of any trades: what they do to risk, what they cost, what tax they cause.

Every comparison uses it; a solver's own objective is never quoted. How trades are found does not belong here.
"""

from dataclasses import dataclass

import numpy as np

from fo_platform.decision.model import Array, Assets, Problem, Trades, traded_matrix, values_after
from fo_platform.decision.taxes import tax_due

DAYS_PER_YEAR = 365


@dataclass(frozen=True)
class Score:
    """What trades come to, in base currency. variance: of holdings less target over NAV, annual.

    linear_cost: spread and commission. tax: on realised gains. tax_credit: the part of it that waiting would cost too.
    removed: share of today's drift that the trades take away, by projection on its risk.
    """

    variance: float
    linear_cost: float
    impact_cost: float
    tax: float
    tax_credit: float
    turnover: float
    removed: float

    @property
    def cost(self) -> float:
        """One-off cost: trading and the tax that waiting would save."""
        return self.linear_cost + self.impact_cost + self.tax - self.tax_credit

    @property
    def marginal_cost(self) -> float:
        """What the same trades would cost if all of them were as dear as their last part: impact grows as u^1.5."""
        return self.cost + self.impact_cost / 2


def score(problem: Problem, trades: Trades) -> Score:
    """The exact score of some trades."""
    before, after = problem.assets.value - problem.assets.target, values_after(problem, trades) - problem.assets.target
    traded = traded_matrix(problem) @ trades.amounts
    tax = tax_due(problem, trades.sales)
    assets, nav = problem.assets, problem.nav
    variance = risk(assets, before / nav, before / nav)
    return Score(
        variance=risk(assets, after / nav, after / nav),
        linear_cost=float(traded @ assets.linear),
        impact_cost=float(assets.impact @ traded**1.5),
        tax=float(tax.sum()),
        tax_credit=float(tax @ problem.taxpayers.phi),
        turnover=float(trades.amounts.sum()) / 2 / nav,
        removed=risk(assets, before / nav, (before - after) / nav) / variance if variance > 0 else 0.0,
    )


def drift_cost_per_year(problem: Problem, variance: float) -> float:
    """Risk-equivalent cost of a year of holding a variance: V x lambda / 2 x variance; it needs no return forecast."""
    return problem.nav * problem.risk_aversion / 2 * variance


def objective(problem: Problem, scored: Score, horizon_years: float) -> float:
    """What the optimiser minimises: cost of drift over the horizon plus one-off cost, in base currency."""
    return horizon_years * drift_cost_per_year(problem, scored.variance) + scored.cost


def risk(assets: Assets, left: Array, right: Array) -> float:
    """Covariance of two sets of weights, annual, in factor form."""
    common = (assets.exposure.T @ left) @ (assets.exposure.T @ right)
    return float(common + np.sum(assets.specific**2 * left * right))
