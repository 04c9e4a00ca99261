"""The Swiss bank's MT940: one statement a currency, opening and closing balance and what was booked between.

Securities belong to mt535.
"""

from datetime import date
from decimal import Decimal

from fo_platform.simulation.instruments import SECURITIES
from fo_platform.simulation.movements import Movement
from fo_platform.simulation.state import Snapshot
from fo_platform.simulation.writers.swift import amount, message

TYPES = {
    "buy": "NSEC", "sell": "NSEC", "dividend": "NDIV", "tax": "NTAX", "interest": "NINT", "fee": "NCHG",
    "deposit": "NTRF", "withdrawal": "NTRF",
}  # fmt: skip


def mt940(before: Snapshot, after: Snapshot, sequence: int) -> bytes:
    """Statements of one account for one day, settled amounts only. before: the account at the previous close."""
    return b"".join(_statement(before, after, currency, sequence) for currency in after.balances)


def _statement(before: Snapshot, after: Snapshot, currency: str, sequence: int) -> bytes:
    opening = before.balances[currency].amount_settled if currency in before.balances else Decimal(0)
    booked = [m for m in after.settled if m.currency == currency and m.cash]
    lines = [
        f":20:{after.day:%y%m%d}{after.account.account_id_source[-2:]}{currency}{sequence:03}",
        f":25:{after.account.account_id_source}",
        f":28C:{sequence}/1",
        f":60F:{_balance(opening, currency, before.day)}",
        *(line for movement in booked for line in _entry(movement)),
        f":62F:{_balance(after.balances[currency].amount_settled, currency, after.day)}",
    ]
    return message("940", lines, f"{after.day:%y%m%d}")


def _balance(value: Decimal, currency: str, day: date) -> str:
    return f"{'D' if value < 0 else 'C'}{day:%y%m%d}{currency}{amount(abs(value))}"


def _entry(movement: Movement) -> list[str]:
    day = movement.settlement_date
    mark = "D" if movement.cash < 0 else "C"
    kind, reference = TYPES[movement.kind], movement.reference[-16:]
    security = SECURITIES.get(movement.instrument_id)
    identity = f" ISIN {security.isin}" if security else ""
    units = f" QTY {amount(abs(movement.quantity))}" if movement.quantity else ""
    return [
        f":61:{day:%y%m%d%m%d}{mark}{amount(abs(movement.cash))}{kind}NONREF//{reference}",
        f":86:{movement.text}{identity}{units}",
    ]
