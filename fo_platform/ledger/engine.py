"""Connections to the ledger's database, SQLite or PostgreSQL, and its schema. What is written does not belong here."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from fo_platform.errors import LedgerError

HEAD = "0004"
WRITER_LOCK = 0x666F5F6C
MIGRATIONS = Path(__file__).parent / "migrations"


def connect(url: str) -> Engine:
    """An engine whose writers exclude one another, with the schema brought to its newest version."""
    engine = sa.create_engine(url, **({"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {}))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", _exclusive)
    if _version(engine) != HEAD:
        _migrate(engine)
    return engine


def writer(engine: Engine) -> Connection:
    """A connection whose transaction holds the writers' lock from its first statement."""
    return engine.connect().execution_options(is_writer=True)


def _durable(connection: object, _record: object) -> None:
    """SQLite as a ledger: write-ahead log, full fsync, triggers that REPLACE cannot bypass."""
    connection.isolation_level = None  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _exclusive(connection: Connection) -> None:
    is_writer = connection.get_execution_options().get("is_writer", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")
    elif is_writer:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")


def _version(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    except (OperationalError, ProgrammingError):
        return None


def _migrate(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415 - half a second that only a new or old ledger pays.
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writer(engine) as connection, connection.begin():
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise LedgerError(
                "The ledger was written by a newer version of fo.", "Install that version; the ledger is untouched."
            ) from error
