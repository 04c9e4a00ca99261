"""Returns of periods: true and Dietz's, linked, annualised, and none where there is none."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.analytics.time_weighted import (
    annualised,
    drawdowns,
    flow_weights,
    is_large,
    linked,
    modified_dietz,
    no_return,
    period_returns,
    true_return,
)

VALUES = st.floats(1, 1e6)


def test_a_deposit_earns_nothing_on_its_day_and_something_the_day_after() -> None:
    values = np.array([100.0, 160.0, 176.0])
    assert true_return(values, np.array([50.0, 0.0]), "end") == pytest.approx(1.1 * 1.1 - 1)
    assert true_return(values, np.array([0.0, 0.0]), "end") == pytest.approx(0.76)
    assert true_return(np.array([100.0, 165.0]), np.array([50.0]), "begin") == pytest.approx(0.1)


def test_the_handbook_s_month_by_modified_dietz() -> None:
    weights = flow_weights(np.array([6.0, 11.0]), 30, "end")
    assert weights == pytest.approx([24 / 30, 19 / 30])
    assert flow_weights(np.array([6.0]), 30, "begin") == pytest.approx([25 / 30])
    assert modified_dietz(100_000, 135_000, np.array([-2000.0, 20_000.0]), weights) == pytest.approx(0.153061, abs=5e-7)


@given(st.lists(st.floats(-0.5, 0.5), min_size=1, max_size=10), st.lists(VALUES, min_size=10, max_size=10), VALUES)
def test_flows_at_fair_value_alter_no_time_weighted_return(
    returns: list[float], flows: list[float], start: float
) -> None:
    values = [start]
    for rate, flow in zip(returns, flows, strict=False):
        values.append(values[-1] * (1 + rate) + flow)
    found = true_return(np.array(values), np.array(flows[: len(returns)]), "end")
    assert found == pytest.approx(math.prod(1 + rate for rate in returns) - 1, abs=1e-9)


@given(VALUES, VALUES)
def test_dietz_is_the_true_return_where_nothing_flows(start: float, end: float) -> None:
    nothing = np.array([])
    assert modified_dietz(start, end, nothing, nothing) == pytest.approx(end / start - 1)
    assert true_return(np.array([start, end]), np.array([0.0]), "end") == pytest.approx(end / start - 1)


@pytest.mark.parametrize(
    ("capital", "gain", "reason"),
    [
        (0, 0, "no_capital"), (-5, 1, "no_capital"), (5, -5, "total_loss"), (5, -6, "total_loss"),
        (np.nan, 1, "unknown_value"), (5, np.nan, "unknown_value"),
    ],
)  # fmt: skip
def test_where_there_is_no_return_a_reason_stands(capital: float, gain: float, reason: str) -> None:
    columns = pd.Series([capital], dtype="float64"), pd.Series([gain], dtype="float64")
    assert no_return(*columns)[0] == reason
    assert math.isnan(period_returns(*columns)[0])


def test_a_return_has_no_reason() -> None:
    assert no_return(pd.Series([5.0]), pd.Series([-4.99])).isna().all()
    assert period_returns(pd.Series([5.0]), pd.Series([1.0]))[0] == 0.2


def test_nothing_links_through_a_period_without_a_return() -> None:
    assert linked(pd.Series([0.1, 0.1])) == pytest.approx(0.21)
    assert math.isnan(linked(pd.Series([0.1, np.nan])))
    assert math.isnan(true_return(np.array([100.0, 0.0, 50.0]), np.array([0.0, 50.0]), "begin"))


def test_less_than_a_year_is_never_scaled_up() -> None:
    assert annualised(0.0754846147, 1461) == pytest.approx(0.018359339, abs=1e-7)
    assert math.isnan(annualised(0.05, 365))
    assert annualised(0.05, 366) == pytest.approx(1.05 ** (365.25 / 366) - 1)
    assert math.isnan(annualised(-1.0, 1000))


def test_a_flow_above_a_tenth_is_large_and_one_of_a_tenth_is_not() -> None:
    flows, start = pd.Series([10.0, 10.01, -10.01, 1.0]), pd.Series([100.0, 100.0, 100.0, 0.0])
    assert is_large(flows, start, 0.1).tolist() == [False, True, True, True]


@given(st.lists(VALUES, min_size=1, max_size=20))
def test_a_drawdown_is_never_above_zero_and_zero_at_a_peak(levels: list[float]) -> None:
    found = drawdowns(np.array(levels))
    assert (found <= 0).all()
    assert found[int(np.argmax(levels))] == 0


def test_drawdowns_of_a_fall_and_a_recovery() -> None:
    assert drawdowns(np.array([100.0, 80.0, 90.0, 120.0, 60.0])) == pytest.approx([0, -0.2, -0.1, 0, -0.5])
