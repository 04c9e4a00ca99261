"""Market data as comma-separated rows between a header and a trailer with counts. Rows belong to _market."""

import csv
from codecs import BOM_UTF8
from collections import Counter

from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._lines import Line, lines
from fo_platform.custodians._market import ROWS, row_fields
from fo_platform.custodians._numbers import iso_date
from fo_platform.custodians.records import Control

_BEGIN = b"HDR,MARKETDATA,"
_VERSION = "1"
_AGAIN = "Ask the vendor to send the file again."
_CHECK = "The row is left out: ask the vendor for the right value."


def sniff(head: bytes) -> bool:
    """Whether the first line is the header."""
    return head.removeprefix(BOM_UTF8).startswith(_BEGIN)


def read(draft: Draft) -> None:
    """Every row as a record of one statement; a row with a bad value is left out and noted; the counts must tie."""
    file = _File(draft)
    for line in lines(draft, "utf-8"):
        file.take(line)
    file.prove()


def _cells(text: str) -> list[str]:
    """Cells of a row; one that cannot be cut is a single cell, and so of no known type."""
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text], strict=True), [text])
    except csv.Error:
        return [text]


class _File:
    """One pass over one file: its date, and what its trailer will have to confirm."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.statement: StatementDraft = draft.open(None, None, None)
        self.counts: Counter[str] = Counter()
        self.trailer: tuple[Line, list[str]] | None = None

    def take(self, line: Line) -> None:
        """One line of the file."""
        code, *cells = _cells(line.text)
        if self.trailer is not None:
            self.draft.fault(line.start, "a row stands after the trailer", _AGAIN)
        elif code == "HDR":
            self._begin(line, cells)
        elif code == "TRL":
            self.trailer = line, cells
        elif code not in ROWS or not ROWS[code].fits(cells):
            self.draft.fault(line.start, f"a row {code[:12]!r} of {len(cells)} values is not known", _AGAIN)
        else:
            self._row(line, code, cells)

    def _begin(self, line: Line, cells: list[str]) -> None:
        try:
            _, version, day, _ = cells
            self.statement.statement_date = iso_date(day)
        except ValueError as error:
            self.draft.halt(line.start, f"header: {error}", _AGAIN)
        if version != _VERSION:
            self.draft.halt(line.start, f"version {version[:12]} of the format is not known", "Ask for version 1.")

    def _row(self, line: Line, code: str, cells: list[str]) -> None:
        self.counts[code] += 1
        try:
            fields = row_fields(ROWS[code], cells)
        except ValueError as error:
            self.draft.note(line.start, f"{code} {error}", _CHECK)
            return
        kind, day = ROWS[code].kind, self.statement.statement_date
        self.statement.records.append(self.draft.record(kind, (line.start, line.end), fields, None, day))
        self.draft.fx_rates += kind == "fx"

    def prove(self) -> None:
        """The trailer's counts against the rows of the file."""
        if self.trailer is None:
            self.draft.halt(len(self.draft.data), "the trailer (TRL) is missing: the file breaks off", _AGAIN)
        line, cells = self.trailer
        if len(cells) != len(ROWS):
            self.draft.halt(line.start, f"the trailer counts {len(cells)} types of rows instead of {len(ROWS)}", _AGAIN)
        for code, expected in zip(ROWS, cells, strict=True):
            actual = str(self.counts[code])
            control = Control(f"rows {code}", expected, actual, expected == actual)
            self.draft.prove(control, self.draft.controls, line.start, _AGAIN)


FORMAT = Format("market_csv", sniff, read, "market data: instruments, identifiers, prices, rates, factors, liquidity")
