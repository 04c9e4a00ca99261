"""SIGKILL at every named crash point, one after another on one home: `fo run` goes on, nothing differs in the end."""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from fo_platform.crash import CRASH_POINTS
from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger
from fo_platform_tests.chain.conftest import TRIGGER, Home


def _facts(home: Home, table: sa.Table) -> list[Any]:
    return Ledger.open(f"sqlite:///{home.fo / 'ledger.sqlite'}").rows(sa.select(table))


def _hashes(home: Home) -> dict[tuple[str, str], str]:
    """Content hash of the newest batch of every table up to the trigger day."""
    rows = sorted(_facts(home, tables.batches), key=lambda row: row.known_at)
    return {(r.asset, str(r.business_date)): r.content_sha256 for r in rows if str(r.business_date) <= TRIGGER}


def test_every_crash_point_is_survived(history_home: Home, demo_home: Home, tmp_path: Path) -> None:
    home = history_home.copy(tmp_path / "home")
    assert len(CRASH_POINTS) >= 8
    for name, _ in CRASH_POINTS:
        done = home.run("run", "--until", TRIGGER, crash_at=name)
        assert done.returncode == -9, f"{name} was not passed: {done.stderr}"
    home.json("run", "--until", TRIGGER)
    assert _hashes(home) == _hashes(demo_home)
    sent = [row.client_order_id for row in _facts(home, tables.outbox)]
    with sqlite3.connect(home.fo / "brokers/paper/book.sqlite") as book:
        received = [row[0] for row in book.execute("select client_order_id from orders")]
    assert sorted(received) == sorted(sent)
    kept = {(row.source, row.file_name) for row in _facts(home, tables.deliveries)}
    arrived = {(path.parent.name, path.name) for path in (home.fo / "inbox").rglob("*") if path.is_file()}
    assert kept == arrived
    assert home.json("audit", "verify")["ok"]
