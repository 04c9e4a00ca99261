"""Dagster's SQLite event log with its databases kept open. What the events say belongs to Dagster."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData

DATABASES_KEPT = 8
"""Databases kept open in a process: the index, and those of the runs that it wrote or showed last."""

BUSY_SECONDS = 60


class EventLog(SqliteEventLogStorage):
    """The event log of an office on SQLite.

    Dagster's own opens a database for every event: it connects, compiles each statement afresh and checkpoints at the
    end, which is most of a range run. Here an engine a database stays, with its connection and compiled statements.
    The log may lose its last events with the machine, never with a process: what counts stands in the ledger.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Nothing is opened before it is needed, save the index."""
        self._engine = lru_cache(maxsize=DATABASES_KEPT)(self._opened)
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> "EventLog":
        """What Dagster calls with the body of dagster.yaml."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _opened(self, shard: str) -> sa.Engine:
        engine = sa.create_engine(self.conn_string_for_shard(shard), connect_args={"timeout": BUSY_SECONDS})
        sa.event.listen(engine, "connect", _write_ahead)
        self._initdb(engine)
        return engine


def _write_ahead(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
