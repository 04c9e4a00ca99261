"""Value at risk and expected shortfall: by hand, by property, and by other libraries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fo_platform.analytics.loss import Tail, quantile_paths, quantiles, shortfall_paths, tail
from fo_platform.errors import DataError

empyrical = pytest.importorskip("empyrical")
measures = pytest.importorskip("skfolio.measures")

CONFIDENCES = st.sampled_from([0.5, 0.9, 0.95, 0.99, 0.995])
CENTS = st.integers(-10_000, 10_000).map(lambda cents: cents / 100)
LOSSES = arrays("float64", st.integers(1, 80), elements=CENTS)


def measured(found: Tail) -> list[float]:
    """Both measures."""
    return [found.value_at_risk, found.expected_shortfall]


def test_ten_losses_by_hand() -> None:
    losses = np.array([3.0, -1, 10, 0, 2, 5, -4, 8, 1, 4])
    assert measured(tail(losses, 0.8)) == [5, 9]
    # A quarter of the outcomes is two losses and half of the third: (10 + 8 + 5 / 2) / 2.5.
    assert measured(tail(losses, 0.75)) == [5, pytest.approx(8.2)]
    assert measured(tail(losses, 0.95)) == [10, 10]


def test_the_rank_is_decided_exactly_where_floats_are_not() -> None:
    losses = np.arange(1.0, 101.0)
    assert 0.07 * 100 > 7
    assert tail(losses, 0.07).value_at_risk == 7


def test_errors_by_hand() -> None:
    found = tail(np.arange(1.0, 101.0), 0.9)
    # The rank varies by sqrt(100 x 0.9 x 0.1) = 3, and losses stand one apart.
    assert found.value_at_risk_error == pytest.approx(3)
    within = np.var(np.arange(91.0, 101.0))
    assert found.expected_shortfall_error == pytest.approx(np.sqrt((within + 0.9 * (95.5 - 90) ** 2) / 10))


def test_errors_are_those_of_many_repetitions() -> None:
    drawn = np.random.default_rng(1).standard_normal((400, 5000))
    found = [tail(row, 0.95) for row in drawn]
    for measure, error in (
        ("value_at_risk", "value_at_risk_error"),
        ("expected_shortfall", "expected_shortfall_error"),
    ):
        spread = np.std([getattr(each, measure) for each in found])
        assert np.mean([getattr(each, error) for each in found]) == pytest.approx(spread, rel=0.1)


def test_one_loss_is_every_measure_and_shows_no_error() -> None:
    found = tail(np.array([7.0]), 0.99)
    assert measured(found) == [7, 7]
    assert np.isnan(found.value_at_risk_error)
    assert np.isnan(found.expected_shortfall_error)


@pytest.mark.parametrize("losses", [[], [1.0, np.nan], [np.inf, 1.0]])
def test_losses_that_are_missing_or_unknown_are_refused(losses: list[float]) -> None:
    with pytest.raises(DataError, match="missing or unknown"):
        tail(np.array(losses), 0.95)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0])
def test_a_confidence_that_is_no_fraction_is_refused(confidence: float) -> None:
    with pytest.raises(DataError, match="between 0 and 1"):
        tail(np.array([1.0]), confidence)


@given(LOSSES, CONFIDENCES)
def test_shortfall_is_no_less_than_value_at_risk_and_no_more_than_the_worst(
    losses: np.ndarray, confidence: float
) -> None:
    found = tail(losses, confidence)
    assert found.value_at_risk <= found.expected_shortfall + 1e-9
    assert found.expected_shortfall <= losses.max() + 1e-9


@given(LOSSES)
def test_both_measures_grow_with_confidence(losses: np.ndarray) -> None:
    figures = [measured(tail(losses, confidence)) for confidence in (0.5, 0.9, 0.95, 0.99)]
    assert (np.diff(figures, axis=0) >= -1e-9).all()


@given(LOSSES, CONFIDENCES, CENTS, st.floats(0.01, 100))
def test_cash_moves_both_measures_by_itself_and_size_scales_them(
    losses: np.ndarray, confidence: float, cash: float, size: float
) -> None:
    found = np.array(measured(tail(losses, confidence)))
    assert measured(tail(losses + cash, confidence)) == pytest.approx(found + cash, abs=1e-9)
    assert measured(tail(losses * size, confidence)) == pytest.approx(found * size, rel=1e-9, abs=1e-9)


@given(LOSSES, LOSSES, CONFIDENCES)
def test_shortfall_of_a_sum_is_no_more_than_the_sum_of_shortfalls(
    one: np.ndarray, other: np.ndarray, confidence: float
) -> None:
    size = min(len(one), len(other))
    parts = [tail(part[:size], confidence).expected_shortfall for part in (one, other)]
    assert tail(one[:size] + other[:size], confidence).expected_shortfall <= sum(parts) + 1e-9


@given(LOSSES, CONFIDENCES)
def test_skfolio_s_order_statistic_and_fractional_tail_are_ours(losses: np.ndarray, confidence: float) -> None:
    expected = [measures.value_at_risk(-losses, confidence), measures.cvar(-losses, confidence)]
    whole = abs(confidence * len(losses) - round(confidence * len(losses))) < 1e-9
    if not whole:
        assert measured(tail(losses, confidence)) == pytest.approx(expected, abs=1e-9)


def test_empyrical_interpolates_between_the_order_statistics_about_ours() -> None:
    returns = np.random.default_rng(2).standard_normal(1000)
    ours = tail(-returns, 0.95)
    near = np.sort(returns)[49:51]
    assert near[1] == -ours.value_at_risk
    assert near[0] <= empyrical.value_at_risk(returns, 0.05) <= near[1]
    # Its shortfall is a mean of whole outcomes, and so is ours where the tail is 50 of 1,000.
    assert empyrical.conditional_value_at_risk(returns, 0.05) == pytest.approx(-ours.expected_shortfall)


@given(arrays("float64", st.tuples(st.just(4), st.integers(1, 60)), elements=CENTS), CONFIDENCES)
def test_contributions_sum_to_expected_shortfall_even_with_ties(parts: np.ndarray, confidence: float) -> None:
    losses = parts.sum(axis=0)
    contributions = shortfall_paths(losses, confidence).mean(parts)
    assert contributions.sum() == pytest.approx(tail(losses, confidence).expected_shortfall, abs=1e-8)


def test_contributions_by_hand() -> None:
    parts = np.array([[1.0, 2, 8, 0], [1.0, 4, 1, 0]])
    # Of four outcomes, 0.375 is the worst one (8 + 1) and half of the next (2 + 4).
    contributions = shortfall_paths(parts.sum(axis=0), 0.625).mean(parts)
    assert contributions == pytest.approx([(8 + 1) / 1.5, (1 + 2) / 1.5])


def test_a_contribution_is_what_shortfall_changes_by_when_the_part_grows() -> None:
    parts = np.random.default_rng(3).standard_normal((3, 10_000)) * [[1], [2], [3]]
    losses = parts.sum(axis=0)
    contributions = shortfall_paths(losses, 0.95).mean(parts)
    step = 1e-7
    changes = [
        (tail(losses + step * part, 0.95).expected_shortfall - tail(losses, 0.95).expected_shortfall) / step
        for part in parts
    ]
    assert contributions == pytest.approx(changes, rel=1e-5)


def test_contributions_to_value_at_risk_sum_to_it_and_come_near_the_closed_form() -> None:
    sizes = np.array([[1.0], [2], [3]])
    parts = np.random.default_rng(4).standard_normal((3, 200_000)) * sizes
    losses = parts.sum(axis=0)
    contributions = quantile_paths(losses, 0.99).mean(parts)
    assert contributions.sum() == pytest.approx(tail(losses, 0.99).value_at_risk, rel=1e-12)
    shares = (sizes**2 / (sizes**2).sum()).ravel()
    assert contributions / contributions.sum() == pytest.approx(shares, abs=0.03)


def test_losses_about_zero_are_not_scaled() -> None:
    found = quantile_paths(np.zeros(10), 0.5)
    assert found.weights.sum() == pytest.approx(1)


def test_quantiles_of_rows_are_value_at_risk_of_each() -> None:
    rows = np.random.default_rng(5).standard_normal((3, 777))
    expected = [[tail(row, confidence).value_at_risk for confidence in (0.01, 0.5, 0.99)] for row in rows]
    assert quantiles(rows, [0.01, 0.5, 0.99]).tolist() == expected
