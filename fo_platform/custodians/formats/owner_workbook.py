"""The owner's own workbook: what is held, owed and committed as declared, each sheet with its total. CSV is refused.

What columns mean is in _declared.
"""

from fo_platform.custodians._declared import OWNER
from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._private_funds import unfunded
from fo_platform.custodians._table_reading import Entry, place
from fo_platform.custodians._tabular import Book, claims, entries

_ASK = "Ask the owner to correct it."


def sniff(head: bytes) -> bool:
    """Whether it is a workbook with the title, or with a sheet of holdings."""
    return claims(head, OWNER)


def read(draft: Draft) -> None:
    """Every row as a record of the account of its owner; every sheet must add up to the total that it states."""
    book = Book(draft)
    for entry in entries(draft, OWNER):
        if entry.table.name == "holdings":
            _keep_holding(book, entry)
        elif entry.table.name == "liabilities":
            book.keep(entry, "liability", entry.fields["as_of_date"])
        else:
            _keep_commitment(book, entry)


def _keep_holding(book: Book, entry: Entry) -> None:
    """A declared value is an appraisal; a holding that states no value but a quantity is a position to be priced."""
    fields, row = entry.fields, entry.row
    if "market_value" in fields:
        book.keep(entry._replace(fields={"method": "declared", **fields}), "appraisal", fields["appraisal_date"])
    elif "quantity" in fields:
        side = "SHORT" if fields["quantity"].startswith("-") else "LONG"
        shown = {"symbol": fields["asset_id_source"], "quantity_type": "UNIT", "price_basis": "unit", "level": ""}
        book.keep(entry._replace(fields={**fields, **shown, "side": side}), "position", fields["appraisal_date"])
    else:
        book.draft.fault(row.start, f"{place(row, 0)}the holding states neither a quantity nor a value", _ASK)


def _keep_commitment(book: Book, entry: Entry) -> None:
    fields = {"fund_id_source": entry.fields["fund_name"], **entry.fields}
    statement = book.keep(entry._replace(fields=fields), "capital_account", fields["nav_date"])
    for control in unfunded(fields):
        book.draft.prove(control, statement.controls, entry.row.start, _ASK)


FORMAT = Format("owner_workbook", sniff, read, "what an owner declares to hold, owe and have committed: a workbook")
