"""What an account holds at the close of a session: its opening and every movement since. Layouts belong to writers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from fo_platform.errors import DataError
from fo_platform.simulation.accounts import Account, Lot, Lots, Opening
from fo_platform.simulation.instruments import SECURITIES
from fo_platform.simulation.movements import Movement
from fo_platform.units import money


@dataclass(frozen=True)
class Holding:
    """One security of an account. quantity is trade-dated, as the lots are; quantity_settled is what was delivered."""

    instrument_id: str
    quantity: Decimal
    quantity_settled: Decimal
    lots: tuple[Lot, ...]

    @property
    def cost(self) -> Decimal:
        """What the open lots cost, in the instrument's currency."""
        return sum((lot.cost for lot in self.lots), Decimal(0))


@dataclass(frozen=True)
class Balance:
    """Money of an account in one currency, trade-dated and settled."""

    amount: Decimal
    amount_settled: Decimal


@dataclass(frozen=True)
class Snapshot:
    """An account at a close. movements: those of the day, by trade date; settled: those that settled on the day."""

    account: Account
    day: date
    holdings: tuple[Holding, ...]
    balances: dict[str, Balance]
    movements: tuple[Movement, ...]
    settled: tuple[Movement, ...]


def account_at(account: Account, day: date, movements: Iterable[Movement], opening: Opening) -> Snapshot:
    """An account at the close of a day, from its opening and its movements in the order in which they happened."""
    mine = [m for m in movements if m.account_id == account.account_id]
    done = [m for m in mine if m.trade_date <= day]
    return Snapshot(
        account, day, _holdings(done, opening.lots, day), _balances(done, opening.cash, day),
        tuple(m for m in done if m.trade_date == day), tuple(m for m in mine if m.settlement_date == day),
    )  # fmt: skip


def _holdings(done: list[Movement], lots: Lots, day: date) -> tuple[Holding, ...]:
    open_lots = {name: list(rows) for name, rows in lots.items()}
    pending: dict[str, Decimal] = {}
    for movement in (m for m in done if m.quantity):
        name = movement.instrument_id
        open_lots[name] = _lots_after(open_lots.get(name, []), movement)
        if movement.settlement_date > day:
            pending[name] = pending.get(name, Decimal(0)) + movement.quantity
    rows = [_holding(name, open_lots[name], pending.get(name, Decimal(0))) for name in sorted(open_lots)]
    return tuple(row for row in rows if row.quantity or row.quantity_settled)


def _holding(name: str, lots: list[Lot], pending: Decimal) -> Holding:
    quantity = sum((lot.quantity for lot in lots), Decimal(0))
    return Holding(name, quantity, quantity - pending, tuple(sorted(lots, key=_age)))


def _balances(done: list[Movement], cash: dict[str, Decimal], day: date) -> dict[str, Balance]:
    currencies = sorted({*cash, *(m.currency for m in done if m.cash)})
    return {currency: _balance(currency, done, cash.get(currency, Decimal(0)), day) for currency in currencies}


def _balance(currency: str, done: list[Movement], opened: Decimal, day: date) -> Balance:
    mine = [m for m in done if m.currency == currency]
    amount = opened + sum((m.cash for m in mine), Decimal(0))
    return Balance(amount, amount - sum((m.cash for m in mine if m.settlement_date > day), Decimal(0)))


def _lots_after(lots: list[Lot], movement: Movement) -> list[Lot]:
    if movement.quantity < 0:
        return _relieved(lots, movement)
    scale = SECURITIES[movement.instrument_id].scale
    cost = movement.cost or money(movement.quantity * movement.price * scale) + movement.fee
    acquired = movement.acquired_date or movement.trade_date
    return [*lots, Lot(movement.reference, acquired, movement.quantity, cost)]


def _relieved(lots: list[Lot], movement: Movement) -> list[Lot]:
    """Lots after a sale: the chosen ones shrink first, then the oldest."""
    by_age = {lot.lot_id: lot for lot in sorted(lots, key=_age)}
    left = -movement.quantity
    wanted = [*movement.lot_choice, *((lot_id, left) for lot_id in by_age)]
    for lot_id, most in wanted:
        lot = by_age.get(lot_id)
        taken = min(most, left, lot.quantity) if lot else Decimal(0)
        left -= taken
        by_age |= {lot_id: _smaller(lot, taken)} if lot else {}
    if left:
        raise DataError(
            f"Fill {movement.reference} sells {-movement.quantity} {movement.instrument_id} in {movement.account_id}, "
            f"{left} more than are held.",
            "Check the order's quantity against the position.",
        )
    return [lot for lot in by_age.values() if lot.quantity]


def _smaller(lot: Lot, taken: Decimal) -> Lot:
    rest = lot.quantity - taken
    return replace(lot, quantity=rest, cost=money(lot.cost * rest / lot.quantity) if lot.quantity else lot.cost)


def _age(lot: Lot) -> tuple[date, str]:
    return lot.acquired_date, lot.lot_id
