"""The state of an order, derived from its append-only events and its fills. Sending and filling do not belong here."""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

import pandas as pd

from fo_platform import calendars, units
from fo_platform.contracts.execution import Orders
from fo_platform.errors import LedgerError
from fo_platform.execution.fills import active_fills
from fo_platform.execution.order_terms import order_terms

Status = Literal[
    "NEW", "SENDING", "ACKED", "REJECTED", "UNKNOWN", "PARTIALLY_FILLED", "FILLED", "CANCELED", "EXPIRED"
]  # fmt: skip

TRANSITIONS: dict[str, tuple[str, ...]] = {
    "": ("NEW",),
    "NEW": ("HELD", "SENDING", "CANCELED", "EXPIRED"),
    "SENDING": ("HELD", "SENDING", "ACKED", "REJECTED", "UNKNOWN", "CANCELED", "EXPIRED"),
    "UNKNOWN": ("HELD", "SENDING", "ACKED", "REJECTED", "CANCELED", "EXPIRED"),
    "ACKED": ("CANCELED", "EXPIRED"),
    "REJECTED": (),
    "CANCELED": (),
    "EXPIRED": (),
}
"""Events that may follow each event; SENDING after SENDING or UNKNOWN is a resend that a query allowed."""

NOTES = ("HELD",)
"""Events that say why an order waits and leave its state alone."""

ANSWERED = ("SENDING", "ACKED")
"""Events whose path differs with crashes and lost answers while the order stands the same."""

CLOSED = ("CANCELED", "EXPIRED")
TERMINAL = ("FILLED", "REJECTED", *CLOSED)
PRICE_STEP = Decimal("0.00000001")

Event = tuple[str, pd.Timestamp, str]
"""What happened, when, and the body that says more."""

Executed = tuple[Decimal, Decimal, pd.Timestamp]
"""Quantity, price and time of a fill that counts."""


@dataclass(frozen=True)
class OrderState:
    """Where one order stands; flags are sentences about what should not have happened."""

    client_order_id: str
    status: Status
    cum_quantity: Decimal
    leaves_quantity: Decimal
    average_price_local: Decimal | None
    flags: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the order may still be filled."""
        return self.status not in TERMINAL


def next_status(status: str, event: str) -> str:
    """The state that an event leads to; LedgerError when the order may not take it."""
    if event not in TRANSITIONS[status]:
        raise LedgerError(
            f"An order that is {status or 'not there'} cannot become {event}.", "Query the broker and the ledger."
        )
    return status if event in NOTES else event


def order_state(events: pd.DataFrame, fills: pd.DataFrame) -> OrderState:
    """The state of one order.

    events: the order's rows of order_events, any order. fills: its fills, corrections included; orphans are left out.
    FIX OrdStatus precedence: filled before canceled and expired, these before partially filled, that before the rest.
    """
    (state,) = order_states(events, fills).values()
    return state


def order_states(order_events: pd.DataFrame, fills: pd.DataFrame) -> dict[str, OrderState]:
    """State of every order by its identifier."""
    active = active_fills(fills[~fills["is_orphan"].astype(bool)])
    executed = _by_order(active, "quantity", "price_local", "executed_at")
    histories = _by_order(order_events.sort_values(["client_order_id", "seq"]), "event", "at", "body")
    return {order: _state(order, history, executed.get(order, [])) for order, history in histories.items()}


def orders_at_close(order_events: pd.DataFrame, fills: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Orders that are open at the close of the day or moved on it, with their age, as `execution.orders`."""
    events, known = order_events[order_events["business_date"] <= day], fills[fills["business_date"] <= day]
    states = order_states(events, known)
    moved = {order for rows in (events, known) for order in rows.loc[rows["business_date"] == day, "client_order_id"]}
    shown = [state for order, state in states.items() if state.is_open or order in moved]
    terms = {row["client_order_id"]: row for row in order_terms(events).to_dict("records")}
    reasons = _reasons(events)
    return Orders.frame([_row(state, terms[state.client_order_id], reasons, day) for state in shown])


def _state(order: str, history: list[Event], executed: list[Executed]) -> OrderState:
    status = ""
    for event, _, _ in history:
        status = next_status(status, event)
    quantity = Decimal(json.loads(history[0][2])["quantity"])
    cum = sum((filled for filled, _, _ in executed), Decimal(0))
    reached = _status(status, cum, quantity)
    leaves = Decimal(0) if reached in TERMINAL else quantity - cum
    flags = _flags(executed, status, history[-1][1], cum - quantity)
    return OrderState(order, reached, cum, leaves, _average_price(executed, cum), flags)


def _by_order(rows: pd.DataFrame, *columns: str) -> dict[str, list[Any]]:
    """Rows as plain tuples of some columns, by order."""
    groups: dict[str, list[Any]] = {}
    for order, *values in zip(rows["client_order_id"], *(rows[name] for name in columns), strict=True):
        groups.setdefault(str(order), []).append(tuple(values))
    return groups


def _row(
    state: OrderState, terms: Mapping[Hashable, Any], reasons: dict[str, str], day: pd.Timestamp
) -> dict[str, object]:
    sentences = (reasons.get(state.client_order_id, ""), *state.flags)
    return {
        **{name: terms[name] for name in Orders.fields() if name in terms},
        "order_status": state.status,
        "cum_quantity": state.cum_quantity,
        "leaves_quantity": state.leaves_quantity,
        "average_price_local": state.average_price_local,
        "age_sessions": calendars.sessions_between(terms["trade_date"], day),
        "reason": " ".join(filter(None, sentences)) or None,
    }


def _reasons(order_events: pd.DataFrame) -> dict[str, str]:
    """Why every order waits or has ended, where its last event says so; how an answer came is the ledger's to tell."""
    last = order_events.sort_values("seq").drop_duplicates("client_order_id", keep="last")
    told = last[~last["event"].isin(ANSWERED)]
    bodies = zip(told["client_order_id"], told["body"], strict=True)
    return {order: json.loads(body).get("reason", "") for order, body in bodies}


def _status(status: str, cum: Decimal, quantity: Decimal) -> Status:
    if cum >= quantity:
        return "FILLED"
    if status in CLOSED or cum == 0:
        return status  # type: ignore[return-value]
    return "PARTIALLY_FILLED"


def _average_price(executed: list[Executed], cum: Decimal) -> Decimal | None:
    if cum == 0:
        return None
    paid = sum((quantity * price for quantity, price, _ in executed), Decimal(0))
    return (paid / cum).quantize(PRICE_STEP, rounding=ROUND_HALF_EVEN)


def _flags(executed: list[Executed], status: str, since: pd.Timestamp, excess: Decimal) -> tuple[str, ...]:
    flags = []
    if excess > 0:
        flags.append(f"Filled {units.plain(excess)} above the ordered quantity.")
    if status in CLOSED and any(at > since for _, _, at in executed):
        flags.append(f"Filled after it was {status}.")
    if status in ("NEW", "REJECTED") and executed:
        flags.append(f"Filled although it was {status}.")
    return tuple(flags)
