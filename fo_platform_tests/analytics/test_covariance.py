"""Estimators of covariance against published values, their own definitions and other implementations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.covariance import Matrix, ewma_covariance, ledoit_wolf, psd_repair
from fo_platform.errors import DataError


def returns_of(seed: int, observations: int, variables: int) -> Matrix:
    generator = np.random.default_rng(seed)
    mixing = generator.normal(size=(variables, variables))
    return generator.normal(0.0003, 0.01, (observations, variables)) @ mixing


RETURNS = st.builds(returns_of, st.integers(0, 10**6), st.integers(2, 60), st.integers(2, 8))


@pytest.mark.parametrize("name", ["ledoit_wolf_shrinkage-01", "ledoit_wolf_shrinkage-03"])
def test_the_shrinkage_is_the_published_one(cases: dict[str, dict[str, object]], name: str) -> None:
    case = cases[name]
    _, shrinkage = ledoit_wolf(np.array(case["input"]["data"]))
    assert shrinkage == pytest.approx(case["expected"], abs=case["atol"])


def test_the_shrinkage_is_the_papers_ratio_of_mean_squared_distances() -> None:
    returns = returns_of(1, 40, 5)
    centred = returns - returns.mean(axis=0)
    sample = centred.T @ centred / 40
    target = np.eye(5) * np.trace(sample) / 5
    error = np.mean([np.sum((np.outer(row, row) - sample) ** 2) for row in centred]) / 40
    expected = error / np.sum((sample - target) ** 2)
    covariance, shrinkage = ledoit_wolf(returns)
    assert shrinkage == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(covariance, expected * target + (1 - expected) * sample, rtol=1e-12)


def test_another_implementation_agrees_to_twelve_digits() -> None:
    other = pytest.importorskip("sklearn.covariance")
    returns = returns_of(2, 120, 30)
    covariance, shrinkage = ledoit_wolf(returns)
    expected, expected_shrinkage = other.ledoit_wolf(returns)
    assert shrinkage == pytest.approx(expected_shrinkage, abs=1e-12)
    np.testing.assert_allclose(covariance, expected, atol=1e-12 * np.abs(expected).max())


@settings(max_examples=50)
@given(returns=RETURNS)
def test_a_covariance_is_symmetric_and_has_no_negative_variance(returns: Matrix) -> None:
    covariance, shrinkage = ledoit_wolf(returns)
    np.testing.assert_array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance).min() >= -1e-12 * np.trace(covariance)
    assert 0 <= shrinkage <= 1


@settings(max_examples=50)
@given(returns=RETURNS, scale=st.floats(1e-3, 1e3), seed=st.integers(0, 100))
def test_a_covariance_follows_the_scale_and_order_of_its_variables(returns: Matrix, scale: float, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(returns.shape[1])
    covariance, shrinkage = ledoit_wolf(returns)
    changed, same = ledoit_wolf(scale * returns[::-1, order])
    np.testing.assert_allclose(changed, scale**2 * covariance[np.ix_(order, order)], atol=1e-9 * np.abs(changed).max())
    assert same == pytest.approx(shrinkage, abs=1e-9)


def test_the_variances_keep_their_sum() -> None:
    returns = returns_of(3, 50, 4)
    covariance, _ = ledoit_wolf(returns)
    assert np.trace(covariance) == pytest.approx(returns.var(axis=0).sum())


def test_returns_that_never_move_have_no_covariance() -> None:
    covariance, shrinkage = ledoit_wolf(np.zeros((50, 3)))
    assert shrinkage == 0
    assert not covariance.any()


@settings(max_examples=50)
@given(one=st.builds(returns_of, st.integers(0, 10**6), st.integers(2, 60), st.just(1)))
def test_a_covariance_that_is_its_own_target_is_not_shrunk(one: Matrix) -> None:
    covariance, shrinkage = ledoit_wolf(one)
    assert shrinkage == 0
    assert covariance.item() == pytest.approx(one.var())


@pytest.mark.parametrize("returns", [np.array([[0.1, np.nan], [0.2, 0.3]]), np.empty((0, 3))])
def test_unknown_or_absent_returns_are_refused(returns: Matrix) -> None:
    with pytest.raises(DataError, match="every return is known"):
        ledoit_wolf(returns)


def test_exponential_weights_are_riskmetrics_recursion_divided_by_their_sum() -> None:
    returns = returns_of(4, 60, 3)
    covariance = np.zeros((3, 3))
    for row in returns:
        covariance = 0.94 * covariance + 0.06 * np.outer(row, row)
    np.testing.assert_allclose(ewma_covariance(returns, 0.94), covariance / (1 - 0.94**60), rtol=1e-12)


def test_two_days_at_half_weigh_one_third_and_two_thirds() -> None:
    covariance = ewma_covariance(np.array([[0.3, 0.0], [0.0, 0.6]]), 0.5)
    np.testing.assert_allclose(covariance, [[0.03, 0], [0, 0.24]], atol=1e-15)


@pytest.mark.parametrize("name", ["psd_repair_spectral-01"])
def test_the_repaired_matrix_is_the_published_one(cases: dict[str, dict[str, object]], name: str) -> None:
    case = cases[name]
    repaired, _ = psd_repair(np.array(case["input"]["matrix"]))
    np.testing.assert_allclose(repaired, case["expected"], rtol=0, atol=case["atol"])


def test_an_impossible_pair_becomes_the_nearest_possible_one_and_the_distance_is_published() -> None:
    repaired, distance = psd_repair(np.array([[1.0, 1.2], [1.2, 1.0]]))
    np.testing.assert_allclose(repaired, np.ones((2, 2)), rtol=1e-15)
    assert distance == pytest.approx(0.2 * 2**0.5)


def test_a_possible_matrix_is_returned_as_it_is() -> None:
    possible = np.array([[1.0, 0.5], [0.5, 1.0]])
    singular = np.ones((3, 3))
    for matrix in (possible, singular, np.empty((0, 0))):
        repaired, distance = psd_repair(matrix)
        np.testing.assert_array_equal(repaired, matrix)
        assert distance == 0


@st.composite
def symmetric(draw: st.DrawFn) -> Matrix:
    """Unit diagonal, anything between minus one and one elsewhere."""
    size, seed = draw(st.integers(2, 8)), draw(st.integers(0, 10**6))
    cells = np.random.default_rng(seed).uniform(-1, 1, (size, size))
    matrix: Matrix = (cells + cells.T) / 2
    np.fill_diagonal(matrix, 1.0)
    return matrix


@settings(max_examples=50)
@given(matrix=symmetric(), seed=st.integers(0, 100))
def test_a_repair_is_possible_keeps_the_diagonal_and_repairs_once_in_any_order(matrix: Matrix, seed: int) -> None:
    repaired, distance = psd_repair(matrix)
    assert np.linalg.eigvalsh(repaired).min() >= -1e-9
    np.testing.assert_array_equal(np.diag(repaired), 1.0)
    np.testing.assert_allclose(repaired, repaired.T, rtol=0, atol=1e-15)
    assert distance == pytest.approx(np.linalg.norm(repaired - matrix))
    again, moved = psd_repair(repaired)
    assert moved < 1e-7
    order = np.random.default_rng(seed).permutation(len(matrix))
    np.testing.assert_allclose(psd_repair(matrix[np.ix_(order, order)])[0], repaired[np.ix_(order, order)], atol=1e-9)
    np.testing.assert_allclose(again, repaired, atol=1e-7)


@settings(max_examples=25)
@given(returns=RETURNS, scale=st.floats(1e-3, 1e3), decay=st.floats(0.5, 0.999))
def test_exponential_weights_give_a_possible_covariance(returns: Matrix, scale: float, decay: float) -> None:
    covariance = ewma_covariance(returns, decay)
    np.testing.assert_array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance).min() >= -1e-12 * np.trace(covariance)
    np.testing.assert_allclose(ewma_covariance(scale * returns, decay), scale**2 * covariance, rtol=1e-9)
