"""Proof that nothing in ledger or archive was altered, or the first place where it was. Repair does not belong here."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from fo_platform.canonical import content_digest
from fo_platform.ledger import tables
from fo_platform.ledger.ledger import GENESIS, Ledger, link_body, link_hash


@dataclass(frozen=True)
class Fault:
    """Where and what does not hold."""

    where: str
    what: str


@dataclass(frozen=True)
class Verification:
    """Outcome: links and facts checked, the head, and the first fault if there is one."""

    rows: int
    head: str
    first_bad: Fault | None

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return self.first_bad is None


class _Unreadable(Exception):  # noqa: N818 - never leaves this module.
    """The database itself gives a table's rows no more."""


def verify(ledger: Ledger, archive: Path) -> Verification:
    """Check the chain, every fact against the link that sealed it, the signed head, and every archived byte.

    Cells are read as they are stored: an edit may have left something that is no instant, number or text at all.
    """
    links: list[Row[Any]] = []
    try:
        links = _rows(ledger, tables.audit_chain)
        fault = next(_faults(ledger, links, archive), None)
    except _Unreadable as error:
        fault = Fault(*error.args)
    return Verification(len(links), str(links[-1].hash) if links else GENESIS, fault)


def _faults(ledger: Ledger, links: list[Row[Any]], archive: Path) -> Iterator[Fault]:
    yield from _chain_faults(links)
    yield from _anchor_faults(ledger, links)
    yield from _fact_faults(ledger, links)
    yield from _archive_faults(ledger, archive)


def _chain_faults(links: list[Row[Any]]) -> Iterator[Fault]:
    prev = GENESIS
    for seq, link in enumerate(links, start=1):
        expected = _expected_hash(prev, link)
        if link.seq != seq:
            yield Fault(f"audit_chain seq {seq}", f"the link is missing: seq {link.seq} follows {seq - 1}")
        if link.prev_hash != prev or link.hash != expected:
            yield Fault(f"audit_chain seq {link.seq}", "the link's content does not give its hash")
        prev = link.hash


def _expected_hash(prev: str, link: Row[Any]) -> str | None:
    """Hash that the link's content gives; content that no link can have gives none."""
    try:
        return link_hash(prev, link_body(link.seq, link.known_at, link.recorded_at, link.kind, link.body))
    except TypeError:
        return None


def _anchor_faults(ledger: Ledger, links: list[Row[Any]]) -> Iterator[Fault]:
    if ledger.anchor is None or not (links or ledger.anchor.path.exists()):
        return
    anchored = ledger.anchor.read()
    if not ledger.anchor.path.exists():
        yield Fault("audit/head.json", f"the signed head is missing though the chain has {len(links)} links")
    elif anchored is None or not ledger.anchor.is_genuine():
        yield Fault("audit/head.json", "the head does not carry the office's signature")
    elif len(links) < anchored[0]:
        yield Fault(
            f"audit_chain seq {len(links) + 1}",
            f"the tail is cut: {len(links)} links, the signed head has {anchored[0]}",
        )
    elif links[anchored[0] - 1].hash != anchored[1]:
        yield Fault(
            f"audit_chain seq {anchored[0]}", "the chain was rewritten: the link is not the one in the signed head"
        )


def _fact_faults(ledger: Ledger, links: list[Row[Any]]) -> Iterator[Fault]:
    sealed: dict[tuple[str, int], list[str]] = {
        (table, link.seq): digests for link in links for table, digests in json.loads(link.body).items()
    }
    for table in tables.FACTS:
        found: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for row in _rows(ledger, table):
            seq = row.audit_seq if isinstance(row.audit_seq, int) else 0
            found[seq].append((_digest(table, row), _key(table, row)))
        yield from _table_faults(table.name, {seq: d for (name, seq), d in sealed.items() if name == table.name}, found)


def _table_faults(name: str, sealed: dict[int, list[str]], found: dict[int, list[tuple[str, str]]]) -> Iterator[Fault]:
    for seq in sorted(sealed.keys() | found.keys()):
        expected, actual = set(sealed.get(seq, [])), dict(found.get(seq, []))
        strange = [key for digest, key in actual.items() if digest not in expected]
        missing = expected - actual.keys()
        if strange:
            yield Fault(f"{name} {strange[0]}", f"the row is not the one that link {seq} sealed")
        elif missing:
            yield Fault(f"{name} of link {seq}", f"{len(missing)} sealed rows are missing")


def _archive_faults(ledger: Ledger, archive: Path) -> Iterator[Fault]:
    known = {row.file_sha256 for row in ledger.rows(sa.select(tables.deliveries.c.file_sha256).distinct())}
    for row in ledger.rows(sa.select(tables.policy_versions.c.files)):
        known |= set(json.loads(row.files).values())
    for sha256 in sorted(known):
        path = archive / "sha256" / sha256[:2] / sha256[2:4] / sha256
        if not path.exists():
            yield Fault(f"archive {sha256}", "the archived file is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            yield Fault(f"archive {sha256}", "the archived bytes do not give their name")


def _key(table: sa.Table, row: Row[Any]) -> str:
    return ",".join(str(row._mapping[column.name]) for column in table.primary_key.columns)


def _rows(ledger: Ledger, table: sa.Table) -> list[Row[Any]]:
    """Rows as the database holds them, before any type of ours is read into them, in primary-key order."""
    columns = [sa.type_coerce(column, _plain(column.type)).label(column.name) for column in table.columns]
    try:
        return ledger.rows(sa.select(*columns).order_by(*table.primary_key.columns))
    except sa.exc.DBAPIError as error:
        raise _Unreadable(table.name, f"cannot be read: {error.orig}") from error


def _plain(kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    if isinstance(kind, sa.types.TypeDecorator):
        return sa.Text()
    return sa.Integer() if isinstance(kind, sa.Boolean) else kind


def _digest(table: sa.Table, row: Row[Any]) -> str:
    """Digest of a row as it is stored; a value that no fact can hold gives none."""
    stored = {column.name: _stored(column, row._mapping[column.name]) for column in table.columns}
    try:
        return content_digest({name: value for name, value in stored.items() if name != "audit_seq"})
    except TypeError:
        return ""


def _stored(column: sa.Column[Any], value: Any) -> Any:  # noqa: ANN401 - any cell of any table.
    """SQLite keeps a truth as 0 or 1."""
    return bool(value) if isinstance(column.type, sa.Boolean) and value in (0, 1) else value
