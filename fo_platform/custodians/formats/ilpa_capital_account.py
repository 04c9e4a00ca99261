"""Capital account statements of fund administrators, a row a fund and investor. What rows mean is in _private_funds."""

from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._private_funds import ACCOUNTS, capital_account
from fo_platform.custodians._table_reading import place
from fo_platform.custodians._tabular import Book, claims, entries

_REMEDY = "Ask the administrator for a statement that ties."
_UNPROVED = "the unfunded commitment cannot be proved: commitment and what was called are not both stated"


def sniff(head: bytes) -> bool:
    """Whether a title or a header is that of a capital account statement."""
    return claims(head, ACCOUNTS)


def read(draft: Draft) -> None:
    """Every row as a record of the investor's account at the period's end; its net asset value must roll."""
    book = Book(draft)
    for entry in entries(draft, ACCOUNTS):
        try:
            fields, controls = capital_account(entry.fields)
        except ValueError as error:
            draft.fault(entry.row.start, f"{place(entry.row, 0)}{error}", _REMEDY)
            continue
        statement = book.keep(entry._replace(fields=fields), "capital_account", fields["nav_date"])
        if "unfunded" in fields and not {"commitment", "called"} <= fields.keys():
            draft.note(entry.row.start, _UNPROVED, "Ask the administrator to state both.")
        for control in controls:
            draft.prove(control, statement.controls, entry.row.start, _REMEDY)


FORMAT = Format("ilpa_capital_account", sniff, read, "capital account statements of private funds, CSV or workbook")
