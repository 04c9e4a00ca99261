"""Intake: what arrived is archived, parsed, proved and recorded, whatever it is. What it means belongs to book."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from typing import Any

from fo_platform import crash
from fo_platform.custodians.fingerprint import fingerprint, subject
from fo_platform.custodians.parse import parse_again
from fo_platform.custodians.records import Parsed, Part, check_parts
from fo_platform.custodians.transports.directory import arrivals
from fo_platform.errors import DataError
from fo_platform.ids import digest, short_id
from fo_platform.ledger import tables
from fo_platform.ledger.delivery_queries import (
    COUNTING,
    counting_deliveries,
    newest_statement_date,
)
from fo_platform.ledger.ledger import Transaction
from fo_platform.ledger.queries import Row, incomplete_deliveries, is_delivered, known_deliveries, later_verdicts
from fo_platform.office import Office

logger = logging.getLogger(__name__)

VERDICTS = {"clean": "accepted", "quarantined": "quarantined", "incomplete": "incomplete", "unknown": "unknown"}
UNKNOWN = "unknown"
"""Format of bytes that no format claims."""

SAME_BYTES = "The same bytes were already taken in as {}."
SAME_CONTENT = "Other bytes, but it states exactly what {} stated."
OLDER = "It is older than the statement of {}, which stands; both are kept."

Fact = dict[str, Any]


def take_in(office: Office, source: str, feeds: tuple[str, ...], day: date) -> dict[str, int]:
    """Take in every new file of a source's inbox for a business day; returns how many got which verdict.

    A file known by name and bytes is left alone, so intake may be repeated and killed anywhere.
    """
    verdicts: dict[str, int] = {}
    for name, content in _readable(office, source):
        verdict = _take_in_file(office, source, feeds, day, name=name, content=content)
        if verdict:
            verdicts[verdict] = verdicts.get(verdict, 0) + 1
    if verdicts:
        logger.info("took in %d files of %s: %s", sum(verdicts.values()), source, verdicts)
    return verdicts


def waiting(office: Office, sources: Iterable[str]) -> str:
    """A digest of the files in the inboxes that the ledger does not know yet; empty when there are none."""
    found = [short_id(s, name, sha256(content).hexdigest()) for s in sources for name, content in _readable(office, s)]
    new = sorted(set(found) - known_deliveries(office.ledger))
    return digest(*new)[:16] if new else ""


def _readable(office: Office, source: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file of an inbox; one that cannot be read is told of and does not stop the others."""
    for arrival in arrivals(office.settings.inbox / source):
        try:
            yield arrival.name, arrival.read()
        except DataError as error:
            logger.warning("%s: %s %s", source, error.message, error.remedy)


def _take_in_file(
    office: Office, source: str, feeds: tuple[str, ...], day: date, *, name: str, content: bytes
) -> str | None:
    file_sha256 = office.archive.store(content)
    crash.point("intake.after_archive")
    delivery_id = short_id(source, name, file_sha256)
    if is_delivered(office.ledger, delivery_id):
        return None
    parsed = parse_again(content)
    row: Fact = {"delivery_id": delivery_id, "source": source, "file_name": name, "file_sha256": file_sha256}
    row |= {"size": len(content), "business_date": day} | _judged(parsed, feeds)
    stated = {"fingerprint": fingerprint(parsed), "subject": subject(parsed)}
    with office.ledger.transaction("delivery") as entry:
        row |= _relation(entry, row, stated) | {"received_at": office.ledger.clock.now()}
        entry.append(tables.deliveries, [row])
        if stated["fingerprint"]:
            entry.append(tables.delivery_fingerprints, [{"delivery_id": delivery_id, **stated}])
        _judge_pages(entry, row, lambda page: parse_again(office.archive.read(page)))
        crash.point("intake.before_commit")
    crash.point("intake.after_commit")
    return str(row["verdict"])


def _judged(parsed: Parsed, feeds: tuple[str, ...]) -> Fact:
    """What the delivery is, by its own content."""
    days = [s.statement_date for s in parsed.statements if s.statement_date]
    first = parsed.problems[0] if parsed.problems else None
    is_declared = parsed.format in (*feeds, UNKNOWN)
    reason = parsed.reason if is_declared else f"The source is not declared to send {parsed.format}."
    return {
        "feed": parsed.format,
        "statement_date": max(days, default=None),
        "accounts": json.dumps(sorted({s.account for s in parsed.statements if s.account})),
        "page": _page(parsed),
        "verdict": VERDICTS[parsed.verdict] if is_declared else "quarantined",
        "reason": reason or None,
        "remedy": (first.remedy if first else None)
        if is_declared
        else f"Send one of {', '.join(feeds)}, or declare the feed.",
        "line": first.line if first else None,
        "row_count": sum(len(statement.records) for statement in parsed.statements),
        "problems": json.dumps([asdict(problem) for problem in parsed.problems]),
    }


def _relation(entry: Transaction, row: Fact, stated: Fact) -> Fact:
    """How a delivery relates to earlier ones that count: the same bytes, the same content, the same statement again.

    What is the same as a file that was refused is no duplicate: it is judged for itself, by today's readers. Nor is
    what was stated before another version replaced it: the source takes that version back.
    """
    if same := counting_deliveries(entry, source=row["source"], file_sha256=row["file_sha256"]):
        return _duplicate(SAME_BYTES, same[0])
    if row["verdict"] not in COUNTING:
        return {"supersedes": None}
    series, day = {name: row[name] for name in ("source", "feed", "accounts")}, row["statement_date"]
    versions = counting_deliveries(entry, **series, statement_date=day, page=row["page"])
    standing = [version for version in versions if version.subject == stated["subject"]][-1:]
    if standing and standing[0].fingerprint == stated["fingerprint"] is not None:
        return _duplicate(SAME_CONTENT, standing[0])
    newest = newest_statement_date(entry, series) or day
    is_older = row["verdict"] == "accepted" and day is not None and newest > day
    reason = OLDER.format(newest) if is_older else row["reason"]
    return {"supersedes": standing[0].delivery_id if standing and day else None, "reason": reason}


def _duplicate(sentence: str, of: Row) -> Fact:
    return {"verdict": "duplicate", "reason": sentence.format(of.file_name), "supersedes": None}


def _judge_pages(entry: Transaction, row: Fact, read: Callable[[str], Parsed]) -> None:
    """When a page arrived: judge its statement as a whole, and accept or quarantine every page of it."""
    if row["verdict"] != "incomplete" or row["page"] is None:
        return
    pages = _pages(entry, row, lambda page: _parts(read(page)))
    verdict, reason, _ = check_parts([part for page in pages for part in _parts(read(page.file_sha256))])
    if verdict == "incomplete":
        return
    judged = [page for page in pages if verdict == "clean" or page.delivery_id == row["delivery_id"]]
    verdicts = tables.delivery_verdicts
    rows = [
        {
            "delivery_id": page.delivery_id,
            "step": 1 + later_verdicts(entry, page.delivery_id),
            "business_date": page.business_date,
        }
        for page in judged
    ]
    entry.append(verdicts, [{**fact, "verdict": VERDICTS[verdict], "reason": reason or None} for fact in rows])


def _pages(entry: Transaction, row: Fact, parts: Callable[[str], list[Part]]) -> list[Row]:
    """The deliveries that hold the pages of the row's statement: the last one of every page.

    Pages belong together by what they say of themselves; the accounts on them may differ.
    """
    day = {name: row[name] for name in ("source", "feed", "statement_date")}
    keys = {part.key for part in parts(row["file_sha256"])}
    held = [p for p in incomplete_deliveries(entry, day) if keys & {part.key for part in parts(p.file_sha256)}]
    kept: list[Row] = []
    taken: set[str] = set()
    for page in reversed(held):
        numbers = set(page.page.split("/")[0].split(",")) if page.page else taken
        if not numbers & taken:
            kept.append(page)
            taken |= numbers
    return kept[::-1]


def _parts(parsed: Parsed) -> list[Part]:
    return [statement.part for statement in parsed.statements if statement.part]


def _page(parsed: Parsed) -> str | None:
    """The pages that a file holds of one statement and waits with, such as `1,2/MORE`; None of whole statements."""
    parts = _parts(parsed)
    if len({part.key for part in parts}) != 1 or (len(parts) > 1 and parsed.verdict != "incomplete"):
        return None
    numbers = ",".join(str(number) for number in sorted(part.number for part in parts))
    return f"{numbers}/{'LAST' if any(part.is_last for part in parts) else 'MORE'}"
