"""Movement: one entry of a custodian's record. Where movements come from belongs to planned and fills."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Movement:
    """One entry of a custodian's record. quantity and cash are signed; cash is net of fee, in `currency`.

    acquired_date, cost: of a lot that arrives in kind. lot_choice: lots to relieve first, with quantities.
    """

    account_id: str
    kind: str
    trade_date: date
    settlement_date: date
    currency: str
    cash: Decimal
    reference: str
    text: str = ""
    instrument_id: str = ""
    quantity: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    acquired_date: date | None = None
    cost: Decimal = Decimal(0)
    lot_choice: tuple[tuple[str, Decimal], ...] = ()


def in_order(movement: Movement) -> tuple[date, str, str]:
    """Sort key: the order in which movements happen."""
    return movement.trade_date, movement.account_id, movement.reference
