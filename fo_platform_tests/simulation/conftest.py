"""The demo world and one delivery of its first 64 mornings, shared by all tests of this folder."""

from datetime import date
from pathlib import Path

import pytest

from fo_platform.simulation.world import World

LAST_DAY_OF_RUN = date(2022, 6, 17)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("simulation_home"))


@pytest.fixture(scope="session")
def mornings(world: World) -> list[date]:
    return [day for day in world.sessions() if day <= LAST_DAY_OF_RUN]


@pytest.fixture(scope="session")
def inbox(world: World, mornings: list[date], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("delivered")
    for day in mornings:
        world.deliver(day, root / "inbox", root / "broker")
    return root / "inbox"
