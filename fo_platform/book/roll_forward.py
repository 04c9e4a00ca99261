"""Yesterday's book rolled to today, and what a statement cannot include yet. Reading statements belongs elsewhere."""

from collections.abc import Sequence
from typing import Literal

import pandas as pd

Basis = Literal["trade", "settle"]


def in_window(legs: pd.DataFrame, start: pd.Timestamp, day: pd.Timestamp) -> pd.DataFrame:
    """Legs of trade dates from start (included) to day (excluded): what yesterday's book did not know."""
    return legs[(legs["trade_date"] >= start) & (legs["trade_date"] < day)]


def outstanding(legs: pd.DataFrame, standings: pd.DataFrame, *, basis: Basis | None = None) -> pd.DataFrame:
    """Legs that an account's statement cannot include, by the date that its basis goes by.

    standings: account_id, statement_date, statement_basis, one row an account; basis overrides theirs. An account that
    was never stated has all legs outstanding.
    """
    if legs.empty:
        return legs
    dates = standings[["account_id", "statement_date", "statement_basis"]]
    dated = legs.merge(dates, how="inner", on="account_id", validate="many_to_one")
    bases = dated["statement_basis"] if basis is None else pd.Series(basis, index=dated.index)
    effective = dated["settlement_date"].where(bases == "settle", dated["trade_date"])
    return dated[dated["statement_date"].isna() | (effective > dated["statement_date"])]


def joined(rows: pd.DataFrame, keys: Sequence[str], tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Every key that any table names, with the columns of all; what a table does not say is unknown."""
    indexed = [table.set_index(list(keys), verify_integrity=True) for table in (rows, *tables)]
    return pd.concat(indexed, axis=1).reset_index()
