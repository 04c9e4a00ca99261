"""The records of a day as one frame: of every source, and of later days where it was restated. Meaning is book's."""

from collections.abc import Callable, Mapping
from datetime import datetime

import pandas as pd

from fo_platform.contracts.raw import Record
from fo_platform.ledger.queries import Row
from fo_platform.ledger.restated import Restated
from fo_platform.lineage.in_effect import in_effect
from fo_platform.warehouse.warehouse import Warehouse

Listed = Mapping[str, list[Row]]
"""Batches by raw table."""


def raw_records(warehouse: Warehouse, listed: Listed, again: Restated | None) -> pd.DataFrame:
    """raw.Record with `source`: every record of the batches, or of a restated day those that count on it."""
    ids = tuple((table, *(batch.batch_id for batch in batches)) for table, batches in listed.items())
    if again is None:
        return warehouse.lately(("raw_records", ids), lambda: _joined(warehouse, listed, _of_day))
    day = again.day.date()
    own = {table: [batch for batch in batches if batch.business_date == day] for table, batches in listed.items()}
    later = {table: [batch for batch in batches if batch.business_date > day] for table, batches in listed.items()}
    return warehouse.lately(
        ("raw_records", ids, day, again.link),
        lambda: in_effect(_joined(warehouse, own, _of_day), _joined(warehouse, later, _of_each_file), again),
    )


def late_batches(warehouse: Warehouse, table: str, again: Restated, read_at: datetime | None) -> list[Row]:
    """Batches of a raw table's later days that hold records which speak of a restated day.

    All of each day: its newest lacks a file that another one has replaced there since, but not yet on the restated day.
    """
    days = again.late.loc[again.late["source"] == table.split(".")[1], "received_date"]
    if days.empty:
        return []
    known = warehouse.batches(table, days.min().date(), days.max().date(), read_at)
    return [batch for batch in known if _speaks(warehouse, batch, again)]


def _speaks(warehouse: Warehouse, batch: Row, again: Restated) -> bool:
    key = ("statement_date", batch.batch_id)
    dates = warehouse.lately(key, lambda: _statement_dates(warehouse, batch))
    return bool(dates["statement_date"].between(*again.speaks_of).any())


def _statement_dates(warehouse: Warehouse, batch: Row) -> pd.DataFrame:
    return warehouse.read(Record, [batch])[["statement_date"]].drop_duplicates()


def _joined(warehouse: Warehouse, listed: Listed, read: Callable[[Warehouse, list[Row]], pd.DataFrame]) -> pd.DataFrame:
    frames = {table.split(".")[1]: read(warehouse, batches) for table, batches in listed.items()}
    parts = [f.assign(source=pd.Series(s, f.index, dtype="string[pyarrow]")) for s, f in frames.items()]
    return pd.concat(parts, ignore_index=True)


def _of_day(warehouse: Warehouse, batches: list[Row]) -> pd.DataFrame:
    return warehouse.read(Record, batches)


def _of_each_file(warehouse: Warehouse, batches: list[Row]) -> pd.DataFrame:
    """Records of every file in any of the batches, as the newest that holds the file has them."""
    parts, seen = [Record.frame()], set[str]()
    for batch in reversed(batches):
        rows = warehouse.read(Record, [batch])
        parts.append(rows[~rows["file_sha256"].isin(seen)])
        seen.update(rows["file_sha256"])
    return pd.concat(parts, ignore_index=True)
