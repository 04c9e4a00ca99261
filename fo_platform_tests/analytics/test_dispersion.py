"""Volatilities of return series by several conventions."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS

from fo_platform.analytics.dispersion import annual_volatility, newey_west_lags, newey_west_volatility


def persistent(rho: float, observations: int = 20_000, seed: int = 0) -> pd.DataFrame:
    noise = np.random.default_rng(seed).normal(0, 0.01, observations)
    values = np.zeros(observations)
    for t in range(1, observations):
        values[t] = rho * values[t - 1] + noise[t]
    return pd.DataFrame({"a": values})


@pytest.mark.parametrize(("observations", "lags"), [(36, 3), (100, 4), (252, 4), (300, 5)])
def test_lags_grow_slowly(observations: int, lags: int) -> None:
    assert newey_west_lags(observations) == lags


def test_three_returns_by_hand() -> None:
    returns = pd.DataFrame({"a": [0.01, 0.02, 0.06, np.nan]})
    centred = np.array([-0.02, -0.01, 0.03])
    products = [centred @ centred, centred[1:] @ centred[:-1]]
    assert newey_west_lags(3) == 1
    expected = ((products[0] + products[1]) / 2 * 252) ** 0.5
    assert newey_west_volatility(returns)["a"] == pytest.approx(expected)


def test_the_long_run_variance_is_that_of_a_mean_with_robust_errors() -> None:
    returns = persistent(0.4, 300)
    fitted = OLS(returns["a"], np.ones(300)).fit(
        cov_type="HAC", cov_kwds={"maxlags": newey_west_lags(300), "use_correction": True}
    )
    expected = float(fitted.bse.iloc[0]) * 300**0.5 * 252**0.5
    assert newey_west_volatility(returns)["a"] == pytest.approx(expected, rel=1e-9)


def test_persistent_returns_are_more_volatile_over_a_year_than_a_day_says() -> None:
    returns = persistent(0.3)
    ratio = newey_west_volatility(returns)["a"] / annual_volatility(returns)["a"]
    assert 1.2 < ratio < (1.3 / 0.7) ** 0.5 + 0.02


@settings(max_examples=30)
@given(seed=st.integers(0, 1000), scale=st.floats(0.01, 100), observations=st.integers(2, 80))
def test_it_scales_and_is_never_negative(seed: int, scale: float, observations: int) -> None:
    returns = persistent(-0.9, observations, seed)
    volatility = newey_west_volatility(returns)["a"]
    assert volatility >= 0
    assert newey_west_volatility(scale * returns)["a"] == pytest.approx(scale * volatility, rel=1e-9, abs=1e-12)


def test_one_return_has_no_volatility() -> None:
    assert newey_west_volatility(pd.DataFrame({"a": [0.01], "b": [np.nan]})).isna().all()
