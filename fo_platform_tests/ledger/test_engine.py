"""The ledger's schema: what migrations build, and rows that nobody can change."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from fo_platform.errors import LedgerError
from fo_platform.ledger import tables
from fo_platform.ledger.engine import HEAD, connect
from fo_platform.ledger.ledger import Ledger
from fo_platform_tests.databases import SqliteFiles
from fo_platform_tests.ledger.conftest import Kept

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


def test_sqlite_keeps_what_it_has_committed(tmp_path: Path) -> None:
    engine = connect(SqliteFiles(tmp_path).new())
    with engine.connect() as connection:
        said = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")}
    assert said == {"journal_mode": "wal", "synchronous": 2}
