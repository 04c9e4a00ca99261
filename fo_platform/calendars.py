"""Trading sessions and settlement dates. What a partition is, and what time it is now, do not belong here."""

from functools import lru_cache

import exchange_calendars
import pandas as pd

from fo_platform.errors import DataError

EXCHANGE = "XNYS"
"""The exchange whose sessions are the office's business days."""

WEEKDAYS = "weekdays"
"""In place of an exchange: every Monday to Friday, for those who keep no exchange's holidays."""

PERIODS = {"daily": "D", "weekly": "W-SUN", "monthly": "M", "quarterly": "Q-DEC"}
"""Periods that statements close, as pandas writes them."""

EXCHANGES = {"US": EXCHANGE, "CH": "XSWX", "EU": "XETR"}
"""The exchange whose sessions count the settlement days of a market."""

HORIZON = ("2000-01-01", "2030-12-31")
"""First and last day that the calendars speak of: fixed, so that equal input gives equal dates on any day."""


def sessions(mic: str, start: pd.Timestamp, end: pd.Timestamp) -> pd.DatetimeIndex:
    """Sessions of an exchange from start to end, both included."""
    days = _calendar(mic)
    return days[(days >= _covered(start)) & (days <= _covered(end))]


def previous_session(day: pd.Timestamp, *, mic: str = EXCHANGE) -> pd.Timestamp:
    """The last session before a day."""
    return _at(mic, int(_calendar(mic).searchsorted(_covered(day), side="left")) - 1)


def add_sessions(day: pd.Timestamp, n: int, *, mic: str = EXCHANGE) -> pd.Timestamp:
    """The n-th session after a day, or before it when n is negative; a day without session is the one before it."""
    return _at(mic, _position(mic, day) + n)


def sessions_between(start: pd.Timestamp, end: pd.Timestamp, *, mic: str = EXCHANGE) -> int:
    """How many sessions lie after start, up to and including end: the age in sessions of what happened at start."""
    return _position(mic, end) - _position(mic, start)


def last_period_end(frequency: str, day: pd.Timestamp, *, mic: str = EXCHANGE) -> pd.Timestamp:
    """The last session of the newest day, week, month or quarter whose sessions are over by a day, itself included."""
    ends = _period_ends(mic, frequency)
    position = int(ends.searchsorted(_covered(day), side="right")) - 1
    if position < 0:
        raise _beyond(f"The period before {day:%Y-%m-%d}")
    return ends[position]


def time_zone(mic: str) -> str:
    """IANA name of the zone in which an exchange keeps its hours."""
    return str(_exchange(mic).tz)


def is_calendar(name: str) -> bool:
    """Whether a name is that of an exchange whose sessions are known, or `weekdays`."""
    return name == WEEKDAYS or name in exchange_calendars.get_calendar_names()


def settlement_cycle(trade_date: pd.Timestamp, market: str, settlement_cycles: pd.DataFrame) -> int:
    """Sessions between trade and settlement in a market, by the cycle in force on the trade date.

    settlement_cycles: reference.SettlementCycles. A market without a cycle on the date is a DataError.
    """
    rows = settlement_cycles[(settlement_cycles["market"] == market) & (settlement_cycles["valid_from"] <= trade_date)]
    if rows.empty:
        message = f"No settlement cycle of market {market} is in force on {trade_date:%Y-%m-%d}."
        raise DataError(message, "Add it to reference.settlement_cycles.")
    return int(rows.sort_values("valid_from")["cycle_days"].iloc[-1])


def settlement_date(trade_date: pd.Timestamp, market: str, settlement_cycles: pd.DataFrame) -> pd.Timestamp:
    """Contractual settlement date of a trade, counted on the sessions of its market."""
    cycle = settlement_cycle(trade_date, market, settlement_cycles)
    if market not in EXCHANGES:
        raise DataError(f"Market {market} has no calendar of sessions.", f"Use one of {', '.join(EXCHANGES)}.")
    return add_sessions(trade_date, cycle, mic=EXCHANGES[market])


@lru_cache
def _calendar(mic: str) -> pd.DatetimeIndex:
    return pd.bdate_range(*HORIZON) if mic == WEEKDAYS else pd.DatetimeIndex(_exchange(mic).sessions)


@lru_cache
def _exchange(mic: str) -> exchange_calendars.ExchangeCalendar:
    start, end = HORIZON
    return exchange_calendars.get_calendar(mic, start=start, end=end)


@lru_cache
def _period_ends(mic: str, frequency: str) -> pd.DatetimeIndex:
    days = _calendar(mic)
    return pd.DatetimeIndex(days.to_series().groupby(days.to_period(PERIODS[frequency])).max())


@lru_cache(maxsize=1024)
def _position(mic: str, day: pd.Timestamp) -> int:
    """Index of the last session on or before a day."""
    return int(_calendar(mic).searchsorted(_covered(day), side="right")) - 1


def _at(mic: str, position: int) -> pd.Timestamp:
    days = _calendar(mic)
    if not 0 <= position < len(days):
        raise _beyond(f"Session {position} of {mic}")
    return days[position]


def _covered(day: pd.Timestamp) -> pd.Timestamp:
    if not pd.Timestamp(HORIZON[0]) <= day <= pd.Timestamp(HORIZON[1]):
        raise _beyond("An unknown day" if pd.isna(day) else f"{day:%Y-%m-%d}")
    return day


def _beyond(what: str) -> DataError:
    return DataError(
        f"{what} lies outside the calendars, {HORIZON[0]} to {HORIZON[1]}.", "Correct the date or move HORIZON."
    )
