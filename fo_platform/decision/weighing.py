"""The alternatives of one owner side by side, in money and over a stated horizon. Verdicts do not belong here."""

from dataclasses import dataclass, replace

from fo_platform.decision.alternatives import (
    NO_BAND,
    Alternative,
    best_trade,
    compliance_price,
    measure_drift,
    standing_band,
    to_target,
    toward_target,
    waiting,
)
from fo_platform.decision.model import Problem, caps
from fo_platform.decision.optimise import stand_still
from fo_platform.decision.program import write_program
from fo_platform.decision.scoring import DAYS_PER_YEAR, drift_cost_per_year


@dataclass(frozen=True)
class Weighed:
    """Waiting, the way to target and the best trade; `best` is waiting where nothing pays or nothing was asked.

    flip: drift over the tradeable sleeve from which some trade pays; none where no trade removes drift.
    horizon_years: what `best` is judged over. compliance_price: what hard limits add to the objective.
    """

    problem: Problem
    idle: Alternative
    target: Alternative
    best: Alternative
    flip: float | None
    horizon_years: float
    compliance_price: float

    @property
    def shown(self) -> Alternative:
        """The trade whose costs are reported: the best one or, where none pays, the way to target."""
        return self.target if self.best.solution.trades.is_empty else self.best

    @property
    def shown_years(self) -> float:
        """Horizon of the trade shown."""
        if self.best.solution.trades.is_empty:
            return self.target.band.horizon_years if self.target.band else 0.0
        return self.horizon_years

    @property
    def drift_per_day(self) -> float:
        """Cost of one day of waiting."""
        return drift_cost_per_year(self.problem, self.idle.score.variance) / DAYS_PER_YEAR

    @property
    def saved_per_day(self) -> float:
        """Cost of drift that the trade shown takes off every day."""
        return self.drift_per_day - drift_cost_per_year(self.problem, self.shown.score.variance) / DAYS_PER_YEAR

    @property
    def drift_saved(self) -> float:
        """Cost of drift that the trade shown saves over its horizon."""
        return self.saved_per_day * DAYS_PER_YEAR * self.shown_years

    @property
    def saving(self) -> float:
        """Cost of drift saved less one-off cost of the trade shown."""
        return self.drift_saved - self.shown.score.cost


def weigh(owner: Problem, *, is_due: bool, is_hard: bool) -> Weighed:
    """The alternatives of an owner's problem. Without a decision due the best trade is not looked for.

    Trades go toward target; where that cannot meet a hard limit, any trade may.
    """
    weighed = _weigh(toward_target(owner), is_due=is_due, is_hard=is_hard)
    if is_hard and not weighed.target.solution.is_solved:
        return _weigh(owner, is_due=is_due, is_hard=is_hard)
    return weighed


def _weigh(problem: Problem, *, is_due: bool, is_hard: bool) -> Weighed:
    drift, idle = measure_drift(problem), waiting(problem)
    if problem.unreachable or not caps(problem).any():
        still = replace(idle, solution=stand_still(problem))
        return Weighed(problem, idle, still, idle, None, NO_BAND.horizon_years, 0.0)
    program = write_program(problem)
    target = to_target(program, problem, drift)
    band = standing_band(program, problem, drift, target.band) if target.band else NO_BAND
    flip = band.edge * problem.nav / problem.sleeve if target.band else None
    if not is_due or not target.solution.is_solved:
        return Weighed(problem, idle, target, idle, flip, band.horizon_years, 0.0)
    best, own = best_trade(program, problem, drift, band)
    price = compliance_price(program, problem, best, own.horizon_years) if is_hard else 0.0
    return Weighed(problem, idle, target, best, flip, own.horizon_years, price)
