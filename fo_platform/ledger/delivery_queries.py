"""Questions about deliveries as they now stand, their later verdicts counted. What an answer means is not told here."""

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from fo_platform.ledger import tables
from fo_platform.ledger.queries import Facts, Row

COUNTING = ("accepted", "incomplete")
"""Verdicts of deliveries that state something, or will when their other pages are here."""

HELD = ("quarantined", "incomplete", "unknown")
"""Verdicts of deliveries that a person may have to look at."""


def _standing() -> tuple[sa.Select[tuple[object, ...]], sa.ColumnElement[str]]:
    """Every delivery with last_verdict, last_reason, judged_seq (the link of that verdict), steps, and what it states.

    Also the column of that verdict.
    """
    known, verdicts = tables.deliveries.c, tables.delivery_verdicts
    newest = sa.select(verdicts.c.delivery_id, sa.func.max(verdicts.c.step).label("step"))
    steps = newest.group_by(verdicts.c.delivery_id).subquery()
    is_last = (verdicts.c.delivery_id == steps.c.delivery_id) & (verdicts.c.step == steps.c.step)
    last = sa.select(verdicts).join(steps, is_last).subquery()
    verdict = sa.func.coalesce(last.c.verdict, known.verdict)
    stated = tables.delivery_fingerprints
    query = sa.select(
        tables.deliveries,
        stated.c.fingerprint,
        stated.c.subject,
        verdict.label("last_verdict"),
        sa.case((last.c.step.is_(None), known.reason), else_=last.c.reason).label("last_reason"),
        sa.func.coalesce(last.c.audit_seq, known.audit_seq).label("judged_seq"),
        sa.func.coalesce(last.c.step, 0).label("steps"),
    )
    judged = tables.deliveries.outerjoin(last, last.c.delivery_id == known.delivery_id)
    whole = judged.outerjoin(stated, stated.c.delivery_id == known.delivery_id)
    return query.select_from(whole).order_by(known.audit_seq), verdict


def counting_deliveries(facts: Facts, **said: object) -> list[Row]:
    """Deliveries that are accepted or wait for other pages, as received. said: column -> value."""
    query, verdict = _standing()
    same = [tables.deliveries.c[name] == value for name, value in said.items()]
    return facts.rows(query.where(verdict.in_(COUNTING), *same))


def newest_statement_date(facts: Facts, said: Mapping[str, object]) -> date | None:
    """The latest statement date of accepted deliveries. said: column -> value."""
    dates = [row.statement_date for row in counting_deliveries(facts, **said) if row.last_verdict == "accepted"]
    return max((day for day in dates if day), default=None)


def held_deliveries(facts: Facts) -> list[Row]:
    """Deliveries that are held, or about which a person decided, as received."""
    query, verdict = _standing()
    decided = sa.select(tables.delivery_decisions.c.delivery_id)
    return facts.rows(query.where(verdict.in_(HELD) | tables.deliveries.c.delivery_id.in_(decided)))


def accepted_of(facts: Facts, sources: Iterable[str]) -> list[Row]:
    """Accepted deliveries of some sources, in the order of acceptance."""
    query, verdict = _standing()
    rows = facts.rows(query.where(tables.deliveries.c.source.in_(list(sources)), verdict == "accepted"))
    return sorted(rows, key=lambda row: int(row.judged_seq))


def decisions(facts: Facts) -> dict[str, Row]:
    """The last decision that a person took about each delivery."""
    known = tables.delivery_decisions
    return {row.delivery_id: row for row in facts.rows(sa.select(known).order_by(known.c.step))}
