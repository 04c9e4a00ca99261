"""SWIFT MT940 and MT950 account statements, in the dialects of many banks. Lines and balances belong to _mt940."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from fo_platform.custodians import _swift
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._mt940 import (
    ITEM,
    Balance,
    Booked,
    Movement,
    Run,
    balance,
    runs,
    span,
    transaction_fields,
)
from fo_platform.custodians._numbers import EXACT, total
from fo_platform.custodians._swift import Field
from fo_platform.custodians.delivery import Delivery
from fo_platform.custodians.records import Control, Record
from fo_platform.units import plain

_TYPES = {"940", "950"}
_REFERENCE = re.compile(_swift.AT_FIELD + r"20:", re.MULTILINE)
_STATEMENT = re.compile(_swift.AT_LINE + r"(?:28C?|60[FM]):", re.MULTILINE)
_INTERIM = re.compile(_swift.AT_LINE + r"(?:34F|13D):", re.MULTILINE)
"""Fields of an MT942, which reports within the day and states no balances."""
_HEADS, _OPENINGS, _CLOSINGS = ("20", "25", "25P", "28", "28C"), ("60F", "60M"), ("62F", "62M")
_BOUNDS = frozenset((*_HEADS, *_OPENINGS, *_CLOSINGS))
_CLOSING, _OPENING = re.compile(rb"[\n\r@]:62[FM]:"), re.compile(rb"\n:60[FM]:")
_GAPS_MAX = 100
_LOOK_FOR = "Look for a statement that is missing or out of order."
_AGAIN = "Ask the bank to send the statement again."


def sniff(head: bytes) -> bool:
    """Whether a header says MT940 or MT950 or, where there is no header, the fields are those of one."""
    text = _swift.beginning(head)
    types = _swift.message_types(text)
    if types:
        return bool(types & _TYPES)
    return bool(_REFERENCE.search(text) and _STATEMENT.search(text)) and not _INTERIM.search(text)


@dataclass
class _Part:
    """One statement while it is read: its fields by tag, its balances, and the exact sum of its movements."""

    heads: dict[str, Field] = field(default_factory=dict)
    opening: Field | None = None
    closing: Field | None = None
    statement: StatementDraft | None = None
    balances: Booked = Booked()
    moved: Decimal = Decimal(0)
    end: int = 0

    def head(self, *tags: str) -> str:
        """First line of the first of these fields that is there, or nothing."""
        for tag in tags:
            if tag in self.heads:
                return self.heads[tag].text.partition("\n")[0].rstrip()
        return ""

    def ends_before(self, tag: str) -> bool:
        """Whether a field of this tag belongs to the next statement."""
        if self.closing and tag in (*_HEADS, *_OPENINGS):
            return True
        return bool(self.opening) if tag in _OPENINGS else tag == "20" and bool(self.heads)


class _Proved(NamedTuple):
    """A statement with the fields of its balances, what they state, and the record of the closing one."""

    statement: StatementDraft
    opening: Field
    closing: Field
    opens: Balance
    closes: Balance
    cash: Record


def read(draft: Draft) -> None:
    """Every statement with its movements, each proved by opening + movements = closing."""
    file = _File(draft)
    for offset, text in _swift.pieces(draft.data):
        file.take(offset, text)
    file.finish()


def _next(data: Delivery, tag: bytes, whole: re.Pattern[bytes], part: tuple[int, int]) -> int:
    """Where the next balance stands whose tag begins so, or the end of the part."""
    start, end = part
    found = data.find(tag, start, end)
    while found >= 0 and not whole.match(data[found - 1 : found + 5]):
        found = data.find(tag, found + 1, end)
    return found if found >= 0 else end


def _balance(text: str) -> Balance | None:
    try:
        return balance(text)
    except ValueError:
        return None


class _File:
    """One pass over one file: the statement it is in, and the last one of every account."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.part = _Part()
        self.last: dict[tuple[str | None, str], _Proved] = {}
        self.days: set[tuple[str | None, str, date]] = set()
        self.broken = self.gaps = 0
        self.closing_at = -1

    def take(self, offset: int, text: str) -> None:
        """One piece of it: runs of ordinary movements, and whatever stands between them."""
        done = 0
        for run in runs(text):
            self._between(offset, text, (done, run.start - 1))
            self._move_all(offset, run)
            done = run.end
        self._between(offset, text, (done, len(text)))

    def _between(self, offset: int, text: str, part: tuple[int, int]) -> None:
        """What a statement does not state before its opening balance is as in the one before it.

        A 20 begins a statement; so does, behind a closing balance, any other field that stands before movements.
        """
        for match in ITEM.finditer(text, *part):
            tag = match[7]
            if tag is None:
                self._move(match, offset)
                continue
            if self.part.ends_before(tag):
                self._end()
                self.part = _Part(heads=dict(self.part.heads) if tag != "20" else {})
            stated, start = match[8].rstrip(), match.start() + offset
            self._field(Field(tag, stated.lstrip(), start, start + len(tag) + 2 + len(stated)))

    def finish(self) -> None:
        """The last statement, and what only the whole file tells."""
        if self.part.end:
            self._end()
        if self.broken:
            count = f"{self.broken} of {self.draft.opened} statements"
            self.draft.summary = f"{count} do not balance: opening + movements is not closing"
        if not self.draft.opened:
            self.draft.fault(0, "there is no statement in it", _AGAIN)
        if self.gaps > _GAPS_MAX:
            more = f"{self.gaps - _GAPS_MAX} more balances do not open where the last one closed"
            self.draft.note(0, more, _LOOK_FOR)
        for found in self.last.values():
            self._note_page_to_come(found)
            self._state_cash(found)

    def _field(self, item: Field) -> None:
        part = self.part
        if item.key in _OPENINGS:
            part.opening = item
        elif item.key in _CLOSINGS:
            part.closing = item
        elif item.key in _HEADS:
            part.heads[item.key] = item
        elif item.key == "61":
            self.draft.fault(item.start, f"61: {item.text[:40]!r} is not a statement line", _AGAIN)
        if item.key in _BOUNDS:
            part.end = item.end

    def _move_all(self, offset: int, run: Run) -> None:
        """Keep a run of ordinary movements, as each alone would be kept."""
        part = self.part
        statement = part.statement or self._open(offset + run.start)
        records = run.records(self.draft, offset, statement, part.balances)
        statement.records.extend(records)
        part.moved = EXACT.add(part.moved, total([record.fields["amount"] for record in records]))
        part.end = records[-1].offset + records[-1].length

    def _move(self, match: Movement, offset: int) -> None:
        """Keep one movement, at the date and in the currency of the closing balance that is to come."""
        part, (start, end) = self.part, span(match)
        at = offset + start, offset + end
        statement = part.statement or self._open(at[0])
        part.end = at[1]
        try:
            row = transaction_fields(match, part.balances)
        except ValueError as error:
            self.draft.fault(at[0], f"61: {error}", _AGAIN)
            return
        record = self.draft.record("transaction", at, row, statement.account, statement.statement_date)
        statement.records.append(record)
        part.moved = EXACT.add(part.moved, Decimal(row["amount"]))

    def _open(self, start: int) -> StatementDraft:
        """The statement, as soon as something is to be put into it."""
        part = self.part
        statement = self.draft.open(part.head("25", "25P") or None, None, "settle")
        statement.page, statement.reference = part.head("28C", "28"), part.head("20")
        if statement.account is None:
            self.draft.fault(start, "the statement names no account (25)", _AGAIN)
        closes = _balance(part.closing.text) if part.closing else self._closing_after(start)
        opens = _balance(part.opening.text) if part.opening else None
        stated = closes or opens
        statement.statement_date = closes.day if closes else None
        period = (opens.day, closes.day) if opens and closes else None
        part.statement, part.balances = statement, Booked(stated.currency if stated else "", period)
        return statement

    def _closing_after(self, start: int) -> Balance | None:
        """The closing balance of the statement whose movements begin here, looked for ahead of them; None of none."""
        data = self.draft.data
        if self.closing_at < start:
            self.closing_at = _next(data, b":62", _CLOSING, (start, len(data)))
        until = start, self.closing_at
        is_of_another = data.find(b"\n:20:", *until) >= 0 or _next(data, b":60", _OPENING, until) < self.closing_at
        stated = _swift.decode(data[self.closing_at : self.closing_at + 80])[len(":62F:") :]
        return None if is_of_another else _balance(stated.lstrip())

    def _end(self) -> None:
        """End of a statement: it is proved, and compared with the one before it of its account."""
        part = self.part
        statement = part.statement or self._open(part.end)
        if not (part.opening and part.closing):
            name = "closing balance (62F)" if part.opening else "opening balance (60F)"
            self.draft.fault(part.end, f"the statement breaks off without its {name}", _AGAIN)
            self.draft.close(statement)
            return
        opens, closes = self._stated(part.opening), self._stated(part.closing)
        if opens is None or closes is None:
            self.draft.close(statement)
            return
        self._prove(statement, part.closing, (opens, closes, part.moved))
        fields, at = {"currency": closes.currency, "amount": closes.amount}, (part.closing.start, part.closing.end)
        cash = self.draft.record("cash", at, fields, statement.account, closes.day)
        self._follow(_Proved(statement, part.opening, part.closing, opens, closes, cash))

    def _stated(self, item: Field) -> Balance | None:
        try:
            return balance(item.text)
        except ValueError as error:
            self.draft.fault(item.start, f"balance: {error}", _AGAIN)
            return None

    def _prove(self, statement: StatementDraft, closing: Field, amounts: tuple[Balance, Balance, Decimal]) -> None:
        opens, closes, moved = amounts
        actual = EXACT.add(Decimal(opens.amount), moved)
        ok = actual == Decimal(closes.amount) and opens.currency == closes.currency
        self.broken += not ok
        control = Control(f"balance {closes.currency}", closes.amount, plain(actual), ok)
        self.draft.prove(control, statement.controls, closing.start, _AGAIN)

    def _follow(self, found: _Proved) -> None:
        """The next statement of an account: whether the balances chain, and what the one before it adds to its cash.

        The balance of a day is that of its last statement in a row, and not of a page that goes on in the next.
        """
        key = found.statement.account, found.closes.currency
        before = self.last.get(key)
        self.last[key] = found
        if before is None:
            return
        if before.closes.amount != found.opens.amount:
            self._note_gap(before, found)
        goes_on = (before.closing.key, found.opening.key) == ("62M", "60M")
        if goes_on or before.closes.day == found.closes.day:
            self.draft.close(before.statement)
        else:
            self._state_cash(before)

    def _note_gap(self, before: _Proved, found: _Proved) -> None:
        self.gaps += 1
        if self.gaps <= _GAPS_MAX:
            opens, closed = found.opens.amount, before.closes.amount
            what = f"the balance opens at {opens}, the statement before it closes at {closed}"
            self.draft.note(found.opening.start, what, _LOOK_FOR)

    def _state_cash(self, found: _Proved) -> None:
        """Keep the closing balance, the first that is stated of its account and day, and close the statement."""
        key = found.statement.account, found.closes.currency, found.closes.day
        if key not in self.days:
            found.statement.records.append(found.cash)
        self.days.add(key)
        self.draft.close(found.statement)

    def _note_page_to_come(self, found: _Proved) -> None:
        if found.closing.key == "62M":
            found.statement.complete = False
            self.draft.note(found.closing.start, "the closing balance is intermediate (62M)", "Expect another page.")


FORMAT = Format("mt940", sniff, read, "SWIFT MT940 and MT950 account statement")
