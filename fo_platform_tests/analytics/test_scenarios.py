"""Random scenarios: their law, and that the same seed gives the same bits however they are asked for."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import stats

from fo_platform.analytics import scenarios
from fo_platform.analytics.loss import tail
from fo_platform.analytics.scenarios import BLOCK, combine, normals

PATHS = 3 * BLOCK + 17


@hypothesis_settings(max_examples=20)
@given(st.lists(st.integers(1, PATHS - 1), max_size=4, unique=True))
def test_any_chunking_gives_identical_bits(cuts: list[int]) -> None:
    whole, weights = normals(7, ["a", "b"], PATHS), np.array([0.3, -1.7])
    edges = [0, *sorted(cuts), PATHS]
    chunks = [normals(7, ["a", "b"], stop, start) for start, stop in zip(edges[:-1], edges[1:], strict=True)]
    assert np.hstack(chunks).tobytes() == whole.tobytes()
    assert np.concatenate([combine(weights, chunk) for chunk in chunks]).tobytes() == combine(weights, whole).tobytes()


def test_threads_give_identical_bits() -> None:
    starts = range(0, PATHS, BLOCK)
    with ThreadPoolExecutor(4) as pool:
        chunks = list(pool.map(lambda start: normals(7, ["a", "b"], min(start + BLOCK, PATHS), start), starts))
    assert np.hstack(chunks).tobytes() == normals(7, ["a", "b"], PATHS).tobytes()


def test_a_new_name_leaves_the_shocks_of_the_others_alone() -> None:
    before, after = normals(7, ["a", "c"], PATHS), normals(7, ["a", "b", "c"], PATHS)
    assert before.tobytes() == after[[0, 2]].tobytes()


def test_other_seeds_names_and_blocks_are_other_numbers() -> None:
    one, other = normals(7, ["a"], 2 * BLOCK)[0], normals(8, ["a"], 2 * BLOCK)[0]
    named = normals(7, ["b"], 2 * BLOCK)[0]
    pairs = [(one, other), (one, named), (one[:BLOCK], one[BLOCK:])]
    assert all(abs(np.corrcoef(*pair)[0, 1]) < 0.03 for pair in pairs)


def test_normals_are_normal() -> None:
    assert stats.kstest(normals(1, ["a"], 50_000)[0], "norm").pvalue > 0.001


def test_a_symmetric_root_squares_to_the_covariance_in_any_order() -> None:
    mixing = np.random.default_rng(1).normal(size=(4, 4))
    covariance, order = mixing @ mixing.T, [2, 0, 3, 1]
    root = scenarios.matrix_root(covariance)
    assert root @ root == pytest.approx(covariance)
    assert scenarios.matrix_root(covariance[np.ix_(order, order)]) == pytest.approx(root[np.ix_(order, order)])


def test_a_root_of_a_covariance_without_full_rank_is_found() -> None:
    assert scenarios.matrix_root(np.ones((2, 2))) == pytest.approx(np.full((2, 2), 0.5**0.5))


def test_scaled_normals_are_student_s_t_of_unit_variance() -> None:
    drawn = normals(1, ["a"], 50_000)[0] * scenarios.student_scales(1, 50_000, 1)[0]
    nu = scenarios.DEGREES_OF_FREEDOM
    assert stats.kstest(drawn, stats.t(nu, scale=np.sqrt((nu - 2) / nu)).cdf).pvalue > 0.001


def test_one_chi_square_moves_everything_on_a_path() -> None:
    shocks = np.abs(normals(1, ["a", "b"], 50_000) * scenarios.student_scales(1, 50_000, 1))
    # Sizes of uncorrelated assets move together, as one chi-square each would not make them.
    assert np.corrcoef(shocks)[0, 1] > 0.1


def test_scales_of_a_session_do_not_depend_on_how_many_are_drawn() -> None:
    one, many = scenarios.student_scales(1, BLOCK, 1), scenarios.student_scales(1, 2 * BLOCK, 3)
    assert one[0].tobytes() == many[0, :BLOCK].tobytes()


@pytest.mark.parametrize("seed", range(3))
def test_quasi_random_losses_of_a_linear_book_meet_the_closed_form(seed: int) -> None:
    direction = np.random.default_rng(seed).normal(size=11)
    losses, size = combine(direction, scenarios.sobol_normals(seed, direction, 14)), np.linalg.norm(direction)
    for confidence in (0.95, 0.99):
        found, quantile = tail(losses, confidence), stats.norm.ppf(confidence)
        assert found.value_at_risk == pytest.approx(size * quantile, rel=5e-4)
        assert found.expected_shortfall == pytest.approx(size * stats.norm.pdf(quantile) / (1 - confidence), rel=5e-4)


def test_the_first_coordinate_holds_the_middle_of_every_part_and_no_other_does() -> None:
    probabilities = np.sort(stats.norm.cdf(scenarios.sobol_normals(3, np.zeros(3), 4)), axis=1)
    middles = (np.arange(16) + 0.5) / 16
    assert probabilities[0] == pytest.approx(middles, abs=1e-12)
    assert (np.abs(probabilities[1:] - middles) < 1 / 32).all()
    assert np.abs(probabilities[1:] - middles).max(axis=1).min() > 1e-3


def test_turning_points_keeps_them_standard_and_the_first_along_the_direction() -> None:
    direction = np.array([3.0, 0, 4])
    turned, plain = (scenarios.sobol_normals(1, each, 12) for each in (direction, np.zeros(3)))
    assert direction @ turned / 5 == pytest.approx(plain[0])
    assert np.cov(turned) == pytest.approx(np.eye(3), abs=0.02)
    assert (turned**2).sum(axis=0) == pytest.approx((plain**2).sum(axis=0))


def test_points_already_along_the_direction_are_not_turned() -> None:
    plain = scenarios.sobol_normals(1, np.zeros(2), 4)
    assert scenarios.sobol_normals(1, np.array([2.0, 0]), 4).tobytes() == plain.tobytes()


def test_a_bootstrap_draws_blocks_of_consecutive_dates_in_a_circle() -> None:
    noise = np.random.default_rng(1).standard_normal(300)
    history = np.convolve(noise, np.ones(10) / 10, mode="same")
    places = scenarios.bootstrap_places(1, history, 20_000, 3)
    follows = (places[1] == (places[0] + 1) % 300).mean()
    length = scenarios.block_length(history)
    assert length > 3
    assert follows == pytest.approx(1 - 1 / length + 1 / length / 300, abs=0.01)
    assert np.bincount(places[2], minlength=300).min() > 0


@pytest.mark.parametrize("history", [np.zeros(100), np.random.default_rng(0).standard_normal(100)])
def test_a_history_without_dependence_has_short_blocks(history: np.ndarray) -> None:
    assert 1 <= scenarios.block_length(history) < 3


def test_deviations_by_hand() -> None:
    found = scenarios.ewma_deviations(np.array([3.0, 4.0]), 0.5)
    assert found**2 == pytest.approx([12.5, 0.5 * 12.5 + 0.5 * 9, 0.5 * 10.75 + 0.5 * 16])


def test_filtered_returns_are_past_surprises_at_the_volatility_of_now() -> None:
    history = np.array([3.0, 4.0])
    returns = scenarios.filtered_returns(history, np.array([[1, 0], [0, 1]]), 0.5)
    now = 0.5 * 10.75 + 0.5 * 16
    surprises = history / np.sqrt([12.5, 10.75])
    assert returns[0] == pytest.approx(np.sqrt(now) * surprises[[1, 0]])
    reached = 0.5 * now + 0.5 * returns[0] ** 2
    assert returns[1] == pytest.approx(np.sqrt(reached) * surprises[[0, 1]])


def test_a_history_that_never_moves_has_no_surprises() -> None:
    returns = scenarios.filtered_returns(np.zeros(5), np.zeros((2, 3), dtype=np.intp), 0.94)
    assert not returns.any()


@given(st.integers(1, 5), st.integers(1, 5))
def test_running_sums_are_cumulative_sums(rows: int, columns: int) -> None:
    steps = np.random.default_rng(rows).standard_normal((rows, columns))
    assert scenarios.running_sums(steps) == pytest.approx(np.cumsum(steps, axis=0))
