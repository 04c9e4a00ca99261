"""Trading cost: hand-worked figures, and what must hold at any size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.costs import impact_fraction, impact_scale, linear_fraction, spread_fraction


def test_crossing_costs_half_of_the_quoted_spread():
    assert spread_fraction(5.0) == pytest.approx(2.5e-4)


def test_commission_adds_to_half_the_spread():
    assert linear_fraction(np.array([4.0, 10.0]), 0.5) == pytest.approx(np.array([2.5e-4, 5.5e-4]))


def test_a_days_volume_moves_the_price_by_the_coefficient_and_a_quarter_by_half_of_it():
    assert impact_fraction(1e6, 1e6, 0.01) == pytest.approx(0.01)
    assert impact_fraction(0.25e6, 1e6, 0.01) == pytest.approx(0.005)


@given(st.floats(1, 1e8), st.floats(1e6, 1e10))
def test_impact_in_money_is_the_impact_fraction_times_the_value(value: float, adv_value: float):
    money = impact_scale(adv_value, 0.01) * value**1.5
    assert money == pytest.approx(value * impact_fraction(value, adv_value, 0.01))
