"""Policy as frames: each passes its contract and says what the files say."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from pydantic import ValidationError

from fo_platform import limits
from fo_platform.contracts import policy as contracts
from fo_platform.policy import frames
from fo_platform.policy.models import ClassPrices, Feed, Source
from fo_platform.policy.office import Policy
from fo_platform.policy.world import load_settlement_cycles
from fo_platform_tests.conftest import ROOT

TABLES = {
    frames.entities: contracts.Entities,
    frames.ownership: contracts.Ownership,
    frames.taxpayers: contracts.Taxpayers,
    frames.accounts: contracts.Accounts,
    frames.allocation_targets: contracts.AllocationTargets,
    frames.limits: contracts.Limits,
    frames.price_rules: contracts.PriceRules,
    frames.class_benchmarks: contracts.ClassBenchmarks,
    frames.cash_rates: contracts.CashRates,
    frames.approvers: contracts.Approvers,
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_frame_passes_its_contract_and_is_not_empty(table: object, policy: Policy) -> None:
    assert len(TABLES[table].validate(table(policy))) > 0


def test_targets_of_every_entity_sum_to_one(policy: Policy) -> None:
    sums = frames.allocation_targets(policy).groupby("entity_id")["weight_target"].sum()
    assert sums.tolist() == pytest.approx([1, 1, 1], abs=1e-15)


def test_money_limits_are_in_the_offices_base_currency(policy: Policy) -> None:
    table = frames.limits(policy).set_index(["entity_id", "limit_name"])["unit"]
    assert table["trust", "reserve"] == "USD"
    assert table["trust", "collar_bps"] == "bps"


def test_a_limit_is_found_exactly_as_it_is_written(policy: Policy) -> None:
    assert limits.limit(frames.limits(policy), "foundation", "drift_limit") == Decimal("0.02")


def test_every_account_is_due_from_every_feed_of_its_source_and_market_data_once(policy: Policy) -> None:
    due = frames.sources(policy).groupby("source").size()
    stated = {"interactive_brokers": 2, "swiss_bank": 4, "us_custodian": 2, "market_data": 1, "fund_reports": 1}
    stated |= {"global_custodian": 4, "digital_custodian": 1}
    private = {"accounting": 2, "fund_administrator": 6, "owner": 2, "performance_system": 2}
    assert due.to_dict() == stated | private


def test_a_feed_is_due_by_the_hours_and_sessions_of_the_office_where_nothing_else_is_declared(policy: Policy) -> None:
    sources = frames.sources(policy)
    due = sources[sources["source"].isin(["swiss_bank", "market_data"])]
    assert set(due["calendar"]) == {"XNYS"}
    assert set(due["time_zone"]) == {"America/New_York"}
    assert set(zip(due["frequency"], due["lag_days"], due["expected_by"], strict=True)) == {("daily", 1, "07:30:00")}


def test_a_declared_calendar_frequency_lag_and_zone_are_those_of_the_feed(policy: Policy) -> None:
    body = policy.sources["swiss_bank"].model_dump(exclude_none=True) | {"time_zone": "Europe/Zurich"}
    body["feeds"] = {"mt535": {"expected_by": "18:00", "calendar": "XSWX", "frequency": "quarterly", "lag": 60}}
    declared = replace(policy, sources={"swiss_bank": Source.model_validate(body)})
    row = frames.sources(declared).iloc[0]
    assert row[["calendar", "frequency", "lag_days", "expected_by", "time_zone"]].tolist() == [
        "XSWX", "quarterly", 60, "18:00:00", "Europe/Zurich",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "wrong", "said"),
    [("calendar", "XXXX", "no exchange"), ("frequency", "hourly", "quarterly"), ("lag", 0, "greater than")],
)
def test_a_feed_that_could_never_be_due_is_refused(key: str, wrong: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Feed.model_validate({"expected_by": "07:30", key: wrong})


def test_a_time_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError, match="no time zone"):
        Source.model_validate({"name": "S", "time_zone": "Zurich", "feeds": {"f": {"expected_by": "07:30"}}})


def test_settlement_cycles_change_on_the_day_the_rules_changed() -> None:
    cycles = load_settlement_cycles(ROOT / "resources/reference")
    us = cycles[(cycles["market"] == "US") & (cycles["valid_from"] <= pd.Timestamp("2024-05-27"))]
    assert us["cycle_days"].iloc[-1] == 2
    assert cycles.set_index(["market", "valid_from"])["cycle_days"]["EU", pd.Timestamp("2027-10-11")] == 1


def test_prices_have_rules_for_any_class_and_for_those_that_differ(policy: Policy) -> None:
    special = ClassPrices(sources=["swiss_bank"], age_max_days=120)
    stated = replace(policy, prices=policy.prices.model_copy(update={"classes": {"fixed_income": special}}))
    rows = frames.price_rules(stated)
    contracts.PriceRules.validate(rows)
    usual, own = (rows[rows["asset_class"] == name] for name in ("*", "fixed_income"))
    assert usual.sort_values("source_rank")["source"].tolist() == policy.prices.sources
    assert set(usual["price_age_max_days"].tolist()) == {int(policy.limits.of("office")["price_age_max_days"])}
    assert own[["source", "source_rank", "price_age_max_days", "price_spike_factor"]].to_numpy().tolist() == [
        ["swiss_bank", 0, 120, 10.0]
    ]


def test_what_a_class_is_measured_against_is_a_row_a_part_and_a_rate_has_its_number(policy: Policy) -> None:
    rows = frames.class_benchmarks(policy)
    shares = rows[(rows["asset_class"] == "intl_equity") & (rows["benchmark_kind"] != "currency")]
    assert shares["weight_component"].tolist() == [1.0]
    cash = rows[rows["asset_class"] == "cash"]
    assert cash["interest_rate"].tolist() == cash["benchmark_id"].astype("float64").tolist()
    assert rows.loc[rows["asset_class"] == "private_equity", "benchmark_kind"].tolist() == ["own"]
