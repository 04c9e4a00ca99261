"""The paper broker: the only thing that fills orders, from the session's tape, seeded and durable.

Real venues do not belong here.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from pathlib import Path

from fo_platform.brokers._base import Ack, Execution, Order, OrderReport, Quote
from fo_platform.brokers._paper_book import PaperBook, open_book
from fo_platform.brokers._paper_files import read_tape, write_drop_copy
from fo_platform.brokers._paper_fills import PaperTerms, Turn, fill_order
from fo_platform.errors import BrokerError, BrokerUnreachableError


class PaperBroker:
    """A broker whose fills follow from seed, orders and tape alone, however often it is restarted.

    folder: `tape/<day>.csv` is read, `book.sqlite` is its record, `drop_copy/<day>.csv` is written.
    settlement_date: the contractual settlement date of an instrument traded on a day.
    """

    name = "paper"

    def __init__(self, folder: Path, terms: PaperTerms, settlement_date: Callable[[str, date], date]) -> None:
        """Open the broker on its folder, which is made when it is missing."""
        self.folder = folder
        self.terms = terms
        self.settlement_date = settlement_date
        folder.mkdir(parents=True, exist_ok=True)

    def submit(self, order: Order, *, possible_resend: bool) -> Ack:
        """Record an order; that its acknowledgement is lost is told by BrokerUnreachableError."""
        _require_sound(order)
        with self._book() as book:
            known = book.order(order.client_order_id)
            if known is None:
                book.add_order(order)
            is_first = book.count_orders(order.trade_date) == 1
        if known is not None:
            return self._answer_again(known, possible_resend=possible_resend)
        if is_first and self.terms.lose_ack:
            raise BrokerUnreachableError(
                f"No answer to order {order.client_order_id}.", "Query before sending it again."
            )
        return Ack(order.client_order_id, "ACKED")

    def cancel(self, client_order_id: str) -> OrderReport:
        """Close what is open of an order."""
        with self._book() as book:
            order = book.order(client_order_id)
            if order is None or not book.report(order).leaves_quantity:
                raise BrokerError(f"Nothing of order {client_order_id} is open.", "Query it.")
            book.close(client_order_id, "CANCELED")
            return book.report(order)

    def query(self, client_order_id: str) -> OrderReport | None:
        """The order as recorded, or nothing."""
        with self._book() as book:
            order = book.order(client_order_id)
            return None if order is None else book.report(order)

    def executions_since(self, cursor: int) -> list[Execution]:
        """Executions after a cursor, oldest first."""
        with self._book() as book:
            return book.executions(cursor=cursor)

    def quote(self, instrument_id: str, session: date) -> Quote | None:
        """The instrument's line on the session's tape."""
        return self._tape(session).get(instrument_id)

    def trade(self, session: date) -> list[Execution]:
        """Work every open order once in a session and write its drop copy; returns all the session's executions.

        Orders share an instrument's volume in the order of arrival. Without a quote on the tape nothing is filled.
        """
        tape = self._tape(session)
        with self._book() as book:
            for order in book.unworked_orders(session):
                book.record_work(order, session, self._work(order, session, tape.get(order.instrument_id), book))
                _close_when_done(order, session, book)
            executions = book.executions(session=session)
        write_drop_copy(self.folder / "drop_copy" / f"{session.isoformat()}.csv", executions)
        return executions

    def _work(self, order: Order, session: date, quote: Quote | None, book: PaperBook) -> list[Execution]:
        leaves = book.report(order).leaves_quantity
        if quote is None or not leaves or session > order.valid_until_date:
            return []
        same = (e for e in book.executions(session=session) if e.instrument_id == order.instrument_id)
        used = sum((execution.quantity for execution in same), Decimal(0))
        turn = Turn(order, session, leaves, used, self.settlement_date(order.instrument_id, session))
        return fill_order(turn, quote, self.terms)

    def _answer_again(self, order: Order, *, possible_resend: bool) -> Ack:
        """FIX order state change matrix F.1.b: a resend gets the status, anything else is a duplicate."""
        if not possible_resend:
            raise BrokerError(f"Order {order.client_order_id} is a duplicate.", "Query it instead.")
        with self._book() as book:
            return Ack(order.client_order_id, book.report(order).status, is_duplicate=True)

    def _book(self) -> AbstractContextManager[PaperBook]:
        return open_book(self.folder / "book.sqlite")

    def _tape(self, session: date) -> dict[str, Quote]:
        return read_tape(self.folder / "tape" / f"{session.isoformat()}.csv")


BROKER = PaperBroker


def _require_sound(order: Order) -> None:
    if order.quantity <= 0 or order.limit_price_local <= 0 or order.valid_until_date < order.trade_date:
        raise BrokerError(f"Order {order.client_order_id} has no size, price or validity.", "Correct the proposal.")


def _close_when_done(order: Order, session: date, book: PaperBook) -> None:
    if not book.report(order).leaves_quantity:
        book.close(order.client_order_id, "FILLED")
    elif order.valid_until_date <= session:
        book.close(order.client_order_id, "EXPIRED")
