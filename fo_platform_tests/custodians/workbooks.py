"""Workbooks for tests, written by a library that the readers share nothing with. What they prove is in the tests."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | None


Sheets = Mapping[str, Sequence[Sequence[Cell]]]
Edit = Callable[[bytes], bytes]


def workbook(sheets: Sheets, edit: Callable[[xlsxwriter.Workbook], object] | None = None) -> bytes:
    """A workbook of sheets of rows; texts that begin with `=` become formulas, dates are shown as dates."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    shown = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, column, cell in ((at, column, cell) for at, row in enumerate(rows) for column, cell in enumerate(row)):
            _write(sheet, (at, column), cell, shown)
    if edit:
        edit(book)
    book.close()
    return file.getvalue()


def _write(sheet: Worksheet, place: tuple[int, int], cell: Cell, shown: Format) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(*place, datetime.combine(cell, time()), shown)
    else:
        sheet.write(*place, cell)


def repacked(data: bytes, edits: Mapping[str, Edit], extra: Mapping[str, bytes] | None = None) -> bytes:
    """The same archive with some parts changed and others added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, edits.get(name, bytes)(old.read(name)))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return file.getvalue()
