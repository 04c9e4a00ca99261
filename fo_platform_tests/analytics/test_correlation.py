"""Correlations of series that close at different hours and begin on different days."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.correlation import complete_items, correlate, lead_lag_correlation
from fo_platform.analytics.covariance import Matrix


def table(series: pd.DataFrame, column: str = "correlation") -> pd.DataFrame:
    return correlate(series).pivot(index="item_1", columns="item_2", values=column)


def late(observations: int = 2_000, seed: int = 0) -> pd.DataFrame:
    """The same news, half of which one market shows a day later than the other, and noise of its own."""
    generator = np.random.default_rng(seed)
    news = generator.normal(0, 0.01, (observations + 1, 2))
    first = news.sum(axis=1)[1:]
    second = news[1:, 0] + news[:-1, 1]
    return pd.DataFrame({"first": first, "second": second, "other": generator.normal(0, 0.01, observations)})


def test_the_correlation_is_the_published_one(cases: dict[str, dict[str, object]]) -> None:
    case = cases["correlation-01"]
    got = lead_lag_correlation(np.array(case["input"]["data"]), 0)
    np.testing.assert_allclose(got, case["expected"], rtol=0, atol=case["atol"])


def test_one_lag_by_hand() -> None:
    x, y = [1.0, 1.0, -1.0, -1.0], [-1.0, 1.0, 2.0, -2.0]
    covariance = 0 / 4 + 5 / 3 - 4 / 3
    variances = 4 / 4 + 2 * 1 / 3, 10 / 4 - 2 * 3 / 3
    expected = covariance / (variances[0] * variances[1]) ** 0.5
    assert lead_lag_correlation(np.array([x, y]).T, 1)[0, 1] == pytest.approx(expected, rel=1e-12)


def test_what_takes_back_every_day_the_move_of_the_day_before_has_no_correlation() -> None:
    back_and_forth = np.array([1.0, -1.0] * 20)
    returns = np.column_stack([back_and_forth, np.arange(40.0)])
    assert np.isnan(lead_lag_correlation(returns, 1)).tolist() == [[True, True], [True, False]]


def test_news_that_one_market_shows_a_day_later_is_one_news() -> None:
    series = late()
    assert table(series, "correlation_same_day").loc["first", "second"] == pytest.approx(0.5, abs=0.05)
    assert table(series).loc["first", "second"] == pytest.approx(1.0, abs=0.08)
    assert table(series).loc["first", "other"] == pytest.approx(0.0, abs=0.08)


def test_same_days_without_lags_are_the_plain_correlation() -> None:
    series = late(100)
    np.testing.assert_allclose(lead_lag_correlation(series.to_numpy(), 0), series.corr(), atol=1e-12)
    np.testing.assert_allclose(table(series, "correlation_same_day"), series.corr().sort_index().sort_index(axis=1))


def test_two_days_overlapping_are_one_lag_at_half_weight() -> None:
    series = late(3_000).to_numpy()[:, :2]
    overlapping = series[1:] + series[:-1]
    x, y = (series - series.mean(axis=0)).T
    half = x @ y + 0.5 * (x[:-1] @ y[1:] + y[:-1] @ x[1:])
    assert np.cov(overlapping, rowvar=False)[0, 1] == pytest.approx(2 * half / len(series), rel=0.01)


def test_a_short_history_keeps_its_own_observations() -> None:
    series = late(200)
    series.loc[:159, "other"] = np.nan
    pairs = correlate(series).set_index(["item_1", "item_2"])
    assert pairs.loc[("first", "second"), "observations"] == 200
    assert pairs.loc[("first", "other"), "observations"] == 40
    assert pairs["correlation"].notna().all()


def test_too_few_common_returns_and_what_never_moves_have_none_and_say_why() -> None:
    series = late(100).assign(still=0.0, gone=np.nan)
    series.loc[:70, "other"] = np.nan
    pairs = correlate(series).set_index(["item_1", "item_2"])
    assert pairs.loc[("first", "other"), "reason"] == "29 common returns, 36 are needed."
    assert pairs.loc[("still", "first"), "reason"] == "still never moves."
    assert pairs.loc[("gone", "gone"), "reason"] == "0 common returns, 36 are needed."
    assert pd.isna(pairs.loc[("first", "second"), "reason"])
    assert pairs["correlation"].notna().eq(pairs["reason"].isna()).all()


def test_of_items_that_do_not_all_know_one_another_the_better_known_stay() -> None:
    correlation = np.array([[1.0, 0.2, np.nan], [0.2, 1.0, 0.3], [np.nan, 0.3, 1.0]])
    observations = np.array([[90, 90, 10], [90, 100, 80], [10, 80, 80]])
    np.testing.assert_array_equal(complete_items(correlation, observations), [0, 1])


def test_an_impossible_matrix_is_repaired_and_says_by_how_much() -> None:
    series = next(s for s in (late(60, seed)[["first", "second"]] for seed in range(50)) if _raw(s) > 1)
    pairs = correlate(series)
    assert table(series).to_numpy() == pytest.approx(np.ones((2, 2)))
    assert pairs["psd_distance"].to_numpy() == pytest.approx(2**0.5 * (_raw(series) - 1))


def _raw(series: pd.DataFrame) -> float:
    return float(lead_lag_correlation(series.to_numpy(), 1)[0, 1])


@st.composite
def histories(draw: st.DrawFn) -> Matrix:
    """Correlated returns, some with a later start."""
    seed, items = draw(st.integers(0, 10**6)), draw(st.integers(2, 6))
    generator = np.random.default_rng(seed)
    returns: Matrix = generator.normal(0, 0.01, (90, items)) @ generator.normal(size=(items, items))
    for item in range(items):
        returns[: draw(st.integers(0, 50)), item] = np.nan
    return returns


@settings(max_examples=30)
@given(returns=histories(), scale=st.floats(0.01, 100), seed=st.integers(0, 100))
def test_correlations_are_possible_and_ignore_scale_and_order(returns: Matrix, scale: float, seed: int) -> None:
    series = pd.DataFrame(returns, columns=[f"c{n}" for n in range(returns.shape[1])])
    matrix = table(series)
    known = matrix.dropna(how="all").dropna(axis=1, how="all")
    assert np.linalg.eigvalsh(known).min(initial=0.0) >= -1e-9
    np.testing.assert_allclose(known, known.T, atol=1e-12)
    mixed = (series * scale).iloc[:, np.random.default_rng(seed).permutation(series.shape[1])]
    pd.testing.assert_frame_equal(table(mixed), matrix, atol=1e-7, rtol=0)


def test_nothing_has_no_correlations() -> None:
    assert correlate(pd.DataFrame(index=range(50))).empty
