"""Offices behind real servers, on a code location that loads in a second. Attacks do not belong here."""

import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fo_platform.settings import Settings
from fo_platform.web.screenshot import chromium
from fo_platform_tests.conftest import ROOT
from fo_platform_tests.web.served_office import ServedOffice, served

TINY = "tiny_location"


@pytest.fixture(scope="session")
def tiny_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose code location is three assets."""
    project = tmp_path_factory.mktemp("tiny") / "project"
    shutil.copytree(ROOT / "resources", project / "resources")
    shutil.copy(Path(__file__).with_name(f"{TINY}.py"), project)
    return project


@pytest.fixture(scope="session")
def operator(tiny_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedOffice]:
    """An operator's server, as `make ui` starts it; when it has ended its daemon must have ended too."""
    settings = _settings(tiny_project, tmp_path_factory.mktemp("operator"))
    with served(settings, "operate", TINY) as office:
        yield office
    with (settings.dagster_home / "daemon.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.fixture(scope="session")
def viewer(tiny_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedOffice]:
    """A read-only server, as `fo ui` starts it."""
    with served(_settings(tiny_project, tmp_path_factory.mktemp("viewer")), "view", TINY) as office:
        yield office


@pytest.fixture(scope="session")
def has_chromium() -> None:
    """Skip where there is no Chromium."""
    if chromium() is None:
        pytest.skip("no Chromium is installed (Debian package chromium)")


def _settings(project: Path, folder: Path) -> Settings:
    return Settings.read({"FO_PROJECT": str(project), "FO_HOME": str(folder / "home")})
