"""Several processes open a new home at once, as a daemon and a web server do: all can, and so can who comes after."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import dagster as dg
import pytest

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
