"""The model of Takahashi and Alexander: a year's rates, caps, and what is announced already."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.pacing import Commitment, contribution_rate, distribution_rate, pace

RULES = {
    "contribution_rate_1": 0.25,
    "contribution_rate_2": 0.333,
    "contribution_rate_3": 0.5,
    "life_years": 12.0,
    "bow": 2.5,
    "growth": 0.13,
    "yield_min": 0.0,
}
ONES, NOTHING = np.ones((1, 12)), np.zeros(12)


def fund(unfunded: float, nav: float, age: float, **announced: np.ndarray) -> Commitment:
    return Commitment(unfunded, nav, age, announced.get("calls", NOTHING), announced.get("distributions", NOTHING))


def test_a_year_of_months_calls_what_the_year_s_rate_does() -> None:
    calls, _ = pace(fund(100.0, 0.0, 1.0), RULES, ONES, ONES)
    assert calls.sum() == pytest.approx(33.3)
    assert calls[0, 0] == pytest.approx(100 * (1 - 0.667 ** (1 / 12)))


@pytest.mark.parametrize(("age", "rate"), [(0.0, 0.25), (0.99, 0.25), (1.0, 0.333), (2.0, 0.5), (9.0, 0.5), (-1, 0.25)])
def test_the_rate_of_contribution_is_that_of_the_year_of_age(age: float, rate: float) -> None:
    assert contribution_rate(RULES, age) == rate


def test_the_rate_of_distribution_bends_with_the_bow_and_has_a_floor_and_a_ceiling() -> None:
    assert distribution_rate(RULES, 6.0) == pytest.approx(0.5**2.5)
    assert distribution_rate(RULES | {"yield_min": 0.3}, 6.0) == 0.3
    assert distribution_rate(RULES, 30.0) == 1.0


def test_a_month_pays_its_part_of_the_grown_value_by_hand() -> None:
    # Growth of nothing, half of the value to be paid in the year: each month pays the same part of what is left.
    rules = RULES | {"growth": 0.0, "yield_min": 0.5}
    _, paid = pace(fund(0.0, 100.0, 0.0), rules, ONES, ONES)
    part = 1 - 0.5 ** (1 / 12)
    assert paid[0, :2].tolist() == pytest.approx([100 * part, 100 * (1 - part) * part])
    assert paid.sum() == pytest.approx(50.0)


def test_at_the_end_of_its_life_a_fund_pays_all_it_has() -> None:
    _, paid = pace(fund(0.0, 100.0, 12.0), RULES | {"growth": 0.0}, ONES, ONES)
    assert paid[0].tolist() == pytest.approx([100.0, *[0.0] * 11])


def test_what_is_announced_counts_towards_the_month_and_is_never_called_twice() -> None:
    calls, _ = pace(fund(100.0, 0.0, 1.0, calls=np.array([60.0, *[0.0] * 11])), RULES, ONES, ONES)
    assert calls[0, 0] == 0
    assert calls[0, 1] == pytest.approx(40 * (1 - 0.667 ** (1 / 12)))
    every, _ = pace(fund(50.0, 0.0, 1.0, calls=np.array([60.0, *[0.0] * 11])), RULES, ONES, ONES)
    assert every.sum() == 0


def test_an_announced_distribution_leaves_less_to_be_paid() -> None:
    announced = np.array([30.0, *[0.0] * 11])
    rules = RULES | {"growth": 0.0, "yield_min": 0.5}
    _, paid = pace(fund(0.0, 100.0, 0.0, distributions=announced), rules, ONES, ONES)
    assert paid[0, 0] == 0
    assert paid[0, 1] == pytest.approx(70 * (1 - 0.5 ** (1 / 12)))


@settings(max_examples=50)
@given(
    unfunded=st.floats(-10, 1e8), nav=st.floats(-10, 1e8), age=st.floats(-1, 20), factor=st.floats(0, 50),
    called=st.floats(0, 1e7), paid=st.floats(0, 1e7),
)  # fmt: skip
def test_no_more_is_called_than_is_unfunded_nor_paid_than_there_is(
    unfunded: float, nav: float, age: float, factor: float, called: float, paid: float
) -> None:
    first = np.array([1.0, *[0.0] * 11])
    stake = fund(unfunded, nav, age, calls=called * first, distributions=paid * first)
    calls, further = pace(stake, RULES, ONES * factor, ONES * factor)
    assert (calls >= 0).all()
    assert (further >= 0).all()
    assert calls.sum() <= max(unfunded - called, 0) * (1 + 1e-12)
    assert further.sum() <= (max(nav, 0) + called + calls.sum()) * 1.13 + 1e-6


def test_paths_do_not_know_one_another() -> None:
    factors = np.random.default_rng(1).lognormal(size=(7, 12))
    together = pace(fund(100.0, 50.0, 3.0), RULES, factors, factors)
    alone = pace(fund(100.0, 50.0, 3.0), RULES, factors[3:4], factors[3:4])
    assert np.array_equal(together[0][3], alone[0][0])
    assert np.array_equal(together[1][3], alone[1][0])
