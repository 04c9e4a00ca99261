"""Regression on factors: exact where returns are exact, proxies where history is short, nothing where there is none."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.factor_model import fit_factor_model, regress

LOADINGS = pd.DataFrame({"MKT": [1.2, 0.5, 0.0], "RATES": [0.0, -0.3, 2.0]}, index=["A", "B", "C"])


def exact_returns(factors: pd.DataFrame) -> pd.DataFrame:
    """Returns that the factors explain wholly, with a drift of a basis point a day."""
    return factors @ LOADINGS.T + 0.0001


def test_returns_that_factors_explain_are_explained_exactly(frames: SimpleNamespace) -> None:
    factors = frames.noise(80, "MKT", "RATES")
    fitted = regress(exact_returns(factors), factors)
    np.testing.assert_allclose(fitted[["MKT", "RATES"]], LOADINGS, atol=1e-12)
    np.testing.assert_allclose(fitted["r_squared"], 1)
    np.testing.assert_allclose(fitted["specific_volatility_annual"], 0, atol=1e-12)
    assert fitted["observations"].eq(80).all()


def test_the_residual_s_volatility_counts_the_parameters(frames: SimpleNamespace) -> None:
    factors, noise = frames.noise(90, "MKT", "RATES"), frames.noise(90, "A", seed=1, size=0.02)
    fitted = regress(noise, factors).loc["A"]
    design = np.column_stack([np.ones(90), factors])
    beta = np.linalg.solve(design.T @ design, design.T @ noise["A"])
    residual = noise["A"] - design @ beta
    assert fitted["MKT"] == pytest.approx(beta[1], rel=1e-9)
    assert fitted["specific_volatility_annual"] == pytest.approx(np.sqrt(residual @ residual / 87 * 252), rel=1e-9)
    assert fitted["r_squared"] == pytest.approx(1 - residual.var() / noise["A"].var(), rel=1e-9)


def test_an_instrument_is_fitted_on_its_own_dates(frames: SimpleNamespace) -> None:
    factors = frames.noise(100, "MKT", "RATES")
    returns = exact_returns(factors)
    returns.iloc[:40, 0] = np.nan
    returns.iloc[7, 1] = np.nan
    fitted = regress(returns, factors)
    np.testing.assert_allclose(fitted.loc[LOADINGS.index, ["MKT", "RATES"]], LOADINGS, atol=1e-12)
    assert fitted["observations"].to_dict() == {"A": 60, "B": 99, "C": 100}


@settings(max_examples=20)
@given(scale=st.floats(0.1, 10), seed=st.integers(0, 1000))
def test_loadings_scale_with_returns_and_against_factors(frames: SimpleNamespace, scale: float, seed: int) -> None:
    factors, returns = frames.noise(70, "MKT", "RATES", seed=seed), frames.noise(70, "A", seed=seed + 1)
    once = regress(returns, factors).loc["A"]
    more = regress(returns * scale, factors[["RATES", "MKT"]] / scale).loc["A"]
    np.testing.assert_allclose(more[["MKT", "RATES"]], once[["MKT", "RATES"]] * scale**2, rtol=1e-9, atol=1e-12)
    assert more["specific_volatility_annual"] == pytest.approx(once["specific_volatility_annual"] * scale, rel=1e-9)
    assert more["r_squared"] == pytest.approx(once["r_squared"], rel=1e-9, abs=1e-12)


def test_a_factor_that_repeats_another_changes_no_residual(frames: SimpleNamespace) -> None:
    factors, returns = frames.noise(70, "MKT"), frames.noise(70, "A", seed=1)
    twice = regress(returns, factors.assign(AGAIN=factors["MKT"])).loc["A"]
    once = regress(returns, factors).loc["A"]
    assert twice["MKT"] + twice["AGAIN"] == pytest.approx(once["MKT"])
    assert twice["specific_volatility_annual"] == pytest.approx(once["specific_volatility_annual"])


def test_a_short_history_takes_the_class_s_median_loadings_and_upper_risk(frames: SimpleNamespace) -> None:
    factors = frames.noise(100, "MKT", "RATES")
    returns = exact_returns(factors) + frames.noise(100, "A", "B", "C", seed=1)
    returns["NEW"] = returns["A"].mask(np.arange(100) < 41)
    model = fit_factor_model(frames.instruments("A", "B", "C", "NEW"), returns, factors)
    own = model.loadings.loc[["A", "B", "C"]]
    assert model.loadings.loc["NEW"].to_dict() == own.median().to_dict()
    specific = model.fit["specific_volatility_annual"]
    assert specific["NEW"] == specific[["A", "B", "C"]].quantile(0.75)
    assert model.fit.loc["NEW", ["observations", "is_proxy"]].tolist() == [59, True]
    assert pd.isna(model.fit.loc["NEW", "r_squared"])
    assert not model.fit.loc[["A", "B", "C"], "is_proxy"].any()


def test_a_class_without_history_takes_the_whole_market_s_figures(frames: SimpleNamespace) -> None:
    factors = frames.noise(100, "MKT", "RATES")
    instruments = frames.instruments("A", "B", "C", "BOND", asset_class=["equity", "equity", "equity", "fixed_income"])
    model = fit_factor_model(instruments, exact_returns(factors), factors)
    assert model.loadings.loc["BOND"].to_dict() == pytest.approx({"MKT": 0.5, "RATES": 0.0}, abs=1e-12)
    assert model.fit.loc["BOND", "is_proxy"]


def test_without_any_history_nothing_is_stated(frames: SimpleNamespace) -> None:
    factors = frames.noise(59, "MKT", "RATES")
    model = fit_factor_model(frames.instruments("A", "B", "C"), exact_returns(factors), factors)
    assert model.loadings.empty
    assert model.fit.empty


def test_money_follows_its_currency_s_factor_or_else_itself(frames: SimpleNamespace) -> None:
    factors = frames.noise(80, "MKT", "CHF")
    pound = frames.noise(80, "CASH.GBP", seed=3)
    returns = pound.assign(**{"CASH.CHF": factors["CHF"], "CASH.USD": 0.0, "CASH.JPY": np.nan})
    model = fit_factor_model(frames.instruments(), returns, factors)
    assert model.loadings.to_dict("index") == {
        "CASH.CHF": {"CHF": 1, "MKT": 0},
        "CASH.GBP": {"CHF": 0, "MKT": 0},
        "CASH.USD": {"CHF": 0, "MKT": 0},
    }
    specific = model.fit["specific_volatility_annual"].to_dict()
    assert specific == {"CASH.CHF": 0, "CASH.USD": 0, "CASH.GBP": pytest.approx(pound["CASH.GBP"].std() * 252**0.5)}
