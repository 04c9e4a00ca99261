"""One pass over the rows of a delivery: tables under their headers, totals, counts, forms. Files belong to _tabular."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from fo_platform.custodians._cells import Dialect, whole
from fo_platform.custodians._csv_rows import Row
from fo_platform.custodians._draft import Draft
from fo_platform.custodians._numbers import EXACT, is_number
from fo_platform.custodians._tables import Column, Layout, Table, heading, heading_currency
from fo_platform.custodians._xlsx_rows import cell_name
from fo_platform.custodians.records import Control
from fo_platform.units import plain

_TOTAL = re.compile(r"(?:grand )?totals?:?(?: ([a-z]{3}))?", re.IGNORECASE)
_ORDERS = {"dd mm yyyy": "day", "mm dd yyyy": "month", "day first": "day", "month first": "month"}
_TEMPLATE = ("template", "template version", "version")
_DATES = ("date format", "date order")
_COUNTS = ("records", "rows", "number of records", "number of rows", "record count", "row count")
_SEPARATOR = "sep="
_FIGURES = re.compile(r"[-+]?[0-9.,' ]{1,64}%?")
_FORMULA = ("=", "@", "+", "-", "\t")
_ASK = "Ask the sender to correct it."
_WHOLE = "Ask the sender for the whole file."
_NAME = "Name the column in the format, or ask the sender to leave it out."


class Entry(NamedTuple):
    """One row of a table: its fields as canonical text, and the row itself."""

    table: Table
    fields: dict[str, str]
    row: Row


def place(row: Row, column: int) -> str:
    """Where a cell is, for messages: a workbook's by its name, as lines say nothing of it."""
    return f"{cell_name(row.sheet, column, row.number)} " if row.sheet else ""


class _Section(NamedTuple):
    """A table that is being read, and what its totals will have to confirm."""

    table: Table
    header: Row
    columns: dict[int, Column]
    unknown: dict[int, str]
    currency: str
    sums: dict[str, dict[str, Decimal]]
    proved: set[str]


class Reading:
    """One pass over the rows of a delivery."""

    def __init__(self, draft: Draft, layout: Layout, dialect: Dialect) -> None:
        """Nothing is read yet."""
        self.draft = draft
        self.layout = layout
        self.dialect = dialect
        self.section: _Section | None = None
        self.lines: dict[str, tuple[str, Row]] = {}
        self.given: Mapping[str, str] = {}
        self.tables = self.records = 0
        self.last = Row({}, 0, 0, "", 0)
        self._keys: set[tuple[str, ...]] = set()
        self._noted: set[str] = set()
        self._counts: list[tuple[str, Row]] = []
        self._cover: tuple[dict[str, tuple[str, Row]], Mapping[str, str]] = {}, {}

    def take(self, row: Row) -> Iterator[Entry]:
        """What one row states, if anything."""
        if row.sheet != self.last.sheet:
            self._turn()
        if row.wrong:
            self.draft.fault(row.start, row.wrong, row.remedy)
        elif found := self._header(row):
            self._open(row, *found)
        elif self._is_line(row):
            self._keep_line(row)
        elif self.section is None:
            self._refuse_stray(row)
        elif total := self._is_total(row):
            self._prove_total(row, self.section, total)
        else:
            yield from self._entry(self.section, row)
        self.last = row

    def finish(self) -> Iterator[Entry]:
        """What a form states, and whether all was there."""
        self._close()
        if not self.tables:
            yield from self._form()
        if not self.tables:
            lacking = f"the file holds no table of {self.draft.format}"
            self.draft.fault(0, lacking, "Ask the sender for the columns that the format needs.")
        elif not self.records and not self._counts:
            self.draft.note(0, "the file states nothing below its headers", "Ask whether that is right.")
        for stated, row in self._counts:
            self._prove_count(stated, row)

    def _turn(self) -> None:
        """A sheet begins; what a sheet without a table states, such as a cover, is said of all that follow."""
        if self.section is None:
            self._cover = dict(self.lines), {**self._cover[1], **self.given}
        self._close()
        self.lines, self.given = dict(self._cover[0]), dict(self._cover[1])

    def _header(self, row: Row) -> tuple[Table, dict[int, Column]] | None:
        if len(row.cells) < 2:
            return None
        firsts = list(row.cells.values())[: 2 if self.section else None]
        if not any(heading(cell) in self.layout.vocabulary for cell in firsts):
            return None
        found = self.layout.header(row.cells)
        if found is None and (near := self.layout.nearly(row.cells)) and near[1] and len(row.cells) > 2:
            what = f"the header of {near[0].name} lacks {', '.join(near[1])}"
            self.draft.fault(row.start, f"{place(row, min(row.cells))}{what}", _WHOLE)
        return found

    def _open(self, row: Row, table: Table, columns: dict[int, Column]) -> None:
        self._close()
        self.tables += 1
        names = [column.name for column in columns.values()]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.draft.fault(row.start, f"two columns state {table.headers[name]}", _ASK)
        others = {at: cell for at, cell in row.cells.items() if at not in columns}
        unknown = {at: (heading(cell) or cell.casefold()).replace(" ", "_") for at, cell in others.items()}
        for name in unknown.values():
            self._note_once(row.start, f"the column {name[:60]} of {table.name} is not known to us", _NAME)
        self.section = _Section(table, row, columns, unknown, self._headed_currency(row, columns), {}, set())

    def _headed_currency(self, row: Row, columns: dict[int, Column]) -> str:
        """The currency that the headers of sums end with."""
        ends = (heading_currency(row.cells[at]) for at, column in columns.items() if column.is_summed)
        found = sorted(set(filter(None, ends)))
        if len(found) > 1:
            self.draft.fault(row.start, f"columns are in {' and '.join(found)}", "Ask for one currency a row.")
        return found[0] if found else ""

    def _close(self) -> None:
        section, self.section = self.section, None
        if section is None or not section.table.needs_total:
            return
        for currency in sorted({currency for currency, sums in section.sums.items() if sums} - section.proved):
            what = f"the total of {section.table.name} in {currency or 'its currency'} is missing"
            self.draft.fault(section.header.start, what, "Ask for it: a sheet without its total may be cut off.")

    def _is_line(self, row: Row) -> bool:
        """Whether a row is a title, a footnote or one field with its value, and not of a table."""
        if len(row.cells) > 2:
            return False
        label = heading(next(iter(row.cells.values())))
        if label in (*_TEMPLATE, *_COUNTS, *_DATES) or label.startswith(_SEPARATOR):
            return True
        return self.section is None or (row.number > self.last.number + 1 and not self._is_total(row))

    def _keep_line(self, row: Row) -> None:
        label, stated = [*row.cells.values(), ""][:2]
        name = heading(label)
        self.given = {**self.given, **(self.layout.title(label) or {})}
        if not stated:
            return
        self.lines[name] = stated, row
        if name in _COUNTS:
            self._counts.append((stated, row))
        elif not self._is_known(name):
            self._note_once(row.start, f"the line {name[:60]} is not known to us", _NAME)
        if name in _TEMPLATE and stated.removeprefix("v") not in self.layout.versions:
            what = f"version {stated[:20]} of the template is not known"
            self.draft.halt(row.start, what, f"Ask for version {self.layout.versions[-1]}.")
        if name in _DATES:
            self.dialect = self.dialect._replace(date_order=_ORDERS.get(heading(stated), ""))

    def _is_known(self, name: str) -> bool:
        return name in self.layout.vocabulary or name in (*_TEMPLATE, *_DATES) or name.startswith(_SEPARATOR)

    def _refuse_stray(self, row: Row) -> None:
        """A row of several cells above the header is a letterhead; a table is no letterhead."""
        what = f"{place(row, min(row.cells))}the row is not read: no table begins above it"
        self._note_once(row.start, what, "Look whether it is a table, and ask for its header.")

    def _is_total(self, row: Row) -> re.Match[str] | None:
        return _TOTAL.fullmatch(next(iter(row.cells.values())))

    def _entry(self, section: _Section, row: Row) -> Iterator[Entry]:
        try:
            fields = self._fields(section, row)
            self._refuse_twice(section.table, fields)
        except ValueError as error:
            self.draft.fault(row.start, str(error), _ASK)
            return
        self.records += 1
        sums = section.sums.setdefault(fields.get("currency", ""), {})
        for column in section.table.columns:
            if column.is_summed and column.name in fields:
                sums[column.name] = EXACT.add(sums.get(column.name, Decimal(0)), Decimal(fields[column.name]))
        yield Entry(section.table, fields, row)

    def _fields(self, section: _Section, row: Row) -> dict[str, str]:
        if row.width and row.width < section.header.width:
            raise ValueError(f"the row ends after {row.width} of {section.header.width} cells")
        fields = self._defaults(section)
        for at, cell in row.cells.items():
            self._note_formula(row, at, cell)
            if column := section.columns.get(at):
                fields[column.name] = self._checked(column, cell, row, at)
            elif at in section.unknown:
                fields[section.unknown[at]] = cell
            else:
                raise ValueError(f"{place(row, at)}{cell[:40]!r} stands under no header")
        if section.currency and fields.setdefault("currency", section.currency) != section.currency:
            raise ValueError(f"{place(row, 0)}the row is in {fields['currency']}, its headers in {section.currency}")
        return self._complete(section.table, fields, row)

    def _defaults(self, section: _Section) -> dict[str, str]:
        """What lines above the table say of all its rows."""
        headed = {column.name for column in section.columns.values()}
        fields = {name: stated for name, stated in self.given.items() if name not in headed}
        for name, (stated, row) in self.lines.items():
            column = section.table.by_header.get(name)
            if column and column.name not in headed:
                fields[column.name] = self._checked(column, stated, row, max(row.cells))
        return fields

    def _checked(self, column: Column, cell: str, row: Row, at: int) -> str:
        try:
            return column.check(cell, self.dialect)
        except ValueError as error:
            raise ValueError(f"{place(row, at)}{column.name}: {error}") from error

    def _complete(self, table: Table, fields: dict[str, str], row: Row) -> dict[str, str]:
        for name in table.needed:
            if not fields.get(name):
                raise ValueError(f"{place(row, 0)}{table.headers[name]} is blank")
        return {**fields, "cell": cell_name(row.sheet, min(row.cells), row.number)} if row.sheet else fields

    def _refuse_twice(self, table: Table, fields: Mapping[str, str]) -> None:
        key = (table.name, *(fields.get(name, "") for name in table.key))
        if table.key and key in self._keys:
            raise ValueError(f"{table.name} states {' '.join(filter(None, key[1:]))} twice")
        self._keys.add(key)

    def _note_formula(self, row: Row, at: int, cell: str) -> None:
        if cell.startswith(_FORMULA) and len(cell) > 1 and not cell[1].isspace() and not _is_amount(cell):
            what = f"{place(row, at)}a cell begins like a formula and is kept as text"
            self.draft.note(row.start, what, "Never open the file in a spreadsheet program before it is looked at.")

    def _prove_total(self, row: Row, section: _Section, label: re.Match[str]) -> None:
        try:
            currency = self._total_currency(row, section, label)
            stated = self._total_stated(row, section)
        except ValueError as error:
            self.draft.fault(row.start, str(error), _ASK)
            return
        for name, expected in stated.items():
            actual = plain(section.sums.get(currency, {}).get(name, Decimal(0)))
            named = " ".join(filter(None, (row.sheet, "total", section.table.headers[name], currency)))
            control = Control(named, expected, actual, expected == actual)
            self.draft.prove(control, self.draft.controls, row.start, _WHOLE)
        if stated:
            section.proved.add(currency)

    def _total_currency(self, row: Row, section: _Section, label: re.Match[str]) -> str:
        at = next((at for at, column in section.columns.items() if column.name == "currency"), -1)
        stated = (row.cells.get(at) or label[1] or "").upper()
        if not stated and len(section.sums) > 1:
            raise ValueError(f"{place(row, 0)}the total does not say its currency")
        return stated or next(iter(section.sums), "")

    def _total_stated(self, row: Row, section: _Section) -> dict[str, str]:
        summed = {at: column for at, column in section.columns.items() if column.is_summed and at in row.cells}
        return {column.name: self._checked(column, row.cells[at], row, at) for at, column in summed.items()}

    def _prove_count(self, stated: str, row: Row) -> None:
        try:
            expected = whole(stated, self.dialect)
        except ValueError as error:
            self.draft.fault(row.start, f"records: {error}", _ASK)
            return
        actual = str(self.records)
        control = Control("records", expected, actual, expected == actual)
        self.draft.prove(control, self.draft.controls, row.start, _WHOLE)

    def _form(self) -> Iterator[Entry]:
        """The one record that a file states line by line, field and value."""
        for table in self.layout.tables:
            labels = dict(enumerate(self.lines))
            if self.lines and not table.lacks(table.match(labels)):
                yield from self._form_entry(table)
                return

    def _form_entry(self, table: Table) -> Iterator[Entry]:
        rows = [row for _, row in self.lines.values()]
        first, last = min(rows, key=lambda row: row.start), max(rows, key=lambda row: row.end)
        section = _Section(table, first, {}, {}, "", {}, set())
        self.tables += 1
        try:
            fields = self._complete(table, self._defaults(section), first)
        except ValueError as error:
            self.draft.fault(first.start, str(error), _ASK)
            return
        unknown = {name: stated for name, (stated, _) in self.lines.items() if not self._is_known(name)}
        fields |= {name.replace(" ", "_"): stated for name, stated in unknown.items() if name not in _COUNTS}
        self.records += 1
        yield Entry(table, fields, first._replace(end=last.end))

    def _note_once(self, offset: int, what: str, remedy: str) -> None:
        if what not in self._noted:
            self._noted.add(what)
            self.draft.note(offset, what, remedy)


def _is_amount(cell: str) -> bool:
    return is_number(cell) or _FIGURES.fullmatch(cell) is not None
