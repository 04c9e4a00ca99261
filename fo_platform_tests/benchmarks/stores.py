"""What append-only history costs against bare files: appending a day, reading one. Taking time belongs to figures."""

import os
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from fo_platform.contracts.book import Positions
from fo_platform.ledger.anchor import Anchor
from fo_platform.ledger.ledger import Ledger
from fo_platform.warehouse.warehouse import Derivation, Warehouse
from fo_platform_tests.benchmarks.figures import Figure, medians
from fo_platform_tests.benchmarks.holdings import day, holdings

HOW = Derivation({"raw_records": ["batch"]}, "code", "run")
APPENDED_ROWS, APPENDS = 10_000, 21
DAYS, DAY_ROWS, READS = 1_000, 500, 60


def appended(folder: Path) -> list[Figure]:
    """Storing a day of holdings, recorded and sealed, against writing the same table to a file and syncing it."""
    warehouse, frame = _warehouse(folder), holdings(APPENDED_ROWS, seed=1)
    table = Positions.to_arrow(frame)

    def bare(number: int) -> None:
        with (folder / f"{number}.parquet").open("wb") as file:
            pq.write_table(table, file)
            file.flush()
            os.fsync(file.fileno())

    ours, plain = medians(lambda n: warehouse.write(Positions.name, Positions, day(n), frame, HOW), bare, APPENDS)
    what = f"append {APPENDED_ROWS:,} rows / bare parquet and fsync ({plain * 1000:.0f} ms)"
    return [Figure(what, ours / plain, limit=4)]


def read_as_of(folder: Path) -> list[Figure]:
    """Reading one day of long history as of a moment, against selecting everything from that day's file.

    The reader has just started: what the writer still holds in memory is not there.
    """
    writer, frame = _warehouse(folder), holdings(DAY_ROWS, seed=2)
    paths = [_append(writer, frame, number) for number in range(DAYS)]
    warehouse, known_at = Warehouse(writer.ledger, writer.lake), writer.ledger.last_known_at()
    step = DAYS // (READS + 1)

    def bare(number: int) -> None:
        warehouse.duck.sql("select * from read_parquet($1)", params=[[paths[number * step]]]).to_arrow_table()

    ours, plain = medians(lambda n: _read(warehouse, n * step, known_at), bare, READS)
    what = f"as-of day of {DAYS:,} days / plain select of its file ({plain * 1000:.1f} ms)"
    return [Figure(what, ours / plain, limit=6)]


def _warehouse(folder: Path) -> Warehouse:
    """A warehouse that is sealed as an office's is."""
    return Warehouse(Ledger.open(f"sqlite:///{folder}/ledger.sqlite", Anchor(folder / "audit")), folder / "lake")


def _append(warehouse: Warehouse, frame: pd.DataFrame, number: int) -> str:
    written = warehouse.write(Positions.name, Positions, day(number), frame, HOW)
    return str(warehouse.lake / warehouse.batches_by_id([written.batch_id])[0].path)


def _read(warehouse: Warehouse, number: int, known_at: datetime | None) -> None:
    listed = warehouse.batches(Positions.name, day(number), day(number), known_at)
    assert len(warehouse.read(Positions, listed)) == DAY_ROWS
