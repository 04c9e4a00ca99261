"""Returns without their smoothing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.stattools import acf

from fo_platform.analytics.desmoothing import Returns, autocorrelation, desmooth


def smoothed(rho: float, observations: int = 5_000, seed: int = 0) -> tuple[Returns, Returns]:
    """True returns, and what is seen of them: s_t = rho s_{t-1} + (1 - rho) r_t."""
    true = np.random.default_rng(seed).normal(0.01, 0.04, observations)
    seen = np.empty(observations)
    seen[0] = true[0]
    for t in range(1, observations):
        seen[t] = rho * seen[t - 1] + (1 - rho) * true[t]
    return true, seen


def test_four_returns_by_hand() -> None:
    returns = np.array([0.01, 0.02, 0.03, 0.04])
    result = desmooth(returns)
    assert result.autocorrelation == pytest.approx(0.25)
    np.testing.assert_allclose(result.returns, [0.07 / 3, 0.1 / 3, 0.13 / 3])
    assert result.reason == ""


def test_the_autocorrelation_is_the_usual_estimate() -> None:
    _, seen = smoothed(0.6, 200)
    assert autocorrelation(seen) == pytest.approx(acf(seen, nlags=1)[1], rel=1e-12)


@pytest.mark.parametrize("rho", [0.2, 0.5, 0.8])
def test_smoothed_returns_get_their_volatility_and_mean_back(rho: float) -> None:
    true, seen = smoothed(rho)
    result = desmooth(seen)
    assert result.autocorrelation == pytest.approx(rho, abs=0.03)
    assert result.returns.std() == pytest.approx(true.std(), rel=0.05)
    assert result.returns.std() / seen.std() == pytest.approx(((1 + rho) / (1 - rho)) ** 0.5, rel=0.05)
    assert result.returns.mean() == pytest.approx(true.mean(), abs=0.002)


@pytest.mark.parametrize(
    ("returns", "reason"),
    [
        ([0.01, -0.01, 0.01, -0.01], "Not positively autocorrelated."),
        ([0.01, 0.01, 0.01], "Too few returns, or all alike."),
        ([0.01], "Too few returns, or all alike."),
        ([], "Too few returns, or all alike."),
    ],
)
def test_what_has_no_smoothing_stays_and_says_why(returns: list[float], reason: str) -> None:
    result = desmooth(np.array(returns))
    np.testing.assert_array_equal(result.returns, returns)
    assert result.reason == reason


@settings(max_examples=50)
@given(values=st.lists(st.floats(-0.5, 0.5), min_size=3, max_size=40), scale=st.floats(0.1, 10))
def test_the_volatility_never_falls_much_and_scales(values: list[float], scale: float) -> None:
    returns = np.round(values, 6)
    result, scaled = desmooth(returns), desmooth(scale * returns)
    if np.isnan(result.autocorrelation):
        return
    assert -1 < result.autocorrelation < 1
    assert scaled.autocorrelation == pytest.approx(result.autocorrelation, abs=1e-9)
    if abs(result.autocorrelation) > 1e-9:
        np.testing.assert_allclose(scaled.returns, scale * result.returns, atol=1e-6)
    assert len(result.returns) == len(returns) - (result.autocorrelation > 0)
    rebuilt = pd.Series(result.returns)
    assert rebuilt.notna().all()
