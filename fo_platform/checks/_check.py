"""Check: a function that finds the rows of a table that are wrong. Which checks exist, the files beside it tell."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from fo_platform.registry import discover


@dataclass(frozen=True)
class Check:
    """One check on one table: `find` returns the rows that are wrong; no rows is a pass.

    is_blocking: whether wrong rows keep the table from being written; otherwise they are a warning.
    """

    table: str
    name: str
    description: str
    find: Callable[[pd.DataFrame], pd.DataFrame]
    is_blocking: bool = False


def checks_of(table: str) -> list[Check]:
    """The checks declared on a table, by file name."""
    found = discover("fo_platform.checks", "CHECK")
    return [check for check in found.values() if isinstance(check, Check) and check.table == table]
