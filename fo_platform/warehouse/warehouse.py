"""Append-only tables: one immutable file a batch, visible only by its ledger row. What the tables mean does not belong here."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlalchemy.engine import Row

from fo_platform import crash
from fo_platform.contracts._base import Table
from fo_platform.errors import LedgerError
from fo_platform.ids import random_id
from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger
from fo_platform.warehouse.asof import AS_OF, SINGLE
from fo_platform.warehouse.content import content_hash


@dataclass(frozen=True)
class Derivation:
    """How a table of a day came about: what was read, at which K, by which code, in which run."""

    inputs: Mapping[str, list[str]]
    code_hash: str
    run_id: str
    read_at: datetime | None = None
    parameters: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Written:
    """The batch that holds the content, and whether this write made it."""

    batch_id: str
    content_sha256: str
    row_count: int
    is_new: bool


class Warehouse:
    """Tables under one folder, listed by the ledger and read through this process's one in-memory DuckDB."""

    def __init__(self, ledger: Ledger, lake: Path) -> None:
        """Nothing is opened before it is needed."""
        self.ledger = ledger
        self.lake = lake

    @cached_property
    def duck(self) -> duckdb.DuckDBPyConnection:
        """One connection a process: connecting costs 15 ms."""
        return duckdb.connect()

    def batches(self, asset: str, first: date, last: date, known_at: datetime | None = None) -> list[Row[Any]]:
        """Batches of a table between two business dates (inclusive), oldest first, as known at an instant."""
        batch = tables.batches.c
        query = sa.select(tables.batches).where(batch.asset == asset, batch.business_date.between(first, last))
        if known_at is not None:
            query = query.where(batch.known_at <= known_at)
        return self.ledger.rows(query.order_by(batch.known_at))

    def batches_by_id(self, batch_ids: Iterable[str]) -> list[Row[Any]]:
        """Batches by their ids, oldest first."""
        query = sa.select(tables.batches).where(tables.batches.c.batch_id.in_(list(batch_ids)))
        return self.ledger.rows(query.order_by(tables.batches.c.known_at))

    def latest_day(self, asset: str, last: date, known_at: datetime | None = None) -> date | None:
        """Newest business date up to `last` on which the table has a batch."""
        batch = tables.batches.c
        query = sa.select(sa.func.max(batch.business_date)).where(batch.asset == asset, batch.business_date <= last)
        if known_at is not None:
            query = query.where(batch.known_at <= known_at)
        return self.ledger.rows(query)[0][0]

    def read(self, contract: type[Table], batches: list[Row[Any]], *, exact: bool = True) -> pd.DataFrame:
        """Rows of the listed batches as of the newest of each day: last row of a key wins, tombstones are gone.

        Adds `business_date` when the batches span several days.
        """
        if not batches:
            return contract.from_arrow(contract.arrow_schema().empty_table(), exact=exact)
        frame = contract.from_arrow(self.arrow(contract, batches), exact=exact)
        return frame.sort_values([*_dated(batches), *contract.key], kind="stable", ignore_index=True)

    def arrow(self, contract: type[Table], batches: list[Row[Any]]) -> pa.Table:
        """The same rows as an arrow table, unsorted."""
        paths = [str(self.lake / batch.path) for batch in batches]
        columns = ", ".join(f'"{name}"' for name in [*contract.fields(), *_dated(batches)])
        if len(batches) == 1:
            return self.duck.execute(SINGLE.format(columns=columns), [paths]).to_arrow_table()
        listing = pa.table(
            {
                "batch_id": [batch.batch_id for batch in batches],
                "business_date": pa.array([batch.business_date for batch in batches], pa.date32()),
                "known_at": [batch.known_at.isoformat() for batch in batches],
            }
        )
        self.duck.register("batches", listing)
        keys = ", ".join(f'"{name}"' for name in contract.key)
        return self.duck.execute(AS_OF.format(columns=columns, keys=keys), [paths]).to_arrow_table()

    def write(self, asset: str, contract: type[Table], day: date, frame: pd.DataFrame, how: Derivation) -> Written:
        """Store a validated frame as the table's content of a day; a new batch only if the content differs.

        The file is durable before the writers' lock is taken; newness is decided under the lock.
        """
        table = contract.to_arrow(frame)
        content = content_hash(table)
        last = self._last(asset, day)
        if last is not None and last.content_sha256 == content:
            return self._derived(asset, day, how, last)
        batch_id = random_id()
        path = self._store(asset, contract, day, table, batch_id, last)
        crash.point("batch.file_written")
        row = {
            "batch_id": batch_id,
            "asset": asset,
            "business_date": day,
            "path": path,
            "content_sha256": content,
            "row_count": table.num_rows,
            **_how(how),
        }
        return self._commit(asset, day, row, how)

    def restore(self, batch: Row[Any], contract: type[Table], frame: pd.DataFrame) -> None:
        """Write the file of a batch that the ledger knows again; content that differs from the recorded hash is refused."""
        table = contract.to_arrow(frame)
        if (content := content_hash(table)) != batch.content_sha256:
            raise LedgerError(
                f"{batch.asset} of {batch.business_date} rebuilt to {content[:12]}, the ledger says {batch.content_sha256[:12]}.",
                "Check the archive with `fo audit verify`.",
            )
        earlier = [b for b in self.batches(batch.asset, batch.business_date, batch.business_date) if b.known_at < batch.known_at]
        self._store(batch.asset, contract, batch.business_date, table, batch.batch_id, earlier[-1] if earlier else None)

    def _last(self, asset: str, day: date) -> Row[Any] | None:
        batches = self.batches(asset, day, day)
        return batches[-1] if batches else None

    def _store(
        self, asset: str, contract: type[Table], day: date, table: pa.Table, batch_id: str, last: Row[Any] | None
    ) -> str:
        relative = f"{asset.replace('.', '/')}/{day}/{batch_id}.parquet"
        stored = table.append_column("is_deleted", pa.array([False] * table.num_rows, pa.bool_()))
        if last is not None and (gone := self._vanished(contract, table, last)).num_rows:
            dead = gone.append_column("is_deleted", pa.array([True] * gone.num_rows, pa.bool_()))
            stored = pa.concat_tables([stored, dead.cast(stored.schema)])
        stored = stored.append_column("batch_id", pa.array([batch_id] * stored.num_rows, pa.string()))
        _write_parquet(stored, self.lake / relative)
        return relative

    def _vanished(self, contract: type[Table], table: pa.Table, last: Row[Any]) -> pa.Table:
        before = self.arrow(contract, [last])
        return before.join(table.select(list(contract.key)), keys=list(contract.key), join_type="left anti").select(table.column_names)

    def _commit(self, asset: str, day: date, row: dict[str, object], how: Derivation) -> Written:
        with self.ledger.transaction("batch") as entry:
            batch = tables.batches.c
            query = sa.select(tables.batches).where(batch.asset == asset, batch.business_date == day)
            last = entry.connection.execute(query.order_by(batch.known_at.desc()).limit(1)).first()
            is_new = last is None or last.content_sha256 != row["content_sha256"]
            if is_new:
                entry.append(tables.batches, [{**row, "known_at": entry.known_at}])
            batch_id = str(row["batch_id"]) if last is None or is_new else last.batch_id
            entry.append(tables.derivations, [_derivation(asset, day, batch_id, how)])
            crash.point("batch.before_commit")
        crash.point("batch.after_commit")
        return Written(batch_id, str(row["content_sha256"]), int(str(row["row_count"])), is_new)

    def _derived(self, asset: str, day: date, how: Derivation, last: Row[Any]) -> Written:
        with self.ledger.transaction("derivation") as entry:
            entry.append(tables.derivations, [_derivation(asset, day, last.batch_id, how)])
        return Written(last.batch_id, last.content_sha256, last.row_count, is_new=False)


def _dated(batches: list[Row[Any]]) -> list[str]:
    return ["business_date"] if len({batch.business_date for batch in batches}) > 1 else []


def _how(how: Derivation) -> dict[str, object]:
    return {
        "code_hash": how.code_hash,
        "inputs": json.dumps(how.inputs, sort_keys=True),
        "parameters": json.dumps(how.parameters or {}, sort_keys=True),
        "read_at": how.read_at,
        "run_id": how.run_id,
    }


def _derivation(asset: str, day: date, batch_id: str, how: Derivation) -> dict[str, object]:
    return {"derivation_id": random_id(), "asset": asset, "business_date": day, "batch_id": batch_id, **_how(how)}


def _write_parquet(table: pa.Table, path: Path) -> None:
    """One durable file; the folder is synced so that the name survives a crash too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        pq.write_table(table, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
