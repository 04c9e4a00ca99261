"""Verification: whatever is altered behind the product's back is found, and the first place is named."""

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from fo_platform.ledger import tables
from fo_platform.ledger.anchor import Anchor
from fo_platform.ledger.ledger import Ledger, link_body, link_hash
from fo_platform.ledger.verify import Fault, verify
from fo_platform.warehouse.archive import Archive
from fo_platform_tests.databases import SqliteFiles
from fo_platform_tests.ledger.conftest import Kept
from fo_platform_tests.ledger.facts import BYTES, fact, record_everything

FACTS = [table.name for table in tables.FACTS]
LINKS = 2 * len(FACTS)


def tamper(kept: Kept, *statements: str) -> None:
    """Change rows as someone who owns the database could: the triggers are out of the way."""
    with kept.ledger.engine.connect() as connection, connection.begin():
        _disarm(connection)
        for statement in statements:
            assert connection.execute(sa.text(statement)).rowcount != 0


def _disarm(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        return
    for name in connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.execute(sa.text(f"DROP TRIGGER {name}"))


def first_bad(kept: Kept) -> Fault:
    found = verify(kept.ledger, kept.archive.folder)
    assert found.first_bad is not None
    return found.first_bad


def test_a_ledger_that_nobody_touched_is_whole(kept: Kept) -> None:
    found = verify(kept.ledger, kept.archive.folder)
    assert (found.ok, found.rows, found.first_bad) == (True, LINKS, None)
    assert found.head == kept.ledger.rows(sa.select(tables.audit_chain).order_by(tables.audit_chain.c.seq))[-1].hash


@pytest.mark.parametrize("table", FACTS)
def test_an_edited_row_is_found_and_named(kept: Kept, table: str) -> None:
    row = kept.ledger.rows(sa.select(tables.metadata.tables[table]))[0]
    edited = "is_orphan = NOT is_orphan" if table == "fills" else _longer(table)
    tamper(kept, f"UPDATE {table} SET {edited} WHERE audit_seq = {row.audit_seq}")  # noqa: S608 - our own names.
    assert first_bad(kept).where.startswith(f"{table} ")
    assert first_bad(kept).what == f"the row is not the one that link {row.audit_seq} sealed"


def _longer(table: str) -> str:
    columns = tables.metadata.tables[table].columns
    name = next(column.name for column in reversed(columns) if not isinstance(column.type, sa.Integer))
    return f"{name} = {name} || '1'"


@pytest.mark.parametrize("table", FACTS)
def test_a_removed_row_is_found_by_its_link(kept: Kept, table: str) -> None:
    row = kept.ledger.rows(sa.select(tables.metadata.tables[table]))[0]
    tamper(kept, f"DELETE FROM {table} WHERE audit_seq = {row.audit_seq}")  # noqa: S608 - our own names.
    assert first_bad(kept) == Fault(f"{table} of link {row.audit_seq}", "1 sealed rows are missing")


@pytest.mark.parametrize("table", FACTS)
def test_an_invented_row_is_found_and_named(kept: Kept, table: str) -> None:
    with kept.ledger.engine.connect() as connection, connection.begin():
        connection.execute(
            tables.metadata.tables[table].insert(), [fact(tables.metadata.tables[table], 9) | {"audit_seq": 3}]
        )
    assert first_bad(kept).where.startswith(f"{table} ")
    assert first_bad(kept).what == "the row is not the one that link 3 sealed"


def test_a_row_lent_to_another_link_is_found(kept: Kept) -> None:
    tamper(kept, "UPDATE leases SET audit_seq = 1 WHERE epoch = 1")
    assert first_bad(kept) == Fault("leases name 1,1", "the row is not the one that link 1 sealed")


LINK_EDITS = {
    "body": "body || ' '",
    "kind": "'other'",
    "known_at": "'2022-06-14T11:30:00.000000+00:00'",
    "recorded_at": "'2022-06-14T11:30:00.000000+00:00'",
    "prev_hash": "hash",
    "hash": "prev_hash",
}


@pytest.mark.parametrize("column", LINK_EDITS)
def test_an_edited_link_is_found_and_named(kept: Kept, column: str) -> None:
    tamper(kept, f"UPDATE audit_chain SET {column} = {LINK_EDITS[column]} WHERE seq = 5")  # noqa: S608 - ours.
    assert first_bad(kept) == Fault("audit_chain seq 5", "the link's content does not give its hash")


def test_a_removed_link_is_found(kept: Kept) -> None:
    tamper(kept, "DELETE FROM audit_chain WHERE seq = 5")
    assert first_bad(kept) == Fault("audit_chain seq 5", "the link is missing: seq 6 follows 4")


def test_a_cut_tail_is_found_by_the_signed_head(kept: Kept) -> None:
    last = FACTS[-1]
    tamper(kept, f"DELETE FROM audit_chain WHERE seq = {LINKS}", f"DELETE FROM {last} WHERE audit_seq = {LINKS}")  # noqa: S608
    expected = f"the tail is cut: {LINKS - 1} links, the signed head has {LINKS}"
    assert first_bad(kept) == Fault(f"audit_chain seq {LINKS}", expected)


def test_an_emptied_ledger_is_found_by_the_signed_head(kept: Kept) -> None:
    tamper(kept, *[f"DELETE FROM {table}" for table in [*FACTS, "audit_chain"]])  # noqa: S608 - our own names.
    assert first_bad(kept).what == f"the tail is cut: 0 links, the signed head has {LINKS}"


def test_a_rewritten_last_link_is_found_by_the_signed_head(kept: Kept) -> None:
    columns = "seq, known_at, recorded_at, body, prev_hash"
    last = kept.ledger.rows(sa.select(sa.text(f"{columns} FROM audit_chain WHERE seq = {LINKS}")))[0]
    body = link_body(last.seq, last.known_at, last.recorded_at, "other", last.body)
    forged = link_hash(last.prev_hash, body)
    tamper(kept, f"UPDATE audit_chain SET kind = 'other', hash = '{forged}' WHERE seq = {LINKS}")  # noqa: S608 - ours.
    assert "the chain was rewritten" in first_bad(kept).what


def test_a_missing_head_is_found(kept: Kept) -> None:
    (kept.folder / "audit/head.json").unlink()
    assert first_bad(kept) == Fault("audit/head.json", f"the signed head is missing though the chain has {LINKS} links")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seq": 1}', '{"seq": "x", "head": 1, "signature": "?"}', "\x00"])
def test_a_head_that_cannot_be_read_is_found(kept: Kept, text: str) -> None:
    (kept.folder / "audit/head.json").write_text(text)
    assert first_bad(kept) == Fault("audit/head.json", "the head does not carry the office's signature")


def test_a_head_that_someone_wrote_is_found(kept: Kept) -> None:
    head = kept.folder / "audit/head.json"
    body = json.loads(head.read_text())
    head.write_text(json.dumps(body | {"seq": body["seq"] - 1}))
    assert first_bad(kept) == Fault("audit/head.json", "the head does not carry the office's signature")


def test_a_head_signed_with_another_key_is_found(kept: Kept, tmp_path: Path) -> None:
    other = Anchor(tmp_path / "other")
    other.write(LINKS, verify(kept.ledger, kept.archive.folder).head)
    shutil.copy(tmp_path / "other/head.json", kept.folder / "audit/head.json")
    assert first_bad(kept) == Fault("audit/head.json", "the head does not carry the office's signature")


def test_an_older_head_of_the_office_is_no_fault(kept: Kept) -> None:
    old = (kept.folder / "audit/head.json").read_text()
    with kept.ledger.transaction("test") as entry:
        entry.append(tables.leases, [fact(tables.leases, 9)])
    (kept.folder / "audit/head.json").write_text(old)
    assert verify(kept.ledger, kept.archive.folder).ok


def test_a_flipped_byte_of_the_archive_is_found(kept: Kept) -> None:
    sha256 = hashlib.sha256(BYTES).hexdigest()
    path = kept.archive.path(sha256)
    path.chmod(0o644)
    path.write_bytes(bytes([BYTES[0] ^ 1]) + BYTES[1:])
    assert first_bad(kept) == Fault(f"archive {sha256}", "the archived bytes do not give their name")


def test_a_missing_file_of_the_archive_is_found(kept: Kept) -> None:
    sha256 = hashlib.sha256(BYTES).hexdigest()
    kept.archive.path(sha256).unlink()
    assert first_bad(kept) == Fault(f"archive {sha256}", "the archived file is missing")


REPLACEMENTS: tuple[object, ...] = ("x", b"\xff", 7.5, None)


def test_an_edit_of_any_cell_to_anything_is_found(tmp_path: Path) -> None:
    ledger = Ledger.open(SqliteFiles(tmp_path).new(), Anchor(tmp_path / "audit"))
    record_everything(ledger, Archive(tmp_path / "archive"))
    files = sqlite3.connect(tmp_path / "0.sqlite", isolation_level=None)
    for (name,) in files.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        files.execute(f"DROP TRIGGER {name}")
    overlooked = [
        (table.name, column.name, value)
        for table in tables.metadata.sorted_tables
        for column in table.columns
        for value in REPLACEMENTS
        if not _is_found(ledger, tmp_path, files, (table.name, column.name, value))
    ]
    assert overlooked == []


def _is_found(ledger: Ledger, folder: Path, files: sqlite3.Connection, edit: tuple[str, str, object]) -> bool:
    """Whether an edit of a cell of a table's first row is found in that table, or SQLite refuses it."""
    table, column, value = edit
    (before, row) = files.execute(f"SELECT {column}, rowid FROM {table} ORDER BY rowid LIMIT 1").fetchone()  # noqa: S608
    change = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"  # noqa: S608 - our own names.
    try:
        files.execute(change, (value, row))
    except sqlite3.IntegrityError:
        return True
    found = verify(ledger, folder / "archive").first_bad
    files.execute(change, (before, row))
    return found is not None and found.where.startswith(f"{table} ")


def test_text_that_is_no_text_is_found(tmp_path: Path) -> None:
    ledger = Ledger.open(SqliteFiles(tmp_path).new(), Anchor(tmp_path / "audit"))
    record_everything(ledger, Archive(tmp_path / "archive"))
    files = sqlite3.connect(tmp_path / "0.sqlite", isolation_level=None)
    files.execute("DROP TRIGGER outbox_no_update")
    files.execute("UPDATE outbox SET message = CAST(x'ff' AS TEXT)")
    found = verify(ledger, tmp_path / "archive").first_bad
    assert found is not None
    assert (found.where, found.what[:17]) == ("outbox", "cannot be read: C")
