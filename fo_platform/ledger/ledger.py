"""The ledger: append-only facts, every transaction sealed by one link. What the facts mean does not belong here."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from fo_platform.canonical import Value, canonical, content_digest
from fo_platform.clock import Clock, after, real_clock, wall
from fo_platform.ledger import tables
from fo_platform.ledger.anchor import Anchor
from fo_platform.ledger.engine import connect, writer

GENESIS = "0" * 64
LINK = b"\x01"
_LAST_LINK = sa.select(tables.audit_chain).order_by(tables.audit_chain.c.seq.desc()).limit(1)


@dataclass
class Transaction:
    """A write transaction that holds the writers' lock: `known_at` is its instant, `seq` its link in the chain."""

    connection: Connection
    seq: int
    known_at: datetime
    sealed: dict[str, list[str]] = field(default_factory=dict)

    def append(self, table: sa.Table, rows: Iterable[Mapping[str, object]]) -> None:
        """Add rows to a fact table and to what this transaction's link vouches for."""
        facts = [dict(row) for row in rows]
        if not facts:
            return
        self.connection.execute(table.insert(), [{**row, "audit_seq": self.seq} for row in facts])
        self.sealed.setdefault(table.name, []).extend(row_digest(table, row) for row in facts)

    def rows(self, query: sa.Select[Any]) -> list[Row[Any]]:
        """Rows as they stand inside this transaction."""
        return list(self.connection.execute(query).all())


class Ledger:
    """One office's ledger on a database engine, with the clock that dates what it learns."""

    def __init__(self, engine: Engine, clock: Clock | None = None, anchor: Anchor | None = None) -> None:
        """Without a clock the ledger keeps it: it stands at the last recorded move, or runs on real time."""
        self.engine = engine
        self.anchor = anchor
        self.clock = clock or self.own_clock()

    @classmethod
    def open(cls, url: str, anchor: Anchor | None = None) -> "Ledger":
        """The ledger at a database URL, its schema brought up to date."""
        return cls(connect(url), anchor=anchor)

    @contextmanager
    def transaction(self, kind: str, now: datetime | None = None) -> Iterator[Transaction]:
        """A write transaction; on leaving, one link seals every row it appended. Nothing appended, nothing recorded."""
        with writer(self.engine) as connection, connection.begin():
            last = connection.execute(_LAST_LINK).first()
            known_at = after(now or self.clock.now(), last.known_at if last else None)
            entry = Transaction(connection, last.seq + 1 if last else 1, known_at)
            yield entry
            head = _seal(entry, kind, last.hash if last else GENESIS)
        if head and self.anchor:
            self.anchor.write(*head)

    def rows(self, query: sa.Select[Any], values: Mapping[str, object] | None = None) -> list[Row[Any]]:
        """Rows as last committed; values: of the query's bound parameters, by name."""
        with self.engine.connect() as connection:
            return list(connection.execute(query, values).all())

    def last_known_at(self) -> datetime | None:
        """K of a reader: the instant of the last committed transaction."""
        with self.engine.connect() as connection:
            last = connection.execute(_LAST_LINK).first()
        return last.known_at if last else None

    def move_clock(self, to: datetime) -> None:
        """Move a simulated clock forward; standing still or going back is nothing. The first makes it simulated."""
        query = sa.select(tables.clock_moves).order_by(tables.clock_moves.c.move.desc()).limit(1)
        with self.transaction("clock", now=to) as entry:
            last = entry.connection.execute(query).first()
            if last is None or to > last.moved_to:
                entry.append(tables.clock_moves, [{"move": last.move + 1 if last else 1, "moved_to": to}])
        self.clock = self.own_clock()

    def own_clock(self) -> Clock:
        """The clock that this ledger keeps: simulated from its first recorded move on, real before."""
        moved = tables.clock_moves
        latest = sa.select(sa.func.max(moved.c.moved_to))

        def now() -> datetime:
            with self.engine.connect() as connection:
                return connection.execute(latest).scalar() or wall()

        with self.engine.connect() as connection:
            is_simulated = connection.execute(latest).scalar() is not None
        return Clock(now, is_simulated=True) if is_simulated else real_clock()


def row_digest(table: sa.Table, row: Mapping[str, object]) -> str:
    """Digest of one fact over all columns but its link, in the form in which the database gives it back."""
    columns = [column for column in table.columns if column.name != "audit_seq"]
    return content_digest({column.name: _stored(column, row.get(column.name)) for column in columns})


def link_hash(prev: str, body: bytes) -> str:
    """RFC 6962's leaf prefix over the previous link and the canonical body."""
    return hashlib.sha256(LINK + bytes.fromhex(prev) + body).hexdigest()


def link_body(seq: int, known_at: str, recorded_at: str, kind: str, sealed: str) -> bytes:
    """What a link's hash covers, its instants as they are stored."""
    return canonical({"seq": seq, "known_at": known_at, "recorded_at": recorded_at, "kind": kind, "sealed": sealed})


def _seal(entry: Transaction, kind: str, prev: str) -> tuple[int, str] | None:
    if not entry.sealed:
        return None
    recorded_at, body = wall(), json.dumps(entry.sealed, sort_keys=True, separators=(",", ":"))
    link = link_hash(prev, link_body(entry.seq, _instant(entry.known_at), _instant(recorded_at), kind, body))
    values = {"seq": entry.seq, "known_at": entry.known_at, "recorded_at": recorded_at, "kind": kind, "body": body}
    entry.connection.execute(tables.audit_chain.insert().values(**values, prev_hash=prev, hash=link))
    return entry.seq, link


def _stored(column: sa.Column[Any], value: Any) -> Value:  # noqa: ANN401 - any cell of any table.
    if not isinstance(column.type, sa.types.TypeDecorator):
        return value  # type: ignore[no-any-return]
    return column.type.process_bind_param(value, None)  # type: ignore[arg-type, no-any-return]


def _instant(value: datetime) -> str:
    return str(tables.Instant().process_bind_param(value, None))  # type: ignore[arg-type]
