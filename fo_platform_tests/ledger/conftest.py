"""A ledger on a fresh database of each kind, empty or with one of everything. Nothing is tested here."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fo_platform.ledger.anchor import Anchor
from fo_platform.ledger.engine import connect
from fo_platform.ledger.ledger import Ledger
from fo_platform.warehouse.archive import Archive
from fo_platform_tests.databases import Database
from fo_platform_tests.ledger.facts import record_everything


@dataclass(frozen=True)
class Kept:
    """A ledger with its archive, and where both lie."""

    url: str
    folder: Path
    ledger: Ledger

    @property
    def archive(self) -> Archive:
        """The files that deliveries speak of."""
        return Archive(self.folder / "archive")


@pytest.fixture(scope="session")
def migrated(database: Database) -> str:
    """URL of a database with the schema and nothing in it."""
    url = database.new()
    connect(url).dispose()
    return url


@pytest.fixture
def ledger(database: Database, migrated: str, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger with an anchor beside it."""
    ledger = Ledger.open(database.copy(migrated), Anchor(tmp_path / "audit"))
    yield ledger
    ledger.engine.dispose()


@pytest.fixture(scope="session")
def filled(database: Database, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """URL and folder of a ledger that holds two of everything."""
    url, folder = database.new(), tmp_path_factory.mktemp("filled")
    ledger = Ledger.open(url, Anchor(folder / "audit"))
    record_everything(ledger, Archive(folder / "archive"))
    ledger.engine.dispose()
    return url, folder


@pytest.fixture
def kept(database: Database, filled: tuple[str, Path], tmp_path: Path) -> Iterator[Kept]:
    """A copy of the filled ledger for one test to do harm to."""
    url, folder = database.copy(filled[0]), tmp_path / "kept"
    shutil.copytree(filled[1], folder)
    ledger = Ledger.open(url, Anchor(folder / "audit"))
    yield Kept(url, folder, ledger)
    ledger.engine.dispose()
