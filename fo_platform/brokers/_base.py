"""What every broker does and what it answers with. How one of them does it belongs in a file of its own."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol

Side = Literal["BUY", "SELL"]
Status = Literal["ACKED", "PARTIALLY_FILLED", "FILLED", "CANCELED", "EXPIRED"]
ExecType = Literal["trade", "trade_correct", "trade_cancel"]


@dataclass(frozen=True)
class Order:
    """A limit order for one session or more; price_scale turns quantity x price into money.

    lots: what a sale is to relieve, as `lots.instruction` writes it.
    """

    client_order_id: str
    account_id: str
    instrument_id: str
    side: Side
    quantity: Decimal
    limit_price_local: Decimal
    currency: str
    trade_date: date
    valid_until_date: date
    lot_size: Decimal = Decimal(1)
    price_scale: Decimal = Decimal(1)
    lots: str = ""


@dataclass(frozen=True)
class Ack:
    """The broker has the order; `is_duplicate` when it had it before."""

    client_order_id: str
    status: Status
    is_duplicate: bool = False


@dataclass(frozen=True)
class OrderReport:
    """An order as the broker knows it."""

    client_order_id: str
    status: Status
    cum_quantity: Decimal
    leaves_quantity: Decimal


@dataclass(frozen=True)
class Execution:
    """One execution report; `sequence` is its place in the broker's own record and serves as cursor.

    lots: what it relieves of the lots that its order names.
    """

    sequence: int
    exec_id: str
    client_order_id: str
    account_id: str
    instrument_id: str
    side: Side
    quantity: Decimal
    price_local: Decimal
    currency: str
    fee_local: Decimal
    trade_date: date
    settlement_date: date
    exec_type: ExecType
    exec_ref_id: str | None
    executed_at: datetime
    price_source: str
    lots: str = ""


@dataclass(frozen=True)
class Quote:
    """The market in an instrument: mid price, spread and the volume of the session."""

    mid_price_local: Decimal
    spread_bps: Decimal
    volume: Decimal
    price_source: str


class Broker(Protocol):
    """Where orders are sent.

    A definitive refusal raises BrokerError. An outcome that is not known raises BrokerUnreachableError: the order may
    be there, so it is queried before anything is sent again.
    """

    name: str

    def submit(self, order: Order, *, possible_resend: bool) -> Ack:
        """Place an order; a known identifier is refused, or gets its status with possible_resend (FIX 97)."""

    def cancel(self, client_order_id: str) -> OrderReport:
        """Take back what is open of an order; refused when nothing is."""

    def query(self, client_order_id: str) -> OrderReport | None:
        """The order as the broker knows it; None says definitively that it does not know it."""

    def executions_since(self, cursor: int) -> list[Execution]:
        """Executions after a cursor, oldest first; cursor 0 gives all."""

    def quote(self, instrument_id: str, session: date) -> Quote | None:
        """The market in an instrument in a session, where the broker has one."""
