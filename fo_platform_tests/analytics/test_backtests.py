"""Tests of forecasts: published figures, hand-worked likelihoods, and counts of nothing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.analytics.backtests import (
    Ratio,
    Transitions,
    binomial_score,
    conditional_coverage,
    exceptions_probability,
    first_failure,
    independence,
    kupiec,
    shortfall_score,
    traffic_light,
    transitions,
)

COUNTS = st.integers(0, 60)


def test_kupiec_by_hand() -> None:
    found = kupiec(10, 2, 0.1)
    assert found.statistic == pytest.approx(-2 * math.log((0.9**8 * 0.1**2) / (0.8**8 * 0.2**2)))
    assert found.p_value == pytest.approx(math.erfc(math.sqrt(found.statistic / 2)))


def test_kupiec_of_the_expected_count_is_zero() -> None:
    assert kupiec(100, 5, 0.05) == Ratio(0, 1)


@pytest.mark.parametrize(("exceptions", "likelihood"), [(0, 0.99**250), (250, 0.01**250)])
def test_no_exception_and_nothing_but_exceptions_have_a_ratio(exceptions: int, likelihood: float) -> None:
    expected = -2 * (math.log(likelihood) if likelihood else 250 * math.log(0.01))
    assert kupiec(250, exceptions, 0.01).statistic == pytest.approx(expected)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_every_ratio_of_every_count_is_a_number_that_is_not_negative(n00: int, n01: int, n10: int, n11: int) -> None:
    apart = independence(Transitions(n00, n01, n10, n11))
    coverage = kupiec(n00 + n01 + n10 + n11 + 1, n01 + n11, 0.01)
    joint = conditional_coverage(coverage, apart)
    for found in (apart, coverage, joint):
        assert found.statistic >= 0
        assert 0 <= found.p_value <= 1
    assert joint.statistic == pytest.approx(apart.statistic + coverage.statistic)


def test_transitions_are_counted_between_neighbours() -> None:
    flags = np.array([0, 0, 1, 1, 0, 1, 0, 0], dtype="bool")
    assert transitions(flags) == Transitions(n00=2, n01=2, n10=2, n11=1)
    assert transitions(flags[:1]) == Transitions(0, 0, 0, 0)


def test_independence_by_hand_without_a_repeated_exception() -> None:
    found = independence(Transitions(n00=7, n01=1, n10=1, n11=0))
    pooled, separate = (8 / 9) ** 8 * (1 / 9), (7 / 8) ** 7 * (1 / 8)
    assert found.statistic == pytest.approx(-2 * math.log(pooled / separate))


def test_exceptions_that_come_in_rows_are_not_independent() -> None:
    flags = np.repeat([False, True, False], [100, 8, 100])
    assert independence(transitions(flags)).p_value < 1e-6


def test_the_joint_ratio_has_two_degrees_of_freedom() -> None:
    joint = conditional_coverage(Ratio(1.5, 0), Ratio(2.5, 0))
    assert joint == Ratio(4.0, pytest.approx(math.exp(-2)))


def test_a_first_failure_is_as_expected_when_it_is_due_and_not_when_it_comes_at_once() -> None:
    assert first_failure(20, 0.05).statistic == pytest.approx(0)
    assert first_failure(1, 0.01).statistic == pytest.approx(-2 * math.log(0.01))


def test_the_binomial_score_counts_standard_deviations() -> None:
    assert binomial_score(1043, 57, 0.05) == pytest.approx(0.68905, abs=1e-5)


@pytest.mark.parametrize(
    ("exceptions", "zone"), [(0, "green"), (4, "green"), (5, "yellow"), (9, "yellow"), (10, "red"), (250, "red")]
)
def test_basel_s_zones_are_those_of_its_table(exceptions: int, zone: str) -> None:
    assert traffic_light(250, exceptions, 0.01) == zone


def test_the_probabilities_of_basel_s_table() -> None:
    found = [exceptions_probability(250, exceptions, 0.01) for exceptions in (0, 4, 5, 9, 10)]
    assert found == pytest.approx([0.0811, 0.8922, 0.9588, 0.9997, 0.9999], abs=1e-4)


def test_the_shortfall_score_by_hand() -> None:
    losses, risk, shortfall = np.array([1.0, 6, 2, 12]), np.full(4, 5.0), np.full(4, 8.0)
    assert shortfall_score(losses, risk, shortfall, 0.25) == pytest.approx(1 - (6 / 8 + 12 / 8) / (4 * 0.25))


def test_the_shortfall_score_of_a_right_model_is_about_zero_and_of_one_too_low_below() -> None:
    losses = np.random.default_rng(1).standard_normal(100_000)
    risk, shortfall = np.full(100_000, 1.6449), np.full(100_000, 2.0627)
    assert shortfall_score(losses, risk, shortfall, 0.05) == pytest.approx(0, abs=0.05)
    assert shortfall_score(1.3 * losses, risk, shortfall, 0.05) < -0.5


def test_nothing_is_measured_by_a_shortfall_that_is_not_above_zero_or_without_losses() -> None:
    assert math.isnan(shortfall_score(np.ones(2), np.zeros(2), np.array([1.0, 0.0]), 0.05))
    assert math.isnan(shortfall_score(np.array([]), np.array([]), np.array([]), 0.05))
