"""Loadings of portfolios on factors, from their returns and from their holdings."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.outliers_influence import variance_inflation_factor

from fo_platform.analytics.dispersion import newey_west_lags
from fo_platform.analytics.factor_model import fit_factor_model
from fo_platform.analytics.factor_regression import loadings_of, variance_inflation
from fo_platform.analytics.metrics.exposures_factor import exposures_factor
from fo_platform.analytics.metrics.factor_loadings import factor_loadings
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import ExposuresFactor

DAY = pd.Timestamp("2022-06-14")


def tables(
    frames: SimpleNamespace, held: pd.DataFrame, levels: pd.DataFrame, factors: pd.DataFrame
) -> dict[str, object]:
    worth = inexact(frames.net_worth(held))
    market = {
        "prices": frames.prices(levels),
        "fx_rates": frames.fx_rates(pd.DataFrame()),
        "factor_returns": frames.factor_returns(factors),
        "day": DAY,
    }
    instruments = frames.instruments(*levels.columns)
    loadings = factor_loadings(instruments=instruments, net_worth=worth, **market) if len(worth) > 1 else None
    return {
        "holdings": inexact(held),
        "net_worth": worth,
        "allocation_targets": inexact(frames.targets()),
        "factor_loadings": loadings,
        **market,
    }


def exposures_of(
    frames: SimpleNamespace, held: pd.DataFrame, levels: pd.DataFrame, factors: pd.DataFrame
) -> pd.DataFrame:
    figures = exposures_factor(**tables(frames, held, levels, factors))
    return ExposuresFactor.validate(figures).set_index(["scope", "method", "factor"])


def moved(factors: pd.DataFrame, noise: pd.DataFrame, **loadings: tuple[float, ...]) -> pd.DataFrame:
    """Instruments that follow the factors as told, and noise of their own."""
    return pd.DataFrame({name: factors @ np.array(beta) + noise[name] for name, beta in loadings.items()})


def test_loadings_and_errors_are_least_squares_and_newey_west_by_hand(frames: SimpleNamespace) -> None:
    factors = frames.noise(120, "MKT", "RATES", seed=1)
    series = 0.6 * factors["MKT"] + frames.noise(120, "E", seed=2)["E"]
    fitted = loadings_of(series, factors)
    design = np.column_stack([np.ones(120), factors])
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ series.to_numpy()
    residual = series.to_numpy() - design @ beta
    scores = design * residual[:, None]
    lags = newey_west_lags(120)
    middle = scores.T @ scores
    for lag in range(1, lags + 1):
        later = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (lags + 1)) * (later + later.T)
    errors = np.sqrt(np.diag(inverse @ middle @ inverse) * 120 / 117)
    np.testing.assert_allclose(fitted["loading"], beta[1:], rtol=1e-9)
    np.testing.assert_allclose(fitted["standard_error"], errors[1:], rtol=1e-9)
    np.testing.assert_allclose(fitted["t_statistic"], (beta / errors)[1:], rtol=1e-9)
    explained = 1 - residual @ residual / ((series - series.mean()) ** 2).sum()
    assert fitted["r_squared"].tolist() == pytest.approx([explained, explained])


def test_a_series_that_lags_half_a_day_has_its_whole_loading_in_two_sessions(frames: SimpleNamespace) -> None:
    factors = frames.noise(280, "MKT", "RATES", seed=1)
    late = 0.4 * factors["MKT"] + 0.4 * factors["MKT"].shift(1).fillna(0.0) + frames.noise(280, "E", size=1e-4)["E"]
    fitted = loadings_of(late, factors)
    assert fitted.loc["MKT", "loading"] == pytest.approx(0.4, abs=0.1)
    assert fitted.loc["MKT", "loading_dimson"] == pytest.approx(0.8, abs=0.01)
    assert fitted.loc["RATES", "loading_dimson"] == pytest.approx(0.0, abs=0.01)
    assert 0 < fitted.loc["MKT", "standard_error_dimson"] < 0.01


def test_inflation_is_the_usual_one_and_shows_collinearity(frames: SimpleNamespace) -> None:
    factors = frames.noise(100, "MKT", "RATES", "TWIN")
    factors["TWIN"] = factors["MKT"] + 0.1 * factors["TWIN"]
    got = variance_inflation(factors)
    design = np.column_stack([np.ones(100), factors])
    expected = [variance_inflation_factor(design, column) for column in (1, 2, 3)]
    assert got.tolist() == pytest.approx(expected)
    assert got["MKT"] > 50
    assert got["RATES"] < 1.2
    assert variance_inflation(factors[["MKT"]]).tolist() == [1]


@pytest.mark.parametrize(
    ("observations", "factor_count", "reason"),
    [
        (35, 2, "35 returns, 36 are needed."),
        (36, 2, ""),
        (40, 20, "40 returns, 42 are needed."),
    ],
)
def test_too_few_returns_are_refused(
    frames: SimpleNamespace, observations: int, factor_count: int, reason: str
) -> None:
    factors = frames.noise(observations, *(f"F{n}" for n in range(factor_count)))
    fitted = loadings_of(frames.noise(observations, "E", seed=9)["E"], factors)
    assert fitted["observations"].eq(observations).all()
    if reason:
        assert fitted["reason"].eq(reason).all()
    assert ("loading" in fitted) == (not reason)


def test_factors_that_say_the_same_and_values_that_never_move_are_refused(frames: SimpleNamespace) -> None:
    factors = frames.noise(100, "MKT", "RATES")
    twins = factors.assign(TWIN=2 * factors["MKT"] + 3 * factors["RATES"])
    series = frames.noise(100, "E", seed=5)["E"]
    assert loadings_of(series, twins)["reason"].unique() == ["The factors are collinear: no loading is determined."]
    still = loadings_of(series * 0, factors)
    assert still["reason"].unique() == ["Its value never moves."]


def test_a_small_factor_is_not_taken_for_a_dependent_one(frames: SimpleNamespace) -> None:
    factors = frames.noise(100, "MKT", "RATES").assign(TINY=frames.noise(100, "T", seed=8, size=1e-7)["T"])
    assert "loading" in loadings_of(frames.noise(100, "E", seed=5)["E"], factors)


def test_both_methods_agree_where_every_holding_has_its_whole_history(frames: SimpleNamespace) -> None:
    factors = frames.noise(120, "MKT", "RATES", seed=1)
    returns = moved(factors, frames.noise(120, "A", "B", seed=2), A=(1.2, 0.0), B=(0.1, 0.9))
    held = frames.positions(("trust", "A", "equity", 60), ("trust", "B", "bond", 40), ("llc", "B", "bond", 10))
    figures = exposures_of(frames, held, frames.levels(returns), factors)
    loadings = figures["loading"].unstack("method")
    np.testing.assert_allclose(loadings["returns"], loadings["holdings"], rtol=1e-6)
    assert loadings.loc[("trust", "MKT"), "returns"] == pytest.approx(0.6 * 1.2 + 0.4 * 0.1, abs=0.2)
    assert figures["coverage_share"].eq(1).all()
    assert figures["basis"].eq("test; no riskless return is deducted").all()


def test_what_has_no_loading_is_left_out_and_not_a_zero(frames: SimpleNamespace) -> None:
    factors = frames.noise(120, "MKT", seed=1)
    returns = moved(factors, frames.noise(120, "A", seed=2, size=1e-5), A=(1.2,))
    held = frames.positions(("trust", "A", "equity", 60), ("trust", "FUND.X", "private", 40))
    alone = frames.positions(("llc", "FUND.X", "private", 40))
    figures = exposures_of(frames, pd.concat([held, alone]), frames.levels(returns), factors)
    for method in ("returns", "holdings"):
        trust = figures.loc[("trust", method, "MKT")]
        assert trust["loading"] == pytest.approx(1.2, abs=0.01)
        assert trust["coverage_share"] == pytest.approx(0.6)
        llc = figures.loc[("llc", method, "MKT")]
        assert pd.isna(llc["loading"])
        assert llc["coverage_share"] == 0
        assert isinstance(llc["reason"], str)


def test_the_model_of_holdings_is_the_one_of_instruments(frames: SimpleNamespace) -> None:
    factors = frames.noise(120, "MKT", seed=1)
    returns = moved(factors, frames.noise(120, "A", seed=2), A=(0.7,))
    held = frames.positions(("trust", "A", "equity", 60), ("trust", "CASH.USD", "cash", 60))
    figures = exposures_of(frames, held, frames.levels(returns), factors)
    model = fit_factor_model(frames.instruments("A"), frames.levels(returns).pct_change().iloc[1:], factors)
    half = model.loadings.loc["A", "MKT"] / 2
    assert figures.loc[("trust", "holdings", "MKT"), "loading"] == pytest.approx(half, rel=1e-6)
    assert figures.loc[("trust", "returns", "MKT"), "loading"] == pytest.approx(half, rel=1e-6)


@settings(max_examples=5)
@given(part=st.integers(1, 4999), seed=st.integers(0, 10))
def test_splitting_or_permuting_holdings_changes_no_loading(frames: SimpleNamespace, part: int, seed: int) -> None:
    factors = frames.noise(60, "MKT", "RATES", seed=seed)
    levels = frames.levels(frames.noise(60, "A", "B", seed=seed + 1))
    a, b = ("trust", "A", "equity"), ("trust", "B", "bond")
    whole = exposures_of(frames, frames.positions((*a, 50), (*b, 30)), levels, factors)
    lines = frames.positions((*b, 30), (*a, part / 100), (*a, (5000 - part) / 100))
    pd.testing.assert_frame_equal(whole, exposures_of(frames, lines, levels[::-1], factors), rtol=1e-6, atol=1e-9)


def test_an_office_without_holdings_or_factors_has_no_loadings(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 60))
    levels = frames.levels(frames.noise(60, "A"))
    assert exposures_of(frames, held, levels, pd.DataFrame()).empty
    assert exposures_of(frames, frames.positions(), levels, frames.noise(60, "MKT")).empty
