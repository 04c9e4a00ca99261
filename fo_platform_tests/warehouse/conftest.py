"""A warehouse on a ledger of its own. Nothing is tested here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fo_platform.ledger.ledger import Ledger
from fo_platform.warehouse.warehouse import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse."""
    ledger = Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite")
    yield Warehouse(ledger, tmp_path / "lake")
    ledger.engine.dispose()
