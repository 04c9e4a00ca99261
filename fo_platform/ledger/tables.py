"""The ledger's tables: facts, each bound to its entry in the audit chain. Reading and writing do not belong here."""

from datetime import UTC, date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from fo_platform.units import plain


class Exact(sa.types.TypeDecorator[Decimal]):
    """A Decimal as plain TEXT: SQLite's Numeric would lose digits in silence."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Plain text without exponent."""
        return None if value is None else plain(Decimal(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The Decimal again."""
        return None if value is None else Decimal(value)


class Instant(sa.types.TypeDecorator[datetime]):
    """A UTC instant as sortable TEXT with microseconds, the same on every database."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """ISO 8601 in UTC."""
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """The instant again."""
        return None if value is None else datetime.fromisoformat(value)


class Day(sa.types.TypeDecorator[date]):
    """A calendar day as ISO TEXT."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """ISO 8601."""
        return None if value is None else value.isoformat()[:10]

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """The day again."""
        return None if value is None else date.fromisoformat(value)


metadata = sa.MetaData()


def _table(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    """A fact table: its columns and the audit entry that vouches for each row."""
    return sa.Table(name, metadata, *columns, sa.Column("audit_seq", sa.Integer, nullable=False, index=True))


def _text(name: str, *, key: bool = False, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=key, nullable=optional and not key)


def _day(name: str, *, optional: bool = False) -> sa.Column[date]:
    return sa.Column(name, Day, nullable=optional)


def _whole(name: str, *, key: bool = False, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=key, nullable=optional and not key, autoincrement=False)


def _exact(name: str, *, optional: bool = False) -> sa.Column[Decimal]:
    return sa.Column(name, Exact, nullable=optional)


def _instant(name: str, *, optional: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Instant, nullable=optional)


audit_chain = sa.Table(
    "audit_chain",
    metadata,
    _whole("seq", key=True),
    sa.Column("known_at", Instant, nullable=False, unique=True),
    _instant("recorded_at"),
    _text("kind"),
    _text("body"),
    _text("prev_hash"),
    _text("hash"),
)

clock_moves = _table("clock_moves", _whole("move", key=True), _instant("moved_to"))

policy_versions = _table(
    "policy_versions",
    _whole("version", key=True),
    _day("business_date"),
    _text("policy_digest"),
    _text("files"),
)

deliveries = _table(
    "deliveries",
    _text("delivery_id", key=True),
    _text("source"),
    _text("feed"),
    _text("file_name"),
    _text("file_sha256"),
    _whole("size"),
    _instant("received_at"),
    _day("business_date"),
    _day("statement_date", optional=True),
    _text("accounts"),
    _text("page", optional=True),
    _text("verdict"),
    _text("reason", optional=True),
    _text("remedy", optional=True),
    _whole("line", optional=True),
    _whole("row_count"),
    _text("supersedes", optional=True),
    _text("problems"),
    sa.Index("ix_deliveries_day", "source", "business_date"),
)

delivery_verdicts = _table(
    "delivery_verdicts",
    _text("delivery_id", key=True),
    _whole("step", key=True),
    _text("verdict"),
    _text("reason", optional=True),
    _day("business_date"),
)

delivery_fingerprints = _table(
    "delivery_fingerprints",
    _text("delivery_id", key=True),
    _text("fingerprint"),
    _text("subject", optional=True),
)

delivery_decisions = _table(
    "delivery_decisions",
    _text("delivery_id", key=True),
    _whole("step", key=True),
    _text("decision"),
    _text("decided_by"),
    _instant("at"),
    _text("reason"),
    _day("business_date"),
)

batches = _table(
    "batches",
    _text("batch_id", key=True),
    _text("asset"),
    _day("business_date"),
    _instant("known_at"),
    _text("path"),
    _text("content_sha256"),
    _whole("row_count"),
    _text("code_hash"),
    _text("inputs"),
    _text("parameters"),
    _instant("read_at", optional=True),
    _text("run_id"),
    sa.Index("ix_batches_asset_day", "asset", "business_date", "known_at"),
)

derivations = _table(
    "derivations",
    _text("derivation_id", key=True),
    _text("asset"),
    _day("business_date"),
    _text("batch_id"),
    _text("code_hash"),
    _text("inputs"),
    _text("parameters"),
    _instant("read_at", optional=True),
    _text("run_id"),
    sa.Index("ix_derivations_asset_day", "asset", "business_date"),
)

restatements = _table(
    "restatements",
    _whole("restatement", key=True),
    _day("first_date"),
    _day("last_date"),
    _text("asked_by"),
    _text("reason"),
    _day("business_date"),
)

drift_events = _table(
    "drift_events",
    _text("scope", key=True),
    _whole("episode", key=True),
    _whole("step", key=True),
    _text("event"),
    _whole("attempt"),
    _day("business_date"),
    _exact("drift"),
    _text("breached"),
    _text("reason"),
)

approvals = _table(
    "approvals",
    _text("approval_id", key=True),
    _text("namespace"),
    _text("digest"),
    _text("entity_id"),
    _text("approver_id"),
    _text("public_key"),
    _text("signature"),
    _text("decision"),
    _text("document"),
    _day("business_date"),
    _instant("at"),
    _text("reason", optional=True),
    sa.UniqueConstraint("namespace", "digest", "approver_id", "decision", name="uq_approvals_once"),
)

order_events = _table(
    "order_events",
    _text("client_order_id", key=True),
    _whole("seq", key=True),
    _text("event"),
    _instant("at"),
    _day("business_date"),
    _whole("epoch"),
    _text("body"),
)

outbox = _table(
    "outbox",
    _text("client_order_id", key=True),
    _text("broker"),
    _text("proposal_digest"),
    _day("business_date"),
    _text("message"),
)

leases = _table("leases", _text("name", key=True), _whole("epoch", key=True), _text("owner"), _instant("at"))

fills = _table(
    "fills",
    _text("broker", key=True),
    _text("account_id", key=True),
    _text("exec_id", key=True),
    _text("client_order_id"),
    _text("instrument_id"),
    _text("side"),
    _exact("quantity"),
    _exact("price_local"),
    _text("currency"),
    _exact("fee_local"),
    _day("trade_date"),
    _day("settlement_date"),
    _text("exec_type"),
    _text("exec_ref_id", optional=True),
    _instant("executed_at"),
    _text("price_source"),
    _day("business_date"),
    sa.Column("is_orphan", sa.Boolean, nullable=False),
)

settlements = _table(
    "settlements",
    _text("broker", key=True),
    _text("account_id", key=True),
    _text("exec_id", key=True),
    _day("settled_date"),
    _text("file_sha256"),
    _whole("line"),
    _whole("byte_offset"),
    _day("business_date"),
)

break_states = _table(
    "break_states",
    _text("break_id", key=True),
    _whole("step", key=True),
    _text("status"),
    _day("business_date"),
    _text("reason"),
)

alert_events = _table(
    "alert_events",
    _text("alert_id", key=True),
    _whole("step", key=True),
    _text("event"),
    _text("rule"),
    _text("scope"),
    _text("severity"),
    _text("message"),
    _text("by", optional=True),
    _text("note", optional=True),
    _day("until_date", optional=True),
    _instant("at"),
    _day("business_date"),
)

alert_notices = _table(
    "alert_notices",
    _text("channel", key=True),
    _text("message_id", key=True),
    _whole("attempt", key=True),
    _text("alert_id"),
    _text("outcome"),
    _text("detail", optional=True),
    _instant("at"),
    _day("business_date"),
)

kill_switch = _table(
    "kill_switch", _whole("step", key=True), _text("status"), _text("signer"), _instant("at"), _text("reason")
)

FACTS: tuple[sa.Table, ...] = tuple(table for table in metadata.sorted_tables if table is not audit_chain)
"""Every table whose rows the audit chain vouches for."""
