"""What restatements say of a day: which deliveries count on the day they speak of. Records do not belong here."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from fo_platform.calendars import previous_session
from fo_platform.ledger.queries import Facts, Row, accepted_deliveries, restatements

_TEXT = "string[pyarrow]"
_TYPES = {
    "source": _TEXT, "file_sha256": _TEXT, "page": _TEXT, "subject": _TEXT, "received_date": "datetime64[ns]",
    "link": "int64", "counts_from": "datetime64[ns]",
}  # fmt: skip


@dataclass(frozen=True)
class Restated:
    """A day that was made again, with the deliveries accepted for it and for later days of its restatements.

    A record that was received within the days of a restatement, and before it, counts on the session after its
    statement date where that is one of these days too; any other counts on the day it was received. So each counts
    once, whichever days are made again. deliveries: source, file_sha256, page, subject, received_date, link (the order
    of receipt), counts_from (the first day that its records may count on); one row a file.
    """

    day: pd.Timestamp
    link: int
    deliveries: pd.DataFrame

    @property
    def late(self) -> pd.DataFrame:
        """Deliveries of later days that may hold records of this one."""
        known = self.deliveries
        return known[(known["received_date"] > self.day) & (known["counts_from"] <= self.day)]

    @property
    def speaks_of(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """Statement dates that count on the day, the first and the last."""
        return previous_session(self.day), self.day - pd.Timedelta(days=1)


def restated(facts: Facts, day: date, seq: int) -> Restated | None:
    """What restatements known at a link say of a day; nothing where none covers it."""
    covering = [row for row in restatements(facts, seq) if row.first_date <= day <= row.last_date]
    if not covering:
        return None
    rows = [
        (
            row.source,
            row.file_sha256,
            row.page,
            row.subject,
            row.business_date,
            row.audit_seq,
            _counts_from(row, covering),
        )
        for row in accepted_deliveries(facts, day, max(row.last_date for row in covering))
    ]
    deliveries = pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)
    return Restated(pd.Timestamp(day), covering[-1].audit_seq, deliveries)


def _counts_from(delivery: Row, covering: list[Row]) -> date:
    """The first day of the restatements that knew the delivery and reach the day it was received, else that day."""
    known = [row for row in covering if row.audit_seq >= delivery.accepted_seq]
    received: date = delivery.business_date
    return min([row.first_date for row in known if row.first_date <= received <= row.last_date], default=received)
