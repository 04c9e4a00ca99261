"""Made-up facts, one of every kind that the ledger keeps. What they mean does not matter here."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import sqlalchemy as sa

from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger
from fo_platform.warehouse.archive import Archive

JSON_COLUMNS = {"files": "{}", "accounts": "[]", "problems": "[]", "inputs": "{}", "parameters": "{}"}
BYTES = b"BOF USCUST 20220613\n"


def fact(table: sa.Table, number: int = 1, **known: object) -> dict[str, object]:
    """A row of a fact table, made up from its columns' types; different numbers give different keys."""
    columns = [column for column in table.columns if column.name != "audit_seq"]
    return {column.name: _cell(column, number) for column in columns} | known


def record_everything(ledger: Ledger, archive: Archive) -> None:
    """Two facts of every kind, in transactions of their own, and the archived file that the delivery speaks of."""
    sha256 = archive.store(BYTES)
    for number, table in product((1, 2), tables.FACTS):
        known = {"file_sha256": sha256} if table is tables.deliveries else {}
        with ledger.transaction(table.name) as entry:
            entry.append(table, [fact(table, number, **known)])


def _cell(column: sa.Column[Any], number: int) -> object:
    match column.type:
        case tables.Exact():
            return Decimal("-0.10") * number
        case tables.Instant():
            return datetime(2022, 6, 14, 11, 30, tzinfo=UTC) + timedelta(seconds=number)
        case tables.Day():
            return date(2022, 6, 14) + timedelta(days=number)
        case sa.Boolean():
            return True
        case sa.Integer():
            return number
    return JSON_COLUMNS.get(column.name, f"{column.name} {number}")
