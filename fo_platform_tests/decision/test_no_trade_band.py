"""The no-trade band: published answers, and the policies it must beat by known factors whatever the parameters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.decision.no_trade_band import edge, horizon_years

MARKET = {"variance": 0.0256, "risk_aversion": 4.0}
DRIFT = 0.04


@pytest.mark.parametrize(
    ("cost", "band_edge", "days"), [(5e-4, 0.0227, 78), (10e-4, 0.0286, 125), (0.0714, 0.119, 5.9 * 365)]
)
def test_edge_and_horizon_have_their_known_answers(cost: float, band_edge: float, days: float):
    found = edge(cost, volatility=DRIFT, **MARKET)
    assert found == pytest.approx(band_edge, abs=6e-5 if cost < 0.01 else 6e-4)
    assert horizon_years(cost, band_edge=found, **MARKET) * 365 == pytest.approx(days, rel=0.01)


def cheapest(rate, low: float, high: float) -> float:
    sizes = np.geomspace(low, high, 4001)
    return float(min(rate(sizes)))


@given(st.floats(1e-4, 0.2), st.floats(0.005, 0.2), st.floats(0.005, 0.3), st.floats(1, 10))
def test_other_policies_leak_by_known_factors(cost: float, variance: float, volatility: float, lam: float):
    found = edge(cost, variance=variance, volatility=volatility, risk_aversion=lam)
    risk, speed = lam * variance, volatility**2
    at_edge = risk * found**2 / 6 + cost * speed / (2 * found)

    def to_target(band):
        return risk * band**2 / 12 + cost * speed / band

    def calendar(years):
        return risk * speed * years / 4 + cost * volatility * np.sqrt(2 / (np.pi * years))

    assert cheapest(lambda a: risk * a**2 / 6 + cost * speed / (2 * a), found / 10, found * 10) >= at_edge * (1 - 1e-9)
    assert cheapest(to_target, found / 10, found * 10) / at_edge == pytest.approx(2 ** (1 / 3), rel=1e-4)
    scale = (cost / (risk * volatility)) ** (2 / 3)
    assert cheapest(calendar, scale / 30, scale * 30) / at_edge == pytest.approx(1.5632, rel=1e-4)


def test_free_trading_still_has_a_band_and_a_horizon():
    found = edge(0.0, volatility=DRIFT, **MARKET)
    assert 0 < found < 0.005
    assert 0 < horizon_years(0.0, band_edge=found, **MARKET) * 365 < 3


@given(st.floats(1e-5, 0.3))
def test_trade_stops_at_the_edge_over_its_own_horizon(cost: float):
    found = edge(cost, volatility=DRIFT, **MARKET)
    horizon = horizon_years(cost, band_edge=found, **MARKET)
    marginal_drift_cost = MARKET["risk_aversion"] * MARKET["variance"] * horizon * found
    assert marginal_drift_cost == pytest.approx(cost)
