"""Volatility of appraised assets from their own valuations."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.valued_volatility import VALUATIONS_MIN, own_volatility, valued_volatilities
from fo_platform_tests.analytics.test_desmoothing import smoothed


def values_of(returns: np.ndarray, days: float) -> pd.Series:
    """A million that earns these returns, valued at even distances over so many days."""
    dates = pd.Timestamp("1950-01-01") + pd.to_timedelta(np.linspace(0, days, len(returns) + 1).round(), unit="D")
    return pd.Series(1e6 * np.cumprod(np.append(1.0, 1 + returns)), index=dates)


def quarterly(count: int, seed: int = 0) -> pd.Series:
    """So many quarterly valuations of an asset whose returns are half of them the one before."""
    return values_of(smoothed(0.5, count - 1, seed)[1], (count - 1) * 365.25 / 4)


def test_eighteen_gains_and_eighteen_losses_by_hand() -> None:
    values = values_of(np.repeat([0.02, -0.02], 18), 8 * 365.25)
    # 33 of 36: one neighbour of 35 has the other sign. So 17 of 2 %, one of -2 % (1 + rho) / (1 - rho) = -46 %, 17 of
    # -2 %, and there were 36 / 8 = 4.5 a year.
    variance = (34 + 23**2 - 23**2 / 35) / 34 * 0.02**2
    assert own_volatility(values) == pytest.approx((variance * 4.5) ** 0.5, rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(rho=st.floats(0.3, 0.8), seed=st.integers(0, 1000))
def test_what_was_smoothed_gets_its_volatility_back(rho: float, seed: int) -> None:
    true, seen = smoothed(rho, 2_000, seed)
    values = values_of(seen, 2_000 * 365.25 / 24)
    truth = true.std() * 24**0.5
    assert seen.std() * 24**0.5 < 0.85 * truth
    assert own_volatility(values) == pytest.approx(truth, rel=0.2)


@given(count=st.integers(VALUATIONS_MIN, 80), size=st.floats(0.01, 100), seed=st.integers(0, 100))
def test_the_unit_of_value_is_of_no_account(count: int, size: float, seed: int) -> None:
    values = quarterly(count, seed)
    assert own_volatility(values * size) == pytest.approx(own_volatility(values), rel=1e-6)


def test_four_times_as_often_is_twice_as_volatile() -> None:
    returns = smoothed(0.5, 40)[1]
    slow, fast = own_volatility(values_of(returns, 40 * 364)), own_volatility(values_of(returns, 40 * 91))
    assert fast == pytest.approx(2 * slow)


def test_returns_that_turn_back_are_left_as_they_are() -> None:
    returns = np.tile([0.03, -0.02], 20)
    expected = returns.std(ddof=1) * 4**0.5
    assert own_volatility(values_of(returns, 10 * 365.25)) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    "returns",
    [
        np.array([]),
        np.array([0.1]),
        smoothed(0.5, VALUATIONS_MIN - 2)[1],
        np.zeros(60),
        np.full(60, 0.01),
        np.append(np.full(40, 0.01), -1.0),
    ],
    ids=["one valuation", "two", "one too few", "never revalued", "written up by a schedule", "worth nothing"],
)
def test_valuations_that_tell_no_volatility_give_none(returns: np.ndarray) -> None:
    assert np.isnan(own_volatility(values_of(returns, 91 * len(returns))))


def test_every_asset_has_its_own_and_one_without_enough_has_none(frames: SimpleNamespace) -> None:
    old, new = quarterly(40), quarterly(VALUATIONS_MIN - 1)
    found = valued_volatilities(frames.valuations(OLD=old, NEW=new).sample(frac=1, random_state=1))
    assert found.to_dict() == pytest.approx({"ASSET.OLD": own_volatility(old)})
    assert valued_volatilities(frames.valuations()).empty


def test_what_was_paid_is_no_valuation_and_of_two_accounts_the_higher_counts(frames: SimpleNamespace) -> None:
    calm, wild = quarterly(40), quarterly(40, seed=3)
    one, other = (frames.valuations(HOUSE=values) for values in (calm, wild))
    cost = frames.valuations(HOUSE=pd.Series([1.0], index=[calm.index[-1] + pd.Timedelta(days=1)]))
    stated = pd.concat([one, other.assign(account_id="llc_0"), cost.assign(appraisal_method="cost")])
    highest = max(own_volatility(calm), own_volatility(wild))
    assert valued_volatilities(stated)["ASSET.HOUSE"] == pytest.approx(highest)
