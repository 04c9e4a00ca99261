"""Local and currency return make the gross return. How returns are made belongs to analytics."""

import pandas as pd

from fo_platform.checks._check import Check

ROUNDING = 1e-9


def wrong(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows whose (1 + local)(1 + fx) is not 1 + gross, or that have neither a return nor a reason."""
    product = (1 + frame["return_local_1d"]) * (1 + frame["return_fx_1d"])
    is_off = (product - 1 - frame["return_gross_1d"]).abs() > ROUNDING
    return frame[is_off | (frame["return_gross_1d"].isna() == frame["reason"].isna())]


CHECK = Check(
    table="analytics.performance",
    name="returns_multiply",
    description="Local and currency returns multiply to the gross one, and a missing return has a reason.",
    find=wrong,
)
