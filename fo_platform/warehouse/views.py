"""The warehouse as one DuckDB file of views over batch files: what dbt builds on. What it builds belongs to dbt."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy.engine import Row

from fo_platform.contracts._base import Table
from fo_platform.contracts.dbt_sources import sql_type
from fo_platform.warehouse.asof import AS_OF, ONCE_A_DAY

Listed = Mapping[str, tuple[type[Table], Sequence[Row[Any]]]]
"""Batches that a view shows, with their table's contract, by `schema.table`."""


def write_views(path: Path, lake: Path, listed: Listed) -> None:
    """Put views of the listed batches, as of the newest of each day, into a database, in place of earlier ones."""
    batches = [batch for _, rows in listed.values() for batch in rows]
    known = pa.table(
        {
            "batch_id": [batch.batch_id for batch in batches],
            "business_date": pa.array([batch.business_date for batch in batches], pa.date32()),
            "known_at": [batch.known_at.isoformat() for batch in batches],
        },
        pa.schema([("batch_id", pa.string()), ("business_date", pa.date32()), ("known_at", pa.string())]),
    )
    with duckdb.connect(str(path)) as connection:
        connection.register("known", known)
        connection.execute("create schema if not exists builds")
        connection.execute("create or replace table builds.batches as select * from known")
        connection.execute("create or replace view builds.days as select distinct business_date from builds.batches")
        for name, (contract, rows) in listed.items():
            connection.execute(f"create schema if not exists {contract.schema_name}")
            connection.execute(f"create or replace view {name} as {_select(contract, rows, lake)}")


def last_build(path: Path) -> tuple[datetime, str] | None:
    """Up to which moment of the ledger the file's marts know, and by which project; None of what is no whole build."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            known_at, project = connection.sql("select known_at, project from builds.last").fetchall()[0]
    except duckdb.Error:
        return None
    return datetime.fromisoformat(known_at), str(project)


def record_build(path: Path, known_at: datetime, project: str) -> None:
    """Write down up to which moment the file's marts know, and by which project they were built."""
    values = [known_at.isoformat(), project]
    with duckdb.connect(str(path)) as connection:
        connection.execute("create or replace table builds.last as select $1 as known_at, $2 as project", values)


def row_counts(path: Path, names: Iterable[str]) -> dict[str, int]:
    """Rows of tables of the file, by `schema.table`."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {name: int(connection.table(name).count("*").fetchall()[0][0]) for name in names}


def _select(contract: type[Table], batches: Sequence[Row[Any]], lake: Path) -> str:
    if not batches:
        return _nothing(contract)
    columns = ", ".join(f'"{column}"' for column in (*contract.fields(), "business_date"))
    keys = ", ".join(f'"{column}"' for column in contract.key)
    files = ", ".join("'" + str(lake / batch.path).replace("'", "''") + "'" for batch in batches)
    is_once = len({batch.business_date for batch in batches}) == len(batches)
    query = ONCE_A_DAY.format(columns=columns) if is_once else AS_OF.format(columns=columns, keys=keys)
    return query.replace("$1", f"[{files}]").replace("join batches b", "join builds.batches b")


def _nothing(contract: type[Table]) -> str:
    types = {field.name: sql_type(field.type) for field in contract.arrow_schema()} | {"business_date": "date"}
    columns = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in types.items())
    return f"select {columns} where false"
