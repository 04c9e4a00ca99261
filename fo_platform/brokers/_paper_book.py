"""The paper broker's own durable record of orders and executions. How an order is filled does not belong here."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeVar

from fo_platform.brokers._base import Execution, Order, OrderReport, Status
from fo_platform.canonical import canonical

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (position INTEGER PRIMARY KEY, client_order_id TEXT UNIQUE NOT NULL,
    session TEXT NOT NULL, closed TEXT, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS executions (sequence INTEGER PRIMARY KEY, exec_id TEXT UNIQUE NOT NULL,
    client_order_id TEXT NOT NULL, session TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS worked (client_order_id TEXT NOT NULL, session TEXT NOT NULL,
    PRIMARY KEY (client_order_id, session));
"""

READERS: dict[object, Callable[[str], object]] = {
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}

Row = TypeVar("Row", Order, Execution)


@dataclass(frozen=True)
class PaperBook:
    """The book inside one transaction."""

    connection: sqlite3.Connection

    def add_order(self, order: Order) -> None:
        """A new order, after all others."""
        row = (order.client_order_id, order.trade_date.isoformat(), _text(order))
        self.connection.execute("INSERT INTO orders (client_order_id, session, body) VALUES (?, ?, ?)", row)

    def order(self, client_order_id: str) -> Order | None:
        """The order with this identifier."""
        found = self._bodies("SELECT body FROM orders WHERE client_order_id = ?", client_order_id)
        return _row(Order, found[0]) if found else None

    def count_orders(self, session: date) -> int:
        """How many orders were placed in a session."""
        query = "SELECT count(*) FROM orders WHERE session = ?"
        return int(self.connection.execute(query, (session.isoformat(),)).fetchone()[0])

    def unworked_orders(self, session: date) -> list[Order]:
        """Orders that are not closed and were not yet worked in the session, in the order of arrival."""
        query = (
            "SELECT body FROM orders WHERE closed IS NULL AND session <= ? AND client_order_id NOT IN "
            "(SELECT client_order_id FROM worked WHERE session = ?) ORDER BY position"
        )
        return [_row(Order, body) for body in self._bodies(query, session.isoformat(), session.isoformat())]

    def close(self, client_order_id: str, status: Literal["FILLED", "CANCELED", "EXPIRED"]) -> None:
        """End what is open of an order."""
        self.connection.execute("UPDATE orders SET closed = ? WHERE client_order_id = ?", (status, client_order_id))

    def record_work(self, order: Order, session: date, executions: Iterable[Execution]) -> None:
        """What a session did to an order, possibly nothing."""
        for execution in executions:
            row = (execution.exec_id, execution.client_order_id, session.isoformat(), _text(execution))
            query = "INSERT INTO executions (exec_id, client_order_id, session, body) VALUES (?, ?, ?, ?)"
            self.connection.execute(query, row)
        self.connection.execute("INSERT INTO worked VALUES (?, ?)", (order.client_order_id, session.isoformat()))

    def executions(
        self, *, cursor: int = 0, client_order_id: str | None = None, session: date | None = None
    ) -> list[Execution]:
        """Executions after a cursor, of an order or session when one is named."""
        query = (
            "SELECT sequence, body FROM executions WHERE sequence > :cursor AND client_order_id = coalesce(:order, "
            "client_order_id) AND session = coalesce(:session, session) ORDER BY sequence"
        )
        named = {"cursor": cursor, "order": client_order_id, "session": session and session.isoformat()}
        return [replace(_row(Execution, body), sequence=n) for n, body in self.connection.execute(query, named)]

    def report(self, order: Order) -> OrderReport:
        """The order with what was executed of it."""
        cum = sum((e.quantity for e in self.executions(client_order_id=order.client_order_id)), Decimal(0))
        closed = self._bodies("SELECT closed FROM orders WHERE client_order_id = ?", order.client_order_id)[0]
        status = _status(closed, cum, order.quantity)
        leaves = order.quantity - cum if status in ("ACKED", "PARTIALLY_FILLED") else Decimal(0)
        return OrderReport(order.client_order_id, status, cum, leaves)

    def _bodies(self, query: str, *parameters: str) -> list[str]:
        return [row[0] for row in self.connection.execute(query, parameters)]


@contextmanager
def open_book(path: Path) -> Iterator[PaperBook]:
    """A transaction on the book at a path, on disk before it ends well and without a trace otherwise."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(SCHEMA)
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            yield PaperBook(connection)


def _status(closed: str | None, cum: Decimal, quantity: Decimal) -> Status:
    if cum >= quantity:
        return "FILLED"
    if closed:
        return "CANCELED" if closed == "CANCELED" else "EXPIRED"
    return "PARTIALLY_FILLED" if cum else "ACKED"


def _text(row: Order | Execution) -> str:
    return canonical(asdict(row)).decode()


def _row(kind: type[Row], body: str) -> Row:
    values = json.loads(body)
    return kind(**{f.name: READERS.get(f.type, _same)(values[f.name]) for f in fields(kind)})  # type: ignore[arg-type]


def _same(value: str) -> object:
    return value
