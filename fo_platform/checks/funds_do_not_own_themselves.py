"""No fund owns a part of itself through other funds. Which fund owns what belongs to reference."""

import pandas as pd

from fo_platform.checks._check import Check


def _looped(frame: pd.DataFrame) -> pd.DataFrame:
    """Lines that lead from a fund back to it: what is left when funds that own no fund are let go, one by one."""
    edges = frame[frame["instrument_id"].isin(frame["fund_instrument_id"].dropna())]
    while True:
        inner = edges[edges["instrument_id"].isin(edges["fund_instrument_id"])]
        left = inner[inner["fund_instrument_id"].isin(inner["instrument_id"])]
        if len(left) == len(edges):
            return left
        edges = left


CHECK = Check(
    table="reference.fund_holdings",
    name="funds_do_not_own_themselves",
    description="No fund owns a part of itself, at once or through others: such reports cannot be looked through.",
    find=_looped,
)
