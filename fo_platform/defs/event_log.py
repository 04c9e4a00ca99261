"""Dagster's SQLite event log with its databases kept open. What the events say belongs to Dagster."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from cachetools import LRUCache
from dagster._core.event_api import EventHandlerFn
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.polling_event_watcher import SqlPollingEventWatcher

DATABASES_KEPT = 8
"""Databases kept open in a process: the index, and those of the runs that it wrote or showed last."""

BUSY_SECONDS = 60


class EventLog(SqliteEventLogStorage):
    """The event log of an office on SQLite.

    Dagster's own opens a database for every event: it connects, compiles each statement afresh and checkpoints at the
    end, which is most of a range run. Here an engine a database stays, with its connection and compiled statements.
    The log may lose its last events with the machine, never with a process: what counts stands in the ledger.
    """

    def __init__(self, base_dir: str) -> None:
        """Nothing is opened before it is needed, save the index."""
        self._engines = _Engines(maxsize=DATABASES_KEPT)
        super().__init__(base_dir)
        self._watcher = SqlPollingEventWatcher(self)

    def watch(self, run_id: str, cursor: str | None, callback: EventHandlerFn) -> None:
        """Tell of a run's new events by asking for them: a database that stays open does not change as a file."""
        self._watcher.watch_run(run_id, cursor, callback)

    def end_watch(self, run_id: str, handler: EventHandlerFn) -> None:
        """Stop telling."""
        self._watcher.unwatch_run(run_id, handler)

    def dispose(self) -> None:
        """Close every database."""
        self._watcher.close()
        with self._db_lock:
            while self._engines:
                self._engines.popitem()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> sa.Engine:
        if shard not in self._engines:
            engine = sa.create_engine(self.conn_string_for_shard(shard), connect_args={"timeout": BUSY_SECONDS})
            sa.event.listen(engine, "connect", _write_ahead)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            self._engines[shard] = engine
        return self._engines[shard]


class _Engines(LRUCache[str, sa.Engine]):
    """The engines used last; one that has to go is closed."""

    def popitem(self) -> tuple[str, sa.Engine]:
        """Close and forget the engine that was not used for longest."""
        shard, engine = super().popitem()
        engine.dispose()
        return shard, engine


def _write_ahead(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
