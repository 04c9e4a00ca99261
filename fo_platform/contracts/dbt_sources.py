"""The contracts as dbt sources; run as a module with the office's sources, it writes dbt/models/staging/sources.yml.

What dbt builds on them belongs to dbt/models.
"""

import inspect
import sys
from collections.abc import Iterator, Sequence

import pyarrow as pa
import yaml

from fo_platform.contracts import marts, raw
from fo_platform.contracts._base import Table
from fo_platform.contracts.catalogue import SCHEMAS, tables
from fo_platform.contracts.columns import COLUMNS


def render(raw_sources: Sequence[str]) -> str:
    """The text of sources.yml; every declared source of deliveries is a table of the schema `raw`."""
    command = "python -m fo_platform.contracts.dbt_sources " + " ".join(raw_sources)
    names = [module.__name__.rsplit(".", 1)[-1] for module in SCHEMAS if module is not marts]
    body = {"version": 2, "sources": [_schema(name, raw_sources) for name in names]}
    return f"# Written by `{command}`.\n" + yaml.safe_dump(body, sort_keys=False, width=120)


def _schema(name: str, raw_sources: Sequence[str]) -> dict[str, object]:
    contracts = [table for table in tables() if table.schema_name == name]
    if name == "raw":
        return {"name": name, "schema": name, "tables": [_table(source, raw.Record) for source in sorted(raw_sources)]}
    return {"name": name, "schema": name, "tables": [_table(table.table_name, table) for table in contracts]}


def _table(name: str, contract: type[Table]) -> dict[str, object]:
    return {"name": name, "description": inspect.getdoc(contract), "columns": list(_columns(contract))}


def _columns(contract: type[Table]) -> Iterator[dict[str, str]]:
    """Columns of a table, and the day that the warehouse's view adds to them."""
    for name in (*contract.fields(), "business_date"):
        yield described(name)


def described(name: str) -> dict[str, str]:
    """A column of the dictionary as dbt describes it."""
    column = COLUMNS[name]
    unit = f" ({column.unit})" if column.unit else ""
    return {"name": name, "description": column.meaning + unit, "data_type": sql_type(column.arrow)}


def sql_type(kind: pa.DataType) -> str:
    """A type's name in DuckDB and Snowflake."""
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    names = {
        pa.string(): "varchar",
        pa.date32(): "date",
        pa.bool_(): "boolean",
        pa.int64(): "bigint",
        pa.float64(): "double",
    }
    return names.get(kind, "timestamptz")


if __name__ == "__main__":
    sys.stdout.write(render(sys.argv[1:]))
