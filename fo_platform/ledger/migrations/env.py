"""Alembic's entry: runs migrations on the connection it is handed. Table definitions do not belong here."""

from alembic import context

from fo_platform.ledger.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
