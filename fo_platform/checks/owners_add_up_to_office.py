"""The office is the sum of its owners, to the cent. Who owns what belongs to policy."""

import pandas as pd

from fo_platform import units
from fo_platform.checks._check import Check
from fo_platform.limits import OFFICE


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    is_office = frame["entity_id"] == OFFICE
    owned = units.total(frame.loc[~is_office, "nav_base"])
    return frame[is_office & (frame["nav_base"] != owned)]


CHECK = Check(
    table="book.net_worth",
    name="owners_add_up_to_office",
    description="The office's net worth is the sum of its owners', to the cent.",
    find=_wrong,
    is_blocking=True,
)
