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

from fo_platform.ledger import tables
from fo_platform.ledger.ledger import GENESIS, Ledger, link_body, link_hash, row_digest


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


def verify(ledger: Ledger, archive: Path) -> Verification:
    """Check the chain, every fact against the link that sealed it, the signed head, and every archived byte."""
    links = ledger.rows(sa.select(tables.audit_chain).order_by(tables.audit_chain.c.seq))
    faults = _faults(ledger, links, archive)
    return Verification(len(links), links[-1].hash if links else GENESIS, next(faults, None))


def _faults(ledger: Ledger, links: list[Row[Any]], archive: Path) -> Iterator[Fault]:
    yield from _chain_faults(links)
    yield from _anchor_faults(ledger, links)
    yield from _fact_faults(ledger, links)
    yield from _archive_faults(ledger, archive)


def _chain_faults(links: list[Row[Any]]) -> Iterator[Fault]:
    prev = GENESIS
    for seq, link in enumerate(links, start=1):
        expected = link_hash(prev, link_body(link.seq, link.known_at, link.recorded_at, link.kind, link.body))
        if link.seq != seq:
            yield Fault(f"audit_chain seq {seq}", f"the link is missing: seq {link.seq} follows {seq - 1}")
        if link.prev_hash != prev or link.hash != expected:
            yield Fault(f"audit_chain seq {link.seq}", "the link's content does not give its hash")
        prev = link.hash


def _anchor_faults(ledger: Ledger, links: list[Row[Any]]) -> Iterator[Fault]:
    if ledger.anchor is None or not (links or ledger.anchor.read()):
        return
    anchored = ledger.anchor.read()
    if anchored is None:
        yield Fault("audit/head.json", f"the signed head is missing though the chain has {len(links)} links")
    elif not ledger.anchor.is_genuine():
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
        for row in ledger.rows(sa.select(table)):
            found[row.audit_seq].append((row_digest(table, row._mapping), _key(table, row)))
        yield from _table_faults(table.name, {seq: d for (name, seq), d in sealed.items() if name == table.name}, found)


def _table_faults(name: str, sealed: dict[int, list[str]], found: dict[int, list[tuple[str, str]]]) -> Iterator[Fault]:
    for seq in sorted(sealed.keys() | found.keys()):
        expected, actual = set(sealed.get(seq, [])), {digest: key for digest, key in found.get(seq, [])}
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
