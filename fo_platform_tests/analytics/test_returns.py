"""Daily returns in base currency: gaps stay gaps, and nothing is known before its day."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from fo_platform.analytics.returns import WINDOW, base_returns, complete_factors

DATES = pd.DatetimeIndex(["2022-06-08", "2022-06-09", "2022-06-10", "2022-06-13", "2022-06-14"])


def test_a_price_in_another_currency_returns_what_its_owner_in_base_earns(
    frames: SimpleNamespace, day: pd.Timestamp
) -> None:
    prices = frames.prices(pd.DataFrame({"NESN": [100.0, 110.0]}, index=DATES[:2]), NESN="CHF")
    rates = frames.fx_rates(pd.DataFrame({"CHF": [1.00, 1.05]}, index=DATES[:2]))
    returns = base_returns(prices, rates, base_currency="USD", day=day)
    assert returns.loc[DATES[1]].to_dict() == pytest.approx({"NESN": 1.1 * 1.05 - 1, "CASH.CHF": 0.05, "CASH.USD": 0.0})


def test_a_missing_price_is_a_gap_and_the_move_across_it_is_kept(frames: SimpleNamespace, day: pd.Timestamp) -> None:
    levels = pd.DataFrame({"HALTED": [100, np.nan, 60, 60], "OTHER": [100, 101, 102, 103]}, index=DATES[:4])
    returns = base_returns(frames.prices(levels), frames.fx_rates(pd.DataFrame()), base_currency="USD", day=day)
    assert returns["HALTED"].tolist() == pytest.approx([np.nan, -0.4, 0.0], nan_ok=True)


def test_an_exchange_rate_is_the_last_known_one(frames: SimpleNamespace, day: pd.Timestamp) -> None:
    prices = frames.prices(pd.DataFrame({"SAP": [100.0, 100.0, 100.0]}, index=DATES[:3]), SAP="EUR")
    rates = frames.fx_rates(pd.DataFrame({"EUR": [1.0, 1.1]}, index=DATES[[0, 2]]))
    returns = base_returns(prices, rates, base_currency="USD", day=day)
    assert returns["SAP"].tolist() == pytest.approx([0.0, 0.1])
    assert returns["CASH.EUR"].tolist() == pytest.approx([0.0, 0.1])


def test_a_price_whose_currency_has_no_rate_has_no_return(frames: SimpleNamespace, day: pd.Timestamp) -> None:
    prices = frames.prices(pd.DataFrame({"TOYOTA": [1.0, 2.0]}, index=DATES[:2]), TOYOTA="JPY")
    returns = base_returns(prices, frames.fx_rates(pd.DataFrame()), base_currency="USD", day=day)
    assert returns["TOYOTA"].isna().all()


def test_the_close_of_the_business_date_itself_is_not_yet_known(frames: SimpleNamespace, day: pd.Timestamp) -> None:
    prices = frames.prices(pd.DataFrame({"AAPL": [1.0, 2.0, 3.0, 4.0, 5.0]}, index=DATES))
    returns = base_returns(prices, frames.fx_rates(pd.DataFrame()), base_currency="USD", day=day)
    assert returns.index[-1] == DATES[3]
    factors = frames.factor_returns(pd.DataFrame({"MKT": [0.1] * 5}, index=DATES))
    assert complete_factors(factors, day).index[-1] == DATES[3]


def test_of_two_deliveries_of_one_close_the_last_counts(frames: SimpleNamespace, day: pd.Timestamp) -> None:
    first = frames.prices(pd.DataFrame({"AAPL": [100.0, 999.0]}, index=DATES[:2]))
    again = frames.prices(pd.DataFrame({"AAPL": [101.0]}, index=DATES[1:2]))
    both = pd.concat([first, again], ignore_index=True)
    returns = base_returns(both, frames.fx_rates(pd.DataFrame()), base_currency="USD", day=day)
    assert returns["AAPL"].tolist() == pytest.approx([0.01])


def test_history_is_cut_to_the_window(frames: SimpleNamespace, day: pd.Timestamp) -> None:
    prices = frames.prices(frames.levels(frames.noise(WINDOW + 60, "AAPL")))
    assert len(base_returns(prices, frames.fx_rates(pd.DataFrame()), base_currency="USD", day=day)) == WINDOW


def test_without_prices_there_are_no_returns(frames: SimpleNamespace, day: pd.Timestamp) -> None:
    none = frames.prices(pd.DataFrame())
    assert base_returns(none, frames.fx_rates(pd.DataFrame()), base_currency="USD", day=day).empty


def test_a_date_on_which_one_factor_is_unknown_is_left_out(frames: SimpleNamespace, day: pd.Timestamp) -> None:
    factors = pd.DataFrame({"MKT": [0.1, 0.2, 0.3], "CHF": [0.1, np.nan, 0.3]}, index=DATES[:3])
    assert list(complete_factors(frames.factor_returns(factors), day).index) == [DATES[0], DATES[2]]
