"""Commands that only look: status, breaks, proposal, orders, parse. What changes anything does not belong here."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.markup import escape
from rich.table import Table as RichTable

from fo_platform.cli._output import Day, Json, console, emit, office, told
from fo_platform.cli.screen import draw
from fo_platform.contracts.analytics import AllocationDrift
from fo_platform.contracts.book import ReconciliationBreaks
from fo_platform.custodians.delivery import delivery_at
from fo_platform.custodians.parse import parse as parse_bytes
from fo_platform.errors import DataError
from fo_platform.limits import OFFICE
from fo_platform.office import Office
from fo_platform.operations.approve import proposals
from fo_platform.operations.caught import absent, caught
from fo_platform.operations.orders import order_book
from fo_platform.operations.read import of_day
from fo_platform.operations.status import known_day
from fo_platform.operations.status import status as status_of
from fo_platform.units import plain

PARSE_EXIT = {"clean": 0, "quarantined": 2, "incomplete": 2, "unknown": 3}


def status(day: Day = None, as_json: Json = False) -> None:
    """What arrived, net worth, allocation, drift, verdicts, orders and settlements of a day."""
    with told(as_json):
        place = office()
        document = status_of(place, parse_day(day))
        emit(document, as_json, lambda: show(place, document))


def breaks(day: Day = None, as_json: Json = False) -> None:
    """Open differences between the custodians' records and our own book, worst first."""
    with told(as_json):
        place = office()
        rows = of_day(place, ReconciliationBreaks, known_day(place, parse_day(day)))
        rows = rows.sort_values("materiality_base", ascending=False)
        columns = [
            "severity",
            "break_class",
            "account_id",
            "instrument_id",
            "materiality_base",
            "age_sessions",
            "explanation",
        ]
        emit(records(rows), as_json, lambda: show_frame(rows[columns], "No open breaks."))


def proposal(day: Day = None, as_json: Json = False) -> None:
    """The documents that signers sign: every line, limit price, lot and cost, with its digest."""
    with told(as_json):
        place = office()
        found = proposals(place, known_day(place, parse_day(day)))
        emit(found, as_json, lambda: _show_proposals(found))


def orders(day: Day = None, as_json: Json = False) -> None:
    """Every order up to the close of a day, with its state and fills."""
    with told(as_json):
        place = office()
        rows = order_book(place, known_day(place, parse_day(day)))
        columns = [
            "client_order_id",
            "entity_id",
            "side",
            "quantity",
            "instrument_id",
            "order_status",
            "cum_quantity",
            "average_price_local",
        ]
        emit(records(rows), as_json, lambda: show_frame(rows[columns], "No orders."))


def parse(
    file: Annotated[Path, typer.Argument(help="A custodian's file, of any format we read.")],
    as_json: Json = False,
) -> None:
    """Read a file as intake would: verdict, totals, controls, problems. Exit 0 clean, 2 quarantined, 3 unknown."""
    with told(as_json):
        if not file.is_file():
            raise DataError(f"{file} is not a file.", "Name an existing file.")
        with console.status(f"Reading {escape(file.name)}"):
            parsed = parse_bytes(delivery_at(file), None)
            document = parsed.document() if as_json else parsed.summary()
        emit(document, as_json, lambda: console.print_json(data=document))
    raise typer.Exit(PARSE_EXIT[parsed.verdict])


def show(place: Office, document: dict[str, Any]) -> None:
    """Draw the closing screen of a day."""
    day = date.fromisoformat(document["business_date"])
    drift = of_day(place, AllocationDrift, day)
    rows = [
        {"scope": r.scope, "asset_class": r.asset_class, "value": r.market_value_base, "weight": r.weight}
        | {"target": r.weight_target, "drift": r.drift_total, "is_breach": r.is_breach}
        for r in drift.itertuples()
        if r.scope != OFFICE
    ]
    draw(console, document, rows, [*absent(place, day), *(f"caught {text}" for text in caught(place, day))])


def parse_day(text: str | None) -> date | None:
    """A business date from the command line."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise DataError(f"{text} is not a date.", "Write it as YYYY-MM-DD.") from error


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON: decimals and dates as strings, unknown as null."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def show_frame(frame: pd.DataFrame, nothing: str) -> None:
    """Rows as a table, or one sentence when there are none."""
    if frame.empty:
        console.print(nothing)
        return
    table = RichTable(box=None, pad_edge=False)
    for name in frame.columns:
        table.add_column(str(name))
    for row in records(frame):
        table.add_row(*("" if value is None else escape(str(value)) for value in row.values()))
    console.print(table)


def _show_proposals(found: list[dict[str, Any]]) -> None:
    if not found:
        console.print("No proposal waits: no owner's verdict was TRADE on that day.")
    for item in found:
        console.rule(f"{item['entity_id']}  {item['digest']}  {item['status']}")
        console.print_json(data=item["document"])


def _plain(value: Any) -> Any:  # noqa: ANN401 - any cell.
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124
        return None
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, pd.Timestamp):
        return value.isoformat() if value.tzinfo else value.date().isoformat()
    return value if isinstance(value, str | bool | int) else str(value)
