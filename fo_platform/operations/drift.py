"""Recording drift: every observation becomes an event of its scope's episode, and says whether an evaluation is due."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pandas as pd

from fo_platform.contracts.analytics import AllocationDrift
from fo_platform.contracts.book import NetWorth
from fo_platform.contracts.decision import ExecutionPlan
from fo_platform.contracts.policy import Limits
from fo_platform.decision.episodes import Episode, Observation, Rules, observe, run_key
from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Transaction
from fo_platform.ledger.queries import Row, drift_history, evaluations_due, rejections_since
from fo_platform.ledger.views import seq_at, working_orders
from fo_platform.limits import OFFICE, limit
from fo_platform.office import Office
from fo_platform.operations.read import recent

STEP = Decimal("0.00000001")


@dataclass(frozen=True)
class Due:
    """An evaluation that is due: its run key, scope, day and reason."""

    run_key: str
    scope: str
    day: date
    reason: str


def record_drift(office: Office, day: date) -> list[Due]:
    """Record today's drift of every entity and return every evaluation due today, new or recorded before.

    The claim is the ledger's row: asked twice, or by two daemons, the same keys come back and no row is added.
    """
    warehouse = office.warehouse
    drift = warehouse.read(AllocationDrift, _day(office, AllocationDrift, day))
    limits = warehouse.read(Limits, _day(office, Limits, day))
    worth = warehouse.read(NetWorth, _day(office, NetWorth, day))
    working, plans = _working(office, day), recent(office, ExecutionPlan, day)
    for scope, rows in drift[drift["scope"] != OFFICE].groupby("scope"):
        seen = _observation(str(scope), day, rows, worth, limits, is_working=str(scope) in working)
        _record(office, seen, _rules(limits, str(scope)), plans[plans["entity_id"] == scope])
    return list(_due(office, day))


def _record(office: Office, seen: Observation, rules: Rules, plans: pd.DataFrame) -> None:
    with office.ledger.transaction("drift") as entry:
        events = drift_history(entry, seen.scope)
        step = observe(_episode(events), _reopened(entry, seen, events, plans), rules)
        if events and _is_known(events[-1], step.event, step.reason, seen.day):
            return
        row = {"scope": seen.scope, "episode": step.episode.number, "step": len(events) + 1, "event": step.event}
        row |= {"attempt": step.episode.attempt, "business_date": seen.day, "drift": seen.drift, "reason": step.reason}
        entry.append(tables.drift_events, [{**row, "breached": json.dumps(sorted(seen.breached | seen.hard_breached))}])


def _is_known(last: Row, event: str, reason: str, day: date) -> bool:
    """The same thing seen again: nothing new to record. A due evaluation stays the last word of its day."""
    same = last.business_date == day and last.event == event and last.reason == reason
    return same or (last.business_date == day and last.event == "evaluation_due" and event == "observed")


def _episode(events: list[Row]) -> Episode:
    """Where a scope stands after its recorded events."""
    if not events:
        return Episode()
    last = events[-1]
    evaluated = [e for e in events if e.event == "evaluation_due" and e.episode == last.episode]
    if not evaluated:
        return Episode(number=last.episode)
    judged = evaluated[-1]
    return Episode(
        number=last.episode,
        attempt=judged.attempt,
        is_open=not any(e.event == "closed" and e.episode == last.episode for e in events),
        drift=judged.drift,
        breached=frozenset(json.loads(judged.breached)),
        evaluated_on=judged.business_date,
    )


def _reopened(entry: Transaction, seen: Observation, events: list[Row], plans: pd.DataFrame) -> Observation:
    """The observation, marked when a proposal was rejected, or expired, after the episode's last evaluation."""
    evaluated = [event for event in events if event.event == "evaluation_due"]
    rejected = rejections_since(entry, seen.scope, evaluated[-1].audit_seq if evaluated else 0)
    is_expired = bool(evaluated) and has_expired(plans, evaluated[-1].business_date, seen.day)
    return replace(seen, reopened=bool(rejected) or is_expired)


def has_expired(plans: pd.DataFrame, evaluated_on: date, day: date) -> bool:
    """Whether a plan's validity ended before today and not before the last evaluation, which would have seen it."""
    ends = plans["valid_until_date"]
    return bool(((ends >= pd.Timestamp(evaluated_on)) & (ends < pd.Timestamp(day))).any())


def _observation(
    scope: str, day: date, rows: pd.DataFrame, worth: pd.DataFrame, limits: pd.DataFrame, *, is_working: bool
) -> Observation:
    return Observation(
        scope=scope,
        day=day,
        drift=Decimal(repr(float(rows["drift_tradeable"].abs().max()))).quantize(STEP),
        breached=frozenset(rows.loc[rows["is_breach"], "asset_class"]),
        hard_breached=frozenset(rows.loc[rows["is_hard_breach"], "asset_class"]),
        uncertainty=_uncertainty(worth[worth["entity_id"] == scope].iloc[0], limit(limits, scope, "stale_uncertainty")),
        has_working_orders=is_working,
    )


def _uncertainty(worth: pd.Series, stale: Decimal) -> Decimal:
    """Share of NAV that stale or broken holdings could be off by."""
    if worth["nav_base"] == 0:
        return Decimal(0)
    share: Decimal = (worth["broken_base"] + stale * worth["stale_base"]) / worth["nav_base"]
    return share.quantize(STEP)


def _rules(limits: pd.DataFrame, scope: str) -> Rules:
    numbers = {name: limit(limits, scope, name) for name in ("drift_limit", "drift_rearm", "drift_step", "review_days")}
    return Rules(numbers["drift_limit"], numbers["drift_rearm"], numbers["drift_step"], int(numbers["review_days"]))


def _working(office: Office, day: date) -> frozenset[str]:
    seq = seq_at(office.ledger, office.ledger.last_known_at())
    return frozenset(working_orders(office.ledger, day, seq)["entity_id"])


def _due(office: Office, day: date) -> Iterator[Due]:
    for row in evaluations_due(office.ledger, day):
        episode = Episode(number=row.episode, attempt=row.attempt)
        yield Due(run_key(row.scope, episode), row.scope, day, row.reason)


def _day(office: Office, contract: type[AllocationDrift | NetWorth | Limits], day: date) -> list[Row]:
    return office.warehouse.batches(contract.name, day, day)
