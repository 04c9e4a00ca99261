"""@table_asset: what is written once, what a broken contract or a check keeps from being written, what is shown."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from fo_platform.checks._check import Check
from fo_platform.clock import morning_of
from fo_platform.contracts._base import Table
from fo_platform.defs import _table
from fo_platform.defs._figures import FIGURES
from fo_platform.defs._table import previous, table_asset
from fo_platform.lineage.code import code_hash
from fo_platform.office import Office, open_office
from fo_platform.operations.read import of_day
from fo_platform.settings import Settings

DAY, NEXT = date(2022, 3, 18), date(2022, 3, 21)
"""A Friday and the session after it."""

GOOD = [{"entity_id": "llc", "ownership_share": 0.75}, {"entity_id": "trust", "ownership_share": 0.25}]
SECRET = "CH93-0076"


class Shares(Table):
    """Parts by owner."""

    key = ("entity_id",)
    columns = "entity_id ownership_share"


KEY = dg.AssetKey(Shares.name.split("."))
Rows = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def _own_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The location's own tables stay as they are."""
    monkeypatch.setattr(_table, "RECIPES", {})
    monkeypatch.setitem(FIGURES, Shares.name, ())


@pytest.fixture
def office(settings: Settings) -> Office:
    """An office on the morning of the day, with nothing in it."""
    office = open_office(settings)
    office.ledger.move_clock(morning_of(DAY))
    return office


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Declares a check of the shares: none is above one half."""

    def declare(*, is_blocking: bool) -> None:
        found = Check(Shares.name, "no_majority", "Nobody owns most.", _majorities, is_blocking=is_blocking)
        monkeypatch.setattr(_table, "checks_of", lambda table: [found] if table == Shares.name else [])

    return declare


def _majorities(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["ownership_share"].astype("float64") > 0.5]


def shares(rows: Rows, **how: Any) -> dg.AssetsDefinition:
    """The table of these rows, as they are when it is made."""
    return table_asset(Shares, **how)(lambda: pd.DataFrame(rows))


def run(
    office: Office, *assets: dg.AssetsDefinition, day: date | None = DAY, tags: Mapping[str, str] | None = None
) -> dg.ExecuteInProcessResult:
    resources = {"office": office}
    partition = str(day) if day else None
    return dg.materialize(assets, resources=resources, partition_key=partition, tags=tags, raise_on_error=False)


def found(result: dg.ExecuteInProcessResult, check_name: str = "contract") -> tuple[bool, dict[str, Any]]:
    """Whether a check passed, and what it shows."""
    [one] = [each for each in result.get_asset_check_evaluations() if each.check_name == check_name]
    return one.passed, {name: shown.value for name, shown in one.metadata.items()}


def shown(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    """Metadata of the only materialization."""
    [event] = result.asset_materializations_for_node(KEY.to_python_identifier())
    return {name: value.value for name, value in event.metadata.items()}


def stored(office: Office, day: date = DAY) -> Rows:
    return [{str(name): cell for name, cell in row.items()} for row in of_day(office, Shares, day).to_dict("records")]


def batches(office: Office) -> list[Any]:
    return office.warehouse.batches(Shares.name, DAY, NEXT)


def test_a_table_is_written_once_and_the_same_again_is_no_new_batch(office: Office) -> None:
    asset = shares(GOOD)
    first, second = run(office, asset), run(office, asset)
    assert first.success
    assert second.success
    assert [shown(result)["new_batches"] for result in (first, second)] == [1, 0]
    assert shown(first)["batch_id"] == shown(second)["batch_id"]
    assert len(batches(office)) == 1
    assert stored(office) == GOOD


def test_a_table_shows_the_batch_that_holds_it(office: Office) -> None:
    result = run(office, shares(GOOD))
    [batch] = batches(office)
    metadata = shown(result)
    assert metadata["dagster/row_count"] == 2
    assert (metadata["batch_id"], metadata["content_sha256"]) == (batch.batch_id, batch.content_sha256)
    assert metadata["seconds"] > 0
    assert (batch.code_hash, batch.run_id) == (code_hash(), result.run_id)
    [event] = result.asset_materializations_for_node(KEY.to_python_identifier())
    assert (event.tags or {})["dagster/data_version"] == batch.content_sha256
    assert found(result) == (True, {"rows": 2})


@pytest.mark.parametrize(
    "row",
    [
        {"entity_id": "llc", "ownership_share": 0.25},
        {"entity_id": "foundation", "ownership_share": 1.5},
        {"entity_id": None, "ownership_share": 0.25},
        {"entity_id": "foundation", "ownership_share": "most"},
        {"entity_id": "foundation", "ownership_share": 0.25, "strange": 1},
    ],
    ids=["key twice", "out of range", "unknown key", "no number", "strange column"],
)
def test_a_broken_contract_fails_the_run_and_leaves_the_last_good_table(office: Office, row: dict[str, Any]) -> None:
    rows = [dict(good) for good in GOOD]
    asset = shares(rows)
    run(office, asset)
    rows.append(row)
    broken = run(office, asset)
    passed, metadata = found(broken)
    assert not broken.success
    assert not passed
    assert (metadata["day"], metadata["failures"] > 0) == (str(DAY), True)
    assert broken.asset_materializations_for_node(KEY.to_python_identifier()) == []
    assert len(batches(office)) == 1
    assert stored(office) == GOOD


def test_what_comes_after_a_table_is_made_only_if_its_contract_holds(office: Office) -> None:
    later = table_asset(Shares, name="test_table_asset.later", follows=(Shares.name,))(lambda: pd.DataFrame(GOOD))
    assert not run(office, shares([*GOOD, *GOOD]), later).success
    assert office.warehouse.batches("test_table_asset.later", DAY, DAY) == []
    assert run(office, shares(GOOD), later).success
    assert len(office.warehouse.batches("test_table_asset.later", DAY, DAY)) == 1


def test_a_blocking_check_that_finds_rows_keeps_the_table_from_being_written(
    office: Office, check: Callable[..., None]
) -> None:
    check(is_blocking=True)
    rows = [{"entity_id": "trust", "ownership_share": 0.25}]
    asset = shares(rows)
    assert run(office, asset).success
    rows[0] = {"entity_id": "trust", "ownership_share": 0.75}
    blocked = run(office, asset)
    passed, metadata = found(blocked, "no_majority")
    assert not blocked.success
    assert (passed, metadata["wrong_rows"]) == (False, 1)
    assert blocked.asset_materializations_for_node(KEY.to_python_identifier()) == []
    assert stored(office) == [{"entity_id": "trust", "ownership_share": 0.25}]


def test_a_warning_is_shown_and_the_table_written(office: Office, check: Callable[..., None]) -> None:
    check(is_blocking=False)
    result = run(office, shares(GOOD))
    passed, metadata = found(result, "no_majority")
    assert result.success
    assert (passed, metadata["wrong_rows"]) == (False, 1)
    assert "llc" in metadata["sample"]
    assert "trust" not in metadata["sample"]
    assert stored(office) == GOOD


def test_a_check_that_finds_nothing_passes(office: Office, check: Callable[..., None]) -> None:
    check(is_blocking=True)
    assert found(run(office, shares(GOOD[1:])), "no_majority")[0]


def test_a_broken_contract_shows_the_rows_that_break_it(office: Office) -> None:
    result = run(office, shares([{"entity_id": SECRET, "ownership_share": 0.25}] * 2))
    assert SECRET in found(result)[1]["sample"]
    assert SECRET in repr(result.all_events)


@pytest.mark.parametrize("share", [0.25, SECRET], ids=["key twice", "no number"])
def test_a_table_with_personal_data_counts_what_is_broken_and_shows_none_of_it(office: Office, share: object) -> None:
    result = run(office, shares([{"entity_id": SECRET, "ownership_share": share}] * 2, has_pii=True))
    passed, metadata = found(result)
    assert (passed, metadata["sample"]) == (False, "not shown")
    assert metadata["failures"] > 0
    assert SECRET not in repr(result.all_events)


def test_the_world_is_touched_on_the_offices_day_and_in_no_rerun_of_another(office: Office) -> None:
    touched: list[tuple[str, date]] = []
    asset = shares(
        GOOD, before=lambda _, day: touched.append(("before", day)), after=lambda _, day: touched.append(("after", day))
    )
    assert run(office, asset, day=NEXT).success
    assert touched == []
    assert run(office, asset, day=DAY).success
    assert touched == [("before", DAY), ("after", DAY)]


def test_a_range_run_writes_every_day(office: Office) -> None:
    asset = table_asset(Shares)(lambda day: pd.DataFrame({"entity_id": [f"{day:%d}"], "ownership_share": [0.25]}))
    span = {"dagster/asset_partition_range_start": str(DAY), "dagster/asset_partition_range_end": str(NEXT)}
    result = run(office, asset, day=None, tags=span)
    assert result.success
    assert found(result) == (True, {"rows": 2})
    assert [row["entity_id"] for day in (DAY, NEXT) for row in stored(office, day)] == ["18", "21"]


def test_what_was_read_is_named_by_its_batches(office: Office) -> None:
    def grown(day: pd.Timestamp, earlier: pd.DataFrame) -> pd.DataFrame:
        """Yesterday's rows and one more."""
        return pd.concat([earlier, pd.DataFrame({"entity_id": [f"{day:%d}"], "ownership_share": [0.25]})])

    asset = table_asset(Shares, reads={"earlier": previous(Shares.name)})(grown)
    for day in (DAY, NEXT):
        assert run(office, asset, day=day).success
    [first, second] = batches(office)
    assert [row["entity_id"] for row in stored(office, NEXT)] == ["18", "21"]
    assert (first.inputs, second.inputs) == ('{"earlier": []}', f'{{"earlier": ["{first.batch_id}"]}}')
