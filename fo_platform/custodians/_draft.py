"""A delivery while it is read: what formats fill and what becomes Parsed. No format's own shape belongs here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple, NoReturn, cast

from fo_platform.custodians._spool import Overflow, Spool
from fo_platform.custodians._spooled import RECORDS, STATEMENTS
from fo_platform.custodians.delivery import Delivery
from fo_platform.custodians.records import Basis, Control, Kind, Parsed, Part, Problem, Record, Statement, Verdict

FAULTS_MAX = 100
NOTES_MAX = 1000

made = cast("Callable[[tuple[object, ...]], Record]", partial(tuple.__new__, Record))
"""A record from its fields in order, in half the time that a call of it takes."""


class HaltError(Exception):
    """Reading cannot go on; why is already noted in the draft."""


@dataclass(eq=False)
class StatementDraft:
    """One statement while it is being read; offset is where it begins."""

    account: str | None
    statement_date: date | None
    basis: Basis | None
    records: Spool[Record]
    page: str = ""
    complete: bool = True
    reference: str = ""
    offset: int = 0
    part: Part | None = None
    controls: list[Control] = field(default_factory=list)
    others: dict[str, "StatementDraft"] = field(default_factory=dict)

    def frozen(self) -> Statement:
        """The statement as it will be known."""
        return Statement(
            self.account, self.statement_date, self.basis, self.page, self.complete, tuple(self.controls),
            self.records.settled(), self.reference, self.part,
        )  # fmt: skip


class _Note(NamedTuple):
    """A problem before its line is counted."""

    offset: int
    what: str
    remedy: str
    is_fault: bool


class Draft:
    """Bytes of one delivery, the statements found in them so far, and what is wrong with them."""

    def __init__(self, format_name: str, data: Delivery) -> None:
        """An empty draft over the whole delivery."""
        self.format = format_name
        self.data = data
        self.statements: list[StatementDraft] = []
        self.opened = 0
        self.controls: list[Control] = []
        self.fx_rates = 0
        self.stated: dict[str, object] = {}
        self.summary = ""
        self.faults = 0
        self._notes: list[_Note] = []
        self._held = ""
        self._overflow = Overflow()
        self._closed = Spool(self._overflow, STATEMENTS)
        self._line_offset, self._line = 0, 1

    def open(self, account: str | None, statement_date: date | None, basis: Basis | None) -> StatementDraft:
        """A new statement of the delivery."""
        statement = StatementDraft(account, statement_date, basis, Spool(self._overflow, RECORDS))
        self.statements.append(statement)
        self.opened += 1
        return statement

    def close(self, *statements: StatementDraft) -> None:
        """Statements to which nothing will be added: those of a long delivery leave memory."""
        for statement in statements:
            self._closed.append(statement.frozen())
        closed = set(map(id, statements))
        self.statements = [statement for statement in self.statements if id(statement) not in closed]

    def statement_of(self, statement: StatementDraft, account: str | None) -> StatementDraft:
        """The statement itself, or the one beside it of another account that a row of it names."""
        if not account or account == statement.account:
            return statement
        if account not in statement.others:
            statement.others[account] = self.open(account, statement.statement_date, statement.basis)
        return statement.others[account]

    def line(self, offset: int) -> int:
        """1-based line of a byte, counted from the one asked for last: a file that is read in order is counted once.

        What stands nearer to the beginning is counted from there.
        """
        if offset * 2 < self._line_offset:
            self._line_offset, self._line = 0, 1
        if offset >= self._line_offset:
            self._line += self.data.count(b"\n", self._line_offset, offset)
        else:
            self._line -= self.data.count(b"\n", offset, self._line_offset)
        self._line_offset = offset
        return self._line

    def counted(self, offset: int, line: int) -> None:
        """The line of a byte that a reader of many rows has counted to itself: counting goes on from there."""
        self._line_offset, self._line = offset, line

    def record(
        self, kind: Kind, span: tuple[int, int], fields: dict[str, str], account: str | None, day: date | None
    ) -> Record:
        """A record over the bytes from the first to before the second offset of its span.

        A price below zero is a misread or mistyped one in every format: its sign belongs to the quantity.
        """
        start, end = span
        if kind == "position" and fields.get("price", "").startswith("-"):
            self.fault(start, f"a price of {fields['price']} is below zero", "Ask the custodian for the right price.")
        return made((kind, self.line(start), start, end - start, account, day, fields))

    def note(self, offset: int, what: str, remedy: str, *, is_fault: bool = False) -> None:
        """A problem; unless it is a fault, or one of more than a thousand, it does not keep the delivery out."""
        self._notes.append(_Note(max(0, min(offset, len(self.data) - 1)), what, remedy, is_fault))
        self.faults += is_fault
        if not is_fault and len(self._notes) > NOTES_MAX:
            self.halt(offset, f"more than {NOTES_MAX} rows have problems", remedy)

    def fault(self, offset: int, what: str, remedy: str) -> None:
        """A problem that quarantines the delivery; after a hundred of them reading stops."""
        self.note(offset, what, remedy, is_fault=True)
        if self.faults >= FAULTS_MAX:
            raise HaltError

    def halt(self, offset: int, what: str, remedy: str) -> NoReturn:
        """A problem that quarantines the delivery and after which nothing can be read."""
        self.fault(offset, what, remedy)
        raise HaltError

    def prove(self, control: Control, controls: list[Control], offset: int, remedy: str) -> None:
        """Keep a control; one that does not tie quarantines the delivery."""
        controls.append(control)
        if not control.ok:
            what = f"{control.name}: the file states {control.expected}, its rows give {control.actual}"
            self.fault(offset, what, remedy)

    def hold(self, reason: str) -> None:
        """The delivery is whole in itself but waits for others."""
        self._held = self._held or reason

    def parsed(self) -> Parsed:
        """What was read, with the verdict that follows from the faults; they stand before the other problems."""
        self.close(*self.statements)
        verdict, reason = self._verdict()
        return Parsed(
            self.format,
            verdict,
            reason,
            self._closed.settled(),
            tuple(self.controls),
            tuple(self._problems(sorted(self._notes, key=lambda note: (not note.is_fault, note.offset)))),
            self.fx_rates,
            self.stated,
        )

    def _problems(self, notes: Iterable[_Note]) -> Iterable[Problem]:
        return (Problem(self.line(note.offset), note.offset, note.what, note.remedy) for note in notes)

    def _verdict(self) -> tuple[Verdict, str]:
        first = next((note for note in self._notes if note.is_fault), None)
        if first is None:
            return ("incomplete", self._held) if self._held else ("clean", "")
        summary = f"{self.summary}. " if self.summary else ""
        more = f" (and {self.faults - 1} more)" if self.faults > 1 else ""
        return "quarantined", f"{summary}Line {self.line(first.offset)}: {first.what}{more}. {first.remedy}"


@dataclass(frozen=True, slots=True)
class Format:
    """A plug-in of formats/: sniff says whether bytes look like it; read fills a draft and never raises but to halt.

    is_markup: whether its files begin with `<`; None where they may or may not.
    """

    name: str
    sniff: Callable[[bytes], bool]
    read: Callable[[Draft], None]
    description: str
    is_markup: bool | None = False
