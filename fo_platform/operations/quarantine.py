"""The quarantine: what was held when it arrived, what became of it, and what a person decided. Judging is intake's."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from fo_platform.calendars import sessions_between
from fo_platform.custodians.transports.directory import SIZE_MAX, arrivals
from fo_platform.errors import DataError
from fo_platform.ledger import tables
from fo_platform.ledger.delivery_queries import accepted_of, decisions, held_deliveries
from fo_platform.ledger.ledger import Ledger, Transaction
from fo_platform.ledger.queries import Row
from fo_platform.office import Office
from fo_platform.policy.load import load_policy

State = Literal["open", "replaced", "released", "rejected"]
Document = dict[str, Any]

BEFORE, AFTER = 40, 160
"""Bytes that are shown before and from a fault on."""

_REMEDIES = {
    "incomplete": "Ask the source for the other pages, or release what came as it is.",
    "unknown": "Add its format or ask the source what it is; if it is nothing of ours, reject it.",
    "quarantined": "Ask the source for a whole and valid file.",
}
STATEMENT = ("source", "feed", "accounts", "statement_date")

_VERDICTS = {"released": "accepted", "rejected": "rejected"}
"""What a decision makes of a delivery."""


@dataclass(frozen=True)
class Held:
    """A delivery that was held, what became of it, the file that took its place, and what a person decided."""

    delivery: Row
    state: State
    replaced_by: Row | None
    decision: Row | None

    def document(self, today: pd.Timestamp) -> Document:
        """What a list shows of it."""
        row, decided = self.delivery, self.decision
        return {
            "delivery_id": row.delivery_id,
            "source": row.source,
            "feed": row.feed,
            "file_name": row.file_name,
            "business_date": str(row.business_date),
            "received_at": row.received_at.isoformat(timespec="seconds"),
            "age_sessions": max(0, sessions_between(pd.Timestamp(row.business_date), today)),
            "statement_date": row.statement_date and str(row.statement_date),
            "page": row.page,
            "verdict": row.last_verdict,
            "state": self.state,
            "outcome": outcome(self) or None,
            "reason": row.reason if decided else row.last_reason,
            "line": row.line,
            "remedy": row.remedy or _REMEDIES.get(row.last_verdict) if self.state == "open" else None,
            "replaced_by": self.replaced_by and self.replaced_by.file_name,
            "decided_by": decided and decided.decided_by,
            "decided_at": decided and decided.at.isoformat(timespec="seconds"),
            "decision_reason": decided and decided.reason,
        }


def held(facts: Ledger | Transaction) -> list[Held]:
    """Every delivery that was ever held and not completed by its own pages, oldest first, as it now stands."""
    rows, decided = held_deliveries(facts), decisions(facts)
    accepted = accepted_of(facts, {row.source for row in rows})
    return [_standing(row, decided.get(row.delivery_id), accepted) for row in rows]


def quarantine(office: Office, *, settled: bool = False) -> Document:
    """Open deliveries, or all that were ever held, and the files of the inboxes that cannot even be read."""
    cases = [case for case in held(office.ledger) if settled or case.state == "open"]
    today = pd.Timestamp(office.ledger.clock.business_date)
    return {
        "open": sum(case.state == "open" for case in cases),
        "deliveries": [case.document(today) for case in cases],
        "unreadable": unreadable(office),
    }


def unreadable(office: Office) -> list[Document]:
    """Files of the inboxes that intake leaves where they are: too large, or not open to us."""
    folders = sorted(path for path in office.settings.inbox.glob("[!.]*") if path.is_dir())
    found = [(folder.name, arrival) for folder in folders for arrival in arrivals(folder)]
    told = [(source, arrival.name, _obstacle(arrival.path)) for source, arrival in found]
    return [{"source": s, "file_name": name, "reason": why[0], "remedy": why[1]} for s, name, why in told if why]


def inspect(office: Office, delivery_id: str) -> Document:
    """Everything about one held delivery: facts, problems with the bytes around them, what took its place."""
    case = _found(held(office.ledger), delivery_id)
    row = case.delivery
    content = office.archive.read(row.file_sha256)
    problems = json.loads(row.problems) or [{"line": 1, "offset": 0, "what": row.last_reason, "remedy": row.remedy}]
    return case.document(pd.Timestamp(office.ledger.clock.business_date)) | {
        "file_sha256": row.file_sha256,
        "size": row.size,
        "row_count": row.row_count,
        "accounts": _surrogates(office, row),
        "problems": [{**problem, **excerpt(content, problem["offset"])} for problem in problems],
    }


def excerpt(content: bytes, offset: int) -> dict[str, str]:
    """Bytes before a fault and from it on, as printable ASCII: anything else is written as its number."""
    return {
        "before": _visible(content[max(0, offset - BEFORE) : offset]),
        "from_fault": _visible(content[offset : offset + AFTER]),
    }


def release(office: Office, delivery_id: str, *, by: str, reason: str) -> Document:
    """Accept a held delivery as it is, with every page of its statement that is held; the next run takes it in.

    Refused of what has no format, no records or no date, of a feed that its source does not declare, and of what is
    settled already.
    """
    case = _found(held(office.ledger), delivery_id)
    _refuse_unusable(office, case.delivery)
    return _decide(office, case.delivery.delivery_id, "released", by=by, reason=reason)


def reject(office: Office, delivery_id: str, *, by: str, reason: str) -> Document:
    """Settle a held delivery without taking it in; the file and what was wrong with it are kept."""
    case = _found(held(office.ledger), delivery_id)
    return _decide(office, case.delivery.delivery_id, "rejected", by=by, reason=reason)


def _decide(office: Office, delivery_id: str, decision: str, *, by: str, reason: str) -> Document:
    for name, text in (("by", by), ("reason", reason)):
        if not text.strip():
            raise DataError(f"--{name} is empty.", "Say who decides and why; both are kept in the ledger.")
    with office.ledger.transaction("quarantine") as entry:
        cases = held(entry)
        case = _found(cases, delivery_id)
        if case.state != "open":
            remedy = "Nothing is left to decide; `fo quarantine list --all` shows it."
            raise DataError(f"{case.delivery.file_name} is settled. {outcome(case)}", remedy)
        rows = _together(cases, case.delivery) if decision == "released" else [case.delivery]
        signed = {"decision": decision, "decided_by": by.strip(), "reason": reason.strip()}
        entry.append(tables.delivery_verdicts, [_verdict(row, signed) for row in rows])
        at = {"at": entry.known_at, "business_date": office.ledger.clock.business_date}
        steps = [{"delivery_id": row.delivery_id, "step": row.steps + 1} for row in rows]
        entry.append(tables.delivery_decisions, [{**step, **signed, **at} for step in steps])
    days = sorted({str(row.business_date) for row in rows})
    return signed | {"deliveries": [row.delivery_id for row in rows], "days": days}


def _verdict(row: Row, signed: dict[str, str]) -> dict[str, object]:
    reason = f"{signed['decision'].capitalize()} by {signed['decided_by']}: {signed['reason']}"
    fact = {"delivery_id": row.delivery_id, "step": row.steps + 1, "business_date": row.business_date}
    return fact | {"verdict": _VERDICTS[signed["decision"]], "reason": reason}


def _standing(row: Row, decision: Row | None, accepted: Sequence[Row]) -> Held:
    if decision is not None:
        return Held(row, decision.decision, None, decision)
    found = next((later for later in accepted if later.judged_seq > row.audit_seq and replaces(later, row)), None)
    return Held(row, "replaced" if found else "open", found, None)


def replaces(later: Row, row: Row) -> bool:
    """Whether an accepted delivery takes the place of a held one: its statement, or its name, came again whole."""
    if later.source != row.source or later.file_name == row.file_name:
        return bool(later.source == row.source)
    is_same = later.feed == row.feed and later.statement_date == row.statement_date is not None
    names, others = (set(json.loads(delivery.accounts)) for delivery in (row, later))
    is_same = is_same and later.subject == row.subject
    return is_same and names <= others and bool(names) == bool(others) and _pages(row) <= (_pages(later) or _pages(row))


def _pages(row: Row) -> set[str]:
    return set(row.page.split("/")[0].split(",")) if row.page else set()


def _together(cases: Sequence[Held], row: Row) -> list[Row]:
    """The delivery, and the last of every other open page of its statement: a part of it would be taken for all."""
    chosen, taken = [row], _pages(row)
    for other in (case.delivery for case in reversed(cases) if case.state == "open"):
        is_of_same = all(getattr(other, name) == getattr(row, name) for name in STATEMENT)
        if other.page and is_of_same and other.delivery_id != row.delivery_id and not _pages(other) & taken:
            chosen.append(other)
            taken |= _pages(other)
    return chosen


def _found(cases: Sequence[Held], delivery_id: str) -> Held:
    """The held delivery whose identifier begins so."""
    found = [case for case in cases if delivery_id and case.delivery.delivery_id.startswith(delivery_id)]
    if len(found) != 1:
        what = "No held delivery begins" if not found else f"{len(found)} held deliveries begin"
        raise DataError(f"{what} with `{delivery_id}`.", "`fo quarantine list --all` shows every identifier.")
    return found[0]


def _refuse_unusable(office: Office, row: Row) -> None:
    feeds = load_policy(office.settings.office_folder).sources
    declared = list(feeds[row.source].feeds) if row.source in feeds else []
    if row.feed == "unknown":
        message = f"{row.file_name} is of no format that is known, so nothing in it can be taken in."
        raise DataError(message, "Add the format and put the file into the inbox under another name, or reject it.")
    if row.feed not in declared:
        message = f"{row.source} is not declared to send {row.feed}, so nobody would read {row.file_name}."
        raise DataError(message, "Declare the feed in custodians.yaml and release it then, or reject it.")
    if not row.row_count or row.statement_date is None:
        message = f"In {row.file_name} no record with a date could be read, so there is nothing to take in."
        raise DataError(message, "Ask the source for another file, and reject this one.")


def outcome(case: Held) -> str:
    """What became of a held delivery, in a sentence; empty while it is open."""
    if case.decision is not None:
        return f"{case.state.capitalize()} by {case.decision.decided_by}: {case.decision.reason}"
    return f"Replaced by {case.replaced_by.file_name}." if case.replaced_by else ""


def _surrogates(office: Office, row: Row) -> list[str]:
    """Our names of the accounts that a delivery states; a custodian's own numbers are never shown."""
    accounts = load_policy(office.settings.office_folder).accounts
    names = {body.account_id_source: name for name, (source, body) in accounts.items() if source == row.source}
    return sorted(names.get(number, "an account that is not declared") for number in json.loads(row.accounts))


def _obstacle(path: Path) -> tuple[str, str] | None:
    """Why a file cannot be read, and what to do; one that has gone meanwhile is no longer anybody's trouble."""
    size = path.stat(follow_symlinks=False).st_size if path.exists() else 0
    if size > SIZE_MAX:
        return f"It holds {size} bytes, more than the {SIZE_MAX} that are read.", "Ask the source for it in parts."
    if path.exists() and not os.access(path, os.R_OK):
        return "It cannot be opened.", "Give the platform the right to read it."
    return None


def _visible(content: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 and byte != 92 else f"\\x{byte:02x}" for byte in content)
