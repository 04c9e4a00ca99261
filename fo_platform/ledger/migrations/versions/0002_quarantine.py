"""The quarantine: what deliveries state, as one figure each, and what people decided about those that were held."""

from fo_platform.ledger.append_only import create_facts, optional, texts, whole

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create both tables beside the deliveries: what was sealed before them stays as it is."""
    create_facts("delivery_fingerprints", *texts("delivery_id fingerprint"), optional("subject"), key="delivery_id")
    create_facts(
        "delivery_decisions",
        *texts("delivery_id"),
        whole("step"),
        *texts("decision decided_by at reason business_date"),
        key="delivery_id step",
    )
