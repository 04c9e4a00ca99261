"""How the paper broker fills an order: a function of seed, order and quote. Storing does not belong here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from fo_platform import costs, ids, lots, units
from fo_platform.brokers._base import Execution, Order, Quote

TICK = Decimal("0.0001")
"""Average prices are reported to a hundredth of a cent."""

OPEN = time(14, 30, tzinfo=UTC)
SESSION_SECONDS = 6 * 3600
PIECES_MIN, PIECES_MAX = 2, 3
DIRECTION = {"BUY": 1, "SELL": -1}


@dataclass(frozen=True)
class PaperTerms:
    """How the paper broker trades: its share of the volume, its commission and how far an order moves the price.

    In ideal mode it fills at mid, whole and free, as far as the limit allows. With `lose_ack` the acknowledgement of a
    session's first order is lost after the order is recorded.
    """

    seed: int
    participation: Decimal = Decimal("0.10")
    commission_bps: Decimal = Decimal("0.5")
    impact_coefficient: float = 0.01
    mode: Literal["realistic", "ideal"] = "realistic"
    lose_ack: bool = True


@dataclass(frozen=True)
class Turn:
    """An order's turn in a session: what is open of it, what others took of the volume, and when it would settle."""

    order: Order
    session: date
    leaves: Decimal
    used: Decimal
    settlement_date: date


def fill_order(turn: Turn, quote: Quote, terms: PaperTerms) -> list[Execution]:
    """Executions of an order in its turn, earliest first, none of them worse than the limit."""
    if terms.mode == "ideal":
        pieces, prices = [turn.leaves], iter([quote.mid_price_local])
    else:
        pieces = _pieces(turn, _fillable(turn, quote, terms), terms.seed)
        prices = _prices(turn, quote, sum(pieces, Decimal(0)), terms)
    fills = [(piece, price) for piece, price in zip(pieces, prices, strict=False) if piece > 0]
    times = sorted(draw for _, draw in zip(fills, _draws("time", turn, terms.seed), strict=False))
    executions = [
        _execution(turn, (number, piece, price, _time(turn.session, moment)), quote, terms)
        for number, ((piece, price), moment) in enumerate(zip(fills, times, strict=True), start=1)
        if (turn.order.limit_price_local - price) * DIRECTION[turn.order.side] >= 0
    ]
    return list(_relieving(executions, turn))


def _relieving(executions: list[Execution], turn: Turn) -> Iterator[Execution]:
    """The executions with what each relieves of the lots that the order names, in the order's order."""
    choice, done = lots.instructed(turn.order.lots), turn.order.quantity - turn.leaves
    for execution in executions:
        taken = lots.between(choice, done, done + execution.quantity)
        yield replace(execution, lots=lots.instruction(taken))
        done += execution.quantity


def _fillable(turn: Turn, quote: Quote, terms: PaperTerms) -> Decimal:
    """All that is open, or as many whole lots as the share of the volume still allows."""
    capacity = max(quote.volume * terms.participation - turn.used, Decimal(0))
    return turn.leaves if turn.leaves <= capacity else _whole(capacity, turn.order.lot_size)


def _pieces(turn: Turn, quantity: Decimal, seed: int) -> list[Decimal]:
    """The quantity in two or three executions of whole lots."""
    draws = _draws("pieces", turn, seed)
    count = PIECES_MIN + int(next(draws) * (PIECES_MAX - PIECES_MIN + 1))
    cuts = sorted(_whole(quantity * _decimal(next(draws)), turn.order.lot_size) for _ in range(count - 1))
    return [upper - lower for lower, upper in zip([Decimal(0), *cuts], [*cuts, quantity], strict=True)]


def _prices(turn: Turn, quote: Quote, quantity: Decimal, terms: PaperTerms) -> Iterator[Decimal]:
    """A price for every execution: mid, moved against us by impact and by between half and all of the half spread."""
    impact = costs.impact_fraction(float(quantity), float(quote.volume), terms.impact_coefficient)
    half_spread = costs.spread_fraction(float(quote.spread_bps))
    for draw in _draws("prices", turn, terms.seed):
        worse = _decimal(impact + half_spread * (1 + draw) / 2) * DIRECTION[turn.order.side]
        yield (quote.mid_price_local * (1 + worse)).quantize(TICK, rounding=ROUND_HALF_EVEN)


def _execution(turn: Turn, fill: tuple[int, Decimal, Decimal, datetime], quote: Quote, terms: PaperTerms) -> Execution:
    number, quantity, price, executed_at = fill
    order = turn.order
    commission = Decimal(0) if terms.mode == "ideal" else terms.commission_bps / 10_000
    return Execution(
        sequence=0,
        exec_id=ids.short_id(str(terms.seed), turn.session.isoformat(), order.client_order_id, str(number)),
        client_order_id=order.client_order_id,
        account_id=order.account_id,
        instrument_id=order.instrument_id,
        side=order.side,
        quantity=quantity,
        price_local=price,
        currency=order.currency,
        fee_local=units.money(quantity * price * order.price_scale * commission),
        trade_date=turn.session,
        settlement_date=turn.settlement_date,
        exec_type="trade",
        exec_ref_id=None,
        executed_at=executed_at,
        price_source=quote.price_source,
    )


def _draws(purpose: str, turn: Turn, seed: int) -> Iterator[float]:
    """Numbers from 0 up to 1, the same on every start for the same seed, order and session."""
    n = 0
    while True:
        text = ids.digest(str(seed), purpose, turn.session.isoformat(), turn.order.client_order_id, str(n))
        yield int(text[:12], 16) / 16**12
        n += 1


def _time(session: date, draw: float) -> datetime:
    return datetime.combine(session, OPEN) + timedelta(seconds=int(draw * SESSION_SECONDS))


def _whole(quantity: Decimal, lot_size: Decimal) -> Decimal:
    return quantity // lot_size * lot_size


def _decimal(number: float) -> Decimal:
    return Decimal(repr(number))
