"""Errors of losses that are drawn from dates of the past: what so few dates leave uncertain."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from fo_platform.analytics.date_errors import date_errors
from fo_platform.analytics.loss import tail
from fo_platform.analytics.scenarios import bootstrap_places, running_sums

DATES, PATHS, SESSIONS = 300, 8_192, 10
HISTORIES = 200


def test_a_hundred_dates_drawn_ten_times_each_by_hand() -> None:
    places = np.tile(np.arange(100), 10)[None, :]
    found = date_errors(places[0].astype("float64"), places, 100, 0.9)
    # Ten dates weigh a tenth of the tail and ninety nothing, 0.09 about their mean, and a hundred paths a hundredth.
    assert found.probability_error == pytest.approx(0.1 * np.sqrt(0.09 - 100 * 0.01**2 * 0.99))
    # Value at risk is 89, and beyond it are 1 to 10, a tenth each, of mean 5.5 / 100 over all dates.
    beyond = np.arange(1, 11) / 10
    squares = ((beyond - 0.055) ** 2).sum() + 90 * 0.055**2
    assert found.shortfall_error == pytest.approx(np.sqrt(squares - 10 * (beyond**2 / 100).sum() * 0.99))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), confidence=st.sampled_from([0.8, 0.9, 0.95]), dates=st.integers(100, 300))
def test_at_one_session_errors_are_those_of_a_sample_of_so_many(seed: int, confidence: float, dates: int) -> None:
    history = np.random.default_rng(seed).standard_normal(dates)
    places = np.repeat(np.arange(dates), 200)[None, :]
    found = date_errors(history[places[0]], places, dates, confidence)
    assert found.probability_error == pytest.approx(np.sqrt(confidence * (1 - confidence) / dates), rel=0.05)
    expected = tail(history, confidence).expected_shortfall_error
    assert found.shortfall_error == pytest.approx(expected, rel=0.05)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), size=st.floats(0.01, 100))
def test_errors_scale_with_losses_and_chances_do_not(seed: int, size: float) -> None:
    history = np.random.default_rng(seed).standard_normal(DATES)
    places = bootstrap_places(seed, history, 1_000, 3)
    losses = running_sums(history[places])[-1]
    found, scaled = (date_errors(each, places, DATES, 0.95) for each in (losses, size * losses))
    assert scaled.probability_error == found.probability_error
    assert scaled.shortfall_error == pytest.approx(size * found.shortfall_error, rel=1e-9)


def test_dates_that_are_all_alike_leave_no_shortfall_open() -> None:
    places = np.tile(np.arange(DATES), 4)[None, :]
    found = date_errors(np.ones(places.shape[1]), places, DATES, 0.99)
    assert found.shortfall_error == 0
    assert tail(np.ones(places.shape[1]), 0.99, found).value_at_risk_error == 0


@pytest.mark.parametrize(("sessions", "confidence"), [(1, 0.95), (1, 0.99), (SESSIONS, 0.95), (SESSIONS, 0.99)])
def test_two_intervals_in_three_hold_the_truth_and_those_of_drawing_alone_do_not(
    sessions: int, confidence: float
) -> None:
    truth = stats.norm.ppf(confidence) * sessions**0.5
    held = np.array([_holds(history, sessions, confidence, truth) for history in range(HISTORIES)])
    stated, drawing = held.mean(axis=0)
    assert 0.55 < stated < 0.85
    assert drawing < 0.25


def _holds(seed: int, sessions: int, confidence: float, truth: float) -> tuple[bool, bool]:
    """Whether value at risk of one made-up history is one stated error from the truth, and one error of drawing."""
    history = np.random.default_rng(seed).standard_normal(DATES)
    places = bootstrap_places(seed, history, PATHS, sessions)
    losses = -running_sums(history[places])[-1]
    whole = tail(losses, confidence, date_errors(losses, places, DATES, confidence))
    off = abs(whole.value_at_risk - truth)
    return off < whole.value_at_risk_error, off < tail(losses, confidence).value_at_risk_error
