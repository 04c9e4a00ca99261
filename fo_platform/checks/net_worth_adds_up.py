"""Net worth is assets plus cash less liabilities, to the cent. How assets are valued belongs to book."""

import pandas as pd

from fo_platform.checks._check import Check


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    parts = frame["assets_base"] + frame["cash_base"] - frame["liabilities_base"]
    return frame[frame["nav_base"] != parts]


CHECK = Check(
    table="book.net_worth",
    name="net_worth_adds_up",
    description="Net worth is assets plus cash less liabilities, to the cent.",
    find=_wrong,
    is_blocking=True,
)
