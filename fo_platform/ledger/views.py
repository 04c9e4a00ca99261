"""The ledger as frames that a table of a day may read, as known at a link. Deciding on them does not belong here."""

import json
from collections.abc import Callable, Mapping, Sequence
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
from fo_platform.ledger.restated import restated

View = Callable[[Ledger, date, int], pd.DataFrame]

ARRIVALS = 20
"""Statements of a feed that its usual arrival is learnt from."""


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
    return _frame(columns, [row._asdict() for row in rows])


def _frame(columns: Sequence[sa.ColumnElement[Any]], rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame({column.name: _series(column, [row[column.name] for row in rows]) for column in columns})


def _series(column: sa.ColumnElement[Any], values: list[Any]) -> pd.Series:
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
    """Deliveries received for the day with their last verdict, a row for each account stated (or one), as received.

    subject: what they speak of within their accounts; unknown of whole accounts.
    """
    received, stated, judged = tables.deliveries, tables.delivery_fingerprints, tables.delivery_verdicts
    is_known, is_stated = received.c.audit_seq <= seq, stated.c.audit_seq <= seq
    both = received.join(stated, sa.and_(received.c.delivery_id == stated.c.delivery_id, is_stated), isouter=True)
    query = sa.select(received, stated.c.subject).select_from(both).where(is_known, received.c.business_date == day)
    later = sa.select(judged).where(judged.c.audit_seq <= seq, judged.c.business_date == day)
    last = {
        row.delivery_id: {"verdict": row.verdict, "reason": row.reason}
        for row in ledger.rows(later.order_by(judged.c.audit_seq, *judged.primary_key))
    }
    rows = [
        {**row._mapping, **last.get(row.delivery_id, {}), "account_id_source": account}
        for row in ledger.rows(query.order_by(received.c.audit_seq, *received.primary_key))
        for account in json.loads(row.accounts) or [None]
    ]
    columns = [column for column in received.columns if column.name not in ("accounts", "audit_seq")]
    account_id_source = received.c.accounts.label("account_id_source")
    return _frame([*columns, stated.c.subject, account_id_source], rows)


def deliveries_in_effect(ledger: Ledger, day: date, seq: int) -> pd.DataFrame:
    """Deliveries of a day, and the later ones that speak of it where the day was restated, as received."""
    own = deliveries(ledger, day, seq)
    found = restated(ledger, day, seq)
    if found is None or found.late.empty:
        return own
    received = [deliveries(ledger, later.date(), seq) for later in sorted(found.late["received_date"].unique())]
    late = pd.concat([rows[rows["file_sha256"].isin(found.late["file_sha256"])] for rows in received])
    return pd.concat([own, late[late["statement_date"].between(*found.speaks_of)]], ignore_index=True)


def arrivals(ledger: Ledger, day: date, seq: int) -> pd.DataFrame:
    """When each of the last statements of every feed was here, of those received before the day.

    Columns source, feed, statement_date, received_at. What was stated again, or sent again, is none of its own.
    """
    known = tables.deliveries.c
    is_first = known.verdict.in_(("accepted", "incomplete")) & known.supersedes.is_(None)
    is_known = (known.audit_seq <= seq) & (known.business_date < day) & known.statement_date.is_not(None)
    feed = [known.source, known.feed]
    whole = sa.select(*feed, known.statement_date, sa.func.max(known.received_at).label("received_at"))
    dated = whole.where(is_first, is_known).group_by(*feed, known.statement_date).subquery()
    of_feed = [dated.c.source, dated.c.feed]
    rank = sa.func.row_number().over(partition_by=of_feed, order_by=dated.c.statement_date.desc())
    ranked = sa.select(dated, rank.label("rank")).subquery()
    rows = ledger.rows(sa.select(ranked).where(ranked.c.rank <= ARRIVALS).order_by(*ranked.columns))
    columns = [known.source, known.feed, known.statement_date, known.received_at]
    return _frame(columns, [row._asdict() for row in rows])


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
        deliveries, deliveries_in_effect, arrivals, fills_known, ledger_fills, order_events, order_events_before,
        working_orders, ledger_settlements, approvals_known,
    )
}  # fmt: skip
"""What a table may ask for by parameter name."""
