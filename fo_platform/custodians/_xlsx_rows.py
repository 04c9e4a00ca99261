"""Sheets of a workbook as rows of cells, numbers as its XML has them. What a row states belongs to the tables.

Formulas are never evaluated: a cell that holds one is wrong. Numbers of up to 15 digits are exact; of 16 or 17, the
noise of a binary fraction, the 15 digits are taken that spreadsheets themselves show; longer ones are refused.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Context, Decimal
from functools import lru_cache
from typing import NamedTuple
from xml.parsers.expat import XMLParserType

from fo_platform.custodians._cells import CELL_MAX
from fo_platform.custodians._csv_rows import COLUMNS_MAX, Row
from fo_platform.custodians._numbers import EXACT, number
from fo_platform.custodians._xlsx_package import CHUNK, UNPACKED_MAX, Package, PackageError, feed, xml_parser
from fo_platform.units import plain

ROWS_MAX = 1_048_576
SHEETS_MAX = 100
STRINGS_LOOKED_AT = 4 * 2**20
"""Bytes of shared texts that hold the headers of any sheet worth looking at."""

DIGITS, DIGITS_MAX = 15, 17

_SHOWN = Context(prec=DIGITS)
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_VALUES = "Ask for the workbook with values in place of formulas: send values."
_TEXT = "Ask for the number as text, or with fewer digits."
_RIGHT = "Ask the sender for the right value."
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DAYS = (date(1899, 12, 30), date(1904, 1, 1))
_LEAP_BUG = 61
"""Serial days before it are one off in the calendar of 1900, which has a 29 February that never was."""

_BUILT_IN_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58}
_BUILT_IN_PERCENTS = {9, 10}

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]


class Sheet(NamedTuple):
    """One sheet of a workbook and the part that it stands in."""

    name: str
    part: str
    is_hidden: bool


class Workbook:
    """The sheets of a package. Of a workbook that is only looked at, the beginning of every part is read."""

    def __init__(self, package: Package, limit: int = UNPACKED_MAX) -> None:
        """limit: bytes of each part that are read."""
        self._package = package
        self._limit = limit
        self._has_1904 = False
        self._styles: list[str] = []
        self._strings: list[str] = []
        self.sheets = self._listed()
        self._read_styles(self._beside("styles.xml"))
        self._read_strings(self._beside("sharedStrings.xml"))

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Rows of a sheet that hold anything.

        A row of a packed sheet has no bytes of its own: its span ends with the sheet's, and begins one byte after that
        of the row before so that no two rows of a delivery have the same.
        """
        reader = _SheetReader(sheet.name, self._text)
        parser = xml_parser(sheet.part)
        parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
        parser.CharacterDataHandler = reader.characters
        start, end = self._package.span(sheet.part)
        for chunk, is_last in self._chunks(sheet.part, self._limit):
            broken = _broken(parser, chunk, sheet.part, is_last=is_last)
            rows = reader.taken()
            if start + len(rows) > end:
                raise PackageError(f"the sheet {sheet.name[:40]} repeats the same row beyond measure")
            yield from (row._replace(start=at, end=end) for at, row in enumerate(rows, start))
            start += len(rows)
            if broken:
                raise broken

    def _chunks(self, part: str, limit: int) -> Iterator[tuple[bytes, bool]]:
        content = self._package.part(part, limit)
        is_whole = limit == UNPACKED_MAX
        for at in range(0, len(content), CHUNK):
            yield content[at : at + CHUNK], is_whole and at + CHUNK >= len(content)

    def _listed(self) -> list[Sheet]:
        self._folder, main = self._main_part()
        targets: dict[str, str] = {}
        self._each(posixpath.join(self._folder, "_rels", f"{main}.rels"), _relations(targets))
        found: list[Attributes] = []

        def keep(tag: str, attributes: Attributes) -> None:
            if tag == "workbookPr":
                self._has_1904 = attributes.get("date1904", "0") in ("1", "true")
            elif tag == "sheet":
                found.append(attributes)

        self._each(posixpath.join(self._folder, main), keep)
        if len(found) > SHEETS_MAX:
            raise PackageError(f"the workbook has more than {SHEETS_MAX} sheets")
        return [sheet for attributes in found if (sheet := self._sheet(attributes, targets))]

    def _main_part(self) -> tuple[str, str]:
        found: dict[str, str] = {}
        self._each("_rels/.rels", _relations(found, "/officeDocument"))
        folder, _, main = next(iter(found.values()), "/xl/workbook.xml").lstrip("/").rpartition("/")
        return folder, main

    def _sheet(self, attributes: Attributes, targets: dict[str, str]) -> Sheet | None:
        identity = next((text for name, text in attributes.items() if name.endswith(":id")), "")
        target = posixpath.normpath(posixpath.join("/", self._folder, targets.get(identity, "?"))).lstrip("/")
        if target not in self._package.entries:
            return None
        return Sheet(attributes.get("name", "?"), target, attributes.get("state", "visible") != "visible")

    def _beside(self, name: str) -> str:
        path = posixpath.join(self._folder, name)
        return path if path in self._package.entries else ""

    def _each(self, part: str, take: Start) -> None:
        parser = xml_parser(part)
        parser.StartElementHandler = lambda name, attributes: take(name.rpartition(":")[2], attributes)
        self._feed_all(parser, part, self._limit)

    def _feed_all(self, parser: XMLParserType, part: str, limit: int) -> None:
        for chunk, is_last in self._chunks(part, limit):
            feed(parser, chunk, part, is_last=is_last)

    def _read_styles(self, part: str) -> None:
        """How cells of each style show a number: as a date, a percentage or neither."""
        codes: dict[str, str] = {}
        inside = ""

        def keep(tag: str, attributes: Attributes) -> None:
            nonlocal inside
            if tag == "numFmt":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif tag in ("cellXfs", "cellStyleXfs"):
                inside = tag
            elif tag == "xf" and inside == "cellXfs":
                self._styles.append(_shown_as(attributes.get("numFmtId", "0"), codes))

        if part:
            self._each(part, keep)

    def _read_strings(self, part: str) -> None:
        if not part:
            return
        reader = _StringReader(self._strings)
        parser = xml_parser(part)
        parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
        parser.CharacterDataHandler = reader.characters
        self._feed_all(parser, part, max(self._limit, STRINGS_LOOKED_AT))

    def _text(self, kind: str, style: str, stated: str) -> str:
        """What a cell states as text."""
        if kind == "s":
            return self._strings[int(stated)] if int(stated) < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if stated == "1" else "FALSE"
        if kind == "e":
            raise ValueError(f"holds the error {stated[:20]}")
        if kind == "d":
            return stated[:10]
        if kind in ("str", "inlineStr"):
            return stated
        index = int(style or 0)
        return _number_shown(stated, self._styles[index] if index < len(self._styles) else "", self._has_1904)


class _StringReader:
    """Texts that cells share, without how they are pronounced."""

    def __init__(self, strings: list[str]) -> None:
        self.strings = strings
        self._parts: list[str] = []
        self._depth = 0
        self._is_text = False

    def start(self, name: str, _: Attributes) -> None:
        tag = name.rpartition(":")[2]
        self._depth += tag == "rPh"
        self._is_text = tag == "t" and not self._depth

    def characters(self, text: str) -> None:
        if self._is_text:
            self._parts.append(text)

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        self._depth -= tag == "rPh"
        self._is_text = False
        if tag == "si":
            self.strings.append("".join(self._parts))
            self._parts.clear()


class _SheetReader:
    """Rows of one sheet as its XML goes by; what is wrong with a row is its first cell that cannot be read."""

    def __init__(self, sheet: str, text: Callable[[str, str, str], str]) -> None:
        self.sheet = sheet
        self._to_text = text
        self._rows: list[Row] = []
        self._cells: dict[int, str] = {}
        self._number = 0
        self._column = -1
        self._cell: Attributes | None = None
        self._parts: list[str] = []
        self._is_text = self._has_formula = False
        self._depth = 0
        self._wrong = self._remedy = ""

    def taken(self) -> list[Row]:
        """Rows that ended since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: Attributes) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self._begin_row(attributes)
        elif tag == "c" and self._number:
            self._begin_cell(attributes)
        elif self._cell is not None:
            self._depth += tag == "rPh"
            self._has_formula = self._has_formula or tag == "f"
            self._is_text = tag in ("v", "t") and not self._depth

    def characters(self, text: str) -> None:
        if self._is_text:
            self._parts.append(text)

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        self._is_text = False
        if tag == "rPh":
            self._depth -= 1
        elif tag == "c" and self._cell is not None:
            self._end_cell(self._cell)
        elif tag == "row":
            self._end_row()

    def _begin_row(self, attributes: Attributes) -> None:
        stated = attributes.get("r", str(self._number + 1))
        if not (stated.isascii() and stated.isdigit()) or not self._number < int(stated[:8]) <= ROWS_MAX:
            raise PackageError(f"the rows of the sheet {self.sheet[:40]} are not in order at {stated[:12]}")
        self._number, self._column = int(stated), -1
        self._cells, self._wrong, self._remedy = {}, "", ""

    def _begin_cell(self, attributes: Attributes) -> None:
        self._cell, self._depth = attributes, 0
        self._has_formula = False
        self._parts.clear()
        match = _REFERENCE.fullmatch(attributes.get("r", ""))
        self._column = column_number(match[1]) if match else self._column + 1

    def _end_cell(self, cell: Attributes) -> None:
        stated, self._cell = "".join(self._parts), None
        if self._has_formula:
            self._note("holds a formula", _VALUES)
        elif stated and self._column >= COLUMNS_MAX:
            self._note(f"stands beyond the first {COLUMNS_MAX} columns", _RIGHT)
        elif len(stated) > CELL_MAX:
            self._note(f"holds more than {CELL_MAX} characters", _RIGHT)
        elif stated:
            self._keep(cell, stated)

    def _keep(self, cell: Attributes, stated: str) -> None:
        try:
            text = self._to_text(cell.get("t", "n"), cell.get("s", ""), stated).strip()
        except (ValueError, OverflowError) as error:
            self._note(str(error), _TEXT if "digits" in str(error) else _RIGHT)
            return
        if text:
            self._cells[self._column] = text

    def _note(self, what: str, remedy: str) -> None:
        if not self._wrong:
            self._wrong, self._remedy = f"{cell_name(self.sheet, self._column, self._number)} {what}", remedy

    def _end_row(self) -> None:
        if self._cells or self._wrong:
            row = Row(self._cells, 0, 0, self.sheet, self._number, 0, self._wrong, self._remedy)
            self._rows.append(row)


def cell_name(sheet: str, column: int, row: int) -> str:
    """A cell as spreadsheets name it: `Holdings!C7`."""
    letters = ""
    left = column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{sheet}!{letters}{row}"


@lru_cache(maxsize=20000)
def column_number(letters: str) -> int:
    """`A` is 0, `AA` 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _broken(parser: XMLParserType, chunk: bytes, part: str, *, is_last: bool) -> PackageError | None:
    """What is wrong with some of a sheet; the rows before it have been read."""
    try:
        feed(parser, chunk, part, is_last=is_last)
    except PackageError as error:
        return error
    return None


def _relations(targets: dict[str, str], kind: str = "") -> Start:
    def keep(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith(kind or "/worksheet"):
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    return keep


def _shown_as(identity: str, codes: dict[str, str]) -> str:
    if identity in codes:
        code = _QUOTED.sub("", codes[identity].lower()).split(";")[0]
        is_date = "y" in code or "d" in code
        return "date" if is_date else "percent" if "%" in code else ""
    known = int(identity) if identity.isdigit() else 0
    return "date" if known in _BUILT_IN_DATES else "percent" if known in _BUILT_IN_PERCENTS else ""


@lru_cache(maxsize=65536)
def _number_shown(stated: str, shown_as: str, has_1904: bool) -> str:  # noqa: FBT001
    exact = Decimal(number(stated.replace("E+", "E")))
    if shown_as == "date":
        return _day(exact, has_1904)
    digits = len(exact.as_tuple().digits)
    if digits > DIGITS_MAX or (digits > DIGITS and exact == exact.to_integral_value()):
        raise ValueError(f"holds a number of {digits} digits, of which a spreadsheet keeps {DIGITS}")
    text = plain(_SHOWN.plus(exact)) if digits > DIGITS else plain(exact)
    return f"{plain(Decimal(text).scaleb(2, EXACT))}%" if shown_as == "percent" else text


def _day(serial: Decimal, has_1904: bool) -> str:  # noqa: FBT001
    if not has_1904 and serial < _LEAP_BUG:
        raise ValueError("holds a date before March 1900")
    return (_DAYS[has_1904] + timedelta(days=int(serial))).isoformat()
