"""Reading tables outside a recipe: of a day, or of the last sessions, as last known. Writing does not belong here."""

from datetime import date

import pandas as pd

from fo_platform.calendars import add_sessions
from fo_platform.contracts._base import Table
from fo_platform.office import Office

RECENT_SESSIONS = 10
"""Sessions back to which a signed plan or a last price may lie."""


def of_day(office: Office, contract: type[Table], day: date) -> pd.DataFrame:
    """A table of a day as last known, empty when it was never made."""
    return office.warehouse.read(contract, office.warehouse.batches(contract.name, day, day))


def recent(office: Office, contract: type[Table], day: date) -> pd.DataFrame:
    """Rows of a table over the last sessions up to a day, the newest of each key, without their business date."""
    first = add_sessions(pd.Timestamp(day), 1 - RECENT_SESSIONS).date()
    rows = office.warehouse.read(contract, office.warehouse.batches(contract.name, first, day))
    return rows[list(contract.fields())].drop_duplicates(list(contract.key), keep="last", ignore_index=True)
