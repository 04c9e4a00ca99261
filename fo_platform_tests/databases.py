"""Databases for a ledger, on SQLite and on PostgreSQL. What is kept in them belongs to the tests."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from fo_platform.ledger.tables import metadata

Rows = dict[str, list[dict[str, object]]]


@dataclass(frozen=True)
class SqliteFiles:
    """SQLite: every database is a file in one folder."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    def new(self) -> str:
        """URL of an empty database."""
        return f"sqlite:///{self.folder}/{next(self.numbers)}.sqlite"

    def copy(self, url: str) -> str:
        """URL of a copy of a ledger that nobody has open."""
        copied = self.new()
        shutil.copy(url.removeprefix("sqlite:///"), copied.removeprefix("sqlite:///"))
        return copied


@dataclass(frozen=True, eq=False)
class PostgresqlServer:
    """PostgreSQL: a database costs seconds and megabytes, so one copy of a ledger is set right again for each test."""

    url: str
    numbers: Iterator[int] = field(default_factory=count)

    def new(self, template: str = "template0") -> str:
        """URL of an empty database."""
        name = f"fo_{next(self.numbers)}"
        server = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with server.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return sa.make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def copy(self, url: str) -> str:
        """URL of the copy of a ledger, as if nothing had ever been done to it."""
        copied, rows = _copied(self, url)
        engine = sa.create_engine(copied, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            for table in metadata.sorted_tables:
                connection.execute(sa.text(f"TRUNCATE {table.name}"))
            for table in (table for table in metadata.sorted_tables if rows[table.name]):
                connection.execute(table.insert(), rows[table.name])
        return copied


Database = SqliteFiles | PostgresqlServer


@cache
def _copied(server: PostgresqlServer, url: str) -> tuple[str, Rows]:
    """The one copy of a ledger, and the rows that it starts with."""
    copied = server.new(str(sa.make_url(url).database))
    engine = sa.create_engine(copied, poolclass=sa.NullPool)
    with engine.connect() as connection:
        found = {table.name: connection.execute(sa.select(table)).mappings().all() for table in metadata.sorted_tables}
    return copied, {name: [dict(row) for row in rows] for name, rows in found.items()}
