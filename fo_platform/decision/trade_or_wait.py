"""Every owner's question answered: trade, wait or hold, with both costs. Quantities and orders do not belong here."""

from dataclasses import dataclass
from functools import reduce

import pandas as pd

from fo_platform.contracts.decision import RebalanceEvaluation
from fo_platform.decision.inputs import Inputs
from fo_platform.decision.problem import build_problem
from fo_platform.decision.scoring import DAYS_PER_YEAR
from fo_platform.decision.standing import Standing, read_standing
from fo_platform.decision.verdicts import Verdict, give_verdict
from fo_platform.decision.wash_sales import NOTHING, Group, Washed, proposed_trades, recent_trades, wash_groups
from fo_platform.decision.weighing import Weighed, weigh
from fo_platform.limits import limit


@dataclass(frozen=True)
class Decision:
    """Everything known about one owner's question today."""

    standing: Standing
    weighed: Weighed
    verdict: Verdict
    previous: pd.Series | None


def rebalance_evaluation(inputs: Inputs, day: pd.Timestamp) -> pd.DataFrame:
    """Verdict of every entity that has an allocation, as decision.RebalanceEvaluation."""
    return RebalanceEvaluation.frame([_row(decision, day) for decision in decide(inputs, day)])


def decide(inputs: Inputs, day: pd.Timestamp) -> tuple[Decision, ...]:
    """Decisions of all entities in order of name, so that each knows the trades of those decided before it."""
    drift, groups = inputs.allocation_drift, wash_groups(inputs, day)
    scopes = set(drift.loc[drift["nav_base"] > 0, "scope"])
    decided: list[Decision] = []
    for entity_id in sorted(scopes & set(groups)):
        washed = recent_trades(inputs, groups[entity_id], day).joined(_proposed(decided, groups[entity_id]))
        decided.append(_decide(inputs, entity_id, day, washed))
    return tuple(decided)


def _decide(inputs: Inputs, entity_id: str, day: pd.Timestamp, washed: Washed) -> Decision:
    standing = read_standing(inputs, entity_id)
    problem = build_problem(inputs, entity_id, day, washed)
    weighed = weigh(problem, is_due=standing.is_due, is_hard=standing.is_hard_breach)
    rows = inputs.rebalance_evaluation_previous
    rows = rows[rows["entity_id"] == entity_id]
    previous = None if rows.empty else rows.iloc[0]
    review = pd.Timedelta(days=int(limit(inputs.limits, entity_id, "review_days")))
    verdict = give_verdict(standing, weighed, previous, day=day, review=review)
    return Decision(standing, weighed, verdict, previous)


def _proposed(decided: list[Decision], group: Group) -> Washed:
    """What entities decided earlier today would trade, of those whose trades wash one another."""
    trading = [d for d in decided if d.verdict.word == "TRADE" and d.standing.entity_id in group.entities]
    each = [proposed_trades(d.weighed.problem, d.weighed.best.solution.trades) for d in trading]
    return reduce(Washed.joined, each, NOTHING)


def _row(decision: Decision, day: pd.Timestamp) -> dict[str, object]:
    standing, verdict, previous = decision.standing, decision.verdict, decision.previous
    measures = _measures(decision.weighed, (verdict.next_review_date - day).days)
    if previous is not None and verdict.evaluated_date < day:
        measures = {name: previous[name] for name in measures}
    return {
        "entity_id": standing.entity_id,
        "verdict": verdict.word,
        "trigger": verdict.trigger,
        "reason": verdict.reason,
        "drift_total": standing.drift_total,
        "drift_tradeable": standing.drift_tradeable,
        "next_review_date": verdict.next_review_date,
        "evaluated_date": verdict.evaluated_date,
        "targets_digest": standing.targets_digest,
    } | measures


def _measures(weighed: Weighed, days_to_review: int) -> dict[str, object]:
    """What the trade shown costs and saves; a decision in force keeps the figures that it was made on.

    What comes out of a solver is stated to the digits that it can vouch for.
    """
    scored, prices = weighed.shown.score, weighed.best.solution.shadow_prices
    saved = weighed.saved_per_day
    return {
        "cost_of_drift_per_day_base": weighed.drift_per_day,
        "cost_of_drift_base": weighed.drift_saved,
        "cost_of_drift_to_review_base": weighed.drift_per_day * days_to_review,
        "cost_of_trading_base": scored.cost,
        "cost_of_trading_full_credit_zero_base": scored.cost + scored.tax_credit,
        "cost_to_target_base": weighed.target.score.cost,
        "tax_base": scored.tax,
        "saving_base": weighed.saving,
        "horizon_days": round(weighed.shown_years * DAYS_PER_YEAR, 1) or None,
        "break_even_days": round(scored.cost / saved, 1) if saved > 0 else None,
        "drift_flip": None if weighed.flip is None else round(weighed.flip, 6),
        "tracking_error_annual": round(weighed.idle.score.variance**0.5, 10),
        "turnover": round(scored.turnover, 8),
        "binding_constraint": prices[0].limit if prices else None,
        "shadow_price_bps": round(prices[0].price_bps, 4) if prices else None,
        "solver_status": weighed.shown.solution.status,
    }
