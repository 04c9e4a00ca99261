"""Fills of a day and which of them count after corrections. What they did to an order does not belong here."""

import pandas as pd

from fo_platform.contracts.execution import Fills
from fo_platform.execution.order_terms import order_terms

Key = tuple[str, str, str]

FILL = ["broker", "account_id", "exec_id"]
WORDS = [*FILL, "exec_ref_id", "exec_type", "executed_at"]
CANCELLATION = "trade_cancel"


def fills_at_close(fills: pd.DataFrame, order_events: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Executions that became known on the day, corrections and orphans included, as `execution.fills`."""
    owners = order_terms(order_events)[["client_order_id", "entity_id"]]
    known = fills[fills["business_date"] == day].merge(owners, how="left", on="client_order_id", validate="many_to_one")
    return Fills.frame(known[list(Fills.fields())])


def active_fills(fills: pd.DataFrame) -> pd.DataFrame:
    """Fills that count: the last word of every execution, unless that word is its cancellation.

    A correction or cancellation names an earlier execution in exec_ref_id (FIX 19), the first of its chain or the one
    before it, and may arrive before it. Rows and columns are those of `fills`.
    """
    rows = list(zip(*(fills[name] for name in WORDS), strict=True))
    references = {row[:3]: row[3] for row in rows if pd.notna(row[3])}
    last: dict[Key, tuple[bool, pd.Timestamp, int, int]] = {}
    for place, (broker, account_id, exec_id, _, exec_type, executed_at) in enumerate(rows):
        path = _path((broker, account_id, exec_id), references)
        word = (exec_type != "trade", executed_at, len(path), place)
        last[path[-1]] = max(word, last.get(path[-1], word))
    return fills.iloc[sorted(word[-1] for word in last.values() if rows[word[-1]][4] != CANCELLATION)]


def without(rows: pd.DataFrame, others: pd.DataFrame, *, on: list[str]) -> pd.DataFrame:
    """Rows whose key is not among the others, index kept."""
    taken = pd.MultiIndex.from_frame(others[on])
    return rows[~pd.MultiIndex.from_frame(rows[on]).isin(taken)]


def _path(key: Key, references: dict[Key, str]) -> list[Key]:
    """An execution and those that it refers back to, the root of its chain last."""
    path = [key]
    while (ref := references.get(path[-1])) and (*key[:2], ref) not in path:
        path.append((*key[:2], ref))
    return path
