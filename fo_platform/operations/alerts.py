"""Alerts as things with a life: opened, taken up, snoozed, closed. Telling channels of them belongs to notices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fo_platform.contracts.analytics import Alerts
from fo_platform.errors import DataError
from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger, Transaction
from fo_platform.ledger.queries import Row, alert_history
from fo_platform.notify._base import SEVERITIES
from fo_platform.office import Office
from fo_platform.settings import Severity

Document = dict[str, Any]

_DECIDED = ("acknowledged", "snoozed", "assigned")
"""Events that people make; the others follow from the day's table."""


@dataclass(frozen=True)
class Alert:
    """One alert as its events leave it: the last that opened, changed or closed it, and what people decided since.

    steps: how many events it has had in all.
    """

    last: Row
    steps: int
    opened_date: date
    owner: str | None
    acknowledged_by: str | None
    snoozed_until: date | None
    note: str | None

    @property
    def is_open(self) -> bool:
        """Whether its cause is still there."""
        return bool(self.last.event != "closed")

    def document(self) -> Document:
        """What a list shows of it."""
        return {
            "alert_id": self.last.alert_id,
            "rule": self.last.rule,
            "scope": self.last.scope,
            "severity": self.last.severity,
            "message": self.last.message,
            "state": "open" if self.is_open else "closed",
            "opened_date": str(self.opened_date),
            "owner": self.owner,
            "acknowledged_by": self.acknowledged_by,
            "snoozed_until": self.snoozed_until and str(self.snoozed_until),
            "note": self.note,
        }


def record_alerts(office: Office, day: date) -> None:
    """Open what the day's table shows and the ledger does not, close what it holds open and the table lacks.

    One alert is open a rule and scope; one that became more severe is told again.
    """
    shown = office.warehouse.read(Alerts, office.warehouse.batches(Alerts.name, day, day))
    found: dict[str, Mapping[str, Any]] = {row["alert_id"]: row for row in shown.to_dict("records")}  # type: ignore[misc]
    with office.ledger.transaction("alerts") as entry:
        known = alerts_of(entry)
        rows = [_event(office, entry, known.get(name), row) for name, row in found.items()]
        gone = [alert for name, alert in known.items() if alert.is_open and name not in found]
        rows += [_event(office, entry, alert, alert.last._asdict(), event="closed") for alert in gone]
        entry.append(tables.alert_events, [row for row in rows if row])


def alerts_of(facts: Ledger | Transaction) -> dict[str, Alert]:
    """Every alert that there ever was, as it stands."""
    by_alert: dict[str, list[Row]] = {}
    for row in alert_history(facts):
        by_alert.setdefault(row.alert_id, []).append(row)
    return {name: _standing(rows) for name, rows in by_alert.items()}


def alerts(office: Office, *, closed: bool = False) -> Document:
    """Open alerts, the worst first, or all there ever were."""
    found = [alert for alert in alerts_of(office.ledger).values() if closed or alert.is_open]
    return {
        "open": sum(alert.is_open for alert in found),
        "alerts": [alert.document() for alert in sorted(found, key=_worst_first)],
    }


def acknowledge(office: Office, alert_id: str, *, by: str, note: str) -> Document:
    """Somebody has seen the alert and says what is done about it."""
    return _decide(office, alert_id, "acknowledged", by=by, note=note)


def snooze(office: Office, alert_id: str, *, by: str, note: str, until: date) -> Document:
    """Nobody is told of the alert until a day has come; it stays in the list."""
    if until <= office.ledger.clock.business_date:
        raise DataError(f"{until} is not after today.", "Give a later day with --until.")
    return _decide(office, alert_id, "snoozed", by=by, note=note, until=until)


def assign(office: Office, alert_id: str, *, by: str, note: str, owner: str) -> Document:
    """The alert is somebody's to settle."""
    return _decide(office, alert_id, "assigned", by=owner, note=f"{note} ({by})")


def _worst_first(alert: Alert) -> tuple[int, str, str]:
    return -SEVERITIES.index(alert.last.severity), alert.last.rule, alert.last.scope


def _event(
    office: Office, entry: Transaction, known: Alert | None, row: Mapping[str, Any], event: str = ""
) -> Document | None:
    """The event that a day's row is of its alert, None where nothing is new."""
    happened = event or _happened(known, row["severity"])
    if happened is None:
        return None
    step = known.steps + 1 if known else 1
    return _fact(office, entry, row, {"step": step, "event": happened})


def _happened(known: Alert | None, severity: Severity) -> str | None:
    """What a row of the day's table means for its alert; None for one that is open and no worse."""
    if known is None or not known.is_open:
        return "opened"
    return "worsened" if SEVERITIES.index(severity) > SEVERITIES.index(known.last.severity) else None


def _fact(office: Office, entry: Transaction, row: Mapping[str, Any], more: Document) -> Document:
    same = {name: row[name] for name in ("alert_id", "rule", "scope", "severity", "message")}
    nobody = {"by": None, "note": None, "until_date": None}
    return same | nobody | {"at": entry.known_at, "business_date": office.ledger.clock.business_date} | more


def _standing(events: list[Row]) -> Alert:
    """An alert from its events, oldest first; what was decided about it before it opened anew is over."""
    begins = max(i for i, row in enumerate(events) if row.event == "opened")
    current = events[begins:]
    by_event = {row.event: row for row in current}
    acknowledged, snoozed, assigned = (by_event.get(name) for name in ("acknowledged", "snoozed", "assigned"))
    decided = [row for row in current if row.event in _DECIDED]
    return Alert(
        last=[row for row in current if row.event not in _DECIDED][-1],
        steps=events[-1].step,
        opened_date=current[0].business_date,
        owner=assigned.by if assigned else None,
        acknowledged_by=acknowledged.by if acknowledged else None,
        snoozed_until=snoozed.until_date if snoozed else None,
        note=decided[-1].note if decided else None,
    )


def _decide(office: Office, alert_id: str, event: str, *, by: str, note: str, until: date | None = None) -> Document:
    for name, text in (("by", by), ("note", note)):
        if not text.strip():
            raise DataError(f"--{name} is empty.", "Say who decides and why; both are kept in the ledger.")
    with office.ledger.transaction("alerts") as entry:
        alert = _found(alerts_of(entry), alert_id)
        more = {"step": alert.steps + 1, "event": event, "by": by.strip(), "note": note.strip(), "until_date": until}
        entry.append(tables.alert_events, [_fact(office, entry, alert.last._asdict(), more)])
    return alerts_of(office.ledger)[alert.last.alert_id].document()


def _found(known: Mapping[str, Alert], alert_id: str) -> Alert:
    """The one open alert whose identifier begins so."""
    matching = [alert for name, alert in known.items() if alert.is_open and name.startswith(alert_id)]
    if len(matching) != 1 or not alert_id:
        raise DataError(
            f"{len(matching)} open alerts begin with `{alert_id}`.",
            "`fo alerts list` shows them with their identifiers.",
        )
    return matching[0]
