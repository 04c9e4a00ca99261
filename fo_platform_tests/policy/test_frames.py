"""Policy as frames: each passes its contract and says what the files say."""

from decimal import Decimal

import pandas as pd
import pytest

from fo_platform import limits
from fo_platform.contracts import policy as contracts
from fo_platform.policy import frames
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
    assert due.to_dict() == {"interactive_brokers": 2, "market_data": 1, "swiss_bank": 4, "us_custodian": 2}


def test_settlement_cycles_change_on_the_day_the_rules_changed() -> None:
    cycles = load_settlement_cycles(ROOT / "resources/reference")
    us = cycles[(cycles["market"] == "US") & (cycles["valid_from"] <= pd.Timestamp("2024-05-27"))]
    assert us["cycle_days"].iloc[-1] == 2
    assert cycles.set_index(["market", "valid_from"])["cycle_days"]["EU", pd.Timestamp("2027-10-11")] == 1
