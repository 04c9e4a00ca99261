"""The performance system's export: returns of portfolios and benchmarks. What columns mean is in _accounting."""

from decimal import Decimal

from fo_platform.custodians._accounting import RETURNS
from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._numbers import total
from fo_platform.custodians._table_reading import Entry, place
from fo_platform.custodians._tabular import Book, claims, entries
from fo_platform.custodians.records import Control
from fo_platform.units import plain

_ASK = "Ask for the export to be run again."


def sniff(head: bytes) -> bool:
    """Whether a title or a header is that of returns of portfolios or benchmarks."""
    return claims(head, RETURNS)


def read(draft: Draft) -> None:
    """Every period of a portfolio as a record of it, every day of a benchmark as a record of nobody."""
    book = Book(draft)
    for entry in entries(draft, RETURNS):
        if entry.table.name == "benchmarks":
            book.keep(entry, "benchmark", entry.fields["return_date"])
        else:
            _keep_performance(book, entry)


def _keep_performance(book: Book, entry: Entry) -> None:
    fields, row = entry.fields, entry.row
    if fields["period_end"] < fields["period_start"]:
        book.draft.fault(row.start, f"{place(row, 0)}the period ends before it begins", _ASK)
        return
    stated = {"account": fields["portfolio_id_source"], **fields}
    statement = book.keep(entry._replace(fields=stated), "performance", fields["period_end"])
    if "gain" in fields:
        end = plain(total(fields.get(name, "0") for name in ("nav_begin", "net_flow", "gain")))
        name = f"end NAV {fields['portfolio_id_source']} {fields['period_end']}"
        control = Control(name, fields["nav_end"], end, Decimal(fields["nav_end"]) == Decimal(end))
        book.draft.prove(control, statement.controls, row.start, _ASK)


FORMAT = Format("performance_export", sniff, read, "returns of portfolios and benchmarks, CSV or workbook")
