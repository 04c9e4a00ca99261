"""The ledger's schema: what migrations build, and rows that nobody can change."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from fo_platform.errors import LedgerError
from fo_platform.ledger import engine, tables
from fo_platform.ledger.anchor import Anchor
from fo_platform.ledger.engine import HEAD, connect
from fo_platform.ledger.ledger import Ledger
from fo_platform.ledger.verify import verify
from fo_platform.warehouse.archive import Archive
from fo_platform_tests.databases import Database, SqliteFiles
from fo_platform_tests.ledger.conftest import Kept
from fo_platform_tests.ledger.facts import BYTES, fact

EVERY_TABLE = [table.name for table in tables.metadata.sorted_tables]


def execute(ledger: Ledger, statement: str) -> int:
    """Rows that a statement from outside the product changes."""
    with ledger.engine.connect() as connection, connection.begin():
        return connection.execute(sa.text(statement)).rowcount


def test_migrations_build_what_the_tables_say(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_a_new_ledger_stands_at_the_newest_migration(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_no_row_of_any_table_can_be_changed_removed_or_replaced(kept: Kept, table: str) -> None:
    for statement in _changes(table, kept.ledger.engine.dialect.name):
        with pytest.raises(DBAPIError, match=f"{table} is append-only"):
            execute(kept.ledger, statement)


def _changes(table: str, dialect: str) -> list[str]:
    key = tables.metadata.tables[table].primary_key.columns[0].name
    changes = [f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"]  # noqa: S608 - our own names.
    again = f"{table} SELECT * FROM {table}"  # noqa: S608 - our own names.
    if dialect == "sqlite":
        return [*changes, f"INSERT OR REPLACE INTO {again}"]
    upsert = f"INSERT INTO {again} ON CONFLICT ON CONSTRAINT {table}_pkey DO UPDATE SET {key} = excluded.{key}"
    return [*changes, f"TRUNCATE {table}", upsert]


def test_a_ledger_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    with connect(url).connect() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with pytest.raises(LedgerError, match="newer version"):
        connect(url)


def test_a_ledger_of_the_first_version_is_brought_up_to_date_and_what_it_sealed_still_holds(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, archive = database.new(), Archive(tmp_path / "archive")
    monkeypatch.setattr(engine, "_migrate", _to_first_version)
    old = Ledger.open(url, Anchor(tmp_path / "audit"))
    with old.transaction("delivery") as entry:
        entry.append(tables.deliveries, [fact(tables.deliveries, file_sha256=archive.store(BYTES))])
    old.engine.dispose()
    monkeypatch.undo()
    ledger = Ledger.open(url, Anchor(tmp_path / "audit"))
    with ledger.transaction("quarantine") as entry:
        entry.append(tables.delivery_decisions, [fact(tables.delivery_decisions)])
    found = verify(ledger, archive.folder)
    ledger.engine.dispose()
    assert (found.ok, found.rows, found.first_bad) == (True, 2, None)


def _to_first_version(old: sa.Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(engine.MIGRATIONS))
    with engine.writer(old) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")


def test_sqlite_keeps_what_it_has_committed(tmp_path: Path) -> None:
    made = connect(SqliteFiles(tmp_path).new())
    with made.connect() as connection:
        said = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")}
    assert said == {"journal_mode": "wal", "synchronous": 2}
