"""Questions about orders: outbox, events, leases, fills, kill switch. What an answer means does not belong here."""

from typing import Any

import sqlalchemy as sa

from fo_platform.ledger import tables
from fo_platform.ledger.queries import Facts, Row


def outbox_messages(facts: Facts) -> dict[str, str]:
    """The message of every order ever planned, by its identifier."""
    outbox = tables.outbox.c
    return {row.client_order_id: row.message for row in facts.rows(sa.select(outbox.client_order_id, outbox.message))}


def outbox_message(facts: Facts, client_order_id: str) -> str:
    """The message of one planned order."""
    outbox = tables.outbox.c
    query: sa.Select[Any] = sa.select(outbox.message).where(outbox.client_order_id == client_order_id)
    return str(facts.rows(query)[0].message)


def order_events(facts: Facts, client_order_id: str) -> list[Row]:
    """Events of an order, oldest first."""
    events = tables.order_events
    return facts.rows(sa.select(events).where(events.c.client_order_id == client_order_id).order_by(events.c.seq))


def newest_epoch(facts: Facts, lease: str) -> int:
    """The last epoch in which somebody took a lease; 0 when nobody ever did."""
    leases = tables.leases.c
    return int(facts.rows(sa.select(sa.func.coalesce(sa.func.max(leases.epoch), 0)).where(leases.name == lease))[0][0])


def known_executions(facts: Facts, broker: str) -> set[tuple[str, str]]:
    """Account and execution identifier of every fill recorded of a broker."""
    fills = tables.fills.c
    rows = facts.rows(sa.select(fills.account_id, fills.exec_id).where(fills.broker == broker))
    return {(row.account_id, row.exec_id) for row in rows}


def is_killed(facts: Facts) -> bool:
    """Whether the kill switch stands engaged."""
    switch = tables.kill_switch.c
    last = facts.rows(sa.select(switch.status).order_by(switch.step.desc()).limit(1))
    return bool(last) and last[0].status == "engaged"
