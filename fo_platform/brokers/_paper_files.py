"""The paper broker's files: the tape it reads, the drop copy it writes. Filling does not belong here."""

import csv
import os
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from fo_platform.brokers._base import Execution, Quote
from fo_platform.units import plain

DROP_COPY = (
    "exec_id", "client_order_id", "account_id", "instrument_id", "side", "quantity", "price", "currency", "fee",
    "trade_date", "settlement_date", "exec_type", "exec_ref_id", "executed_at", "price_source", "lots",
)  # fmt: skip


def read_tape(path: Path) -> dict[str, Quote]:
    """Quotes by instrument; no file means no market, and a line without sound numbers no quote."""
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8") as stream:
        quotes = {line["instrument_id"]: _quote(line) for line in csv.DictReader(stream)}
    return {instrument: quote for instrument, quote in quotes.items() if quote is not None}


def write_drop_copy(path: Path, executions: Iterable[Execution]) -> None:
    """The session's executions as one CSV file that is either the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    with partial.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([DROP_COPY, *(_line(execution) for execution in executions)])
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)


def _quote(line: dict[str, str]) -> Quote | None:
    try:
        mid, spread, volume = (Decimal(line[name]) for name in ("mid_price", "spread_bps", "volume"))
    except InvalidOperation:
        return None
    is_sound = all(number.is_finite() for number in (mid, spread, volume)) and mid > 0 and spread >= 0 and volume > 0
    return Quote(mid, spread, volume, line["price_source"]) if is_sound else None


def _line(execution: Execution) -> list[str]:
    return [
        execution.exec_id,
        execution.client_order_id,
        execution.account_id,
        execution.instrument_id,
        execution.side,
        plain(execution.quantity),
        plain(execution.price_local),
        execution.currency,
        plain(execution.fee_local),
        execution.trade_date.isoformat(),
        execution.settlement_date.isoformat(),
        execution.exec_type,
        execution.exec_ref_id or "",
        execution.executed_at.isoformat(),
        execution.price_source,
        execution.lots,
    ]
