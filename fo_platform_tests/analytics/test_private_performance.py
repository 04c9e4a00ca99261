"""Private funds: multiples, the internal rate of the record, and the market equivalent."""

import math

import pandas as pd
import pytest

from fo_platform.analytics.metrics.private_performance import private_performance
from fo_platform.analytics.public_market import levels_on, market_levels
from fo_platform.contracts import book, policy, reference
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import PrivatePerformance

PLACE = {"file_sha256": "0" * 64, "line": 1, "byte_offset": 0}


def fund(nav_date: str, nav: float, *, called: float, distributed: float, **more: object) -> pd.DataFrame:
    """One fund of account p in euros or dollars."""
    row = {
        "account_id": "p", "fund_id": "F", "entity_id": "trust", "currency": "USD", "nav_date": nav_date,
        "nav_stated": nav, "nav_local": nav, "calls_since_local": 0, "distributions_since_local": 0,
        "called_local": called, "distributed_local": distributed,
    }  # fmt: skip
    return inexact(book.PrivateCapital.frame([row | more]))


def notices(*rows: tuple[str, float]) -> pd.DataFrame:
    """Calls, negative, and distributions of that fund by due date."""
    made = [
        {
            "account_id": "p", "fund_id": "F", "notice_id": str(number), "due_date": day, "amount_local": abs(amount),
            "notice_type": "call" if amount < 0 else "distribution", "currency": "USD",
        }
        for number, (day, amount) in enumerate(rows)
    ]  # fmt: skip
    columns = ["account_id", "fund_id", "notice_id", "due_date", "amount_local", "notice_type", "currency"]
    return inexact(book.CapitalNotices.frame(pd.DataFrame(made, columns=columns)))


def market(**returns: dict[str, float]) -> pd.DataFrame:
    """Factor returns by factor and date."""
    rows = [
        {"factor": name, "return_date": day, "return_1d": value, "source": "test", **PLACE}
        for name, days in returns.items()
        for day, value in days.items()
    ]
    columns = ["factor", "return_date", "return_1d", "source", *PLACE]
    return reference.FactorReturns.frame(pd.DataFrame(rows, columns=columns))


BENCHMARK = inexact(
    policy.ClassBenchmarks.frame(
        [
            {
                "asset_class": "us_equity", "valid_from": "2014-01-01", "benchmark_kind": "factor",
                "benchmark_id": "MKT", "weight_component": 1,
            }
        ]
    )
)  # fmt: skip
NO_INDEX = inexact(reference.Benchmarks.frame())
ACCOUNTS = pd.DataFrame({"account_id": ["p"], "base_currency": ["USD"]})


def run(funds: pd.DataFrame, known: pd.DataFrame, **more: object) -> pd.Series:
    """The fund's row."""
    given = {
        "private_performance_previous": inexact(PrivatePerformance.frame()), "accounts": ACCOUNTS,
        "class_benchmarks": BENCHMARK, "factor_returns": market(), "benchmarks": NO_INDEX,
    }  # fmt: skip
    made = private_performance(private_capital=funds, capital_notices=known, **given | more)
    return inexact(PrivatePerformance.validate(made)).iloc[0]


def test_a_hundred_called_that_is_worth_a_hundred_and_twenty_one_after_two_years() -> None:
    row = run(fund("2022-01-01", 121, called=100, distributed=0), notices(("2020-01-02", -100)))
    assert (row["dpi"], row["rvpi"], row["tvpi"]) == pytest.approx((0, 1.21, 1.21))
    assert row["irr_annual"] == pytest.approx(0.1, abs=1e-9)
    assert row["irr_flag"] == "one_root"
    assert row["record_basis"] == "inception"
    assert row["return_money_weighted"] == pytest.approx(0.21)


def test_under_a_year_the_rate_is_not_annual() -> None:
    row = run(fund("2020-07-01", 110, called=100, distributed=0), notices(("2020-01-02", -100)))
    assert math.isnan(row["irr_annual"])
    assert row["irr_flag"] == "under_one_year"
    assert row["return_money_weighted"] == pytest.approx(0.1)


def test_rates_end_with_the_stated_value_and_multiples_take_what_came_since() -> None:
    funds = fund("2022-01-01", 121, called=150, distributed=0, calls_since_local=50, nav_local=171)
    row = run(funds, notices(("2020-01-02", -100), ("2022-03-01", -50)))
    assert row["irr_annual"] == pytest.approx(0.1, abs=1e-9)
    assert row["tvpi"] == pytest.approx(171 / 150)


def test_where_older_calls_are_not_known_the_record_begins_with_the_first_value() -> None:
    first = fund("2020-01-01", 200, called=180, distributed=0)
    row = run(first, notices())
    assert row["record_basis"] == "opening"
    assert row["irr_flag"] == "no_period"
    assert math.isnan(row["return_money_weighted"])
    later = run(
        fund("2022-01-01", 260, called=190, distributed=20),
        notices(("2021-01-01", -10), ("2021-06-01", 20)),
        private_performance_previous=inexact(PrivatePerformance.frame(row.to_frame().T)),
    )
    assert later["opening_nav_local"] == 200
    assert later["record_start_date"] == pd.Timestamp("2020-01-01")
    assert later["irr_flag"] == "one_root"
    assert 0.1 < later["irr_annual"] < 0.2


def test_a_fund_that_grew_as_the_market_has_an_equivalent_of_one() -> None:
    returns = market(MKT={"2020-01-02": 0.0, "2021-01-04": 0.1, "2021-12-31": 0.2})
    row = run(fund("2022-01-01", 132, called=100, distributed=0), notices(("2020-01-02", -100)), factor_returns=returns)
    assert row["ks_pme"] == pytest.approx(1.0)


def test_a_fund_in_another_currency_is_held_against_the_market_in_that_currency() -> None:
    returns = market(
        MKT={"2020-01-02": 0.0, "2021-01-04": 0.1, "2021-12-31": 0.2},
        EUR={"2020-01-02": 0.0, "2021-01-04": 0.1, "2021-12-31": 0.0},
    )
    funds = fund("2022-01-01", 120, called=100, distributed=0, currency="EUR")
    assert run(funds, notices(("2020-01-02", -100)), factor_returns=returns)["ks_pme"] == pytest.approx(1.0)
    without = returns[returns["factor"] != "EUR"]
    assert run(funds, notices(("2020-01-02", -100)), factor_returns=without)["ks_pme_reason"] == "no_market_level"


def test_a_flow_before_the_market_is_known_has_no_equivalent() -> None:
    returns = market(MKT={"2021-01-04": 0.1, "2021-12-31": 0.2})
    row = run(fund("2022-01-01", 132, called=100, distributed=0), notices(("2020-01-02", -100)), factor_returns=returns)
    assert math.isnan(row["ks_pme"])
    assert row["ks_pme_reason"] == "no_market_level"


def test_nothing_called_has_no_multiples() -> None:
    row = run(fund("2022-01-01", 0, called=0, distributed=0), notices())
    assert row[["dpi", "rvpi", "tvpi"]].isna().all()
    assert row["ks_pme_reason"] == "nothing_paid_in"
    assert row["irr_flag"] in ("one_sign", "no_period")


def test_no_funds_have_no_rows() -> None:
    found = private_performance(
        private_capital=inexact(book.PrivateCapital.frame()), capital_notices=notices(),
        private_performance_previous=inexact(PrivatePerformance.frame()), accounts=ACCOUNTS,
        class_benchmarks=BENCHMARK, factor_returns=market(), benchmarks=NO_INDEX,
    )  # fmt: skip
    assert found.empty


def test_levels_start_at_one_the_day_before_the_first_return() -> None:
    levels = market_levels(
        BENCHMARK, market(MKT={"2020-01-02": 0.1, "2020-01-03": -0.5}), NO_INDEX, currency="USD", base="USD"
    )
    assert levels.tolist() == pytest.approx([1.0, 1.1, 0.55])
    dates = pd.to_datetime(pd.Series(["2020-01-05", "2020-01-01", "2019-12-31", "2020-02-01"]))
    assert levels_on(levels, dates).tolist() == pytest.approx([0.55, 1.0, math.nan, math.nan], nan_ok=True)
