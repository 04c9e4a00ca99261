"""What a format says of its tables: columns, how senders head them, and which of them tell what a table is.

Finding the tables in a delivery belongs to _tabular.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from fo_platform.custodians._cells import Check, amount

_CURRENCIES = "usd|eur|chf|gbp|jpy|cad|aud|nzd|sek|nok|dkk|sgd|hkd|cny|inr|brl|mxn|zar|ils|aed|sar|pln|czk"
_IN_CURRENCY = re.compile(rf"\((?:in )?({_CURRENCIES})\)$|\b(?:in )?({_CURRENCIES})$")
_SPACES = re.compile(r"[\s_\-./:*#()]+")


class Column(NamedTuple):
    """A field, the headers that senders give it, divided by `|`, and what its cells must be.

    is_summed: a total row states its sum.
    """

    name: str
    headers: str
    check: Check
    is_summed: bool = False


def summed(name: str, headers: str, check: Check = amount) -> Column:
    """A column of money, whose sum a total row states."""
    return Column(name, headers, check, is_summed=True)


@dataclass(frozen=True)
class Table:
    """One kind of table. core: fields whose headers tell it; needed: fields no row may lack; key: what a row is of.

    identifies: whether it tells which format a file is of. needs_total: whether a row of totals must end it.
    """

    name: str
    columns: tuple[Column, ...]
    core: tuple[str, ...]
    needed: tuple[str, ...]
    key: tuple[str, ...] = ()
    identifies: bool = True
    needs_total: bool = False

    @cached_property
    def by_header(self) -> dict[str, Column]:
        """Columns by every way in which they are headed, by their own names last; a header of two is the first's."""
        columns = self.columns[::-1]
        declared = {heading(head): column for column in columns for head in column.headers.split("|")}
        return {heading(column.name): column for column in columns} | declared

    @cached_property
    def headers(self) -> dict[str, str]:
        """How a field is headed, for messages."""
        return {column.name: column.headers.split("|")[0] for column in reversed(self.columns)}

    def match(self, cells: Mapping[int, str]) -> dict[int, Column]:
        """Columns that the cells are headers of, by where they stand."""
        return {at: self.by_header[head] for at, cell in cells.items() if (head := heading(cell)) in self.by_header}

    def lacks(self, found: Mapping[int, Column]) -> list[str]:
        """Headers that tell the table and that are not among these."""
        names = {column.name for column in found.values()}
        return [self.headers[name] for name in self.core if name not in names]


@dataclass(frozen=True)
class Layout:
    """All that a format's deliveries may hold. titles: what a first line says, and the fields that it thereby states.

    versions: of the template, where a file names one. is_workbook: nothing but a workbook is of this format.
    """

    tables: tuple[Table, ...]
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    versions: tuple[str, ...] = ("1", "1.0")
    is_workbook: bool = False

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every header of every table."""
        return frozenset(head for table in self.tables for head in table.by_header)

    def header(self, cells: Mapping[int, str]) -> tuple[Table, dict[int, Column]] | None:
        """The table that the cells are the header of: the one that knows most of them."""
        found = [(table, table.match(cells)) for table in self.tables]
        whole = [(table, columns) for table, columns in found if not table.lacks(columns)]
        return max(whole, key=lambda pair: len(pair[1]), default=None)

    def nearly(self, cells: Mapping[int, str]) -> tuple[Table, list[str]] | None:
        """The table that the cells could be the header of, and the headers that it lacks."""
        found = [(table, table.match(cells)) for table in self.tables]
        table, columns = max(found, key=lambda pair: len(pair[1]))
        return (table, table.lacks(columns)) if len(columns) >= max(2, len(cells) // 2) else None

    def title(self, cell: str) -> Mapping[str, str] | None:
        """What a line says by being the title of a file of this format."""
        return self.titles.get(heading(cell))


@lru_cache(maxsize=16384)
def heading(cell: str) -> str:
    """A header without what senders vary: case, spaces, dots, dashes, brackets, the currency at its end."""
    return _SPACES.sub(" ", _IN_CURRENCY.sub("", cell[:100].strip().casefold())).strip()


def heading_currency(cell: str) -> str:
    """The currency that ends a header, `Ending NAV (USD)`, or nothing."""
    found = _IN_CURRENCY.search(cell[:100].strip().casefold())
    return (found[1] or found[2]).upper() if found else ""
