"""The marts: built from what is new, equal to those built from everything, and told when a test finds something."""

import re
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from fo_platform.clock import morning_of
from fo_platform.contracts import analytics, book, decision
from fo_platform.contracts._base import Table
from fo_platform.contracts.catalogue import tables
from fo_platform.errors import DataError
from fo_platform.office import Office, open_office
from fo_platform.operations import marts
from fo_platform.operations.marts import CACHE, build_marts, models
from fo_platform.settings import Settings
from fo_platform.warehouse.warehouse import Derivation
from fo_platform_tests.conftest import ROOT

CONTRACTS = {table.name: table for table in tables()}
FIRST, SECOND, THIRD = date(2022, 6, 13), date(2022, 6, 14), date(2022, 6, 15)
HOW = Derivation({}, "0" * 64, "test")
MARTS = [model.name for model in models(ROOT / "dbt")]


class OwnerlessApproval(decision.Approval):
    """An approval of which only the digest is known, which its contract would refuse."""

    columns = re.sub(r" (\w+)\b\??", r" \1?", decision.Approval.columns)


OwnerlessApproval.name = decision.Approval.name


@pytest.fixture
def office(settings: Settings) -> Office:
    """An office whose ledger knows no table yet."""
    opened = open_office(settings)
    opened.ledger.move_clock(morning_of(FIRST))
    return opened


def _write(office: Office, contract: type[Table], day: date, *rows: dict[str, object]) -> None:
    office.warehouse.write(contract.name, contract, day, contract.frame(rows), HOW)


def _allocated(office: Office, day: date, *, us: str = "60.00", is_breach: bool = False) -> None:
    shared = {"nav_base": "100.00", "weight_target": 0.5, "drift_total": 0.1, "drift_limit": 0.02}
    rows = [
        {
            **shared, "scope": scope, "asset_class": name, "market_value_base": value, "weight": float(value) / 100,
            "is_breach": is_breach, "is_hard_breach": False, "sleeve_base": 100,
        }
        for scope in ("office", "trust")
        for name, value in (("us_equity", us), ("cash", f"{100 - float(us):.2f}"))
    ]  # fmt: skip
    _write(office, analytics.AllocationDrift, day, *rows)
    flags = {"is_priced": True, "is_stale": False, "has_break": False}
    held = {
        **flags,
        "entity_id": "trust",
        "currency": "USD",
        "quantity": 1,
        "accrued_local": 0,
        "account_id": "trust_ib",
    }
    lines = (("KO", "us_equity", "security", us), ("CASH.USD", "cash", "cash", f"{100 - float(us):.2f}"))
    names = ("instrument_id", "asset_class", "holding_kind", "market_value_base")
    _write(office, book.Holdings, day, *({**held, **dict(zip(names, line, strict=True))} for line in lines))


def _broken(office: Office, day: date, *found: str) -> None:
    row = {"account_id": "trust_ib", "severity": "warn", "break_class": "CASH", "age_sessions": 0, "explanation": "x"}
    rows = [{**row, "break_id": name, "instrument_id": "CASH.USD", "first_seen_date": day} for name in found]
    _write(office, book.ReconciliationBreaks, day, *rows)


def _rows(office: Office, name: str) -> pd.DataFrame:
    with duckdb.connect(str(office.settings.home / CACHE), read_only=True) as connection:
        return connection.table(name).order(", ".join(CONTRACTS[name].key)).df()


def test_days_that_are_new_or_remade_give_what_a_build_from_everything_gives(office: Office) -> None:
    _allocated(office, FIRST)
    _broken(office, FIRST, "a", "b")
    assert build_marts(office, CONTRACTS).days == 1
    _allocated(office, SECOND, us="55.00")
    _broken(office, FIRST)
    built = build_marts(office, CONTRACTS)
    assert (built.days, sum(built.wrong_rows.values())) == (2, 0)
    grown = {name: _rows(office, name) for name in MARTS}
    assert grown["marts.break_ageing"].empty
    assert len(grown["marts.allocation_history"]) == 8
    (office.settings.home / CACHE).unlink()
    assert build_marts(office, CONTRACTS).days == 2
    for name, rows in grown.items():
        pd.testing.assert_frame_equal(rows, _rows(office, name))


def test_a_decision_takes_the_sessions_from_the_first_breach_to_the_last_signature(office: Office) -> None:
    _allocated(office, FIRST)
    for day in (SECOND, THIRD):
        _allocated(office, day, is_breach=True)
    signed = {
        "proposal_digest": "d" * 64, "entity_id": "trust", "approval_status": "approved", "signatures": 2,
        "signers": "cio,principal", "approved_at": pd.Timestamp("2022-06-15T12:00Z"), "valid_until_date": THIRD,
    }  # fmt: skip
    _write(office, decision.Approval, THIRD, signed)
    build_marts(office, CONTRACTS)
    row = _rows(office, "marts.approval_history").iloc[0]
    assert (row["breach_date"], row["decision_days"]) == (pd.Timestamp(SECOND), 1)
    kpis = _rows(office, "marts.operating_kpis").set_index("kpi")["kpi_figure"]
    assert kpis[["rebalances", "decision_days_median", "days_above_limit"]].tolist() == [1, 1, 2]


def test_a_test_that_finds_rows_is_told_and_keeps_nothing_back(office: Office) -> None:
    _allocated(office, FIRST)
    _write(office, book.Holdings, FIRST)
    _write(
        office,
        analytics.ExposuresClass,
        FIRST,
        {"scope": "office", "asset_class": "cash", "weight": 0.5, "market_value_base": 5},
    )
    built = build_marts(office, CONTRACTS)
    assert built.wrong_rows["exposures_sum_to_one"] == 1
    assert built.rows["marts.exposures_history"] == 1
    assert set(built.wrong_rows) == set(marts.tests(ROOT / "dbt"))


def test_a_model_that_breaks_its_contract_leaves_the_served_marts_alone(office: Office) -> None:
    _allocated(office, FIRST)
    build_marts(office, CONTRACTS)
    before = (office.settings.home / CACHE).read_bytes()
    _write(office, OwnerlessApproval, SECOND, {"proposal_digest": "d" * 64})
    with pytest.raises(DataError, match="approval_days"):
        build_marts(office, CONTRACTS)
    assert (office.settings.home / CACHE).read_bytes() == before


def test_a_served_file_that_cannot_be_read_and_what_a_killed_build_left_are_replaced(office: Office) -> None:
    home = office.settings.home
    _allocated(office, FIRST)
    (home / CACHE).write_bytes(b"torn")
    left = home / "warehouse-killed.duckdb"
    left.write_bytes(b"half")
    assert build_marts(office, CONTRACTS).days == 1
    assert not left.exists()
    assert len(_rows(office, "marts.allocation_history")) == 4


def test_an_office_that_knows_nothing_has_nothing_to_build(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing to build"):
        build_marts(open_office(settings), CONTRACTS)
    assert not list(tmp_path.rglob("*.duckdb"))
