"""The order log inside one transaction: leases, and events that the table of transitions allows.

When an event is due does not belong here.
"""

from collections.abc import Mapping
from datetime import date
from typing import cast

from fo_platform.canonical import Value, canonical
from fo_platform.errors import LedgerError
from fo_platform.execution.order_states import next_status
from fo_platform.ids import random_id
from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger, Transaction
from fo_platform.ledger.order_queries import newest_epoch, order_events

LEASE = "release"


class LeaseLostError(LedgerError):
    """Another process took over; what this one was doing goes on there."""


def take_lease(ledger: Ledger) -> int:
    """A newer epoch than any before: whoever held the lease can write no order any more."""
    with ledger.transaction("lease") as entry:
        epoch = newest_epoch(entry, LEASE) + 1
        entry.append(tables.leases, [{"name": LEASE, "epoch": epoch, "owner": random_id(), "at": entry.known_at}])
    return epoch


def require_lease(entry: Transaction, epoch: int) -> None:
    """LeaseLostError when another process has taken over."""
    newest = newest_epoch(entry, LEASE)
    if newest != epoch:
        raise LeaseLostError(f"Another release took over (epoch {newest}, ours {epoch}).", "It goes on there.")


def order_history(entry: Transaction, client_order_id: str) -> list[tuple[str, str]]:
    """Events of an order with their bodies, oldest first."""
    return [(row.event, row.body) for row in order_events(entry, client_order_id)]


def event_body(body: Mapping[str, object]) -> str:
    """What an event says, as canonical text; a value that has none is refused there."""
    return canonical(cast(Value, body)).decode()


def append_event(
    entry: Transaction, client_order_id: str, event: str, body: Mapping[str, object], *, day: date, epoch: int
) -> None:
    """Add an event to an order; LedgerError when the order may not take it."""
    history = order_history(entry, client_order_id)
    status = ""
    for name in (*(earlier for earlier, _ in history), event):
        status = next_status(status, name)
    row = {"client_order_id": client_order_id, "seq": len(history) + 1, "event": event, "at": entry.known_at}
    entry.append(tables.order_events, [row | {"business_date": day, "epoch": epoch, "body": event_body(body)}])
