"""What intake caught on its own: quarantined, restated and duplicate files, a sentence each. Breaks belong to book."""

from datetime import date

from fo_platform.ledger.queries import Row, odd_deliveries
from fo_platform.office import Office

LOOKBACK_SESSIONS = 5


def caught(office: Office, day: date) -> list[str]:
    """Sentences about the deliveries of the last sessions up to a day that were not simply accepted, newest first."""
    rows = [row for row in odd_deliveries(office.ledger, day) if row.verdict != "incomplete"]
    return [_sentence(row) for row in rows[:LOOKBACK_SESSIONS]]


def _sentence(row: Row) -> str:
    what = "restated" if row.verdict == "accepted" else row.verdict
    why = f": {row.reason}" if row.reason else ""
    return f"{row.business_date} {row.source} {what} {row.file_name}{why}"
