"""Appraisals of properties, a row a property and date. What columns mean is in _declared."""

from fo_platform.custodians._declared import APPRAISAL
from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._tabular import Book, claims, entries


def sniff(head: bytes) -> bool:
    """Whether a title or a header is that of a list of appraisals."""
    return claims(head, APPRAISAL)


def read(draft: Draft) -> None:
    """Every appraisal as a record of the owner's account on its own date."""
    book = Book(draft)
    for entry in entries(draft, APPRAISAL):
        book.keep(entry, "appraisal", entry.fields["appraisal_date"])


FORMAT = Format("appraisal", sniff, read, "appraisals of properties, CSV or workbook")
