"""The office's clock, real or simulated, and wall time for recorded_at. Nothing else asks what time it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("America/New_York")
MORNING = time(7, 30)
CLOSE = time(17, 0)


def wall() -> datetime:
    """Wall time in UTC: kept as recorded_at and for durations, never as a fact about the business."""
    return datetime.now(UTC)


def elapsed() -> float:
    """Seconds since an instant that means nothing, never running back: for deadlines only."""
    return monotonic()


@dataclass(frozen=True)
class Clock:
    """An office's clock: `now` answers in UTC; a simulated one stands still until it is moved."""

    now: Callable[[], datetime]
    is_simulated: bool = False

    @property
    def business_date(self) -> date:
        """The calendar day on the office's wall."""
        return self.now().astimezone(OFFICE_ZONE).date()


def real_clock() -> Clock:
    """The clock of a real office."""
    return Clock(wall)


def morning_of(day: date) -> datetime:
    """When the operator starts the day, in UTC."""
    return datetime.combine(day, MORNING, OFFICE_ZONE).astimezone(UTC)


def close_of(day: date) -> datetime:
    """When the day's session is closed and its executions are in, in UTC."""
    return datetime.combine(day, CLOSE, OFFICE_ZONE).astimezone(UTC)


def after(now: datetime, last: datetime | None) -> datetime:
    """The next instant of knowledge: now, or a microsecond after the last one, so that it always increases."""
    return now if last is None or now > last else last + timedelta(microseconds=1)
