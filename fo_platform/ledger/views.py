"""The ledger as frames that a table of a day may read, as known at a link. Deciding on them does not belong here."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from fo_platform import units
from fo_platform.contracts._base import inexact
from fo_platform.contracts.columns import COLUMNS
from fo_platform.contracts.execution import Fills
from fo_platform.execution.order_states import orders_at_close
from fo_platform.execution.order_terms import order_terms
from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger

View = Callable[[Ledger, date, int], pd.DataFrame]


def seq_at(ledger: Ledger, known_at: object) -> int:
    """The last link at or before an instant, None for now; every fact of an earlier or equal link was known then."""
    chain = tables.audit_chain.c
    query = sa.select(sa.func.coalesce(sa.func.max(chain.seq), 0))
    return int(ledger.rows(query if known_at is None else query.where(chain.known_at <= known_at))[0][0])


def facts(ledger: Ledger, table: sa.Table, seq: int, *where: sa.ColumnElement[bool]) -> pd.DataFrame:
    """Rows of a fact table known at a link, without the link, in the order in which they were recorded."""
    columns = [column for column in table.columns if column.name != "audit_seq"]
    query = sa.select(*columns).where(table.c.audit_seq <= seq, *where)
    rows = ledger.rows(query.order_by(table.c.audit_seq, *table.primary_key.columns))
    return pd.DataFrame(
        {column.name: _series(column, [row._mapping[column.name] for row in rows]) for column in columns}
    )


def _series(column: sa.Column[Any], values: list[Any]) -> pd.Series:
    """A column of facts in the types that frames have."""
    if isinstance(column.type, tables.Day):
        return pd.Series(pd.to_datetime(values), dtype="datetime64[ns]")
    if isinstance(column.type, tables.Instant):
        return pd.Series(pd.to_datetime(values, utc=True)).astype("datetime64[us, UTC]")
    if isinstance(column.type, tables.Exact):
        return units.exact(values, COLUMNS[column.name].arrow)
    if isinstance(column.type, sa.Text):
        return pd.Series(values, dtype="string[pyarrow]")
    return pd.Series(values, dtype="bool" if isinstance(column.type, sa.Boolean) else "Int64")


def deliveries(ledger: Ledger, day: date, seq: int) -> pd.DataFrame:
    """Deliveries received for the day with their last verdict, a row for each account stated (or one), as received."""
    received = facts(ledger, tables.deliveries, seq, tables.deliveries.c.business_date == day)
    later = facts(ledger, tables.delivery_verdicts, seq, tables.delivery_verdicts.c.business_date == day)
    last = later.drop_duplicates("delivery_id", keep="last").set_index("delivery_id")
    known = received["delivery_id"]
    judged = received.assign(
        verdict=known.map(last["verdict"]).fillna(received["verdict"]),
        reason=known.map(last["reason"]).where(known.isin(last.index), received["reason"]),
        account_id_source=pd.Series([json.loads(text) or [None] for text in received["accounts"]], dtype=object),
    )
    rows = judged.drop(columns="accounts").explode("account_id_source", ignore_index=True)
    return rows.astype({"account_id_source": "string[pyarrow]"})


def fills_known(ledger: Ledger, day: date, seq: int) -> pd.DataFrame:
    """Our fills of sessions before the day, in the fills contract's columns: what the book of the morning may know."""
    rows = facts(ledger, tables.fills, seq, tables.fills.c.trade_date < day)
    return Fills.frame(rows[[name for name in Fills.fields() if name in rows]])


def ledger_fills(ledger: Ledger, day: date, seq: int) -> pd.DataFrame:
    """All fills up to the close of the day."""
    return facts(ledger, tables.fills, seq, tables.fills.c.business_date <= day)


def order_events(ledger: Ledger, day: date, seq: int) -> pd.DataFrame:
    """Order events up to the close of the day."""
    return facts(ledger, tables.order_events, seq, tables.order_events.c.business_date <= day)


def order_events_before(ledger: Ledger, day: date, seq: int) -> pd.DataFrame:
    """Order events of sessions before the day: what the morning's decision may know."""
    return facts(ledger, tables.order_events, seq, tables.order_events.c.business_date < day)


def working_orders(ledger: Ledger, day: date, seq: int) -> pd.DataFrame:
    """Owners whose approved orders of earlier sessions are still open: entity_id and what is left of them, in base."""
    events = order_events_before(ledger, day, seq)
    fills = facts(ledger, tables.fills, seq, tables.fills.c.business_date < day)
    orders = inexact(orders_at_close(events, fills, pd.Timestamp(day)))
    ordered = inexact(order_terms(events)).set_index("client_order_id")["notional_base"]
    left = orders["leaves_quantity"] / orders["quantity"] * orders["client_order_id"].map(ordered)
    is_open = orders["leaves_quantity"] > 0
    by_owner = orders.assign(leaves_notional_base=left)[is_open].groupby("entity_id", as_index=False)
    return by_owner[["leaves_notional_base"]].sum()


def ledger_settlements(ledger: Ledger, day: date, seq: int) -> pd.DataFrame:
    """Settlements proved up to the day."""
    return facts(ledger, tables.settlements, seq, tables.settlements.c.business_date <= day)


def approvals_known(ledger: Ledger, day: date, seq: int) -> pd.DataFrame:
    """Signatures recorded up to the day."""
    return facts(ledger, tables.approvals, seq, tables.approvals.c.business_date <= day)


def policy_version(ledger: Ledger, day: date, seq: int) -> tuple[str, dict[str, str]] | None:
    """Digest of the policy in force on the day, and the archived digest of each of its files by relative name."""
    rows = facts(ledger, tables.policy_versions, seq, tables.policy_versions.c.business_date <= day)
    return (rows.iloc[-1]["policy_digest"], json.loads(rows.iloc[-1]["files"])) if len(rows) else None


VIEWS: dict[str, View] = {
    view.__name__: view
    for view in (
        deliveries, fills_known, ledger_fills, order_events, order_events_before, working_orders, ledger_settlements,
        approvals_known,
    )
}  # fmt: skip
"""What a table may ask for by parameter name."""
