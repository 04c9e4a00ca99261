"""The laws that simulated losses are held to, against other routes. The product's own figures do not belong here."""

import numpy as np
import pytest
from arch.bootstrap import optimal_block_length
from scipy.stats import norm, t

from fo_platform_tests.analytics.second._losses import Drawn, Normal, Student, mean_run, quantile_error, shortfall_error

CONFIDENCE = 0.99


def test_one_session_of_student_is_the_distribution_of_the_textbook() -> None:
    q, scale = t.ppf(CONFIDENCE, 5), 0.6**0.5
    shortfall = (5 + q**2) / 4 * t.pdf(q, 5) / 0.01
    value, mean, _ = Student(1.0, 1).tail(CONFIDENCE)
    assert (value, mean) == pytest.approx((q * scale, shortfall * scale), rel=1e-5)


def test_many_sessions_of_student_are_nearly_normal() -> None:
    value, mean, square = Student(1 / 400**0.5, 400).tail(CONFIDENCE)
    assert (value, mean, square) == pytest.approx(Normal(1.0).tail(CONFIDENCE), rel=0.02)
    assert value > Normal(1.0).quantile(CONFIDENCE)


def test_of_ten_losses_the_worst_and_half_of_the_next_are_the_tail_at_85_per_cent() -> None:
    law = Drawn(np.arange(1.0, 11.0))
    assert law.tail(0.85) == pytest.approx((9.0, (10 + 9 / 2) / 1.5, (100 + 81 / 2) / 1.5))


def test_stated_errors_are_the_spread_of_drawn_figures() -> None:
    drawn = [Drawn(np.random.default_rng(seed).standard_normal(4000)).tail(CONFIDENCE) for seed in range(400)]
    values, means, _ = np.std(drawn, axis=0)
    assert values == pytest.approx(quantile_error(Normal(1.0), CONFIDENCE, 4000, 1), rel=0.15)
    assert means == pytest.approx(shortfall_error(Normal(1.0), CONFIDENCE, 4000), rel=0.15)


def test_runs_of_a_persistent_series_are_about_as_long_as_another_library_says() -> None:
    shocks = norm.rvs(size=1000, random_state=3)
    series = np.zeros(1000)
    for place in range(1, 1000):
        series[place] = 0.7 * series[place - 1] + shocks[place]
    theirs = optimal_block_length(series)["stationary"].iloc[0]
    assert mean_run(series) == pytest.approx(theirs, rel=0.25)
    assert mean_run(shocks) < 4 < mean_run(series)
