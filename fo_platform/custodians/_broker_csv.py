"""Brokers' CSV exports read row by row: preambles, tables, totals, footers. What columns mean belongs to formats."""

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from fo_platform.custodians._csv_values import MISSING
from fo_platform.custodians._draft import Draft, StatementDraft
from fo_platform.custodians._swift import before
from fo_platform.custodians.records import Basis, Kind

Cells = dict[str, str]
"""Cells of a row that are not blank, by what their column means."""

AGAIN = "Export the file again and send it as it is."
_LEARN = "Ask the broker what it means, and have the format learn it."
_LINES_MAX, _ROW_MAX = 50, 2**17
_SPACES = re.compile(r"[\s\u00a0]+")
_HEAD_LINES = 60


class Row(NamedTuple):
    """Cells of one row, which may be several lines, and the bytes they stand on."""

    cells: list[str]
    start: int
    end: int


class Entry(NamedTuple):
    """What a row states."""

    kind: Kind
    fields: dict[str, str]
    account: str | None = None


class Sheet(NamedTuple):
    """What the lines around the tables say: whose the rows are, and as of when."""

    account: str | None = None
    day: date | None = None


@dataclass(frozen=True)
class Table:
    """A table that an export may hold. roles: what each column of its header means, or None for another's header.

    A column that means "" is known and kept under its own name. entry: what a row states, None where it is no record.
    """

    roles: Callable[[list[str]], list[str] | None]
    entry: Callable[[Cells, Sheet], Entry | None]


@dataclass(frozen=True)
class Dialect:
    """How a broker writes its exports.

    around: reads a line outside of the tables, or one of theirs that is a total; None where the line is none of it.
    is_continued: whether a row only continues the one before it. is_notice: whether a line that cannot be cut into
    cells is none of the rows.
    """

    tables: tuple[Table, ...]
    delimiters: str = ","
    basis: Basis | None = "trade"
    encodings: tuple[str, ...] = ("utf-8",)
    around: Callable[["Export", Row], bool] = field(default=lambda export, row: False)
    is_continued: Callable[[Cells], bool] = field(default=lambda cells: False)
    is_notice: Callable[[str], bool] = field(default=lambda text: False)


def named(columns: Mapping[str, str], *needed: str) -> Callable[[list[str]], list[str] | None]:
    """Roles of a header by the names of its columns; `needed` are the names without which it is another table's."""

    def roles(header: list[str]) -> list[str] | None:
        if not set(needed) <= set(header):
            return None
        return [columns.get(name, f"?{name}") for name in header]

    return roles


def sniff(dialect: Dialect, head: bytes) -> bool:
    """Whether one of the first lines is a header of the dialect."""
    start, is_legacy = before(head), len(dialect.encodings) > 1
    rows = (row for delimiter in dialect.delimiters for row in _first_rows(start, delimiter, is_legacy))
    return any(_roles(dialect, cells) is not None for cells in rows)


@lru_cache(maxsize=8)
def _first_rows(head: bytes, delimiter: str, may_be_legacy: bool) -> list[list[str]]:  # noqa: FBT001 - internal.
    """Cells of the first lines, cut once for all the dialects that look at them."""
    text = head.removeprefix(BOM_UTF8).decode("utf-8", "replace")
    legacy = head.decode("cp1252", "replace") if "\ufffd" in text and may_be_legacy else text
    rows = (_cells(line[:4000], delimiter) for line in legacy.splitlines()[:_HEAD_LINES])
    return [cells for cells in rows if cells and len(cells) > 1]


def read(dialect: Dialect, draft: Draft) -> None:
    """Every row of every table as a record of its account's statement."""
    Export(dialect, draft).read()


def _roles(dialect: Dialect, cells: list[str]) -> tuple[Table, list[str]] | None:
    header = [normal(cell) for cell in cells]
    for table in dialect.tables:
        roles = table.roles(header)
        if roles is not None:
            return table, roles
    return None


def normal(name: str) -> str:
    """A column's name without case and spaces around it."""
    return _SPACES.sub(" ", name.strip().strip('"\ufeff')).lower()


def _cells(text: str, delimiter: str) -> list[str] | None:
    """Cells of a row; None of one that cannot be cut, as a quotation mark does not close."""
    if '"' not in text:
        return text.split(delimiter)
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


class Export:
    """One pass over one export: the table it is in, whose rows they are, and what its totals will have to confirm."""

    def __init__(self, dialect: Dialect, draft: Draft) -> None:
        """Before the first line."""
        self.dialect, self.draft = dialect, draft
        self.delimiter, self.encoding = dialect.delimiters[0], dialect.encodings[0]
        self.sheet = Sheet()
        self.table: Table | None = None
        self.roles: list[str] = []
        self.header: list[str] = []
        self.held: tuple[Row, Cells] | None = None
        self.statements: dict[str | None, StatementDraft] = {}
        self.reported: set[str] = set()
        self.lines = 0

    def read(self) -> None:
        """All lines."""
        for row in self._rows():
            self._take(row)
        self.flush()
        if not self.header and not self.draft.faults:
            self.draft.fault(0, "there is no table in the file", AGAIN)
        if not self.statements:
            self.statement(None)
        self.draft.stated |= {"lines": self.lines, "enc": self._codec(), "bom": self.draft.data.startswith(BOM_UTF8)}

    def statement(self, account: str | None) -> StatementDraft:
        """The statement of an account, opened when it is first named."""
        if account not in self.statements:
            self.statements[account] = self.draft.open(account, self.sheet.day, self.dialect.basis)
        return self.statements[account]

    def _codec(self) -> str:
        return "utf-8-sig" if self.encoding == "utf-8" else self.encoding

    def _rows(self) -> Iterator[Row]:
        """Rows that are not blank; a cell in quotation marks may go over several lines."""
        data, start = self.draft.data, len(BOM_UTF8) if self.draft.data.startswith(BOM_UTF8) else 0
        while start < len(data):
            text, end, following = self._line(start)
            if "head" not in self.draft.stated:
                self.draft.stated["head"] = text
            if text.strip():
                cells, end, following = self._whole(text, start, end, following)
                yield Row(cells, start, end)
            start = following

    def _line(self, start: int) -> tuple[str, int, int]:
        data = self.draft.data
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        self.lines += 1
        raw = data[start : min(end, start + _ROW_MAX)].removesuffix(b"\r")
        if end - start > _ROW_MAX:
            self.draft.halt(start, f"a line is longer than {_ROW_MAX} bytes", AGAIN)
        return self._decoded(raw, start), start + len(raw), end + 1

    def _decoded(self, raw: bytes, start: int) -> str:
        try:
            return raw.decode(self.encoding)
        except UnicodeDecodeError as error:
            later = self.dialect.encodings[self.dialect.encodings.index(self.encoding) + 1 :]
            if not later:
                self.draft.halt(
                    start + error.start, f"a byte of the line is not {self.encoding.upper()}", "Ask for UTF-8."
                )
            self.encoding = later[0]
            return self._decoded(raw, start)

    def _whole(self, text: str, start: int, end: int, following: int) -> tuple[list[str], int, int]:
        """Cells of the row that begins here; one whose quotation mark never closes is a fault and one line."""
        if self.table is None:
            self._choose_delimiter(text)
        cells, first, line = _cells(text, self.delimiter), (end, following), text
        lines = 1
        while cells is None and following < len(self.draft.data) and lines < _LINES_MAX:
            more, end, following = self._line(following)
            text, lines = f"{text}\n{more}", lines + 1
            cells = _cells(text, self.delimiter)
        if cells is not None:
            return cells, end, following
        self.lines -= lines - 1
        if not self.dialect.is_notice(line):
            self.draft.fault(start, "a quotation mark does not close, or stands where none may", AGAIN)
        return [], *first

    def _choose_delimiter(self, text: str) -> None:
        for delimiter in self.dialect.delimiters:
            cells = _cells(text, delimiter)
            if cells and _roles(self.dialect, cells) is not None:
                self.delimiter = delimiter

    def _take(self, row: Row) -> None:
        if not any(cell.strip() for cell in row.cells):
            return
        found = _roles(self.dialect, row.cells)
        try:
            if found is not None:
                self._begin(row, *found)
            elif self._is_around(row):
                pass
            elif self.table is None:
                self._leave(row)
            else:
                self._hold(row, self._by_role(row))
        except ValueError as error:
            self.draft.fault(row.start, f"row: {error}", AGAIN)

    def _is_around(self, row: Row) -> bool:
        """Whether the dialect knows the line as none of the rows; a total comes after all rows before it."""
        held = self.held
        if self.dialect.around(self, row):
            if self.held is held:
                self.flush()
            return True
        return False

    def _leave(self, row: Row) -> None:
        """A line before the first header that nothing is known of."""
        if "preamble" not in self.reported:
            self.reported.add("preamble")
            words = " ".join(row.cells)[:40]
            self.draft.note(
                row.start, f"the line {words!r} before the table is not known to us", "Nothing is to be done."
            )

    def _begin(self, row: Row, table: Table, roles: list[str]) -> None:
        """A header: columns that are not known are named once, and kept."""
        self.flush()
        self.table, self.roles = table, roles
        self.header = [normal(cell) for cell in row.cells]
        for role in roles:
            name = role.removeprefix("?")
            if role.startswith("?") and name and name not in self.reported:
                self.reported.add(name)
                self.draft.note(row.start, f"the column {name[:40]} is not known to us: it is kept as it is", _LEARN)

    def _by_role(self, row: Row) -> Cells:
        """Cells by what they mean; a row that is shorter than its header breaks off."""
        if len(row.cells) < len(self.header.copy()) and any(self.header[len(row.cells) :]):
            raise ValueError(f"it has {len(row.cells)} cells where the header has {len(self.header)}")
        if any(cell.strip() for cell in row.cells[len(self.header) :]):
            raise ValueError(f"it has {len(row.cells)} cells where the header has {len(self.header)}")
        cells: Cells = {}
        for role, name, cell in zip(self.roles, self.header, row.cells, strict=False):
            text = cell.strip()
            if text:
                cells[role.removeprefix("?").replace(" ", "_") or name.replace(" ", "_")] = text
        return cells

    def _hold(self, row: Row, cells: Cells) -> None:
        """A row waits for the next one, which may continue it."""
        if self.held is not None and self.dialect.is_continued(cells):
            first, before = self.held
            joined = {name: f"{before.get(name, '')}{text}" for name, text in cells.items()}
            self.held = Row(first.cells, first.start, row.end), {**before, **joined}
            return
        self.flush()
        self.held = row, cells

    def flush(self) -> None:
        """Keep the row that waits."""
        if self.held is None or self.table is None:
            return
        (row, cells), self.held = self.held, None
        try:
            entry = self.table.entry(cells, self.sheet)
        except ValueError as error:
            self.draft.fault(row.start, f"row: {error}", AGAIN)
            return
        if entry is not None:
            self._keep(row, entry)

    def _keep(self, row: Row, entry: Entry) -> None:
        account = entry.account or self.sheet.account
        statement = self.statement(account)
        fields = {name: text for name, text in entry.fields.items() if text or name == "level"}
        day = statement.statement_date
        statement.records.append(self.draft.record(entry.kind, (row.start, row.end), fields, account, day))


def others(cells: Cells, *used: str) -> dict[str, str]:
    """Cells under their own names that are not used for anything else and say something."""
    return {name: text for name, text in cells.items() if name not in used and text not in MISSING}


def required(cells: Cells, name: str) -> str:
    """A cell that has to say something."""
    text = cells.get(name, "")
    if text in MISSING:
        raise ValueError(f"{name} is blank")
    return text
