"""Fact tables as migrations make them: bound to the audit chain, and frozen. Which tables there are belongs to them."""

import sqlalchemy as sa
from alembic import op


def create_facts(name: str, *columns: sa.schema.SchemaItem, key: str) -> None:
    """A fact table, each row bound to the audit entry that vouches for it; nobody changes a row afterwards."""
    link = sa.Column("audit_seq", sa.Integer(), nullable=False)
    op.create_table(name, *columns, link, sa.PrimaryKeyConstraint(*key.split()))
    op.create_index(f"ix_{name}_audit_seq", name, ["audit_seq"])
    freeze(name)


def texts(names: str) -> list[sa.Column[str]]:
    """Columns of text that is always known, by their names."""
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]


def optional(name: str) -> sa.Column[str]:
    """A column of text that may be unknown."""
    return sa.Column(name, sa.Text(), nullable=True)


def whole(name: str) -> sa.Column[int]:
    """A column of whole numbers."""
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def freeze(table: str) -> None:
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
