"""Brinson effects: Bacon's example by hand, and what holds whatever the weights and returns are."""

import numpy as np
import perfattr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics import brinson as module
from fo_platform.analytics.brinson import Array, brinson, interaction, nested
from fo_platform_tests.analytics.perfattr_rows import perfattr_rows

SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 3))


def sides(shape: tuple[int, ...], seed: int) -> list[Array]:
    """Weights of both sides that sum to one, shorts among them, and returns of both."""
    numbers = np.random.default_rng(seed)
    weights = [numbers.normal(1.0, 1.0, shape) for _ in range(2)]
    whole = [each + (1 - each.sum(axis=1, keepdims=True)) / shape[1] for each in weights]
    return [*whole, *(numbers.normal(0.0, 0.1, shape) for _ in range(2))]


def column(*values: float) -> Array:
    """One day and portfolio."""
    return np.array(values)[None, :, None]


BACON = (column(0.4, 0.3, 0.3), column(0.4, 0.2, 0.4), column(0.2, -0.05, 0.06), column(0.1, -0.04, 0.08))
"""Weights and returns of UK, Japanese and US shares, portfolio and benchmark; the benchmark returns 6.4 %."""


def test_bacons_example_by_hand() -> None:
    effects = brinson(*BACON)
    assert effects.allocation.ravel() == pytest.approx([0.0, 0.1 * (-0.04 - 0.064), -0.1 * (0.08 - 0.064)])
    assert effects.selection.ravel() == pytest.approx([0.4 * 0.1, 0.3 * -0.01, 0.3 * -0.02])
    assert interaction(*BACON).ravel() == pytest.approx([0.0, 0.1 * -0.01, -0.1 * -0.02])


def test_without_a_hurdle_allocation_is_held_against_zero() -> None:
    assert brinson(*BACON, hurdle="zero").allocation.ravel() == pytest.approx([0.0, 0.1 * -0.04, -0.1 * 0.08])


@given(shape=SHAPES, seed=st.integers(0, 100), hurdle=st.sampled_from(["benchmark", "zero"]))
def test_effects_sum_to_the_active_return(shape: tuple[int, ...], seed: int, hurdle: module.Hurdle) -> None:
    w_p, w_b, r_p, r_b = sides(shape, seed)
    effects = brinson(w_p, w_b, r_p, r_b, hurdle=hurdle)
    active = (w_p * r_p).sum(axis=1) - (w_b * r_b).sum(axis=1)
    np.testing.assert_allclose(sum(array.sum(axis=1) for array in effects), active, rtol=0, atol=1e-12)


@given(shape=SHAPES, seed=st.integers(0, 100))
def test_the_order_of_segments_changes_nothing(shape: tuple[int, ...], seed: int) -> None:
    inputs = sides(shape, seed)
    order = np.random.default_rng(seed).permutation(shape[1])
    for straight, turned in zip(brinson(*inputs), brinson(*(each[:, order] for each in inputs)), strict=True):
        np.testing.assert_allclose(straight[:, order], turned, rtol=0, atol=1e-14)


@given(seed=st.integers(0, 100), part=st.floats(-1, 2), part_benchmark=st.floats(-1, 2))
def test_a_segment_cut_in_two_with_equal_returns_keeps_its_effects(
    seed: int, part: float, part_benchmark: float
) -> None:
    inputs = sides((2, 3, 2), seed)
    cut = []
    for each, share in zip(inputs, (part, part_benchmark, None, None), strict=True):
        halves = [each[:, :1], each[:, :1]] if share is None else [share * each[:, :1], (1 - share) * each[:, :1]]
        cut.append(np.concatenate([*halves, each[:, 1:]], axis=1))
    for whole, parts in zip(brinson(*inputs), brinson(*cut), strict=True):
        np.testing.assert_allclose(parts[:, :2].sum(axis=1), whole[:, 0], rtol=0, atol=1e-13)
        np.testing.assert_allclose(parts[:, 2:], whole[:, 1:], rtol=0, atol=1e-14)


@given(shape=SHAPES, seed=st.integers(0, 100))
def test_who_holds_the_benchmark_has_no_effects(shape: tuple[int, ...], seed: int) -> None:
    _, w_b, _, r_b = sides(shape, seed)
    assert all((array == 0).all() for array in brinson(w_b, w_b, r_b, r_b))


def test_blocks_of_days_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = sides((7, 3, 2), 1)
    whole = brinson(*inputs)
    monkeypatch.setattr(module, "CELLS", 12)
    assert all((a == b).all() for a, b in zip(whole, brinson(*inputs), strict=True))


def test_one_benchmark_serves_all_portfolios() -> None:
    w_p, w_b, r_p, r_b = sides((3, 4, 5), 2)
    shared = brinson(w_p, w_b[..., :1], r_p, r_b[..., :1])
    each = brinson(w_p, np.repeat(w_b[..., :1], 5, axis=2), r_p, np.repeat(r_b[..., :1], 5, axis=2))
    assert all((a == b).all() for a, b in zip(shared, each, strict=True))


def test_what_the_benchmark_does_not_know_makes_its_portfolio_s_allocation_unknown_and_no_other() -> None:
    w_p, w_b, r_p, r_b = sides((1, 3, 2), 3)
    r_b[0, 1, 0] = np.nan
    effects = brinson(w_p, w_b, r_p, r_b)
    assert np.isnan(effects.allocation[..., 0]).all()
    assert np.isnan(effects.selection[0, :, 0]).tolist() == [False, True, False]
    assert not np.isnan(effects.allocation[..., 1]).any()


def test_no_day_gives_no_effect() -> None:
    assert brinson(*sides((0, 3, 2), 0)).allocation.shape == (0, 3, 2)


@given(seed=st.integers(0, 100), parents=st.lists(st.integers(0, 2), min_size=3, max_size=6))
def test_effects_within_parents_sum_to_the_parents_selection(seed: int, parents: list[int]) -> None:
    numbers = np.random.default_rng(seed)
    codes = np.unique(parents, return_inverse=True)[1]
    w_p, w_b = (numbers.uniform(0.1, 1.0, (2, len(codes), 3)) for _ in range(2))
    r_p, r_b = (numbers.normal(0.0, 0.1, (2, len(codes), 3)) for _ in range(2))
    effects = nested(w_p, w_b, r_p, r_b, codes)
    for parent in range(codes.max() + 1):
        own = codes == parent
        total, total_benchmark = w_p[:, own].sum(axis=1), w_b[:, own].sum(axis=1)
        benchmark = (w_b * r_b)[:, own].sum(axis=1) / total_benchmark
        selection = (w_p * r_p)[:, own].sum(axis=1) - total * benchmark
        summed = sum(array[:, own].sum(axis=1) for array in effects)
        np.testing.assert_allclose(summed, selection, rtol=0, atol=1e-13)


def test_a_parent_that_the_benchmark_does_not_have_is_unknown_within() -> None:
    effects = nested(column(0.5, 0.5), column(1.0, 0.0), column(0.1, 0.2), column(0.1, 0.1), np.array([0, 1]))
    assert np.isnan(effects.allocation.ravel()).tolist() == [False, True]


@settings(max_examples=5)
@given(seed=st.integers(0, 50))
def test_another_library_finds_the_same_effects(seed: int) -> None:
    numbers = np.random.default_rng(seed)
    weights = [each / each.sum() for each in numbers.uniform(0.1, 1.0, (2, 4))]
    returns = numbers.normal(0.0, 0.05, (2, 4))
    portfolio, benchmark = (perfattr_rows(w[None], r[None]) for w, r in zip(weights, returns, strict=True))
    theirs = perfattr.calculate_attribution(portfolio, benchmark).period_detail
    ours = brinson(*(column(*each) for each in (*weights, *returns)))
    np.testing.assert_allclose(ours.allocation.ravel(), theirs["allocation_effect"], rtol=0, atol=1e-15)
    np.testing.assert_allclose(ours.selection.ravel(), theirs["selection_effect"], rtol=0, atol=1e-15)
