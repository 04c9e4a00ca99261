"""SWIFT MT942 interim reports: movements within the day, counted and summed. Movements themselves belong to _mt940."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from fo_platform.custodians import _swift
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._mt940 import ITEM, Booked, Movement, span, transaction_fields
from fo_platform.custodians._numbers import EXACT, swift_date, swift_number
from fo_platform.custodians.records import Control, Kind
from fo_platform.units import plain

_TYPE = "942"
_REFERENCE = re.compile(_swift.AT_FIELD + r"20:", re.MULTILINE)
_INTERIM = re.compile(_swift.AT_LINE + r"(?:34F|13D):", re.MULTILINE)
_BALANCE = re.compile(_swift.AT_LINE + r"6[02][FM]:", re.MULTILINE)
_SUM = re.compile(r"([0-9]{0,5})\s*([A-Z]{3})\s*([0-9.,]{1,40})")
"""A count and a sum; some banks leave the count out where there is nothing to count."""
_END = re.compile(rb"\s*-(?:\}|XXX|[ \t]*(?:[\r\n]|$))")
_LOOK = 64
_CREDITS = frozenset({"C", "EC", "RD"})
"""A reversed debit is a credit."""
_EXPECTED = frozenset({"EC", "ED"})
_AGAIN = "Ask the bank to send the report again."


def sniff(head: bytes) -> bool:
    """Whether a header says MT942 or, where there is no header, the fields are those of one."""
    text = _swift.beginning(head)
    types = _swift.message_types(text)
    if types:
        return _TYPE in types
    return bool(_REFERENCE.search(text) and _INTERIM.search(text)) and not _BALANCE.search(text)


@dataclass
class _Side:
    """Entries of one side of a report: how many, their exact sum, and what the report says of both."""

    count: int = 0
    amount: Decimal = Decimal(0)
    stated: str = ""
    offset: int = 0


@dataclass
class _Report:
    """One report while it is read: its fields by tag, its statement, and its two sides."""

    heads: dict[str, str] = field(default_factory=dict)
    statement: StatementDraft | None = None
    currency: str = ""
    end: int = 0
    credits: _Side = field(default_factory=_Side)
    debits: _Side = field(default_factory=_Side)


def read(draft: Draft) -> None:
    """Every report with its movements, each proved by the counts and sums it states."""
    report = _Report()
    for match, offset in _items(draft):
        tag = match[7]
        if tag == "20" and report.heads:
            _finish(draft, report)
            report = _Report()
        if tag is None:
            _move(draft, report, match, offset)
        else:
            _take(draft, report, match, offset)
    if report.heads or report.statement:
        _finish(draft, report)
    if not draft.opened:
        draft.fault(0, "there is no report in it", _AGAIN)


def _items(draft: Draft) -> Iterator[tuple[Movement, int]]:
    for offset, text in _swift.pieces(draft.data):
        yield from ((match, offset) for match in ITEM.finditer(text))


def _take(draft: Draft, report: _Report, match: Movement, offset: int) -> None:
    """One field other than a movement; behind the sums, 86 speaks of the whole report."""
    tag, text, start = match[7], match[8].strip(), match.start() + offset
    report.end = offset + span(match)[1]
    if tag in ("90D", "90C"):
        side = report.debits if tag == "90D" else report.credits
        side.stated, side.offset = text, start
    elif tag == "61":
        draft.fault(start, f"61: {text[:40]!r} is not a statement line", _AGAIN)
    elif tag in ("60F", "60M", "62F", "62M"):
        draft.fault(start, f"a report within the day states no balance ({tag})", "Declare the feed mt940.")
    else:
        report.heads.setdefault(tag, text.split("\n")[0].strip())


def _move(draft: Draft, report: _Report, match: Movement, offset: int) -> None:
    """Keep one movement; one that is only expected is an instruction and books nothing."""
    statement = report.statement or _open(draft, report, match.start() + offset)
    start, end = span(match)
    report.end = offset + end
    try:
        row = transaction_fields(match, Booked(report.currency))
    except ValueError as error:
        draft.fault(offset + start, f"61: {error}", _AGAIN)
        return
    side = report.credits if match[2] in _CREDITS else report.debits
    side.count += 1
    side.amount = EXACT.add(side.amount, abs(Decimal(row["amount"])))
    is_expected = match[2] in _EXPECTED
    fields = {**row, "status": "expected" if is_expected else "interim"}
    at = offset + start, offset + end
    kind: Kind = "instruction" if is_expected else "transaction"
    record = draft.record(kind, at, fields, statement.account, statement.statement_date)
    statement.records.append(record)


def _open(draft: Draft, report: _Report, offset: int) -> StatementDraft:
    """The statement, as soon as something is to be put into it."""
    heads = report.heads
    statement = draft.open(heads.get("25") or heads.get("25P") or None, _day(draft, report, offset), "settle")
    statement.page, statement.reference = heads.get("28C", heads.get("28", "")), heads.get("20", "")
    statement.offset = offset
    report.statement, report.currency = statement, heads.get("34F", "")[:3]
    if statement.account is None or not report.currency:
        draft.fault(offset, "the report names no account (25) or no currency (34F)", _AGAIN)
    return statement


def _day(draft: Draft, report: _Report, offset: int) -> date | None:
    stated = report.heads.get("13D") or report.heads.get("13") or ""
    try:
        return swift_date(stated[:6]) if stated else None
    except ValueError as error:
        draft.fault(offset, f"13D: {error}", _AGAIN)
        return None


def _finish(draft: Draft, report: _Report) -> None:
    """Prove what the report states of its entries; one that states neither sums nor an end may have broken off."""
    statement = report.statement or _open(draft, report, report.end)
    for name, side in (("debits", report.debits), ("credits", report.credits)):
        if side.stated:
            _prove(draft, statement, name, side)
    is_ended = _END.match(draft.data[report.end : report.end + _LOOK]) is not None
    if not (is_ended or report.debits.stated or report.credits.stated):
        draft.fault(report.end, "the report breaks off without its sums (90D, 90C) and its end", _AGAIN)
    draft.close(statement)


def _prove(draft: Draft, statement: StatementDraft, name: str, side: _Side) -> None:
    match = _SUM.fullmatch(side.stated.split("\n")[0].strip())
    if match is None:
        draft.fault(side.offset, f"{side.stated[:40]!r} is no count and sum of entries (90)", _AGAIN)
        return
    try:
        amount = swift_number(match[3])
    except ValueError as error:
        draft.fault(side.offset, f"90: {error}", _AGAIN)
        return
    count = str(int(match[1] or "0"))
    counted = Control(f"number of {name}", count, str(side.count), count == str(side.count))
    summed = Control(f"sum of {name} {match[2]}", amount, plain(side.amount), Decimal(amount) == side.amount)
    for control in (counted, summed):
        draft.prove(control, statement.controls, side.offset, _AGAIN)


FORMAT = Format("mt942", sniff, read, "SWIFT MT942 interim report of movements")
