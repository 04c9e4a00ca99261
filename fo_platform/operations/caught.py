"""What intake caught on its own: files refused, restated or absent, rows left out. Breaks belong to book."""

import json
from datetime import date

import pandas as pd

from fo_platform.calendars import add_sessions
from fo_platform.contracts.book import ExpectedDeliveries
from fo_platform.ledger.queries import Row, odd_deliveries
from fo_platform.office import Office
from fo_platform.operations.quarantine import held, outcome
from fo_platform.operations.read import of_day

LOOKBACK_SESSIONS = 5

ABSENT = ("late", "missing", "duplicate", "out_of_order", "incomplete")
"""Statuses of what is not told of by a held file."""

_REPLACED = "It replaces the file before it; both are kept."


def caught(office: Office, day: date) -> list[str]:
    """Sentences about the deliveries of the last sessions up to a day that were not simply accepted, newest first."""
    first = add_sessions(pd.Timestamp(day), 1 - LOOKBACK_SESSIONS).date()
    odd = odd_deliveries(office.ledger, first, day)
    settled = {case.delivery.delivery_id: outcome(case) for case in held(office.ledger)}
    told = [(_sentence(row), settled.get(row.delivery_id)) for row in odd if row.verdict != "incomplete"]
    return [" ".join(filter(None, sentences)) for sentences in told]


def absent(office: Office, day: date) -> list[str]:
    """Sentences about what was due on a day and has not come, with whom it concerns and what to do."""
    due = of_day(office, ExpectedDeliveries, day)
    rows = due[due["coverage_status"].isin(ABSENT)].to_dict("records")
    return [
        f"{row['coverage_status']} {row['source']} {row['feed']} {row['account_id']}: "
        f"{' '.join(text for text in (row['reason'], row['remedy']) if pd.notna(text))}"
        for row in rows
    ]


def _sentence(row: Row) -> str:
    is_accepted = row.verdict == "accepted"
    what = "restated" if row.supersedes else "out_of_order" if row.reason else "noted"
    said = [_REPLACED] * bool(row.supersedes) + [row.reason] + _notes(row) if is_accepted else [row.reason]
    what = what if is_accepted else row.verdict
    return f"{row.business_date} {row.source} {what} {row.file_name}: {' '.join(filter(None, said))}"


def _notes(row: Row) -> list[str]:
    """The first row that was left out of an accepted file, and how many more there are."""
    problems = json.loads(row.problems)
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return [f"Line {first['line']}: {first['what']}{more}. {first['remedy']}" for first in problems[:1]]
