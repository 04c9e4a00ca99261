"""BAI2 cash reports: records joined with their continuations, control totals proved. Fields belong to _bai2."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple

from fo_platform.custodians import _bai2
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._lines import Line, lines
from fo_platform.custodians.records import Control

_HEAD = re.compile(rb"01,[^,\r\n]{0,40},[^,\r\n]{0,40},[0-9]{6}(?:[0-9]{2})?,")
_SHARED = re.compile(rb"01,[^/\r\n]*/[ \t]+02,")
_BORDER = re.compile(r"/[ \t]+(?=(?:02|03|16|49|88|98|99),)")
"""Records that share their lines: the header does with the next, and each begins behind a slash and white space."""
_CODE = re.compile(r"[0-9]{2}(?:,|$)")
_TEXTUAL = ("16", "88")
_VERSIONS = ("2", "3", "")
"""The third, BTRS, has the same records."""
_LINES_MAX = 1000
_WRAPS_MAX = 20
_HEAD_MAX = 1000
_AGAIN = "Ask the bank to send the file again."
_STATUS = {"2": "deletes an earlier report", "4": "is a test"}


class _Row(NamedTuple):
    """A record with its continuations: its code, its fields, its bytes, and how many lines they are."""

    code: str
    fields: list[str]
    start: int
    end: int
    lines: int


class _Level:
    """What the trailer of the file, a group or an account will have to confirm."""

    def __init__(self, start: int) -> None:
        self.start, self.sum, self.members, self.records = start, 0, 0, 0


def sniff(head: bytes) -> bool:
    """Whether the first record is a file header."""
    return _HEAD.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()) is not None


def read(draft: Draft) -> None:
    """Every account of every group as a statement; the totals and counts of all three trailers are proved."""
    file = _File(draft)
    for row in _rows(draft, file.counts):
        file.take(row)
    file.finish()


def _rows(draft: Draft, counts: Counter[str]) -> Iterator[_Row]:
    """Records, each with the lines that continue it; a text without its slash may be wrapped and go on in any line."""
    held: _Row | None = None
    wraps = 0
    for line in _records(draft):
        text = line.text.strip()
        code, _, rest = text.partition(",")
        if wraps and held is not None and not _CODE.match(text):
            held.fields[-1] += f" {text.removesuffix('/')}"
            held, wraps = held._replace(end=line.end), 0 if text.endswith("/") else wraps - 1
            continue
        wraps = _WRAPS_MAX if code in _TEXTUAL and not text.endswith("/") else 0
        counts[code] += 1
        fields = rest.removesuffix("/").split(",")
        if code == "88":
            held = _continued(draft, line, held, fields)
            continue
        if held is not None:
            yield held
        held = _Row(code, fields, line.start, line.end, 1)
    if held is not None:
        yield held


def _records(draft: Draft) -> Iterator[Line]:
    """A record a line, or several on one in a file whose header shares its line with the next record."""
    found = lines(draft, "latin-1")
    is_shared = _SHARED.match(draft.data[:_HEAD_MAX].removeprefix(b"\xef\xbb\xbf").lstrip())
    return chain.from_iterable(map(_apart, found)) if is_shared else found


def _apart(line: Line) -> Iterator[Line]:
    """The records of one line."""
    start = 0
    for end in chain((match.end() for match in _BORDER.finditer(line.text)), [len(line.text)]):
        text = line.text[start:end].rstrip()
        yield Line(text, line.start + start, line.start + start + len(text))
        start = end


def _continued(draft: Draft, line: Line, held: _Row | None, fields: list[str]) -> _Row:
    if held is None or held.lines >= _LINES_MAX:
        draft.halt(line.start, "a record continues that has not begun or does not end", _AGAIN)
    held.fields.extend(fields)
    return held._replace(end=line.end, lines=held.lines + 1)


class _File:
    """One pass over one file: where in it we are, and what its levels sum."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.counts: Counter[str] = Counter()
        self.levels: dict[str, _Level] = {}
        self.statement: StatementDraft | None = None
        self.currency = self.group_currency = "USD"
        self.day: date | None = None
        self.trailers: list[str] = []
        self.actions = {
            "01": self._begin, "02": self._group, "03": self._account, "16": self._detail, "49": self._end_account,
            "98": self._end_group, "99": self._end,
        }  # fmt: skip

    def take(self, row: _Row) -> None:
        """One record; a fault in it is noted and the next one is read."""
        for level in self.levels.values():
            level.records += row.lines
        try:
            if row.code not in self.actions:
                raise ValueError("no such type of record")
            if self.trailers and not self.levels and row.code != "01":
                raise ValueError("it stands after the file's trailer")
            self.actions[row.code](row)
        except ValueError as error:
            self.draft.fault(row.start, f"record {row.code[:12]}: {error}", _AGAIN)

    def finish(self) -> None:
        """Every level has to have ended."""
        names = {"49": "an account (49)", "98": "a group (98)", "99": "the file (99)"}
        for code in self.levels:
            what = f"the trailer of {names[code]} is missing: the file breaks off"
            self.draft.fault(len(self.draft.data), what, _AGAIN)
        self.draft.stated |= {"records": dict(self.counts), "file_trailer": self.trailers}

    def _open(self, code: str, row: _Row, outer: str) -> None:
        """A level begins: inside the one around it, and after the last of its own kind has ended."""
        if code in self.levels or (outer and outer not in self.levels):
            raise ValueError("it does not stand where it may")
        if outer:
            self.levels[outer].members += 1
        self.levels[code] = _Level(row.start)
        self.levels[code].records = row.lines

    def _begin(self, row: _Row) -> None:
        self._open("99", row, "")
        if len(row.fields) < 8 or row.fields[7].strip() not in _VERSIONS:
            version = row.fields[7][:12] if len(row.fields) > 7 else ""
            self.draft.halt(row.start, f"version {version!r} of BAI is not known", "Ask for version 2.")

    def _group(self, row: _Row) -> None:
        self._open("98", row, "99")
        _, _, status, day, _, currency, *_ = (*row.fields, *[""] * 6)
        self.group_currency = currency.strip().upper() or "USD"
        self.day = _bai2.day(day.strip())
        if status in _STATUS:
            raise ValueError(f"the group {_STATUS[status]} (status {status})")

    def _account(self, row: _Row) -> None:
        """An account: its balances as cash, all its sums for the trailer."""
        self._open("49", row, "98")
        account, currency, *rest = (*row.fields, "")
        self.currency = currency.strip().upper() or self.group_currency
        self.statement = self.draft.open(account.strip() or None, self.day, "settle")
        self.statement.offset = row.start
        if not account.strip():
            raise ValueError("it names no account")
        found: dict[str, str] = {}
        for summary in _bai2.summaries([field.strip() for field in rest]):
            self.levels["49"].sum += _bai2.whole(summary.text) if summary.text else 0
            if summary.text and _bai2.is_balance(summary.code):
                found[summary.code] = _bai2.minor(summary.text, self.currency)
        fields = _bai2.cash(found)
        if fields:
            self._keep(row, "cash", {"currency": self.currency, **fields})

    def _detail(self, row: _Row) -> None:
        """A movement; one without an amount says something in words only."""
        found = _bai2.detail(row.fields)
        if self.statement is None or "49" not in self.levels:
            raise ValueError("it stands outside of every account")
        if not found.text:
            self.draft.note(
                row.start, f"the record 16 {found.code[:12]} moves no money: it is left out", "Read its text."
            )
            return
        self.levels["49"].sum += _bai2.whole(found.text)
        unsigned = _bai2.minor(found.text, self.currency)
        amount = _bai2.signed(found.code, unsigned)
        if not amount:
            self.draft.note(row.start, f"the type {found.code[:12]} has no direction: its amount is not booked", _AGAIN)
        texts = {
            "amount": amount, "amount_unsigned": "" if amount else unsigned,
            "reference": found.bank_reference, "customer_reference": found.customer_reference,
            "description": found.words, "settle_date": found.available and found.available.isoformat(),
            "date": self.day and self.day.isoformat(),
        }  # fmt: skip
        stated = {name: text for name, text in texts.items() if text}
        kind = _bai2.kind(found.code, amount)
        fields = {"kind": kind, "type_code": found.code, "currency": self.currency, **stated}
        self._keep(row, "transaction", fields)

    def _keep(self, row: _Row, kind: str, fields: dict[str, str]) -> None:
        assert self.statement is not None
        span = row.start, row.end
        record = self.draft.record(
            "cash" if kind == "cash" else "transaction", span, fields, self.statement.account, self.day
        )
        self.statement.records.append(record)

    def _end_account(self, row: _Row) -> None:
        level = self._close("49", row)
        controls = self.statement.controls if self.statement else self.draft.controls
        self._prove(row, "account", [("total", level.sum), ("records", level.records)], controls)
        if "98" in self.levels:
            self.levels["98"].sum += level.sum

    def _end_group(self, row: _Row) -> None:
        level = self._close("98", row)
        facts = [("total", level.sum), ("accounts", level.members), ("records", level.records)]
        self._prove(row, "group", facts, self.draft.controls)
        if "99" in self.levels:
            self.levels["99"].sum += level.sum

    def _end(self, row: _Row) -> None:
        level = self._close("99", row)
        self.trailers.append(self.draft.data[row.start : row.end].decode("latin-1").strip())
        facts = [("total", level.sum), ("groups", level.members), ("records", level.records)]
        self._prove(row, "file", facts, self.draft.controls)

    def _close(self, code: str, row: _Row) -> _Level:
        inner = next(reversed(self.levels), "")
        if inner != code:
            raise ValueError("it ends what has not begun or is not the last that began")
        return self.levels.pop(code)

    def _prove(self, row: _Row, what: str, facts: list[tuple[str, int]], controls: list[Control]) -> None:
        """What the trailer states against what was read: sums in minor units, counts as they are."""
        for (name, actual), text in zip(facts, [*row.fields, *[""] * len(facts)], strict=False):
            expected = _bai2.whole(text.strip())
            control = Control(f"{what} {name}", str(expected), str(actual), expected == actual)
            self.draft.prove(control, controls, row.start, _AGAIN)


FORMAT = Format("bai2", sniff, read, "BAI2 cash balances and movements")
