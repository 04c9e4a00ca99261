"""Unfunded is commitment less called plus recallable, to the cent. How it is rolled forward belongs to book."""

import pandas as pd

from fo_platform.checks._check import Check


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    expected = frame["commitment_local"] - frame["called_local"] + frame["recallable_local"]
    is_wrong = (frame["unfunded_local"] != expected) & expected.notna() & frame["unfunded_local"].notna()
    return frame[is_wrong.fillna(value=False).astype("bool")]


CHECK = Check(
    table="book.private_capital",
    name="unfunded_adds_up",
    description="Unfunded is commitment less called plus recallable, to the cent, wherever all four are stated.",
    find=_wrong,
)
