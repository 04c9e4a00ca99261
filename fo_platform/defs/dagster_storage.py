"""Dagster's SQLite storage, opened by one process at a time. What is stored belongs to Dagster."""

import fcntl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData

from fo_platform.defs.event_log import BUSY_SECONDS, EventLog

LOCK = "opening.lock"
"""Who holds it opens; the system lets go of it when a process dies."""


class Storage(DagsterSqliteStorage):
    """Runs, events and schedules of an office on SQLite, the events in our log.

    Two processes that open Dagster's own for the first time at once both succeed, and both write down a version of its
    tables: nobody can open that home again. Nor do its runs and schedules wait longer than five seconds for a process
    that writes.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Open the databases, which makes those that are not there."""
        with (Path(base_dir) / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            super().__init__(base_dir, inst_data)
            for store in (self._run_storage, self._schedule_storage):
                store._conn_string += f"?timeout={BUSY_SECONDS}"
            self._event_log_storage = EventLog(str(Path(base_dir) / "history" / "runs"))

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> "Storage":
        """What Dagster calls with the body of dagster.yaml."""
        return cls.from_local(inst_data=inst_data, **config_value)
