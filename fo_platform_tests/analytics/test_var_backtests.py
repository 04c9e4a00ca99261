"""Forecasts beside what came, and the tests of them."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fo_platform.analytics.metrics.simulated_loss import simulated_loss
from fo_platform.analytics.metrics.var_backtests import var_backtests
from fo_platform.analytics.metrics.var_outcomes import var_outcomes
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import SimulatedLoss, VarBacktests, VarOutcomes
from fo_platform.lineage.recipe import call
from fo_platform_tests.analytics.test_simulated_loss import MODEL, market_of

DAY = pd.Timestamp("2022-06-14")
LAST = pd.Timestamp("2022-06-13")
"""The newest close that is known on DAY; on the session before it was not."""


@pytest.fixture(scope="module")
def market(frames: SimpleNamespace) -> dict[str, pd.DataFrame]:
    """The market of every test."""
    return market_of(frames)


def outcomes_of(
    frames: SimpleNamespace, held: pd.DataFrame, market: dict[str, pd.DataFrame], **more: object
) -> pd.DataFrame:
    """Outcomes on DAY of holdings of the session before, valued at the close before LAST."""
    before = {"holdings": inexact(held), "net_worth": inexact(frames.net_worth(held))}
    before |= {name: market[name] for name in MODEL}
    windows = {name: market[name] for name in ("prices", "fx_rates", "factor_returns")}
    forecast = more.get("forecast", call(simulated_loss, {**before, **windows, "day": LAST}))
    previous = {f"{name}_previous": frame for name, frame in before.items()}
    read = {"simulated_loss_previous": forecast, **previous, **windows, "day": DAY}
    return VarOutcomes.validate(call(var_outcomes, read))


def held_of(frames: SimpleNamespace, price_date: str = "2022-06-10") -> pd.DataFrame:
    """A share, a fund that nobody prices, and money."""
    return frames.positions(
        ("trust", "A", "us_equity", 60), ("trust", "FUND.x", "private_equity", 30), ("trust", "CASH.USD", "cash", 10),
        price_date=pd.Timestamp(price_date),
    )  # fmt: skip


def test_the_loss_that_came_is_yesterday_s_value_times_the_newest_return(
    frames: SimpleNamespace, market: dict[str, pd.DataFrame]
) -> None:
    found = outcomes_of(frames, held_of(frames), market)
    levels = market["prices"].pivot(index="price_date", columns="instrument_id", values="price_local")
    newest = levels["A"].iloc[-1] / levels["A"].iloc[-2] - 1
    loadings = market["factor_loadings"].pivot(index="factor", columns="instrument_id", values="loading")
    factors = market["factor_returns"].pivot(index="return_date", columns="factor", values="return_1d").iloc[-1]
    fund = loadings[["A", "B"]].mean(axis=1) @ factors
    assert set(found["return_date"]) == {LAST}
    assert found["loss_base"].tolist() == pytest.approx([-(60 * newest + 30 * fund)] * len(found))
    assert found["coverage_share"].tolist() == pytest.approx([0.7] * len(found))
    assert (found["is_exception"] == (found["loss_base"] > found["value_at_risk_base"])).all()
    assert len(found) == 2 * 4 * 2


@pytest.mark.parametrize("priced", ["2022-06-13", "2022-06-09"])
def test_a_return_that_was_known_already_or_of_two_sessions_is_no_outcome(
    frames: SimpleNamespace, market: dict[str, pd.DataFrame], priced: str
) -> None:
    assert outcomes_of(frames, held_of(frames, priced), market).empty


def test_on_the_first_day_there_is_no_forecast_to_test(
    frames: SimpleNamespace, market: dict[str, pd.DataFrame]
) -> None:
    assert outcomes_of(frames, held_of(frames), market, forecast=SimulatedLoss.frame()).empty
    assert var_backtests(VarOutcomes.frame()).empty


def rows_of(losses: np.ndarray, risk: float, confidence: float = 0.99) -> pd.DataFrame:
    """Outcomes of consecutive sessions with the same forecast."""
    return VarOutcomes.frame(
        pd.DataFrame(
            {
                "scope": "office",
                "method": "gaussian",
                "confidence": confidence,
                "return_date": pd.bdate_range("2021-01-04", periods=len(losses)),
                "value_at_risk_base": risk,
                "expected_shortfall_base": 1.2 * risk,
                "loss_base": losses,
                "coverage_share": 1.0,
                "is_exception": losses > risk,
            }
        )
    )


def test_fifty_sessions_by_hand() -> None:
    losses = np.zeros(50)
    losses[[10, 11, 30]] = 2.0
    row = VarBacktests.validate(var_backtests(rows_of(losses, 1.0, 0.95))).iloc[0]
    assert row[["observations", "exception_count", "exception_count_expected"]].tolist() == [50, 3, pytest.approx(2.5)]
    statistic = -2 * np.log(0.95**47 * 0.05**3 / (0.94**47 * 0.06**3))
    assert row["kupiec_statistic"] == pytest.approx(statistic)
    assert row["kupiec_p_value"] == pytest.approx(stats.chi2.sf(statistic, 1))
    # 46 transitions from no exception, two of them into one; three from one, one of them into another.
    pooled, separate = (46 / 49) ** 46 * (3 / 49) ** 3, (44 / 46) ** 44 * (2 / 46) ** 2 * (2 / 3) ** 2 * (1 / 3)
    assert row["independence_statistic"] == pytest.approx(-2 * np.log(pooled / separate))
    assert row["coverage_statistic"] == pytest.approx(row["kupiec_statistic"] + row["independence_statistic"])
    assert row["shortfall_score"] == pytest.approx(1 - 3 * 2 / 1.2 / 2.5)
    assert row["reason"] == "Basel has zones for 99 % only."


@pytest.mark.parametrize(("exceptions", "zone"), [(0, "green"), (4, "green"), (5, "yellow"), (10, "red")])
def test_a_year_of_sessions_has_basel_s_zone(exceptions: int, zone: str) -> None:
    losses = np.zeros(260)
    losses[10 : 10 + exceptions] = 2.0
    row = var_backtests(rows_of(losses, 1.0)).iloc[0]
    assert (row["observations"], row["traffic_light"]) == (250, zone)
    assert row[["kupiec_statistic", "independence_statistic", "coverage_p_value"]].notna().all()
    assert pd.isna(row["reason"])


def test_only_the_newest_year_counts() -> None:
    losses = np.zeros(300)
    losses[:50] = 2.0
    assert var_backtests(rows_of(losses, 1.0))["exception_count"].tolist() == [0]


def test_an_outcome_that_is_stated_on_two_days_counts_once() -> None:
    rows = rows_of(np.zeros(40), 1.0)
    assert var_backtests(pd.concat([rows, rows.tail(1)]))["observations"].tolist() == [40]


def test_too_few_sessions_count_and_test_nothing() -> None:
    row = VarBacktests.validate(var_backtests(rows_of(np.full(35, 2.0), 1.0))).iloc[0]
    assert (row["observations"], row["exception_count"]) == (35, 35)
    assert row[["kupiec_statistic", "coverage_p_value", "shortfall_score", "traffic_light"]].isna().all()
    assert row["reason"] == "Only 35 of 36 sessions that a test needs."


def test_a_forecast_of_no_loss_has_no_shortfall_score() -> None:
    row = var_backtests(rows_of(np.zeros(40), 0.0)).iloc[0]
    assert pd.isna(row["shortfall_score"])
    assert row["kupiec_statistic"] > 0
