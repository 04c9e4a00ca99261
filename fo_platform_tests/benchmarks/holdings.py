"""Made-up holdings of any size, seeded. What is done with them does not matter here."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from fo_platform.contracts._column import Column
from fo_platform.contracts.book import Positions

FIRST_DAY = date(2020, 1, 1)
ACCOUNTS = 20
TEXTS = {"currency": "USD", "file_sha256": "0" * 64}


def holdings(rows: int, seed: int) -> pd.DataFrame:
    """Positions, validated: every column filled, numbers that differ from seed to seed."""
    numbers = np.random.default_rng(seed)
    fields = Positions.fields().items()
    columns = {name: _cells(name, column, rows, numbers) for name, (column, _) in fields}
    return Positions.validate(pd.DataFrame(columns))


def day(number: int) -> date:
    """A business date, one a number."""
    return FIRST_DAY + timedelta(days=number)


def _cells(name: str, column: Column, rows: int, numbers: np.random.Generator) -> list[object]:
    if name == "account_id":
        return [f"account_{row % ACCOUNTS}" for row in range(rows)]
    if name == "instrument_id":
        return [f"INSTRUMENT{row // ACCOUNTS}" for row in range(rows)]
    if pa.types.is_decimal(column.arrow):
        return [f"{cents // 100}.{cents % 100:02d}" for cents in numbers.integers(1, 10**9, rows)]
    constant = {"date": pd.Timestamp(FIRST_DAY), "flag": False, "text": TEXTS.get(name, name)}
    return list(range(1, rows + 1)) if column.kind == "count" else [constant[column.kind]] * rows
