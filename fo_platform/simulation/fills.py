"""The broker's drop copy as movements of the accounts. How an order comes to be filled belongs to brokers."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from fo_platform.errors import DataError
from fo_platform.lots import instructed
from fo_platform.simulation.accounts import ACCOUNTS
from fo_platform.simulation.instruments import SECURITIES
from fo_platform.simulation.movements import Movement, in_order
from fo_platform.units import money


def read_fills(drop_copy: Path, before: date) -> list[Movement]:
    """Executions of the sessions before a day, in order; those that were cancelled or corrected later are left out."""
    files = sorted(path for path in drop_copy.glob("*.csv") if date.fromisoformat(path.stem) < before)
    rows = [row for path in files for row in _rows(path)]
    replaced = {row["exec_ref_id"] for row in rows if row["exec_type"] != "trade"}
    standing = [row for row in rows if row["exec_type"] != "trade_cancel" and row["exec_id"] not in replaced]
    return sorted((_fill(row) for row in standing), key=in_order)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _fill(row: dict[str, str]) -> Movement:
    account_id, name = row["account_id"], row["instrument_id"]
    if account_id not in ACCOUNTS or name not in SECURITIES:
        raise DataError(
            f"Fill {row['exec_id']} names account {account_id} and instrument {name}, which the world does not know.",
            "Trade accounts and instruments of the demo office only.",
        )
    kind, sign = ("buy", 1) if row["side"].lower() == "buy" else ("sell", -1)
    quantity, price, fee = sign * Decimal(row["quantity"]), Decimal(row["price"]), money(row["fee"] or "0")
    cash = -money(quantity * price * SECURITIES[name].scale) - fee
    traded, settled = date.fromisoformat(row["trade_date"]), date.fromisoformat(row["settlement_date"])
    text = f"{'BOUGHT' if sign > 0 else 'SOLD'} {SECURITIES[name].name}"
    return Movement(
        account_id, kind, traded, settled, row["currency"], cash, row["exec_id"], text, name, quantity, price, fee,
        lot_choice=tuple(instructed(row.get("lots") or "").items()),
    )  # fmt: skip
