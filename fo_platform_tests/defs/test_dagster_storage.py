"""Several processes on one home, as a daemon, a web server and runs are: each opens it and waits for the others."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import dagster as dg
import pytest

from fo_platform.defs.event_log import BUSY_SECONDS
from fo_platform.operations.dagster_home import prepare_dagster_home
from fo_platform.settings import Settings

TOGETHER, HOMES = 3, 8


@pytest.fixture
def processes() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(TOGETHER, get_context("spawn")) as pool:
        yield pool


def opened(home: str) -> int:
    """How many runs a home has, asked by a process of its own."""
    with dg.DagsterInstance.from_config(home) as instance:
        return instance.get_runs_count()


def test_a_home_that_several_processes_open_first_can_be_opened_again(
    settings: Settings, processes: ProcessPoolExecutor
) -> None:
    for number in range(HOMES):
        home = str(prepare_dagster_home(replace(settings, home=settings.home / str(number))))
        asked = [processes.submit(opened, home) for _ in range(TOGETHER)]
        assert [each.result() for each in asked] == [0] * TOGETHER
        assert opened(home) == 0


def test_every_database_waits_as_long_for_a_process_that_writes(settings: Settings) -> None:
    with dg.DagsterInstance.from_config(str(prepare_dagster_home(settings))) as instance:
        stores = (instance.run_storage.connect, instance.schedule_storage.connect)
        waits = [_waits(connect) for connect in (*stores, instance.event_log_storage.index_connection)]
    assert waits == [BUSY_SECONDS * 1000] * 3


def _waits(connect: Any) -> int:  # noqa: ANN401 - one name on every storage.
    """Milliseconds that a database's connection waits for a lock."""
    with connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA busy_timeout").scalar())
