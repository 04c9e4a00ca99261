"""The first ledger: every fact table and the audit chain, append-only on SQLite and PostgreSQL."""

import sqlalchemy as sa
from alembic import op

from fo_platform.ledger.append_only import create_facts, freeze, optional, texts, whole

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
        whole("seq"),
        *texts("known_at recorded_at kind body prev_hash hash"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("known_at"),
    )
    freeze("audit_chain")
    create_facts("clock_moves", whole("move"), *texts("moved_to"), key="move")


def _create_deliveries() -> None:
    create_facts(
        "deliveries",
        *texts("delivery_id source feed file_name file_sha256"),
        whole("size"),
        *texts("received_at business_date"),
        optional("statement_date"),
        *texts("accounts"),
        optional("page"),
        *texts("verdict"),
        optional("reason"),
        optional("remedy"),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=True),
        whole("row_count"),
        optional("supersedes"),
        *texts("problems"),
        key="delivery_id",
    )
    op.create_index("ix_deliveries_day", "deliveries", ["source", "business_date"])
    create_facts(
        "delivery_verdicts",
        *texts("delivery_id"),
        whole("step"),
        *texts("verdict"),
        optional("reason"),
        *texts("business_date"),
        key="delivery_id step",
    )


def _create_batches() -> None:
    create_facts(
        "batches",
        *texts("batch_id asset business_date known_at path content_sha256"),
        whole("row_count"),
        *texts("code_hash inputs parameters"),
        optional("read_at"),
        *texts("run_id"),
        key="batch_id",
    )
    op.create_index("ix_batches_asset_day", "batches", ["asset", "business_date", "known_at"])
    create_facts(
        "derivations",
        *texts("derivation_id asset business_date batch_id code_hash inputs parameters"),
        optional("read_at"),
        *texts("run_id"),
        key="derivation_id",
    )
    op.create_index("ix_derivations_asset_day", "derivations", ["asset", "business_date"])
    create_facts(
        "break_states", *texts("break_id"), whole("step"), *texts("status business_date reason"), key="break_id step"
    )


def _create_decisions() -> None:
    create_facts("policy_versions", whole("version"), *texts("business_date policy_digest files"), key="version")
    create_facts(
        "drift_events",
        *texts("scope"),
        whole("episode"),
        whole("step"),
        *texts("event"),
        whole("attempt"),
        *texts("business_date drift breached reason"),
        key="scope episode step",
    )
    create_facts(
        "approvals",
        *texts("approval_id namespace digest entity_id approver_id public_key signature decision document"),
        *texts("business_date at"),
        optional("reason"),
        sa.UniqueConstraint("namespace", "digest", "approver_id", "decision", name="uq_approvals_once"),
        key="approval_id",
    )
    create_facts("kill_switch", whole("step"), *texts("status signer at reason"), key="step")


def _create_orders() -> None:
    create_facts(
        "order_events",
        *texts("client_order_id"),
        whole("seq"),
        *texts("event at business_date"),
        whole("epoch"),
        *texts("body"),
        key="client_order_id seq",
    )
    create_facts(
        "outbox", *texts("client_order_id broker proposal_digest business_date message"), key="client_order_id"
    )
    create_facts("leases", *texts("name"), whole("epoch"), *texts("owner at"), key="name epoch")


def _create_fills() -> None:
    create_facts(
        "fills",
        *texts("broker account_id exec_id client_order_id instrument_id side quantity price_local currency fee_local"),
        *texts("trade_date settlement_date exec_type"),
        optional("exec_ref_id"),
        *texts("executed_at price_source business_date"),
        sa.Column("is_orphan", sa.Boolean(), nullable=False),
        key="broker account_id exec_id",
    )
    create_facts(
        "settlements",
        *texts("broker account_id exec_id settled_date file_sha256"),
        whole("line"),
        whole("byte_offset"),
        *texts("business_date"),
        key="broker account_id exec_id",
    )
