"""Batches: what a day says as known at an instant, and what a write leaves when nothing or something changed."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fo_platform import crash
from fo_platform.contracts.reference import FxRates
from fo_platform.errors import LedgerError
from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger
from fo_platform.warehouse.warehouse import Derivation, Warehouse, Written
from fo_platform_tests.databases import Database
from fo_platform_tests.processes import together
from fo_platform_tests.warehouse.exchange_rates import HOW, MONDAY, TUESDAY, rates, shown

ASSET = FxRates.name
PROCESSES = """
import sys
from pathlib import Path
from fo_platform.contracts.reference import FxRates
from fo_platform.ledger.ledger import Ledger
from fo_platform.warehouse.warehouse import Warehouse
from fo_platform_tests.warehouse.exchange_rates import HOW, TUESDAY, rates
warehouse = Warehouse(Ledger.open(sys.argv[1]), Path(sys.argv[2]))
warehouse.write(FxRates.name, FxRates, TUESDAY, rates(CHF="1.01", EUR=sys.argv[3]), HOW)
"""


def write(warehouse: Warehouse, frame: pd.DataFrame, day: date = TUESDAY, how: Derivation = HOW) -> Written:
    return warehouse.write(ASSET, FxRates, day, frame, how)


def rows(
    warehouse: Warehouse, days: tuple[date, date] = (TUESDAY, TUESDAY), known_at: datetime | None = None, *,
    asset: str = ASSET, exact: bool = True,
) -> pd.DataFrame:  # fmt: skip
    """What a fresh process reads from the files, which is what the writer still has in memory."""
    batches = warehouse.batches(asset, *days, known_at)
    stored = Warehouse(warehouse.ledger, warehouse.lake).read(FxRates, batches, exact=exact)
    pd.testing.assert_frame_equal(warehouse.read(FxRates, batches, exact=exact), stored)
    return stored


def read(warehouse: Warehouse, day: date = TUESDAY, known_at: datetime | None = None) -> dict[str, str]:
    return shown(rows(warehouse, (day, day), known_at))


def count(warehouse: Warehouse, table: sa.Table) -> int:
    return int(warehouse.ledger.rows(sa.select(sa.func.count()).select_from(table))[0][0])


def files(warehouse: Warehouse) -> list[Path]:
    return [path for path in warehouse.lake.rglob("*") if path.is_file()]


def test_a_table_comes_back_as_it_was_written(warehouse: Warehouse) -> None:
    frame = rates(EUR="1.05", CHF="1.01")
    write(warehouse, frame)
    pd.testing.assert_frame_equal(rows(warehouse), frame)


def test_a_day_without_batches_is_an_empty_table_of_the_right_types(warehouse: Warehouse) -> None:
    empty = warehouse.read(FxRates, warehouse.batches(ASSET, TUESDAY, TUESDAY))
    pd.testing.assert_frame_equal(empty, FxRates.frame())


def test_a_table_that_is_empty_is_a_batch_all_the_same(warehouse: Warehouse) -> None:
    assert write(warehouse, rates()).is_new
    assert not write(warehouse, rates()).is_new
    assert read(warehouse) == {}


def test_inexact_reading_gives_floats(warehouse: Warehouse) -> None:
    write(warehouse, rates(EUR="1.05"))
    frame = rows(warehouse, exact=False)
    assert frame["fx_rate"].dtype == "float64"
    assert frame["fx_rate"].tolist() == [1.05]


def test_a_restatement_is_seen_from_then_on_and_the_old_view_stays(warehouse: Warehouse) -> None:
    write(warehouse, rates(CHF="1.01", EUR="1.05"))
    before = warehouse.ledger.last_known_at()
    write(warehouse, rates(CHF="1.01", EUR="1.06"))
    assert read(warehouse) == {"CHF": "1.01", "EUR": "1.06"}
    assert read(warehouse, known_at=before) == {"CHF": "1.01", "EUR": "1.05"}
    assert read(warehouse, known_at=datetime(2000, 1, 1, tzinfo=UTC)) == {}


def test_a_row_missing_from_the_restatement_is_gone_and_may_come_back(warehouse: Warehouse) -> None:
    write(warehouse, rates(CHF="1.01", EUR="1.05"))
    write(warehouse, rates(CHF="1.01"))
    assert read(warehouse) == {"CHF": "1.01"}
    write(warehouse, rates(CHF="1.02"))
    assert read(warehouse) == {"CHF": "1.02"}
    write(warehouse, rates(CHF="1.02", EUR="1.07"))
    assert read(warehouse) == {"CHF": "1.02", "EUR": "1.07"}


def test_days_do_not_see_one_another(warehouse: Warehouse) -> None:
    write(warehouse, rates(CHF="1.00"), MONDAY)
    write(warehouse, rates(CHF="1.01"), TUESDAY)
    assert (read(warehouse, MONDAY), read(warehouse, TUESDAY)) == ({"CHF": "1.00"}, {"CHF": "1.01"})


def test_a_window_of_days_carries_its_dates_and_each_day_stands_as_last_known(warehouse: Warehouse) -> None:
    for day, rate in ((MONDAY, "1.00"), (TUESDAY, "1.01"), (MONDAY, "0.99")):
        write(warehouse, rates(CHF=rate), day)
    frame = rows(warehouse, (MONDAY, TUESDAY))
    assert [(str(row.business_date.date()), f"{row.fx_rate:.2f}") for row in frame.itertuples()] == [
        ("2022-06-13", "0.99"),
        ("2022-06-14", "1.01"),
    ]


def test_what_does_not_fit_into_memory_is_read_from_the_files(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fo_platform.warehouse.warehouse.BYTES_KEPT", 1)
    small = Warehouse(warehouse.ledger, warehouse.lake)
    write(small, rates(CHF="1.00"), MONDAY)
    write(small, rates(CHF="1.01"))
    assert len(rows(small, (MONDAY, TUESDAY))) == 2


def test_the_latest_day_is_the_newest_one_known_then(warehouse: Warehouse) -> None:
    write(warehouse, rates(CHF="1.00"), MONDAY)
    known = warehouse.ledger.last_known_at()
    write(warehouse, rates(CHF="1.01"), TUESDAY)
    assert warehouse.latest_day(ASSET, date.max) == TUESDAY
    assert warehouse.latest_day(ASSET, MONDAY) == MONDAY
    assert warehouse.latest_day(ASSET, date.max, known) == MONDAY
    assert warehouse.latest_day(ASSET, date(2022, 6, 12)) is None


def test_equal_content_is_no_new_batch_but_its_derivation_is_kept(warehouse: Warehouse) -> None:
    first = write(warehouse, rates(CHF="1.01", EUR="1.05"))
    again = write(warehouse, rates(CHF="1.01", EUR="1.05"), how=Derivation({"raw.x": ["b2"]}, "code2", "run2"))
    assert (first.is_new, again.is_new, again.batch_id) == (True, False, first.batch_id)
    derivations = warehouse.ledger.rows(sa.select(tables.derivations).order_by(tables.derivations.c.audit_seq))
    assert [(row.batch_id, json.loads(row.inputs), row.code_hash, row.run_id) for row in derivations] == [
        (first.batch_id, {"raw.market_data": ["b1"]}, "code1", "run1"),
        (first.batch_id, {"raw.x": ["b2"]}, "code2", "run2"),
    ]
    assert len(files(warehouse)) == 1


def test_content_that_returns_to_what_it_was_is_a_new_batch(warehouse: Warehouse) -> None:
    first = write(warehouse, rates(CHF="1.01"))
    write(warehouse, rates(CHF="1.02"))
    third = write(warehouse, rates(CHF="1.01"))
    assert (third.is_new, third.content_sha256) == (True, first.content_sha256)
    assert read(warehouse) == {"CHF": "1.01"}


def test_a_file_without_its_ledger_row_is_seen_by_nobody(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    write(warehouse, rates(CHF="1.01"))
    _at(monkeypatch, "batch.file_written", _power_failure)
    with pytest.raises(SystemExit):
        write(warehouse, rates(CHF="9.99"))
    assert len(files(warehouse)) == 2
    assert read(warehouse) == {"CHF": "1.01"}


def test_a_commit_that_fails_half_way_leaves_no_batch(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    _at(monkeypatch, "batch.before_commit", _power_failure)
    with pytest.raises(SystemExit):
        write(warehouse, rates(CHF="1.01"))
    assert (count(warehouse, tables.batches), count(warehouse, tables.derivations)) == (0, 0)


def _power_failure() -> None:
    raise SystemExit


def _at(monkeypatch: pytest.MonkeyPatch, name: str, act: object) -> None:
    """Do something the first time a crash point is passed."""
    acts = {name: act}

    def point(passed: str) -> None:
        if callable(once := acts.pop(passed, None)):
            once()

    monkeypatch.setattr(crash, "point", point)


def test_a_write_that_another_process_overtook_still_replaces_the_whole_day(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(warehouse, rates(CHF="1.01"))
    other = Warehouse(warehouse.ledger, warehouse.lake)
    _at(monkeypatch, "batch.file_written", lambda: write(other, rates(CHF="1.01", EUR="1.05")))
    written = write(warehouse, rates(CHF="1.02"))
    assert (written.is_new, read(warehouse)) == (True, {"CHF": "1.02"})
    assert len(files(warehouse)) == count(warehouse, tables.batches) == 3


def test_a_write_that_another_process_overtook_with_the_same_content_adds_no_batch(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Warehouse(warehouse.ledger, warehouse.lake)
    _at(monkeypatch, "batch.file_written", lambda: write(other, rates(CHF="1.01")))
    assert not write(warehouse, rates(CHF="1.01")).is_new
    assert len(files(warehouse)) == count(warehouse, tables.batches) == 1
    assert count(warehouse, tables.derivations) == 2


def test_four_processes_that_write_the_same_table_make_one_batch(database: Database, tmp_path: Path) -> None:
    url = database.new()
    together(PROCESSES, *[[url, str(tmp_path / "lake"), "1.05"]] * 4)
    warehouse = Warehouse(Ledger.open(url), tmp_path / "lake")
    assert (count(warehouse, tables.batches), count(warehouse, tables.derivations)) == (1, 4)
    assert read(warehouse) == {"CHF": "1.01", "EUR": "1.05"}
    assert len(files(warehouse)) == 1
    warehouse.ledger.engine.dispose()


def test_lost_files_are_restored_from_the_same_content_to_the_same_views(warehouse: Warehouse) -> None:
    frames = [rates(CHF="1.01", EUR="1.05"), rates(CHF="1.01"), rates(CHF="1.02")]
    for frame in frames:
        write(warehouse, frame)
    batches = warehouse.batches(ASSET, TUESDAY, TUESDAY)
    views = [read(warehouse, known_at=batch.known_at) for batch in batches]
    for path in files(warehouse):
        path.unlink()
    for batch, frame in zip(batches, frames, strict=True):
        warehouse.restore(batch, FxRates, frame)
    assert [read(warehouse, known_at=batch.known_at) for batch in batches] == views == [shown(f) for f in frames]


def test_other_content_is_not_taken_for_a_lost_file(warehouse: Warehouse) -> None:
    write(warehouse, rates(CHF="1.01"))
    (batch,) = warehouse.batches(ASSET, TUESDAY, TUESDAY)
    (warehouse.lake / batch.path).unlink()
    with pytest.raises(LedgerError, match=f"{ASSET} of 2022-06-14 rebuilt to"):
        warehouse.restore(batch, FxRates, rates(CHF="1.02"))
    assert files(warehouse) == []


HISTORIES = st.lists(
    st.dictionaries(st.sampled_from(["CHF", "EUR", "GBP"]), st.sampled_from(["1.00", "2.00"])), max_size=6
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HISTORIES)
def test_every_view_of_a_day_is_exactly_what_was_last_written_then(
    warehouse: Warehouse, history: list[dict[str, str]]
) -> None:
    asset, known = f"example {count(warehouse, tables.derivations)}", []
    for table in history:
        warehouse.write(asset, FxRates, TUESDAY, rates(**table), HOW)
        known.append(warehouse.ledger.last_known_at())
    views = [rows(warehouse, known_at=then, asset=asset) for then in known]
    assert [shown(view) for view in views] == history
