"""Restating: the past is made again with what was learned since, by request and on record. Running belongs to faces."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from fo_platform import units
from fo_platform.contracts._base import Table
from fo_platform.contracts.book import NetWorth
from fo_platform.errors import DataError
from fo_platform.ledger import tables
from fo_platform.ledger.queries import Row, count
from fo_platform.limits import OFFICE
from fo_platform.office import Office
from fo_platform.operations.intake import take_in
from fo_platform.operations.status import last_day

Document = dict[str, Any]


@dataclass(frozen=True)
class Restatement:
    """A range of days that is made again: who asked, why, and the instant up to which everything was as it was."""

    restatement: int
    first: date
    last: date
    asked_by: str
    reason: str
    known_before: datetime


def record_restatement(
    office: Office,
    feeds: Mapping[str, tuple[str, ...]],
    days: tuple[date, date | None],
    *,
    asked_by: str,
    reason: str,
) -> Restatement:
    """Put on record that days are made again, with every delivery known by now taking effect on the day it speaks of.

    feeds: what each source sends; what waits in their inboxes is taken in first where the range ends today. days: the
    first and the last, by default the office's last. DataError for days that have no figures, or without a reason.
    """
    first, last = _span(office, *days)
    if not reason.strip() or not asked_by.strip():
        raise DataError("A restatement needs a reason and a name.", "Say why with --reason and who asks with --as.")
    if last == office.ledger.clock.business_date:
        for source, names in feeds.items():
            take_in(office, source, names, last)
    known_before = office.ledger.last_known_at()
    assert known_before is not None, "days with figures have a history"
    with office.ledger.transaction("restatement") as entry:
        number = 1 + count(entry, tables.restatements)
        row = {"restatement": number, "first_date": first, "last_date": last, "asked_by": asked_by, "reason": reason}
        entry.append(tables.restatements, [row | {"business_date": office.ledger.clock.business_date}])
    return Restatement(number, first, last, asked_by, reason, known_before)


def outcome(office: Office, contracts: Mapping[str, type[Table]], restatement: Restatement) -> Document:
    """What a restatement changed, day by day: rows by table, and net worth before and after.

    contracts: of every table by name. Decisions and executions are not made again, so none of theirs is listed.
    """
    days: dict[date, Document] = {day: {} for day in _days(office, restatement.first, restatement.last)}
    batches = 0
    for name, contract in sorted(contracts.items()):
        for day, (before, after) in _written(office, name, restatement).items():
            days[day][name] = asdict(office.warehouse.compare(contract, before[-1:], after[-1:]))
            batches += len(after) - len(before)
    was, now = (_net_worth(office, restatement, known_at) for known_at in (restatement.known_before, None))
    return {
        "restatement": restatement.restatement,
        "from": str(restatement.first),
        "to": str(restatement.last),
        "asked_by": restatement.asked_by,
        "reason": restatement.reason,
        "batches_written": batches,
        "days": [
            {
                "business_date": str(day),
                "net_worth_before": was.get(day),
                "net_worth_after": now.get(day),
                "tables": changed,
            }
            for day, changed in days.items()
        ],
    }


def _span(office: Office, first: date, last: date | None) -> tuple[date, date]:
    newest = last_day(office)
    until = last or newest
    for day in (first, until):
        if not office.warehouse.batches(NetWorth.name, day, day):
            raise DataError(f"Nothing is known of {day}.", f"Name sessions that have figures; the last is {newest}.")
    if until < first:
        raise DataError(f"{until} lies before {first}.", "Let --to be the same day or a later one.")
    return first, until


def _days(office: Office, first: date, last: date) -> list[date]:
    return sorted({batch.business_date for batch in office.warehouse.batches(NetWorth.name, first, last)})


def _written(office: Office, name: str, restatement: Restatement) -> dict[date, tuple[list[Row], list[Row]]]:
    """A table's batches before and after, for the days on which there are new ones."""
    by_day: dict[date, list[Row]] = {}
    for batch in office.warehouse.batches(name, restatement.first, restatement.last):
        by_day.setdefault(batch.business_date, []).append(batch)
    known = {day: [b for b in rows if b.known_at <= restatement.known_before] for day, rows in by_day.items()}
    return {day: (known[day], rows) for day, rows in by_day.items() if len(known[day]) < len(rows)}


def _net_worth(office: Office, restatement: Restatement, known_at: datetime | None) -> dict[date, str]:
    batches = office.warehouse.batches(NetWorth.name, restatement.first, restatement.last, known_at)
    newest = {batch.business_date: batch for batch in batches}
    worth = {day: office.warehouse.read(NetWorth, [batch]) for day, batch in newest.items()}
    return {day: f"{units.total(rows.loc[rows['entity_id'] == OFFICE, 'nav_base']):.2f}" for day, rows in worth.items()}
