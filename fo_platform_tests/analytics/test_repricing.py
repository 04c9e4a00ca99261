"""Bonds revalued: by hand, and duration and convexity as the limit of small shifts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.analytics.repricing import bond_price, bond_return, bond_yield, duration_return

RATES = st.floats(-0.02, 0.2)
COUPONS = st.floats(0, 0.15)
YEARS = st.floats(0.1, 40)
FREQUENCIES = st.sampled_from([1, 2, 4])


def test_two_years_of_coupons_by_hand() -> None:
    assert bond_price(0.10, 0.06, 2) == pytest.approx(0.06 / 1.1 + 1.06 / 1.21)
    assert bond_price(0.10, 0.06, 0.75, 2) == pytest.approx(0.03 / 1.05**0.5 + 1.03 / 1.05**1.5)


def test_a_bond_that_pays_its_yield_is_worth_par() -> None:
    assert bond_price(0.05, 0.05, 10, 2) == pytest.approx(1)


def test_nothing_is_left_of_a_bond_that_has_matured() -> None:
    assert bond_price(0.05, 0.05, 0) == 0
    assert bond_yield(1.0, 0.05, -1) is None
    assert bond_return(1.0, 0.01, coupon=0.05, years=0) is None


@pytest.mark.parametrize("price", [0.0, -1.0, 1e12, float("nan")])
def test_a_price_that_no_yield_gives_has_none(price: float) -> None:
    assert bond_yield(price, 0.05, 10) is None


@given(RATES, COUPONS, YEARS, FREQUENCIES)
def test_the_yield_of_a_price_gives_the_price_back(rate: float, coupon: float, years: float, frequency: int) -> None:
    price = bond_price(rate, coupon, years, frequency)
    found = bond_yield(price, coupon, years, frequency)
    assert found is not None
    assert bond_price(found, coupon, years, frequency) == pytest.approx(price, rel=1e-10)


@given(COUPONS, st.floats(1, 40), st.floats(0.001, 0.03))
def test_a_fall_of_yields_gains_more_than_a_rise_costs(coupon: float, years: float, shift: float) -> None:
    up, down = (bond_return(0.9, move, coupon=coupon, years=years) for move in (shift, -shift))
    assert up is not None
    assert down is not None
    assert up < 0 < down
    assert up + down > 0


def test_duration_and_convexity_leave_of_full_revaluation_what_is_of_the_third_order() -> None:
    rate, coupon, years, step = 0.03, 0.02, 20, 1e-4
    price, up, down = (bond_price(rate + move, coupon, years) for move in (0, step, -step))
    duration, convexity = (down - up) / (2 * step * price), (down + up - 2 * price) / (step**2 * price)

    def apart(shift: float) -> float:
        full = bond_return(price, shift, coupon=coupon, years=years)
        assert full is not None
        return abs(full - duration_return(shift, duration, convexity))

    # What the second order leaves is of the third: twice the shift, eight times as much.
    assert apart(0.002) / apart(0.001) == pytest.approx(8, rel=0.02)
    assert apart(0.03) > 0.01
