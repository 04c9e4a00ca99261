"""The demo office, run for real by the command line once a session, and copies for tests that damage it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HISTORY_ENDS = "2022-06-13"
TRIGGER = "2022-06-14"
LAST = "2022-06-17"
DEMO_SECONDS_MAX = 4800
"""A command that hangs ends; the longest takes ten minutes where the machine is left alone."""


@dataclass(frozen=True)
class Home:
    """One office's home and simulated world, and the project whose resources it reads."""

    folder: Path
    project: Path = ROOT

    @property
    def fo(self) -> Path:
        """FO_HOME."""
        return self.folder / "fo"

    @property
    def world(self) -> Path:
        """FO_SIMULATION_HOME."""
        return self.folder / "world"

    def run(self, *words: str, crash_at: str = "") -> "subprocess.CompletedProcess[str]":
        """`fo` with these words, in a process of its own."""
        environment = {**os.environ, "FO_HOME": str(self.fo), "FO_SIMULATION_HOME": str(self.world)}
        environment |= {"FO_PROJECT": str(self.project), "FO_CRASH_AT": crash_at, "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-m", "fo_platform.cli", *words]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=DEMO_SECONDS_MAX, check=False
        )

    def json(self, *words: str) -> Any:
        """What `fo` answers with --json; it must succeed."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def copy(self, folder: Path) -> "Home":
        """The same office in another place."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Home(folder, self.project)


@pytest.fixture(scope="session")
def history_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The demo after its sixty days of history."""
    home = Home(tmp_path_factory.mktemp("history"))
    home.json("run", "--until", HISTORY_ENDS)
    return home


@pytest.fixture(scope="session")
def played(history_home: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dict[str, Any]]:
    """The demo after `fo run`, and what the command answered."""
    home = history_home.copy(tmp_path_factory.mktemp("played") / "home")
    return home, home.json("run")


@pytest.fixture(scope="session")
def demo_home(played: tuple[Home, dict[str, Any]]) -> Home:
    """The demo after `fo run`: to look at, never to change."""
    return played[0]


@pytest.fixture
def own_home(demo_home: Home, tmp_path: Path) -> Home:
    """A copy of the demo after `fo run` that a test may damage."""
    return demo_home.copy(tmp_path / "home")
