"""Call and distribution notices of private funds, a row or a form a notice. What rows mean is in _private_funds."""

from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._private_funds import NOTICES, notice
from fo_platform.custodians._table_reading import place
from fo_platform.custodians._tabular import Book, claims, entries

_REMEDY = "Ask the administrator for a notice that ties; pay nothing before."


def sniff(head: bytes) -> bool:
    """Whether a title, a header or the lines of a form are those of notices."""
    return claims(head, NOTICES)


def read(draft: Draft) -> None:
    """Every notice as a record of the investor's account on the notice's date; its parts must add up to its amount."""
    book = Book(draft)
    for entry in entries(draft, NOTICES):
        try:
            fields, controls = notice(entry.fields)
        except ValueError as error:
            draft.fault(entry.row.start, f"{place(entry.row, 0)}{error}", _REMEDY)
            continue
        statement = book.keep(entry._replace(fields=fields), "capital_notice", fields["notice_date"])
        for control in controls:
            draft.prove(control, statement.controls, entry.row.start, _REMEDY)


FORMAT = Format("ilpa_notice", sniff, read, "capital call and distribution notices of private funds, CSV or workbook")
