"""The raw tables, one a declared source: what arrived, exactly as stated. What the records mean belongs to book."""

from datetime import date

import dagster as dg
import pandas as pd

from fo_platform.contracts.raw import Record
from fo_platform.custodians.accepted import accepted_records
from fo_platform.defs._table import Effect, of_day, table_asset
from fo_platform.defs.partitions import POLICY
from fo_platform.office import Office
from fo_platform.operations.fetch import fetch
from fo_platform.operations.intake import take_in
from fo_platform.warehouse.archive import Archive

RAW_TABLES = tuple(f"raw.{source}" for source in POLICY.sources)
RAW = of_day(*RAW_TABLES)
"""Every source's records of the day, as one frame with their source."""


def _intake(source: str) -> Effect:
    """What comes before the table: what the source offers is fetched, then what lies in its inbox is taken in."""
    declared = POLICY.sources[source]

    def effect(office: Office, day: date) -> None:
        fetch(office, source, declared.transport, day)
        take_in(office, source, tuple(declared.feeds), day)

    return effect


def _raw_asset(source: str) -> dg.AssetsDefinition:
    @table_asset(Record, name=f"raw.{source}", before=_intake(source), kinds=("file",), has_pii=True)
    def records(deliveries: pd.DataFrame, archive: Archive) -> pd.DataFrame:
        return accepted_records(deliveries[deliveries["source"] == source], archive.read)

    return records


RAW_ASSETS = [_raw_asset(source) for source in POLICY.sources]
