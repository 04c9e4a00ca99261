"""Records of delimited text as rows of cells, each with its bytes. What a row states belongs to the tables.

A quoted cell may hold line ends. Cells are text whatever they look like: none is ever evaluated.
"""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from fo_platform.custodians._cells import CELL_MAX
from fo_platform.custodians._draft import Draft

DELIMITERS = (",", ";", "\t")
COLUMNS_MAX = 1000
RECORD_MAX = 2 * CELL_MAX
_BEGINNING = 100
_AGAIN = "Ask the sender for the file as spreadsheets export it."


class Row(NamedTuple):
    """Cells that are not blank, by column; bytes it stands on, sheet and number in it, cells in all, what is wrong."""

    cells: dict[int, str]
    start: int
    end: int
    sheet: str
    number: int
    width: int = 0
    wrong: str = ""
    remedy: str = ""


def csv_rows(draft: Draft, delimiter: str) -> Iterator[Row]:
    """Every record of the delivery that is not blank, numbered with the blank ones."""
    start = len(BOM_UTF8) if draft.data.startswith(BOM_UTF8) else 0
    number = 0
    while start < len(draft.data):
        end = _record_end(draft, start)
        raw = draft.data[start:end].removesuffix(b"\r")
        number += 1
        row = _row(_decoded(draft, raw, start), delimiter, (start, start + len(raw)), number)
        if row.cells or row.wrong:
            yield row
        start = end + 1
    if number > 1 and draft.data[-1:] != b"\n":
        draft.note(len(draft.data) - 1, "the last line has no end: the file may be cut off there", _AGAIN)


@lru_cache(maxsize=8)
def csv_beginning(head: bytes, delimiter: str) -> list[Row]:
    """The first records of a delivery, as well as they can be read."""
    content = head.removeprefix(BOM_UTF8).decode("utf-8", "replace").replace("\r\n", "\n")
    lines = content.split("\n", _BEGINNING)[:_BEGINNING]
    return [row for number, line in enumerate(lines, 1) if (row := _row(line, delimiter, (0, 0), number)).cells]


def _record_end(draft: Draft, start: int) -> int:
    """Where the line end of a record is: the first one outside of quotes."""
    end, quotes, at = start - 1, 0, start
    while end < start or quotes % 2:
        end = draft.data.find(b"\n", end + 1)
        end = len(draft.data) if end < 0 else end
        if end - start > RECORD_MAX:
            draft.halt(start, f"a record is longer than {RECORD_MAX} bytes, or a quote in it never ends", _AGAIN)
        quotes += draft.data[at:end].count(b'"')
        at = end
        if end == len(draft.data):
            break
    return end


def _decoded(draft: Draft, raw: bytes, start: int) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"byte {error.start + 1} of the record is not UTF-8"
        draft.halt(start + error.start, what, "Ask for the file in UTF-8.")


def _row(line: str, delimiter: str, span: tuple[int, int], number: int) -> Row:
    try:
        cells = _cut(line, delimiter)
    except csv.Error as error:
        return Row({}, *span, "", number, 0, f"the record cannot be cut into cells: {error}", _AGAIN)
    if len(cells) > COLUMNS_MAX:
        return Row({}, *span, "", number, 0, f"the record has more than {COLUMNS_MAX} cells", _AGAIN)
    stated = {column: bare for column, cell in enumerate(cells) if (bare := cell.strip())}
    return Row(stated, *span, "", number, len(cells))


def _cut(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    return next(csv.reader([line], delimiter=delimiter, strict=True), [])
