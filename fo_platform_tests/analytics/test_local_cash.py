"""What cash earned: over nights and weekends, at the rate in force, and when nobody knows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.local_cash import cash_returns
from fo_platform.calendars import EXCHANGE, sessions
from fo_platform.contracts.policy import CashRates

TUESDAY = pd.Timestamp("2022-06-14")
FRANCS = (("CHF", "2022-06-01", -0.0072), ("CHF", "2022-06-14", -0.0036), ("CHF", "2022-06-16", 0.0036))


def rates(*rows: tuple[str, str, float], known_until: str = "2022-12-31", day_count: int = 360) -> pd.DataFrame:
    """Declared rates from (currency, first day, rate a year)."""
    frame = pd.DataFrame(rows, columns=["currency", "valid_from", "interest_rate"])
    stated = frame.assign(known_until=known_until, day_count=day_count, rate_source="a central bank")
    return CashRates.validate(CashRates.frame(stated))


def earned(rows: pd.DataFrame, close: pd.Timestamp = TUESDAY, currency: str = "CHF") -> float:
    return float(cash_returns(rows, pd.Index([currency, "XAU"]), close)[currency])


def test_a_night_earns_the_rate_that_was_in_force_when_it_began() -> None:
    assert earned(rates(*FRANCS)) == pytest.approx(-0.0072 / 360)
    assert earned(rates(*FRANCS), TUESDAY + pd.Timedelta(days=1)) == pytest.approx(-0.0036 / 360)
    assert earned(rates(*FRANCS, day_count=365)) == pytest.approx(-0.0072 / 365)


def test_a_weekend_and_a_holiday_are_nights_too() -> None:
    # Monday 20 June is a holiday: from Friday to Tuesday are four nights at Friday's rate.
    assert earned(rates(*FRANCS), pd.Timestamp("2022-06-21")) == pytest.approx(4 * 0.0036 / 360)


@pytest.mark.parametrize(
    "unknown",
    [
        rates(),
        rates(("EUR", "2022-01-01", 0.01)),
        rates(("CHF", "2022-06-14", 0.01)),
        rates(*FRANCS, known_until="2022-06-12"),
    ],
    ids=["nothing declared", "another currency", "not begun", "read no longer"],
)
def test_a_rate_that_nobody_knows_is_unknown_and_not_zero(unknown: pd.DataFrame) -> None:
    assert np.isnan(earned(unknown))


def test_the_last_day_that_the_source_was_read_for_is_known() -> None:
    assert earned(rates(*FRANCS, known_until="2022-06-13")) == pytest.approx(-0.0072 / 360)


@settings(max_examples=10)
@given(rate=st.floats(-0.5, 0.5), count=st.integers(2, 60), again=st.integers(0, 59))
def test_sessions_of_one_rate_sum_to_the_days_they_last_however_often_it_is_stated(
    rate: float, count: int, again: int
) -> None:
    closes = sessions(EXCHANGE, pd.Timestamp("2022-03-18"), pd.Timestamp("2022-12-28"))[:count]
    stated = rates(("CHF", "2021-01-01", rate), ("CHF", f"{closes[min(again, count - 1)]:%Y-%m-%d}", rate))
    total = sum(earned(stated, close) for close in closes[1:])
    assert total == pytest.approx(rate * (closes[-1] - closes[0]).days / 360, abs=1e-15)
