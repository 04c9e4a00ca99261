"""Sessions and settlement dates, on both sides of every change of cycle."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform import calendars
from fo_platform.contracts.reference import SettlementCycles
from fo_platform.errors import DataError

CYCLES = SettlementCycles.frame(
    [
        {"market": "US", "valid_from": "1995-06-07", "cycle_days": 3},
        {"market": "US", "valid_from": "2017-09-05", "cycle_days": 2},
        {"market": "US", "valid_from": "2024-05-28", "cycle_days": 1},
        {"market": "EU", "valid_from": "2000-01-01", "cycle_days": 3},
        {"market": "EU", "valid_from": "2014-10-06", "cycle_days": 2},
        {"market": "EU", "valid_from": "2027-10-11", "cycle_days": 1},
        {"market": "CH", "valid_from": "2014-10-06", "cycle_days": 2},
        {"market": "JP", "valid_from": "2019-07-16", "cycle_days": 2},
    ]
)
SOME_DAY = (
    st.datetimes(pd.Timestamp("2001-01-01"), pd.Timestamp("2030-01-01")).map(pd.Timestamp).map(pd.Timestamp.normalize)
)


@pytest.mark.parametrize(
    ("market", "traded", "settled"),
    [
        ("US", "2017-09-01", "2017-09-07"),  # Friday T+3 over Labor Day.
        ("US", "2017-09-05", "2017-09-07"),  # The first day of T+2 settles with the last of T+3.
        ("US", "2024-05-24", "2024-05-29"),  # Friday T+2 over Memorial Day.
        ("US", "2024-05-28", "2024-05-29"),  # The first day of T+1.
        ("US", "2022-06-14", "2022-06-16"),
        ("US", "2022-06-16", "2022-06-21"),  # Over Juneteenth.
        ("EU", "2014-10-03", "2014-10-08"),
        ("EU", "2014-10-06", "2014-10-08"),
        ("EU", "2027-10-08", "2027-10-12"),
        ("EU", "2027-10-11", "2027-10-12"),
        ("CH", "2022-07-29", "2022-08-03"),  # Over the Swiss national holiday.
    ],
)
def test_a_trade_settles_by_the_cycle_of_its_trade_date_on_its_market_s_sessions(
    market: str, traded: str, settled: str
) -> None:
    assert calendars.settlement_date(pd.Timestamp(traded), market, CYCLES) == pd.Timestamp(settled)


def test_sessions_step_over_week_ends_and_holidays() -> None:
    friday, tuesday = pd.Timestamp("2022-06-17"), pd.Timestamp("2022-06-21")
    assert calendars.add_sessions(friday, 1) == tuesday
    assert calendars.previous_session(tuesday) == friday
    assert calendars.sessions_between(friday, tuesday) == 1
    assert list(calendars.sessions("XNYS", friday, tuesday)) == [friday, tuesday]


def test_a_day_without_session_counts_as_the_session_before_it() -> None:
    sunday = pd.Timestamp("2022-06-19")
    assert calendars.add_sessions(sunday, 0) == pd.Timestamp("2022-06-17")
    assert calendars.previous_session(sunday) == pd.Timestamp("2022-06-17")
    assert calendars.add_sessions(sunday, 1) == pd.Timestamp("2022-06-21")


@pytest.mark.parametrize(
    ("frequency", "mic", "day", "end"),
    [
        ("daily", "XNYS", "2022-06-20", "2022-06-17"),  # Juneteenth is no session.
        ("daily", "weekdays", "2022-06-20", "2022-06-20"),
        ("daily", "weekdays", "2022-06-19", "2022-06-17"),
        ("weekly", "XNYS", "2022-04-14", "2022-04-14"),  # Good Friday ends the week on Thursday.
        ("weekly", "XNYS", "2022-04-13", "2022-04-08"),
        ("monthly", "XNYS", "2022-04-29", "2022-04-29"),  # The last session of April.
        ("monthly", "XNYS", "2022-04-28", "2022-03-31"),
        ("quarterly", "XNYS", "2022-06-29", "2022-03-31"),
        ("quarterly", "XNYS", "2022-06-30", "2022-06-30"),
        ("quarterly", "XNYS", "2023-01-03", "2022-12-30"),
    ],
)
def test_a_period_ends_with_its_last_session(frequency: str, mic: str, day: str, end: str) -> None:
    assert calendars.last_period_end(frequency, pd.Timestamp(day), mic=mic) == pd.Timestamp(end)


def test_a_period_before_the_calendars_begin_is_refused() -> None:
    with pytest.raises(DataError, match="outside the calendars"):
        calendars.last_period_end("quarterly", pd.Timestamp("2000-01-05"))


def test_an_exchange_has_a_zone_and_its_code_is_known() -> None:
    assert (calendars.time_zone("XNYS"), calendars.time_zone("XSWX")) == ("America/New_York", "Europe/Zurich")
    assert [calendars.is_calendar(name) for name in ("XNYS", "weekdays", "XXXX")] == [True, True, False]


@given(day=SOME_DAY, n=st.integers(-200, 200))
def test_stepping_and_counting_are_inverse(day: pd.Timestamp, n: int) -> None:
    stepped = calendars.add_sessions(day, n)
    assert calendars.sessions_between(day, stepped) == n
    assert calendars.sessions_between(stepped, day) == -n


@pytest.mark.parametrize("day", ["1999-12-31", "2031-01-01", None])
def test_a_day_outside_the_calendars_is_refused(day: str | None) -> None:
    with pytest.raises(DataError, match="outside the calendars"):
        calendars.previous_session(pd.Timestamp(day))


def test_stepping_over_the_end_of_the_calendars_is_refused() -> None:
    with pytest.raises(DataError, match="HORIZON"):
        calendars.add_sessions(pd.Timestamp("2030-12-30"), 5)
    with pytest.raises(DataError, match="HORIZON"):
        calendars.previous_session(pd.Timestamp("2000-01-02"))


@pytest.mark.parametrize(("market", "day"), [("CH", "2014-10-03"), ("XX", "2022-06-14"), ("JP", "2022-06-14")])
def test_a_market_without_cycle_or_calendar_is_refused(market: str, day: str) -> None:
    with pytest.raises(DataError, match=market):
        calendars.settlement_date(pd.Timestamp(day), market, CYCLES)
