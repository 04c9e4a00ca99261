"""The US custodian's fixed-width file: positions, lots, cash and activity, 200 characters a record, with counts.

What stands in the accounts does not belong here.
"""

from datetime import date
from decimal import Decimal

from fo_platform.simulation.instruments import SECURITIES, Instrument
from fo_platform.simulation.market import Market, accrued
from fo_platform.simulation.movements import Movement
from fo_platform.simulation.state import Balance, Holding, Snapshot

WIDTH = 200
CODES = {
    "buy": "BUY", "sell": "SEL", "dividend": "DIV", "interest": "INT", "fee": "FEE", "tax": "TAX", "deposit": "DEP",
    "withdrawal": "WDL", "transfer_in": "XIN", "transfer_out": "XOT",
}  # fmt: skip


def us_fixed_width(snapshots: list[Snapshot], market: Market, run_date: date) -> bytes:
    """One REFRESHED file of all accounts at one close."""
    day = snapshots[0].day
    held = [(s, h) for s in snapshots for h in s.holdings]
    positions = [_position(s, h, market) for s, h in held]
    lots = [_lot(s, h, number) for s, h in held for number in range(len(h.lots))]
    cash = [_cash(s, currency, balance) for s in snapshots for currency, balance in s.balances.items()]
    activity = [_activity(s, movement) for s in snapshots for movement in s.movements]
    value = sum((market.value(SECURITIES[h.instrument_id], h.quantity, day) for _, h in held), Decimal(0))
    kinds = (positions, lots, cash, activity)
    details = [record for records in kinds for record in records]
    counts = "".join(f"{count:09}" for count in (len(details), *map(len, kinds)))
    header = f"BOFUSCUST   {day:%Y%m%d}{run_date:%Y%m%d}031500REFRESHED"
    trailer = f"EOFUSCUST   {day:%Y%m%d}{counts}{_number(value, 20, 2)}"
    return "".join(f"{record:<{WIDTH}}\n" for record in (header, *details, trailer)).encode("ascii")


def _position(snapshot: Snapshot, holding: Holding, market: Market) -> str:
    row, day = SECURITIES[holding.instrument_id], snapshot.day
    return (
        f"P{snapshot.account.account_id_source}{_identity(row)}{row.currency}1"
        f"{_number(holding.quantity, 18, 5)}{_number(holding.quantity_settled, 18, 5)}"
        f"{_unsigned(market.price(row, day), 17, 8)}{_number(market.value(row, holding.quantity, day), 18, 2)}"
        f"{_number(accrued(row, holding.quantity_settled, day), 18, 2)}{day:%Y%m%d}{'C' if row.is_per_100 else 'U'}"
        f"{_unsigned(Decimal(1), 10, 8)}{row.name[:40]:<40}"
    )


def _lot(snapshot: Snapshot, holding: Holding, number: int) -> str:
    row, lot = SECURITIES[holding.instrument_id], holding.lots[number]
    return (
        f"L{snapshot.account.account_id_source}{_identity(row)}{row.currency}{lot.lot_id[-16:]:<16}"
        f"{lot.acquired_date:%Y%m%d}{_number(lot.quantity, 18, 5)}{_number(lot.cost, 18, 2)}"
    )


def _cash(snapshot: Snapshot, currency: str, balance: Balance) -> str:
    pseudo_cusip = f"{currency}999997"
    return (
        f"C{snapshot.account.account_id_source}{pseudo_cusip:<29}{currency} "
        f"{_number(balance.amount, 18, 2)}{_number(balance.amount_settled, 18, 2)}"
    )


def _activity(snapshot: Snapshot, movement: Movement) -> str:
    row = SECURITIES.get(movement.instrument_id)
    identity = _identity(row) if row else " " * 29
    return (
        f"A{snapshot.account.account_id_source}{identity}{movement.currency}{CODES[movement.kind]}"
        f"{movement.reference[-16:]:<16}{movement.trade_date:%Y%m%d}{movement.settlement_date:%Y%m%d}"
        f"{_number(movement.quantity, 18, 5)}{_unsigned(movement.price, 17, 8)}{_number(movement.cash, 18, 2)}"
        f"{_number(movement.fee, 18, 2)}"
    )


def _identity(row: Instrument) -> str:
    return f"{row.cusip:<9}{row.isin:<12}{row.instrument_id:<8}"


def _number(value: Decimal, width: int, decimals: int) -> str:
    """Zero-padded digits with implied decimals, then the sign in a byte of its own."""
    return f"{_unsigned(abs(value), width, decimals)}{'-' if value < 0 else '+'}"


def _unsigned(value: Decimal, width: int, decimals: int) -> str:
    digits = f"{int(value.scaleb(decimals).to_integral_value()):0{width}}"
    assert len(digits) == width, f"{value} does not fit {width} digits"
    return digits
