"""Append-only tables: one immutable file a batch, visible only by its ledger row. Meaning does not belong here."""

import json
import os
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from cachetools import LRUCache
from sqlalchemy.engine import Row

from fo_platform import crash
from fo_platform.contracts._base import Table, in_order
from fo_platform.errors import LedgerError
from fo_platform.ids import random_id
from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger
from fo_platform.warehouse.asof import AS_OF, DIFFERENCE, ONCE_A_DAY, SINGLE
from fo_platform.warehouse.content import content_hash

BYTES_KEPT = 256 * 2**20
"""Memory for batches, and as much for frames, written or read lately: a chain comes back to its small tables often."""

_FOREVER = datetime.max.replace(tzinfo=UTC)
"""After everything that will ever be known."""

_BATCH = tables.batches.c
_BATCHES = (
    sa.select(tables.batches)
    .where(
        _BATCH.asset.in_(sa.bindparam("assets", expanding=True)),
        _BATCH.business_date.between(sa.bindparam("first"), sa.bindparam("last")),
        _BATCH.known_at <= sa.bindparam("known_at"),
    )
    .order_by(_BATCH.known_at)
)
"""Stated once, as putting a query together takes longer than answering it."""


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


@dataclass(frozen=True)
class Difference:
    """Rows by key: there now, gone, and there with other content."""

    added: int
    removed: int
    changed: int


class Warehouse:
    """Tables under one folder, listed by the ledger and read through this process's one in-memory DuckDB.

    One thread at a time: what it keeps in memory is not guarded.
    """

    def __init__(self, ledger: Ledger, lake: Path) -> None:
        """Nothing is opened before it is needed."""
        self.ledger = ledger
        self.lake = lake
        self._contents: LRUCache[str, pa.Table] = LRUCache(BYTES_KEPT, getsizeof=lambda table: table.nbytes)
        self._frames: LRUCache[Hashable, pd.DataFrame] = LRUCache(
            BYTES_KEPT, getsizeof=lambda frame: sum(column.nbytes for _, column in frame.items())
        )

    @cached_property
    def duck(self) -> duckdb.DuckDBPyConnection:
        """One connection a process: connecting costs 15 ms."""
        return duckdb.connect()

    def batches(self, asset: str, first: date, last: date, known_at: datetime | None = None) -> list[Row[Any]]:
        """Batches of a table between two business dates (inclusive), oldest first, as known at an instant."""
        return self.batches_of((asset,), first, last, known_at)

    def batches_of(
        self, assets: Sequence[str], first: date, last: date, known_at: datetime | None = None
    ) -> list[Row[Any]]:
        """The same of several tables."""
        asked = {"assets": list(assets), "first": first, "last": last, "known_at": known_at or _FOREVER}
        return self.ledger.rows(_BATCHES, asked)

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
        newest: date | None = self.ledger.rows(query)[0][0]
        return newest

    def read(self, contract: type[Table], batches: list[Row[Any]], *, exact: bool = True) -> pd.DataFrame:
        """Rows of the listed batches as of the newest of each day: last row of a key wins, tombstones are gone.

        Adds `business_date` when the batches span several days. Batches never change, so frames read lately are kept
        and shared: a reader does not alter what it is handed.
        """

        def stored() -> pd.DataFrame:
            rows = self._rows(contract, batches)
            return in_order(contract.from_arrow(rows, exact=exact), [*_dated(batches), *contract.key])

        return self.lately(_key(contract, [batch.batch_id for batch in batches], exact=exact), stored)

    def lately(self, key: Hashable, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """A frame that follows from batches alone, made when it was not asked for lately; shared, so never altered."""
        if (frame := self._frames.get(key)) is None:
            frame = make()
            _keep(self._frames, key, frame)
        return frame

    def _rows(self, contract: type[Table], batches: Sequence[Row[Any]]) -> pa.Table:
        """Rows as of the newest batch of each day, which states the whole day: from memory if all are there."""
        newest = {batch.business_date: batch for batch in batches}
        kept = {day: self._contents.get(batch.batch_id) for day, batch in newest.items()}
        if not kept or any(rows is None for rows in kept.values()):
            return self.arrow(contract, batches)
        return pa.concat_tables(_with_date(rows, day) if len(kept) > 1 else rows for day, rows in kept.items())

    def arrow(self, contract: type[Table], batches: Sequence[Row[Any]]) -> pa.Table:
        """The same rows as an arrow table, unsorted."""
        if not batches:
            return contract.arrow_schema().empty_table()
        paths = [str(self.lake / batch.path) for batch in batches]
        columns = ", ".join(f'"{name}"' for name in [*contract.fields(), *_dated(batches)])
        if len(batches) == 1:
            return self._select(SINGLE.format(columns=columns), paths)
        is_once = len({batch.business_date for batch in batches}) == len(batches)
        listing = pa.table(
            {
                "batch_id": [batch.batch_id for batch in batches],
                "business_date": pa.array([batch.business_date for batch in batches], pa.date32()),
                "known_at": [batch.known_at.isoformat() for batch in batches],
            }
        )
        self.duck.register("batches", listing)
        keys = ", ".join(f'"{name}"' for name in contract.key)
        query = ONCE_A_DAY.format(columns=columns) if is_once else AS_OF.format(columns=columns, keys=keys)
        return self._select(query, paths)

    def compare(self, contract: type[Table], before: Sequence[Row[Any]], after: Sequence[Row[Any]]) -> Difference:
        """How the rows of some batches differ from those of others, by the table's key."""
        self.duck.register("before", self._rows(contract, before))
        self.duck.register("after", self._rows(contract, after))
        keys = ", ".join(f'"{name}"' for name in contract.key)
        gone, new, changed = self.duck.sql(DIFFERENCE.format(keys=keys)).fetchall()[0]
        return Difference(new - changed, gone - changed, changed)

    def _select(self, query: str, paths: list[str]) -> pa.Table:
        try:
            return self.duck.sql(query, params=[paths]).to_arrow_table()
        except duckdb.BinderException as error:
            raise LedgerError(
                f"{Path(paths[0]).parent.parent.name} was stored by a version of fo with other columns.",
                "Use that version, or a new FO_HOME.",
            ) from error

    def write(self, asset: str, contract: type[Table], day: date, frame: pd.DataFrame, how: Derivation) -> Written:
        """Store a validated frame as the table's content of a day; a new batch only if the content differs.

        The file is durable before the writers' lock is taken. Under the lock the day must still stand where the file
        was made for, since it says what is gone since then; where another process was faster, all is done again.
        """
        table = contract.to_arrow(frame)
        content = content_hash(table)
        while True:
            last = self._last(asset, day)
            if last is not None and last.content_sha256 == content:
                batch_id, row = str(last.batch_id), None
            else:
                batch_id = random_id()
                path = self._store(asset, contract, day, table, batch_id, last=last)
                row = {"batch_id": batch_id, "path": path, "content_sha256": content, "row_count": table.num_rows}
                crash.point("batch.file_written")
            if self._commit(asset, day, last, row, how):
                _keep(self._contents, batch_id, table)
                _keep(self._frames, _key(contract, [batch_id], exact=True), frame)
                return Written(batch_id, content, table.num_rows, is_new=row is not None)
            if row:
                (self.lake / str(row["path"])).unlink()

    def restore(self, batch: Row[Any], contract: type[Table], frame: pd.DataFrame) -> None:
        """Write the file of a batch that the ledger knows again; content with another hash than recorded is refused."""
        table = contract.to_arrow(frame)
        if (content := content_hash(table)) != batch.content_sha256:
            raise LedgerError(
                f"{batch.asset} of {batch.business_date} rebuilt to {content[:12]}, "
                f"the ledger says {batch.content_sha256[:12]}.",
                "Check the archive with `fo audit verify`.",
            )
        known = self.batches(batch.asset, batch.business_date, batch.business_date)
        earlier = [other for other in known if other.known_at < batch.known_at]
        last = earlier[-1] if earlier else None
        self._store(batch.asset, contract, batch.business_date, table, batch.batch_id, last=last)

    def _last(self, asset: str, day: date) -> Row[Any] | None:
        batches = self.batches(asset, day, day)
        return batches[-1] if batches else None

    def _store(
        self, asset: str, contract: type[Table], day: date, table: pa.Table, batch_id: str, *, last: Row[Any] | None
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
        return before.join(table.select(list(contract.key)), keys=list(contract.key), join_type="left anti").select(
            table.column_names
        )

    def _commit(
        self, asset: str, day: date, last: Row[Any] | None, row: Mapping[str, object] | None, how: Derivation
    ) -> bool:
        """Record the derivation, and the batch if it is new; nothing if `last` is not the day's last any more."""
        with self.ledger.transaction("batch" if row else "derivation") as entry:
            batch = tables.batches.c
            query = sa.select(batch.batch_id).where(batch.asset == asset, batch.business_date == day)
            current = entry.connection.execute(query.order_by(batch.known_at.desc()).limit(1)).scalar()
            if current != (last.batch_id if last else None):
                return False
            facts = {"asset": asset, "business_date": day, **_how(how)}
            if row:
                entry.append(tables.batches, [{**row, **facts, "known_at": entry.known_at}])
            batch_id = row["batch_id"] if row else current
            entry.append(tables.derivations, [{"derivation_id": random_id(), "batch_id": batch_id, **facts}])
            crash.point("batch.before_commit")
        crash.point("batch.after_commit")
        return True


def _with_date(rows: pa.Table, day: date) -> pa.Table:
    return rows.append_column("business_date", pa.repeat(pa.scalar(day, pa.date32()), len(rows)))


def _key(contract: type[Table], batch_ids: Sequence[str], *, exact: bool) -> Hashable:
    """What a frame of a table's batches is kept under."""
    return contract, tuple(batch_ids), exact


def _keep(cache: LRUCache[Any, Any], key: object, value: object) -> None:
    """Keep a value, unless it alone is larger than the cache."""
    with suppress(ValueError):
        cache[key] = value


def _dated(batches: Sequence[Row[Any]]) -> list[str]:
    return ["business_date"] if len({batch.business_date for batch in batches}) > 1 else []


def _how(how: Derivation) -> dict[str, object]:
    return {
        "code_hash": how.code_hash,
        "inputs": json.dumps(how.inputs, sort_keys=True),
        "parameters": json.dumps(how.parameters or {}, sort_keys=True),
        "read_at": how.read_at,
        "run_id": how.run_id,
    }


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
