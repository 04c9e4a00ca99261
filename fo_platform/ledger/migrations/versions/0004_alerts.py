"""Alerts: what happened to each, who took it up, and which channel was told of it."""

from fo_platform.ledger.append_only import create_facts, optional, texts, whole

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create both tables, append-only like every fact."""
    create_facts(
        "alert_events",
        *texts("alert_id event rule scope severity message at business_date"),
        *map(optional, ("by", "note", "until_date")),
        whole("step"),
        key="alert_id step",
    )
    create_facts(
        "alert_notices",
        *texts("channel message_id alert_id outcome at business_date"),
        optional("detail"),
        whole("attempt"),
        key="channel message_id attempt",
    )
