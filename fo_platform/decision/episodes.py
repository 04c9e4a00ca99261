"""Drift episodes: when an evaluation is due and when not, with the reason. Recording it does not belong here."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

Event = Literal["observed", "opened", "evaluation_due", "held", "closed"]


@dataclass(frozen=True)
class Observation:
    """Drift of one scope on one day: `drift` is the largest absolute tradeable one, `breached` is decided exactly.

    uncertainty: how far stale or broken holdings could move the drift. has_working_orders: a rebalance is under way.
    reopened: a proposal of the episode was rejected, void or expired.
    """

    scope: str
    day: date
    drift: Decimal
    breached: frozenset[str]
    hard_breached: frozenset[str]
    uncertainty: Decimal
    has_working_orders: bool = False
    reopened: bool = False


@dataclass(frozen=True)
class Rules:
    """Policy of a scope: limit, re-arm level, worsening step (fractions) and days between reviews."""

    limit: Decimal
    rearm: Decimal
    step: Decimal
    review_days: int


@dataclass(frozen=True)
class Episode:
    """Where a scope stands: episode number, evaluation attempts, and the drift and day of the last evaluation."""

    number: int = 0
    attempt: int = 0
    is_open: bool = False
    drift: Decimal = Decimal(0)
    breached: frozenset[str] = frozenset()
    evaluated_on: date | None = None


@dataclass(frozen=True)
class Step:
    """What an observation does to an episode: the event to record, its reason, and the episode afterwards."""

    event: Event
    reason: str
    episode: Episode


def observe(episode: Episode, seen: Observation, rules: Rules) -> Step:
    """The one event that an observation gives; only `evaluation_due` starts an evaluation."""
    if not episode.is_open:
        return _closed(episode, seen, rules)
    if not seen.breached and not seen.hard_breached and seen.drift < rules.rearm:
        return Step(
            "closed",
            f"drift {_share(seen.drift)} is below the re-arm level {_share(rules.rearm)}",
            _with(episode, seen, is_open=False),
        )
    return _open(episode, seen, rules)


def run_key(scope: str, episode: Episode) -> str:
    """Dagster's run key of an evaluation: a key once used is never launched again, so the attempt is part of it."""
    return f"{scope}:{episode.number}:{episode.attempt}"


def _closed(episode: Episode, seen: Observation, rules: Rules) -> Step:
    if not seen.breached and not seen.hard_breached:
        return Step("observed", f"drift {_share(seen.drift)} does not exceed the limit {_share(rules.limit)}", episode)
    if hold := _hold(seen, rules):
        return Step("held", hold, episode)
    opened = Episode(episode.number + 1, 0, is_open=True)
    return _due(opened, seen, f"drift {_share(seen.drift)} exceeds the limit {_share(rules.limit)} in {_names(seen)}")


def _open(episode: Episode, seen: Observation, rules: Rules) -> Step:
    if hold := _hold(seen, rules):
        return Step("held", hold, episode)
    reason = _why_due(episode, seen, rules)
    if reason is None:
        evaluated = f"the last evaluation's {_share(episode.drift)}"
        return Step("observed", f"drift {_share(seen.drift)} is within {_share(rules.step)} of {evaluated}", episode)
    if seen.has_working_orders and not seen.hard_breached:
        return Step("observed", f"{reason}, but approved orders are still working", episode)
    return _due(episode, seen, reason)


def _why_due(episode: Episode, seen: Observation, rules: Rules) -> str | None:
    worse = seen.drift - episode.drift
    if worse >= rules.step:
        return f"drift worsened by {_share(worse)} to {_share(seen.drift)}"
    if fresh := (seen.breached | seen.hard_breached) - episode.breached:
        return f"another class breaches: {', '.join(sorted(fresh))}"
    if seen.reopened:
        return "the last proposal was rejected, void or expired"
    if episode.evaluated_on and seen.day >= episode.evaluated_on + timedelta(days=rules.review_days):
        return f"the review of {episode.evaluated_on + timedelta(days=rules.review_days)} is due"
    return None


def _due(episode: Episode, seen: Observation, reason: str) -> Step:
    return Step("evaluation_due", reason, _with(episode, seen, attempt=episode.attempt + 1, evaluated_on=seen.day))


def _with(
    episode: Episode,
    seen: Observation,
    *,
    is_open: bool = True,
    attempt: int | None = None,
    evaluated_on: date | None = None,
) -> Episode:
    return Episode(
        number=episode.number,
        attempt=episode.attempt if attempt is None else attempt,
        is_open=is_open,
        drift=seen.drift,
        breached=seen.breached | seen.hard_breached,
        evaluated_on=evaluated_on or episode.evaluated_on,
    )


def _hold(seen: Observation, rules: Rules) -> str | None:
    """Why trading waits: stale or broken holdings could bring the drift back within the limit."""
    if seen.uncertainty == 0 or seen.hard_breached or seen.drift - seen.uncertainty > rules.limit:
        return None
    return f"stale or broken holdings could move the drift of {_share(seen.drift)} by {_share(seen.uncertainty)}"


def _names(seen: Observation) -> str:
    return ", ".join(sorted(seen.breached | seen.hard_breached))


def _share(value: Decimal) -> str:
    return f"{value * 100:.2f} %"
