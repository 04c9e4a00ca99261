"""Restatements: which days were made again, who asked for it and why."""

from fo_platform.ledger.append_only import create_facts, texts, whole

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table, append-only like every fact."""
    create_facts(
        "restatements",
        whole("restatement"),
        *texts("first_date last_date asked_by reason business_date"),
        key="restatement",
    )
