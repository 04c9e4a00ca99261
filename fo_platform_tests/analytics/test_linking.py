"""Carino's linking: two periods by hand, its limits, and that windows are differences of carried sums."""

import math

import numpy as np
import perfattr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.brinson import Array, brinson
from fo_platform.analytics.linking import carino_coefficients, linked, linked_effects, log_ratio, smoothing
from fo_platform_tests.analytics.perfattr_rows import perfattr_rows

RETURNS = st.lists(st.tuples(st.floats(-0.9, 1.0), st.one_of(st.floats(-0.9, 1.0), st.none())), min_size=1, max_size=12)
"""Portfolio and benchmark by period; none is the portfolio's own, to the last bit."""


def pair(returns: list[tuple[float, float | None]]) -> tuple[Array, Array]:
    return np.array([p for p, _ in returns]), np.array([p if b is None else b for p, b in returns])


def total(returns: Array) -> float:
    return float(np.prod(1 + returns) - 1)


def test_two_periods_by_hand() -> None:
    portfolio, benchmark = np.array([0.2, 0.1]), np.array([0.1, 0.05])
    first = math.log(1.2 / 1.1) / 0.1
    second = math.log(1.1 / 1.05) / 0.05
    whole = math.log(1.32 / 1.155) / 0.165
    assert carino_coefficients(portfolio, benchmark) == pytest.approx([first / whole, second / whole])
    assert carino_coefficients(portfolio, benchmark) @ [0.1, 0.05] == pytest.approx(0.165)


@given(RETURNS)
def test_linked_active_returns_are_the_active_return_of_all_periods(returns: list[tuple[float, float | None]]) -> None:
    portfolio, benchmark = pair(returns)
    summed = carino_coefficients(portfolio, benchmark) @ (portfolio - benchmark)
    assert summed == pytest.approx(total(portfolio) - total(benchmark), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("benchmark", [0.1, 0.0, -0.5])
@pytest.mark.parametrize("apart", [0.0, 1e-300, 1e-16, 1e-12, -1e-9, 1e-5])
def test_equal_returns_are_the_limit_and_no_digit_is_lost_beside_them(benchmark: float, apart: float) -> None:
    series = 1 / (1 + benchmark) - apart / 2 / (1 + benchmark) ** 2 + apart**2 / 3 / (1 + benchmark) ** 3
    assert log_ratio(np.float64(benchmark + apart), np.float64(benchmark)) == pytest.approx(series, rel=1e-9)
    assert smoothing(np.float64(apart)) == pytest.approx(1 - apart / 2 + apart**2 / 3, rel=1e-15)


@pytest.mark.parametrize(("portfolio", "benchmark"), [(-1.0, 0.1), (0.1, -1.0), (-1.5, 0.0), (np.nan, 0.0)])
def test_what_has_no_logarithm_is_unknown(portfolio: float, benchmark: float) -> None:
    assert np.isnan(log_ratio(np.array([portfolio]), np.array([benchmark]))).all()


@given(RETURNS, st.integers(0, 12), st.integers(0, 12))
def test_a_window_is_what_was_carried_to_its_end_less_what_was_carried_to_its_begin(
    returns: list[tuple[float, float | None]], one: int, other: int
) -> None:
    portfolio, benchmark = pair(returns)
    effect = (portfolio - benchmark) * 0.3
    first, last = sorted((one % (len(returns) + 1), other % (len(returns) + 1)))
    sums = [np.append(0.0, np.cumsum(cells)) for cells in (
        log_ratio(portfolio, benchmark) * effect, np.log1p(portfolio), np.log1p(benchmark),
    )]  # fmt: skip
    carried = linked(*(np.array(cells[last] - cells[first]) for cells in sums))
    inside = slice(first, last)
    direct = carino_coefficients(portfolio[inside], benchmark[inside]) @ effect[inside] if last > first else 0.0
    assert carried == pytest.approx(direct, rel=1e-6, abs=1e-9)


@given(st.integers(0, 100))
def test_effects_linked_block_by_block_are_those_of_single_days(seed: int) -> None:
    numbers = np.random.default_rng(seed)
    w_p, w_b = (each / each.sum(axis=1, keepdims=True) for each in numbers.uniform(0.1, 1.0, (2, 9, 4, 3)))
    r_p, r_b = numbers.normal(0.0, 0.05, (2, 9, 4, 3))
    portfolio, benchmark = (w_p * r_p).sum(axis=1), (w_b * r_b).sum(axis=1)
    coefficients = carino_coefficients(portfolio, benchmark)
    every = linked_effects(w_p, w_b, r_p, r_b)
    for array, single in zip(every, brinson(w_p, w_b, r_p, r_b), strict=True):
        np.testing.assert_allclose(array, np.einsum("dp,dsp->sp", coefficients, single), rtol=0, atol=1e-14)
    active = np.prod(1 + portfolio, axis=0) - np.prod(1 + benchmark, axis=0)
    np.testing.assert_allclose(sum(array.sum(axis=0) for array in every), active, rtol=0, atol=1e-12)


@settings(max_examples=5)
@given(st.integers(0, 50))
def test_another_library_links_the_same(seed: int) -> None:
    numbers = np.random.default_rng(seed)
    w_p, w_b = (each / each.sum(axis=1, keepdims=True) for each in numbers.uniform(0.1, 1.0, (2, 6, 3)))
    r_p, r_b = numbers.normal(0.0, 0.05, (2, 6, 3))
    theirs = perfattr.calculate_attribution(perfattr_rows(w_p, r_p), perfattr_rows(w_b, r_b)).overall_detail
    ours = linked_effects(*(each[..., None] for each in (w_p, w_b, r_p, r_b)))
    found = theirs.sort_values("identifier")
    np.testing.assert_allclose(ours.allocation.ravel(), found["linked_allocation_effect"], rtol=0, atol=1e-14)
    np.testing.assert_allclose(ours.selection.ravel(), found["linked_selection_effect"], rtol=0, atol=1e-14)
