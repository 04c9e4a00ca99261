"""Internal rates: one where there is one, none where there are several; multiples and the market equivalent."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from fo_platform.analytics.money_weighted import brackets, internal_rates, ks_pme, multiples, present_value

START = pd.Timestamp("2020-01-01")


def rates(*series: list[tuple[int, float]]) -> pd.DataFrame:
    """Internal rates of series of (days from the start, amount)."""
    rows = [
        (number, START + pd.Timedelta(days=day), amount) for number, each in enumerate(series) for day, amount in each
    ]
    frame = pd.DataFrame(rows, columns=["series", "date", "amount"])
    return internal_rates(frame["series"], frame["date"], frame["amount"].astype("float64"))


def rate(*flows: tuple[int, float]) -> tuple[float, str]:
    """Rate and flag of one series."""
    return tuple(rates(list(flows)).iloc[0])


def test_a_hundred_that_is_a_hundred_and_ten_after_365_days_earned_ten_per_cent() -> None:
    found = rate((0, -100), (365, 110))
    assert found[0] == pytest.approx(0.1, rel=1e-12)
    assert found[1] == "one_root"


def test_a_leap_year_is_a_day_longer_than_a_year() -> None:
    assert rate((0, -100), (366, 110))[0] == pytest.approx(1.1 ** (365 / 366) - 1, rel=1e-12)


def test_two_rates_that_both_solve_are_no_rate() -> None:
    flows = [(0, -100.0), (365, 230.0), (730, -132.0)]
    assert present_value(0.1, *_columns(flows)) == pytest.approx(0, abs=1e-9)
    assert present_value(0.2, *_columns(flows)) == pytest.approx(0, abs=1e-9)
    found = rate(*flows)
    assert math.isnan(found[0])
    assert found[1] == "several_roots"


def test_two_rates_closer_together_than_the_scan_are_still_two() -> None:
    low, high = 1.05, 1.0501
    found = rate((0, -1000.0), (365, 1000 * (low + high)), (730, -1000 * low * high))
    assert found[1] == "several_roots"


def test_flows_that_no_rate_solves_have_none() -> None:
    assert rate((0, -100), (365, 100), (730, -100))[1] == "no_root"


@pytest.mark.parametrize("amounts", [(-1, -2), (1, 2), (0, 0), (0, 5)])
def test_flows_of_one_sign_have_no_rate(amounts: tuple[int, int]) -> None:
    assert rate((0, amounts[0]), (365, amounts[1]))[1] == "one_sign"


def test_flows_of_one_day_and_rates_beyond_reason_are_no_rates() -> None:
    assert rate((0, -100), (0, 110))[1] == "no_root"
    assert rate((0, -1), (1, 2))[1] == "no_root"


def test_no_flows_at_all_give_no_rows() -> None:
    assert rates().empty


def test_many_signs_with_one_root_give_that_root() -> None:
    flows = [(0, -100.0), (100, 30.0), (200, -40.0), (300, 20.0), (700, 150.0)]
    found = rate(*flows)
    assert found[1] == "one_root"
    gross = sum(abs(amount) for _, amount in flows)
    assert present_value(found[0], *_columns(flows)) / gross == pytest.approx(0, abs=1e-10)


@given(
    growth=st.floats(-0.6, 1.5),
    flows=st.lists(st.tuples(st.integers(1, 3000), st.floats(-50, 50)), min_size=1, max_size=12),
)
def test_a_series_made_to_be_worth_nothing_at_a_rate_has_it_among_its_roots(
    growth: float, flows: list[tuple[int, float]]
) -> None:
    worth = sum(amount * (1 + growth) ** (-day / 365) for day, amount in flows)
    found = rate((0, -worth), *flows) if abs(worth) > 1e-3 else (math.nan, "no_root")
    if found[1] == "one_root":
        values = [(0, -worth), *flows]
        scale = sum(abs(amount) * (1 + found[0]) ** (-day / 365) for day, amount in values)
        assert present_value(found[0], *_columns(values)) == pytest.approx(0, abs=1e-7 * scale)


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=8), st.floats(0.001, 1e9))
def test_the_currency_unit_alters_no_rate(amounts: list[float], unit: float) -> None:
    flows = [(200 * number, round(amount, 2)) for number, amount in enumerate(amounts)]
    plain, scaled = rate(*flows), rate(*((day, amount * unit) for day, amount in flows))
    assert plain[1] == scaled[1]
    assert plain[0] == pytest.approx(scaled[0], rel=1e-6, abs=1e-9, nan_ok=True)


def drawn(seed: int, count: int) -> list[tuple[int, float]]:
    """Money paid, and what comes back of it on random days, now and then with more paid."""
    rng = np.random.default_rng(seed)
    days, amounts = np.sort(rng.integers(1, 4000, count)), rng.normal(20, 30, count)
    return [(0, -100.0), *zip(days.tolist(), amounts.tolist(), strict=True)]


def test_a_batch_gives_what_each_series_gives_alone_in_any_order() -> None:
    series = [drawn(seed, 6) for seed in range(40)]
    together = rates(*series)
    alone = [rate(*each) for each in series]
    assert together["irr_flag"].tolist() == [flag for _, flag in alone]
    np.testing.assert_allclose(together["irr_annual"], [value for value, _ in alone], rtol=1e-9)
    backwards = rates(*(each[::-1] for each in series))
    assert together["irr_flag"].tolist() == backwards["irr_flag"].tolist()


def test_another_solver_finds_the_same_rates() -> None:
    for seed in range(20):
        flows = [(day, amount if day == 0 else abs(amount)) for day, amount in drawn(seed, 10)]
        solved = brentq(lambda x, flows=flows: sum(a * (1 + x) ** (-d / 365) for d, a in flows), -0.99, 100)
        assert rate(*flows)[0] == pytest.approx(solved, rel=1e-8, abs=1e-10)


def test_every_bracket_holds_one_root_of_a_polynomial_with_known_ones() -> None:
    growths = [1.05, 1.3, 2.0]
    flows = -np.poly(growths)
    found = brackets(np.arange(4.0), flows)
    assert len(found) == 3
    assert all(any(low <= math.log(each) <= high for low, high in found) for each in growths)


def test_multiples_of_fund_that_paid_back_half_and_is_worth_what_it_called() -> None:
    assert multiples(200, 100, 200) == {"dpi": 0.5, "rvpi": 1.0, "tvpi": 1.5}
    assert all(math.isnan(value) for value in multiples(0, 0, 10).values())


def test_a_fund_that_did_as_its_index_has_a_market_equivalent_of_one() -> None:
    index = np.array([100.0, 110.0, 130.0])
    assert ks_pme(np.array([-100.0, 0.0, 0.0]), index, 130.0) == pytest.approx(1.0)
    assert ks_pme(np.array([-100.0, 55.0, 0.0]), index, 130.0 - 65.0) == pytest.approx(1.0)
    assert math.isnan(ks_pme(np.array([10.0, 0.0]), index[:2], 5.0))


def _columns(flows: list[tuple[int, float]]) -> tuple[pd.Series, pd.Series]:
    days = pd.Series([START + pd.Timedelta(days=day) for day, _ in flows])
    return days, pd.Series([float(amount) for _, amount in flows])
