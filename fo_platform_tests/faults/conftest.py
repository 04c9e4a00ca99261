"""A ledger for every test of the order path, made once and copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fo_platform.ledger.ledger import Ledger
from fo_platform.operations import release


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    Ledger.open(f"sqlite:///{path}").engine.dispose()
    return path


@pytest.fixture
def ledger(empty_ledger: Path, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger in the test's own folder."""
    opened = Ledger.open(f"sqlite:///{shutil.copy(empty_ledger, tmp_path)}")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The morning's tables are stubs, until the test ends."""
    from fo_platform_tests.faults import order_path

    for name in ("released_lines", "pretrade_tables", "order_checks"):
        monkeypatch.setattr(release, name, getattr(release, name))
    order_path.stub_morning()
