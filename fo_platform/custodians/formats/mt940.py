"""SWIFT MT940 and MT950 account statements, in the dialects of many banks. Lines and balances belong to _mt940."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from fo_platform.custodians import _swift
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._mt940 import ITEM, Balance, Movement, balance, span, transaction_fields
from fo_platform.custodians._numbers import add
from fo_platform.custodians._swift import Field
from fo_platform.custodians.records import Control, Record
from fo_platform.units import plain

_TYPES = {"940", "950"}
_REFERENCE = re.compile(r"(?:^|\{4:|@):20:", re.MULTILINE)
_STATEMENT = re.compile(r"^:(?:28C?|60[FM]):", re.MULTILINE)
_INTERIM = re.compile(r"^:(?:34F|13D):", re.MULTILINE)
"""Fields of an MT942, which reports within the day and states no balances."""
_HEADS, _OPENINGS, _CLOSINGS = ("20", "25", "25P", "28", "28C"), ("60F", "60M"), ("62F", "62M")
_AGAIN = "Ask the bank to send the statement again."


def sniff(head: bytes) -> bool:
    """Whether a header says MT940 or MT950 or, where there is no header, the fields are those of one."""
    text = _swift.decode(head)
    types = _swift.message_types(text)
    if types:
        return bool(types & _TYPES)
    return bool(_REFERENCE.search(text) and _STATEMENT.search(text)) and not _INTERIM.search(text)


@dataclass
class _Part:
    """Fields of one statement by tag, its movements, and its balances."""

    heads: dict[str, Field] = field(default_factory=dict)
    lines: list[Movement] = field(default_factory=list)
    opening: Field | None = None
    closing: Field | None = None

    def head(self, *tags: str) -> str:
        """First line of the first of these fields that is there, or nothing."""
        found = next((self.heads[tag].text for tag in tags if tag in self.heads), "")
        return found.split("\n")[0].strip()

    def ends_before(self, tag: str) -> bool:
        """Whether a field of this tag belongs to the next statement."""
        if self.closing and tag in (*_HEADS, *_OPENINGS):
            return True
        return bool(self.opening) if tag in _OPENINGS else tag == "20" and bool(self.heads)

    @property
    def end(self) -> int:
        """Offset behind the last of what is there; of nothing, 0."""
        fields = [*self.heads.values(), *(item for item in (self.opening, self.closing) if item)]
        return max([line.end() for line in self.lines] + [item.end for item in fields], default=0)


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
    parts = _split(draft, _swift.decode(draft.data))
    proved = [found for part in parts for found in _read_statement(draft, part)]
    broken = sum(not control.ok for found in proved for control in found.statement.controls)
    if broken:
        draft.summary = (
            f"{broken} of {len(draft.statements)} statements do not balance: opening + movements is not closing"
        )
    if not draft.statements:
        draft.fault(0, "there is no statement in it", _AGAIN)
    accounts: dict[tuple[str | None, str], list[_Proved]] = {}
    for found in proved:
        accounts.setdefault((found.statement.account, found.closes.currency), []).append(found)
    for statements in accounts.values():
        _note_gaps(draft, statements)
        _state_cash(statements)


def _split(draft: Draft, text: str) -> Iterator[_Part]:
    """One statement at a time; what one does not state before its opening balance is as in the statement before it.

    A 20 begins one; so does, behind a closing balance, any other field that stands before movements.
    """
    part = _Part()
    for match in ITEM.finditer(text):
        tag = match[8]
        if tag is None:
            part.lines.append(match)
            continue
        if part.ends_before(tag):
            yield part
            part = _Part(heads=dict(part.heads) if tag != "20" else {})
        text, start = match[9].rstrip(), match.start()
        _take(draft, part, Field(tag, text.lstrip(), start, start + len(tag) + 2 + len(text)))
    if part.end:
        yield part


def _take(draft: Draft, part: _Part, item: Field) -> None:
    if item.key in _OPENINGS:
        part.opening = item
    elif item.key in _CLOSINGS:
        part.closing = item
    elif item.key in _HEADS:
        part.heads[item.key] = item
    elif item.key == "61":
        draft.fault(item.start, f"61: {item.text[:40]!r} is not a statement line", _AGAIN)


def _read_statement(draft: Draft, part: _Part) -> Iterator[_Proved]:
    """Keep one statement; yields it when both of its balances can be read."""
    statement = draft.open(part.head("25", "25P") or None, None, "settle")
    statement.page, statement.reference = part.head("28C", "28"), part.head("20")
    if statement.account is None:
        draft.fault(part.end, "the statement names no account (25)", _AGAIN)
    opens, closes = (_balance(draft, item) for item in (part.opening, part.closing))
    statement.statement_date = closes.day if closes else None
    moved = _read_lines(draft, statement, part.lines, closes or opens)
    if part.opening and opens and part.closing and closes:
        _prove(draft, statement, part.closing, (opens, closes, moved))
        fields, at = {"currency": closes.currency, "amount": closes.amount}, (part.closing.start, part.closing.end)
        cash = draft.record("cash", at, fields, statement.account, closes.day)
        yield _Proved(statement, part.opening, part.closing, opens, closes, cash)
    elif not (part.opening and part.closing):
        name = "closing balance (62F)" if part.opening else "opening balance (60F)"
        draft.fault(part.end, f"the statement breaks off without its {name}", _AGAIN)


def _balance(draft: Draft, item: Field | None) -> Balance | None:
    try:
        return balance(item.text) if item else None
    except ValueError as error:
        draft.fault(item.start if item else 0, f"balance: {error}", _AGAIN)
        return None


def _read_lines(draft: Draft, statement: StatementDraft, lines: list[Movement], booked: Balance | None) -> Decimal:
    """Keep every movement; their exact sum."""
    amounts = []
    currency = booked.currency if booked else ""
    for line in lines:
        try:
            row = transaction_fields(line, currency)
        except ValueError as error:
            draft.fault(line.start(), f"61: {error}", _AGAIN)
            continue
        record = draft.record("transaction", span(line), row, statement.account, statement.statement_date)
        statement.records.append(record)
        amounts.append(Decimal(row["amount"]))
    return add(amounts)


def _prove(draft: Draft, statement: StatementDraft, closing: Field, amounts: tuple[Balance, Balance, Decimal]) -> None:
    opens, closes, moved = amounts
    actual = add((Decimal(opens.amount), moved))
    ok = actual == Decimal(closes.amount) and opens.currency == closes.currency
    control = Control(f"balance {closes.currency}", closes.amount, plain(actual), ok)
    draft.prove(control, statement.controls, closing.start, _AGAIN)


def _note_gaps(draft: Draft, statements: list[_Proved]) -> None:
    """Statements of one account whose balances do not chain, and a last page that announces another."""
    for before, after in pairwise(statements):
        if before.closes.amount != after.opens.amount:
            what = (
                f"the balance opens at {after.opens.amount}, the statement before it closes at {before.closes.amount}"
            )
            draft.note(after.opening.start, what, "Look for a statement that is missing or out of order.")
    final = statements[-1]
    if final.closing.key == "62M":
        final.statement.complete = False
        draft.note(final.closing.start, "the closing balance is intermediate (62M)", "Expect another page.")


def _state_cash(statements: list[_Proved]) -> None:
    """The balance of each day: that of its last statement, and not of a page that goes on in the next."""
    last = {found.closes.day: found for found in statements}
    going_on = {id(a.cash) for a, b in pairwise(statements) if (a.closing.key, b.opening.key) == ("62M", "60M")}
    for found in last.values():
        if id(found.cash) not in going_on:
            found.statement.records.append(found.cash)


FORMAT = Format("mt940", sniff, read, "SWIFT MT940 and MT950 account statement")
