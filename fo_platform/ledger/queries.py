"""Questions about the ledger's facts, each under its name. What an answer means does not belong here."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa

from fo_platform.ledger import tables
from fo_platform.ledger.ledger import GENESIS

Row = sa.Row[Any]
"""One fact, its columns as attributes."""


class Facts(Protocol):
    """Whoever can be asked: the ledger as last committed, or a transaction as it stands inside."""

    def rows(self, query: sa.Select[Any]) -> list[Row]:
        """Rows that answer a query."""
        ...


def count(facts: Facts, table: sa.Table, *, on: date | None = None, until: date | None = None) -> int:
    """How many rows a table has: of one business date, of all up to one, or in all."""
    query = sa.select(sa.func.count()).select_from(table)
    if on is not None:
        query = query.where(table.c.business_date == on)
    if until is not None:
        query = query.where(table.c.business_date <= until)
    return int(facts.rows(query)[0][0])


def audit_head(facts: Facts) -> str:
    """Hash of the audit chain's last link."""
    chain = tables.audit_chain.c
    rows = facts.rows(sa.select(chain.hash).order_by(chain.seq.desc()).limit(1))
    return str(rows[0].hash) if rows else GENESIS


def all_batches(facts: Facts) -> list[Row]:
    """Every batch of every table, oldest first."""
    return facts.rows(sa.select(tables.batches).order_by(tables.batches.c.known_at))


def newest_policy(facts: Facts) -> Row | None:
    """The version of the policy that was adopted last."""
    versions = tables.policy_versions
    rows = facts.rows(sa.select(versions).order_by(versions.c.version.desc()).limit(1))
    return rows[0] if rows else None


def break_history(facts: Facts) -> list[Row]:
    """Every step of every break, each break's oldest first."""
    states = tables.break_states
    return facts.rows(sa.select(states).order_by(states.c.step))


def alert_history(facts: Facts) -> list[Row]:
    """Every event of every alert, each alert's oldest first."""
    events = tables.alert_events
    return facts.rows(sa.select(events).order_by(events.c.alert_id, events.c.step))


def notice_history(facts: Facts, channel: str) -> list[Row]:
    """Every attempt to tell a channel something, each message's oldest first."""
    notices = tables.alert_notices
    query = sa.select(notices).where(notices.c.channel == channel)
    return facts.rows(query.order_by(notices.c.message_id, notices.c.attempt))


def drift_history(facts: Facts, scope: str) -> list[Row]:
    """Every drift event of a scope, oldest first."""
    events = tables.drift_events
    return facts.rows(sa.select(events).where(events.c.scope == scope).order_by(events.c.episode, events.c.step))


def evaluations_due(facts: Facts, day: date) -> list[Row]:
    """The day's drift events that call for an evaluation, by scope."""
    events = tables.drift_events
    query = sa.select(events).where(events.c.business_date == day, events.c.event == "evaluation_due")
    return facts.rows(query.order_by(events.c.scope, events.c.step))


def rejections_since(facts: Facts, entity_id: str, link: int) -> int:
    """How many proposals of an owner were rejected after a link of the chain."""
    signed = tables.approvals.c
    query = sa.select(sa.func.count()).where(signed.entity_id == entity_id, signed.decision == "reject")
    return int(facts.rows(query.where(signed.audit_seq > link))[0][0])


def known_deliveries(facts: Facts) -> set[str]:
    """Identifiers of every delivery taken in."""
    return {row.delivery_id for row in facts.rows(sa.select(tables.deliveries.c.delivery_id))}


def is_delivered(facts: Facts, delivery_id: str) -> bool:
    """Whether a delivery was taken in before."""
    known = tables.deliveries.c.delivery_id
    return bool(facts.rows(sa.select(known).where(known == delivery_id)))


def accepted_deliveries(facts: Facts, first: date, last: date) -> list[Row]:
    """Deliveries received between two days that were accepted, as received.

    accepted_seq is the link that says so, subject what they speak of within their accounts.
    """
    known, judged = tables.deliveries.c, tables.delivery_verdicts.c
    later = sa.select(judged.delivery_id, sa.func.min(judged.audit_seq).label("accepted_seq"))
    accepted = later.where(judged.verdict == "accepted").group_by(judged.delivery_id).subquery()
    at = sa.case((known.verdict == "accepted", known.audit_seq), else_=accepted.c.accepted_seq)
    stated = tables.delivery_fingerprints
    joined = tables.deliveries.outerjoin(accepted, accepted.c.delivery_id == known.delivery_id)
    whole = joined.outerjoin(stated, stated.c.delivery_id == known.delivery_id)
    query = sa.select(tables.deliveries, stated.c.subject, at.label("accepted_seq")).select_from(whole)
    return facts.rows(query.where(known.business_date.between(first, last), at.is_not(None)).order_by(known.audit_seq))


def restatements(facts: Facts, seq: int) -> list[Row]:
    """Every restatement known at a link, oldest first."""
    known = tables.restatements
    return facts.rows(sa.select(known).where(known.c.audit_seq <= seq).order_by(known.c.restatement))


def incomplete_deliveries(facts: Facts, statement: Mapping[str, object]) -> list[Row]:
    """Deliveries of pages that waited for others of their statement and were not rejected, as received.

    statement: column -> value.
    """
    known, judged = tables.deliveries.c, tables.delivery_verdicts.c
    same = [known[name] == value for name, value in statement.items()]
    rejected = sa.select(judged.delivery_id).where(judged.verdict == "rejected")
    query = sa.select(tables.deliveries).where(*same, known.verdict == "incomplete", known.delivery_id.not_in(rejected))
    return facts.rows(query.order_by(known.audit_seq))


def odd_deliveries(facts: Facts, first: date, last: date) -> list[Row]:
    """Deliveries between two days that were not simply accepted, or of which there is more to say, newest first."""
    known = tables.deliveries.c
    is_told = known.supersedes.is_not(None) | known.reason.is_not(None) | (known.problems != "[]")
    odd = sa.or_(known.verdict != "accepted", is_told)
    query = sa.select(tables.deliveries).where(known.business_date.between(first, last), odd)
    return facts.rows(query.order_by(known.audit_seq.desc()))


def verdict_counts(facts: Facts, day: date) -> dict[str, int]:
    """How many deliveries of a day got which verdict when they arrived."""
    known = tables.deliveries.c
    query = sa.select(known.verdict, sa.func.count()).where(known.business_date == day).group_by(known.verdict)
    return {row[0]: row[1] for row in facts.rows(query)}


def later_verdicts(facts: Facts, delivery_id: str) -> int:
    """How many verdicts a delivery got after its first."""
    verdicts = tables.delivery_verdicts.c
    return len(facts.rows(sa.select(verdicts.step).where(verdicts.delivery_id == delivery_id)))
