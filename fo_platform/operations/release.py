"""Release: what was signed is planned, checked, claimed and only then sent; an unknown outcome is queried.

The rules of checks and states belong to execution, the wire to brokers.
"""

import json
import logging
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from fo_platform import crash, units
from fo_platform.brokers._base import Broker, Execution, Order
from fo_platform.errors import BrokerError, BrokerUnreachableError
from fo_platform.execution.order_states import orders_at_close
from fo_platform.execution.pretrade import PretradeTables, order_checks
from fo_platform.ledger import tables
from fo_platform.ledger.order_queries import is_killed, known_executions, outbox_message, outbox_messages
from fo_platform.ledger.views import ledger_fills, order_events, seq_at
from fo_platform.office import Office
from fo_platform.operations.approve import released_lines
from fo_platform.operations.brokers import open_broker
from fo_platform.operations.order_log import (
    LeaseLostError,
    append_event,
    event_body,
    order_history,
    require_lease,
    take_lease,
)
from fo_platform.operations.pretrade import pretrade_tables

logger = logging.getLogger(__name__)

UNRESOLVED = ("SENDING", "UNKNOWN")
FILL_COLUMNS = [column.name for column in tables.fills.columns if column.name in Execution.__dataclass_fields__]
TERMS = ("account_id", "instrument_id", "side")


def release(office: Office, day: date) -> None:
    """Plan what is signed and released for the session and send it to each bound broker."""
    plan_orders(office, day)
    for name in office.settings.bindings.brokers:
        send_session(office, open_broker(office, name, day), day)


def collect(office: Office, day: date) -> None:
    """Record what every bound broker executed."""
    for name in office.settings.bindings.brokers:
        collect_fills(office, open_broker(office, name, day), day)


def plan_orders(office: Office, day: date) -> int:
    """Record an order and its outbox message for every line that is signed and released today; returns how many.

    The identifier follows from the signed document, so planning twice, or in two processes, plans once.
    """
    lines = released_lines(office, day)
    with office.ledger.transaction("plan") as entry:
        new = lines[~lines["client_order_id"].isin(outbox_messages(entry))].to_dict("records")
        for line in new:
            terms = _terms(line)
            message = {name: str(line[name]) for name in ("client_order_id", "broker", "proposal_digest")}
            entry.append(tables.outbox, [message | {"business_date": day, "message": event_body(terms)}])
            append_event(entry, message["client_order_id"], "NEW", terms, day=day, epoch=0)
    return len(new)


def send_session(office: Office, broker: Broker, day: date) -> None:
    """Send every order that the broker has not acknowledged: checks and claim in one transaction, then the wire.

    Only orders of proposals that are released for this very session go; one held over waits for its own signature. An
    order found claimed but unanswered is queried first, and sent again only when the broker definitively lacks it.
    When another process takes over, this one stops and leaves the rest to it.
    """
    if _waiting(office, broker, day).empty:
        return
    try:
        _send(office, broker, day, take_lease(office.ledger))
    except LeaseLostError as error:
        logger.info("%s", error.message)


def _send(office: Office, broker: Broker, day: date, epoch: int) -> None:
    waiting = [order for _, order in _waiting(office, broker, day).iterrows()]
    sendable = [order for order in waiting if _may_be_sent(office, broker, order, day, epoch)]
    looked_at, released = pretrade_tables(office, day), set(released_lines(office, day)["proposal_digest"])
    for order in sorted(sendable, key=lambda order: order["order_status"] not in UNRESOLVED):
        if _wire(office, order).valid_until_date < day:
            _record(office, order, "EXPIRED", "Its approval ended before it was sent.", day=day, epoch=epoch)
        elif order["proposal_digest"] in released and _claim(office, broker, order, looked_at, day=day, epoch=epoch):
            _submit(office, broker, order, day, epoch)


def collect_fills(office: Office, broker: Broker, day: date) -> int:
    """Record every execution that the ledger does not know, each once; returns how many.

    One that fits no order of ours is kept and marked, never dropped; it becomes a break.
    """
    executions = {(e.account_id, e.exec_id): e for e in broker.executions_since(0)}
    with office.ledger.transaction("fills") as entry:
        new = [executions[key] for key in executions.keys() - known_executions(entry, broker.name)]
        ours = {order: json.loads(message) for order, message in outbox_messages(entry).items()}
        entry.append(tables.fills, _fill_rows(sorted(new, key=lambda e: e.sequence), ours, broker.name, day))
        crash.point("fills.before_commit")
    crash.point("fills.after_commit")
    _close_orders(office, broker, day)
    logger.info("recorded %d fills from %s", len(new), broker.name)
    return len(new)


def _may_be_sent(office: Office, broker: Broker, order: pd.Series, day: date, epoch: int) -> bool:
    """Whether an order was never sent, or the broker definitively lacks it; one that it has is acknowledged."""
    if order["order_status"] not in UNRESOLVED:
        return True
    return _is_lacking(office, broker, order, day, epoch)


def _is_lacking(office: Office, broker: Broker, order: pd.Series, day: date, epoch: int) -> bool:
    """Ask the broker for an order: True only when it definitively lacks it; when it has it, that is recorded."""
    try:
        report = broker.query(order["client_order_id"])
    except BrokerUnreachableError:
        return False
    if report is not None:
        _record(office, order, "ACKED", "The broker has it; its answer was lost.", day=day, epoch=epoch)
    return report is None


def _claim(
    office: Office, broker: Broker, order: pd.Series, looked_at: PretradeTables, *, day: date, epoch: int
) -> bool:
    """Commit SENDING, or why the order waits, in the transaction that looked at lease, switch and open orders."""
    crash.point("release.before_sending")
    arrival, order_id = _arrival_price(broker, order, day), str(order["client_order_id"])
    with office.ledger.transaction("claim") as entry:
        require_lease(entry, epoch)
        checks = order_checks(order, replace(looked_at, orders=_orders(office, day), is_killed=is_killed(entry)))
        failed = [str(check["message"]) for check in checks if check["check_result"] != "pass"]
        event = "HELD" if failed else "SENDING"
        body = {"checks": checks, "reason": " ".join(failed), "arrival_price_local": arrival}
        if event == "SENDING" or order_history(entry, order_id)[-1] != (event, event_body(body)):
            append_event(entry, order_id, event, body, day=day, epoch=epoch)
    return not failed


def _submit(office: Office, broker: Broker, order: pd.Series, day: date, epoch: int) -> None:
    """Put a claimed order on the wire and record the answer.

    No answer is UNKNOWN and queried at once. A refusal may mean that the broker has the order already, so it is
    believed only when the broker says that it lacks it.
    """
    crash.point("release.after_sending")
    with office.ledger.transaction("wire") as entry:
        require_lease(entry, epoch)
    try:
        broker.submit(_wire(office, order), possible_resend=order["order_status"] in UNRESOLVED)
    except BrokerUnreachableError as error:
        _record(office, order, "UNKNOWN", error.message, day=day, epoch=epoch)
        _is_lacking(office, broker, order, day, epoch)
    except BrokerError as error:
        if _is_lacking(office, broker, order, day, epoch):
            _record(office, order, "REJECTED", error.message, day=day, epoch=epoch)
    else:
        crash.point("release.after_submit")
        _record(office, order, "ACKED", "", day=day, epoch=epoch)
    crash.point("release.after_ack")


def _close_orders(office: Office, broker: Broker, day: date) -> None:
    """Orders that the broker gave up end in the ledger too."""
    orders = _orders(office, day)
    is_working = orders["order_status"].isin(["ACKED", "PARTIALLY_FILLED"])
    for order in orders.loc[(orders["broker"] == broker.name) & is_working, "client_order_id"]:
        report = broker.query(order)
        if report and report.status in ("CANCELED", "EXPIRED"):
            _end(office, order, report.status, day)


def _end(office: Office, order: str, event: str, day: date) -> None:
    with office.ledger.transaction("order") as entry:
        if order_history(entry, order)[-1][0] != event:
            append_event(entry, order, event, {"reason": "The broker gave it up."}, day=day, epoch=0)


def _record(office: Office, order: pd.Series, event: str, reason: str, *, day: date, epoch: int) -> None:
    """An event of an order that this process still holds the lease for."""
    with office.ledger.transaction("order") as entry:
        require_lease(entry, epoch)
        append_event(entry, order["client_order_id"], event, {"reason": reason}, day=day, epoch=epoch)


def _orders(office: Office, day: date) -> pd.DataFrame:
    """`execution.orders` as the ledger stands."""
    seq = seq_at(office.ledger, office.ledger.last_known_at())
    events, fills = order_events(office.ledger, day, seq), ledger_fills(office.ledger, day, seq)
    return orders_at_close(events, fills, pd.Timestamp(day))


def _waiting(office: Office, broker: Broker, day: date) -> pd.DataFrame:
    """Orders of a broker that are not acknowledged."""
    orders = _orders(office, day)
    return orders[(orders["broker"] == broker.name) & orders["order_status"].isin(["NEW", *UNRESOLVED])]


def _arrival_price(broker: Broker, order: pd.Series, day: date) -> Decimal | None:
    """The mid price at release, where the broker has a market."""
    try:
        quote = broker.quote(order["instrument_id"], day)
    except BrokerUnreachableError:
        return None
    return None if quote is None else quote.mid_price_local


def _wire(office: Office, order: pd.Series) -> Order:
    """The outbox message as the broker takes it."""
    body = json.loads(outbox_message(office.ledger, order["client_order_id"]))
    return Order(
        client_order_id=order["client_order_id"],
        account_id=body["account_id"],
        instrument_id=body["instrument_id"],
        side=body["side"],
        quantity=Decimal(body["quantity"]),
        limit_price_local=Decimal(body["limit_price_local"]),
        currency=body["currency"],
        trade_date=date.fromisoformat(body["trade_date"]),
        valid_until_date=date.fromisoformat(body["valid_until_date"]),
        lot_size=Decimal(body["lot_size"]),
        price_scale=Decimal(body["price_scale"]),
        lots=body["lots"],
    )


def _terms(line: Mapping[Hashable, Any]) -> dict[str, Any]:
    """The NEW event's body: what was signed, as text."""
    names = ("entity_id", "account_id", "instrument_id", "side", "currency", "broker", "proposal_digest", "lots")
    exact = {"quantity": "quantity_max", "limit_price_local": "limit_price_local", "arrival_price_local": "price_local"}
    exact |= {name: name for name in ("notional_base", "lot_size", "price_scale")}
    numbers = {name: units.plain(line[source]) for name, source in exact.items()}
    days = {name: str(line[name])[:10] for name in ("trade_date", "valid_until_date")}
    extra = {"slice_no": int(line["slice_no"]), "cost_expected_bps": repr(float(line["cost_expected_bps"]))}
    return {name: str(line[name]) for name in names} | numbers | days | extra


def _fill_rows(
    executions: Iterable[Execution], ours: Mapping[str, Mapping[str, object]], broker: str, day: date
) -> list[dict[str, object]]:
    """Ledger rows of executions; an orphan has no order of ours, or another account, instrument or side."""
    rows = [{name: getattr(execution, name) for name in FILL_COLUMNS} for execution in executions]
    orphans = [not _is_ours(row, ours.get(row["client_order_id"], {})) for row in rows]
    told = {"broker": broker, "business_date": day}
    return [row | told | {"is_orphan": orphan} for row, orphan in zip(rows, orphans, strict=True)]


def _is_ours(row: Mapping[str, object], message: Mapping[str, object]) -> bool:
    return all(message.get(name) == row[name] for name in TERMS)
