"""Which statement of every feed was due on a day, and until when. What came of it belongs to expected_deliveries."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd

from fo_platform.calendars import add_sessions, last_period_end

IRREGULAR = "irregular"
"""Frequency of a feed that comes whenever there is something to say."""

HIGH = 0.9
"""The part of arrivals that is not later than the high figure."""

_DAY = pd.Timedelta(days=1)


class Terms(NamedTuple):
    """When a feed is due, as the office declares it; calendar is an exchange or `weekdays`, expected_by an hour."""

    calendar: str
    frequency: str
    lag_days: int
    expected_by: str
    time_zone: str


def due_dates(sources: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The statement date that every feed owed by a day, and the instant of its cut-off, with the rows' index.

    Columns expected_date and expected_by_at; both unknown where nothing is ever due. sources: calendar, frequency,
    lag_days, expected_by, time_zone. What was due earlier is still due: a quarter's statement is owed from its cut-off
    until the next quarter's. A cut-off lies on the first of our sessions that is `lag_days` after the statement's date.
    """
    rows = [_due(day, Terms(*row)) for row in sources[list(Terms._fields)].itertuples(index=False, name=None)]
    dates, cut_offs = [row[0] if row else pd.NaT for row in rows], [row[1] if row else pd.NaT for row in rows]
    return pd.DataFrame(
        {
            "expected_date": pd.Series(dates, sources.index, dtype="datetime64[ns]"),
            "expected_by_at": pd.to_datetime(pd.Series(cut_offs, sources.index), utc=True),
        }
    )


def _due(day: pd.Timestamp, terms: Terms) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    if terms.frequency == IRREGULAR:
        return None
    ends = last_period_end(terms.frequency, day - terms.lag_days * _DAY, mic=terms.calendar)
    due = add_sessions(ends + (terms.lag_days - 1) * _DAY, 1)
    cut_off = datetime.combine(due.date(), time.fromisoformat(terms.expected_by), ZoneInfo(terms.time_zone))
    return ends, pd.Timestamp(cut_off.astimezone(UTC))


def usual_arrivals(arrivals: pd.DataFrame, time_zones: Mapping[str, str]) -> pd.DataFrame:
    """When every feed lately came, one row a source and feed: median, and what nine in ten did not exceed.

    arrivals: source, feed, statement_date, received_at, one row a statement that came. time_zones: by source. Columns
    arrival_minutes_* (local, from midnight) and arrival_days_* (after the statement date), each _usual and _high.
    """
    zones = arrivals["source"].map(time_zones)
    known = arrivals[zones.notna()]
    local = [at.tz_convert(zone) for at, zone in zip(known["received_at"], zones.dropna(), strict=True)]
    late = [at.tz_localize(None).normalize() - date for at, date in zip(local, known["statement_date"], strict=True)]
    measured = known[["source", "feed"]].assign(
        arrival_minutes=[at.hour * 60 + at.minute for at in local], arrival_days=[max(0, gone.days) for gone in late]
    )
    groups = measured.groupby(["source", "feed"])[["arrival_minutes", "arrival_days"]]
    usual = groups.quantile(0.5, interpolation="lower").add_suffix("_usual")
    high = groups.quantile(HIGH, interpolation="higher").add_suffix("_high")
    return pd.concat([usual, high], axis=1).astype("Int64").reset_index()
