"""Tables in a delivery, CSV or workbook: their headers, rows, totals and counts. What a table means is for formats.

A file is a table under its header, several of them on sheets or one below the other, or a form: one field a line.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache

from fo_platform.custodians._cells import Dialect
from fo_platform.custodians._csv_rows import DELIMITERS, Row, csv_beginning, csv_rows
from fo_platform.custodians._draft import Draft, StatementDraft
from fo_platform.custodians._swift import before
from fo_platform.custodians._table_reading import Entry, Reading
from fo_platform.custodians._tables import Layout
from fo_platform.custodians._xlsx_package import ARCHIVE, CHUNK, Package, PackageError
from fo_platform.custodians._xlsx_rows import Workbook
from fo_platform.custodians.records import Kind

HEAD = 65536


def claims(head: bytes, layout: Layout) -> bool:
    """Whether a file is of the format, by its title, its headers or the lines of its form."""
    if head.startswith(ARCHIVE):
        return any(_is_headed(rows, layout) or _is_titled(rows, layout) for rows in _beginnings(head))
    return not layout.is_workbook and bool(_delimiter(head, layout))


def entries(draft: Draft, layout: Layout) -> Iterator[Entry]:
    """Every row of every table that can be read; what is wrong with another is noted as a fault."""
    if draft.data.startswith(ARCHIVE):
        dialect, rows = Dialect(), _workbook_rows(draft, layout)
    else:
        delimiter = _delimiter(draft.data[:HEAD], layout) or ","
        dialect, rows = Dialect(has_decimal_comma=delimiter == ";"), csv_rows(draft, delimiter)
    reading = Reading(draft, layout, dialect)
    for row in rows:
        yield from reading.take(row)
    yield from reading.finish()


class Book:
    """Where the records of a delivery are kept: a statement an account and a day."""

    def __init__(self, draft: Draft) -> None:
        """An empty book over a delivery."""
        self.draft = draft
        self._statements: dict[tuple[str, str], StatementDraft] = {}

    def statement(self, account: str, day: str) -> StatementDraft:
        """The statement of an account on a day."""
        if (account, day) not in self._statements:
            self._statements[account, day] = self.draft.open(account or None, date.fromisoformat(day), None)
        return self._statements[account, day]

    def keep(self, entry: Entry, kind: Kind, day: str) -> StatementDraft:
        """The statement that a row belongs to, with its record."""
        fields = dict(entry.fields)
        statement = self.statement(fields.pop("account", ""), day)
        span = (entry.row.start, entry.row.end)
        record = self.draft.record(kind, span, fields, statement.account, statement.statement_date)
        statement.records.append(record)
        return statement


def _delimiter(head: bytes, layout: Layout) -> str:
    """What divides the cells, known by a header of the format or else its title; nothing when there is neither."""
    start = before(head)
    beginnings = {delimiter: csv_beginning(start, delimiter) for delimiter in DELIMITERS}
    headed = (delimiter for delimiter, rows in beginnings.items() if _is_headed(rows, layout))
    titled = (delimiter for delimiter, rows in beginnings.items() if _is_titled(rows, layout))
    return next(headed, "") or next(titled, "")


@lru_cache(maxsize=1)
def _beginnings(head: bytes) -> list[list[Row]]:
    """The first rows of every visible sheet of a workbook; none of an archive that is no workbook."""
    try:
        workbook = Workbook(Package(head), CHUNK)
    except PackageError:
        return []
    return [_beginning(workbook.rows(sheet)) for sheet in workbook.sheets if not sheet.is_hidden]


def _beginning(rows: Iterator[Row]) -> list[Row]:
    """Rows up to the first that cannot be read."""
    found: list[Row] = []
    with suppress(PackageError):
        found.extend(rows)
    return found


def _is_titled(rows: list[Row], layout: Layout) -> bool:
    firsts = (next(iter(row.cells.values()), "") for row in rows[:3])
    return any(layout.title(cell) is not None for cell in firsts)


def _is_headed(rows: list[Row], layout: Layout) -> bool:
    """Whether a row is the header of a table of this format, or the lines together are a form of one."""
    found = (layout.header(row.cells) for row in rows if len(row.cells) > 1)
    if any(header and header[0].identifies for header in found):
        return True
    labels = {at: next(iter(row.cells.values())) for at, row in enumerate(rows) if len(row.cells) == 2}
    return any(table.identifies and not table.lacks(table.match(labels)) for table in layout.tables)


def _workbook_rows(draft: Draft, layout: Layout) -> Iterator[Row]:
    """Rows of every sheet that can be seen; a sheet that is hidden is left out, unless it holds what is asked for."""
    try:
        package = Package(draft.data[:])
        package.refuse_unwelcome()
        package.check_parts()
        workbook = Workbook(package)
        for sheet in (sheet for sheet in workbook.sheets if sheet.is_hidden):
            _look_at_hidden(draft, layout, sheet.name, workbook.rows(sheet))
        for sheet in (sheet for sheet in workbook.sheets if not sheet.is_hidden):
            yield from workbook.rows(sheet)
    except PackageError as error:
        draft.halt(0, error.what, error.remedy)


def _look_at_hidden(draft: Draft, layout: Layout, name: str, rows: Iterator[Row]) -> None:
    start = next((row.start for row in rows if layout.header(row.cells)), None)
    if start is None:
        draft.note(0, f"the sheet {name[:40]} is hidden and is not read", "Ask what it is for.")
    else:
        draft.fault(start, f"the hidden sheet {name[:40]} holds a table", "Ask for it to be shown or removed.")
