"""Telling channels of alerts, each event once, as far as crashes allow. What an alert is belongs to alerts."""

from collections.abc import Mapping
from typing import Any

from fo_platform.errors import NotifyError
from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger, Transaction
from fo_platform.ledger.queries import Row, notice_history
from fo_platform.notify._base import SEVERITIES, Channel, Notice, open_channel
from fo_platform.office import Office
from fo_platform.operations.alerts import Alert, alerts_of
from fo_platform.settings import ChannelBinding

ATTEMPTS_MAX = 5
"""Attempts to tell a channel of one event; then it is left to the list, which shows the failure."""

Document = dict[str, Any]


def tell(office: Office) -> list[Document]:
    """Tell every channel of what it has not been told, and return what was tried, with the outcome of each.

    A channel that fails is tried again when this is called again, at most ATTEMPTS_MAX times; what a crash leaves
    unrecorded is told twice, under the same message_id.
    """
    settings = office.settings
    return [
        outcome
        for name, binding in settings.bindings.notify.items()
        for outcome in _tell_channel(office, name, binding, open_channel(binding, settings.secret))
    ]


def untold(office: Office) -> list[Document]:
    """The last attempt at every message that a channel never took."""
    channels = office.settings.bindings.notify
    attempts = [rows for name in channels for rows in _tried(office.ledger, name).values()]
    names = ("channel", "alert_id", "attempt", "detail")
    failed = [rows[-1]._asdict() for rows in attempts if rows[-1].outcome != "sent"]
    return [{name: row[name] for name in names} for row in failed]


def _tell_channel(office: Office, name: str, binding: ChannelBinding, channel: Channel) -> list[Document]:
    today = office.ledger.clock.business_date
    tried = _tried(office.ledger, name)
    outcomes = []
    for alert in alerts_of(office.ledger).values():
        is_quiet = alert.snoozed_until is not None and today < alert.snoozed_until
        is_slight = SEVERITIES.index(alert.last.severity) < SEVERITIES.index(binding.severity_min)
        if alert.is_open and not is_quiet and not is_slight:
            outcomes += _tell_one(office, name, channel, alert, tried)
    return outcomes


def _tell_one(
    office: Office, name: str, channel: Channel, alert: Alert, tried: Mapping[str, list[Row]]
) -> list[Document]:
    last = alert.last
    message_id = f"{last.alert_id}-{last.step}"
    before = tried.get(message_id, [])
    if len(before) >= ATTEMPTS_MAX or any(row.outcome == "sent" for row in before):
        return []
    detail = _fault(channel, Notice(message_id, last.rule, last.scope, last.severity, last.message))
    with office.ledger.transaction("notices") as entry:
        row = {
            "channel": name,
            "message_id": message_id,
            "attempt": len(_tried(entry, name).get(message_id, [])) + 1,
            "alert_id": last.alert_id,
            "outcome": "failed" if detail else "sent",
            "detail": detail,
            "at": entry.known_at,
            "business_date": office.ledger.clock.business_date,
        }
        entry.append(tables.alert_notices, [row])
    return [row]


def _fault(channel: Channel, notice: Notice) -> str | None:
    try:
        channel.send(notice)
    except NotifyError as fault:
        return fault.message
    return None


def _tried(facts: Ledger | Transaction, channel: str) -> dict[str, list[Row]]:
    """Attempts on a channel by message."""
    found: dict[str, list[Row]] = {}
    for row in notice_history(facts, channel):
        found.setdefault(row.message_id, []).append(row)
    return found
