"""The first ledger: every fact table and the audit chain, append-only on SQLite and PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables by subject, each with the triggers that refuse every change of a row."""
    _create_chain()
    _create_deliveries()
    _create_batches()
    _create_decisions()
    _create_orders()
    _create_fills()


def _create_chain() -> None:
    op.create_table(
        "audit_chain",
        _whole("seq"),
        *_texts("known_at recorded_at kind body prev_hash hash"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("known_at"),
    )
    _freeze("audit_chain")
    _create_facts("clock_moves", _whole("move"), *_texts("moved_to"), key="move")


def _create_deliveries() -> None:
    _create_facts(
        "deliveries",
        *_texts("delivery_id source feed file_name file_sha256"),
        _whole("size"),
        *_texts("received_at business_date"),
        _optional("statement_date"),
        *_texts("accounts"),
        _optional("page"),
        *_texts("verdict"),
        _optional("reason"),
        _optional("remedy"),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=True),
        _whole("row_count"),
        _optional("supersedes"),
        *_texts("problems"),
        key="delivery_id",
    )
    op.create_index("ix_deliveries_day", "deliveries", ["source", "business_date"])
    _create_facts(
        "delivery_verdicts",
        *_texts("delivery_id"),
        _whole("step"),
        *_texts("verdict"),
        _optional("reason"),
        *_texts("business_date"),
        key="delivery_id step",
    )


def _create_batches() -> None:
    _create_facts(
        "batches",
        *_texts("batch_id asset business_date known_at path content_sha256"),
        _whole("row_count"),
        *_texts("code_hash inputs parameters"),
        _optional("read_at"),
        *_texts("run_id"),
        key="batch_id",
    )
    op.create_index("ix_batches_asset_day", "batches", ["asset", "business_date", "known_at"])
    _create_facts(
        "derivations",
        *_texts("derivation_id asset business_date batch_id code_hash inputs parameters"),
        _optional("read_at"),
        *_texts("run_id"),
        key="derivation_id",
    )
    op.create_index("ix_derivations_asset_day", "derivations", ["asset", "business_date"])
    _create_facts(
        "break_states", *_texts("break_id"), _whole("step"), *_texts("status business_date reason"), key="break_id step"
    )


def _create_decisions() -> None:
    _create_facts("policy_versions", _whole("version"), *_texts("business_date policy_digest files"), key="version")
    _create_facts(
        "drift_events",
        *_texts("scope"),
        _whole("episode"),
        _whole("step"),
        *_texts("event"),
        _whole("attempt"),
        *_texts("business_date drift breached reason"),
        key="scope episode step",
    )
    _create_facts(
        "approvals",
        *_texts("approval_id namespace digest entity_id approver_id public_key signature decision document"),
        *_texts("business_date at"),
        _optional("reason"),
        sa.UniqueConstraint("namespace", "digest", "approver_id", "decision", name="uq_approvals_once"),
        key="approval_id",
    )
    _create_facts("kill_switch", _whole("step"), *_texts("status signer at reason"), key="step")


def _create_orders() -> None:
    _create_facts(
        "order_events",
        *_texts("client_order_id"),
        _whole("seq"),
        *_texts("event at business_date"),
        _whole("epoch"),
        *_texts("body"),
        key="client_order_id seq",
    )
    _create_facts(
        "outbox", *_texts("client_order_id broker proposal_digest business_date message"), key="client_order_id"
    )
    _create_facts("leases", *_texts("name"), _whole("epoch"), *_texts("owner at"), key="name epoch")


def _create_fills() -> None:
    _create_facts(
        "fills",
        *_texts("broker account_id exec_id client_order_id instrument_id side quantity price_local currency fee_local"),
        *_texts("trade_date settlement_date exec_type"),
        _optional("exec_ref_id"),
        *_texts("executed_at price_source business_date"),
        sa.Column("is_orphan", sa.Boolean(), nullable=False),
        key="broker account_id exec_id",
    )
    _create_facts(
        "settlements",
        *_texts("broker account_id exec_id settled_date file_sha256"),
        _whole("line"),
        _whole("byte_offset"),
        *_texts("business_date"),
        key="broker account_id exec_id",
    )


def _create_facts(name: str, *columns: sa.schema.SchemaItem, key: str) -> None:
    """A fact table, each row bound to the audit entry that vouches for it; nobody changes a row afterwards."""
    link = sa.Column("audit_seq", sa.Integer(), nullable=False)
    op.create_table(name, *columns, link, sa.PrimaryKeyConstraint(*key.split()))
    op.create_index(f"ix_{name}_audit_seq", name, ["audit_seq"])
    _freeze(name)


def _texts(names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]


def _optional(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=True)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def _freeze(table: str) -> None:
    """Refuse updates and deletes: a correction is a new row."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            op.execute(f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {body}")
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION fo_append_only() RETURNS trigger AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION fo_append_only()"
    )
