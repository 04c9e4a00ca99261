"""The US custodian's fixed-width file: header, detail records, trailer with counts. Columns belong to _us_custodian."""

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Mapping
from datetime import date

from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._lines import Line, lines
from fo_platform.custodians._numbers import compact_date, total
from fo_platform.custodians._us_custodian import DETAILS, TRAILER, cut, detail_fields
from fo_platform.custodians.records import Control
from fo_platform.units import plain

WIDTH = 200
_AGAIN = "Ask the custodian to send the file again."
_FULL = "Ask the custodian for the full file (REFRESHED)."


def sniff(head: bytes) -> bool:
    """Whether the first record is this custodian's header."""
    first = head.removeprefix(BOM_UTF8)[:20]
    return first.startswith(b"BOF") and first[12:].isdigit()


def read(draft: Draft) -> None:
    """Every record between header and trailer, one statement an account; the trailer's counts and total are proved."""
    file = _File(draft)
    for line in lines(draft, "ascii"):
        file.take(line)
    file.prove()


class _File:
    """One pass over one file: its date, its accounts, and what its trailer will have to confirm."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.day: date | None = None
        self.trailer: Line | None = None
        self.counts: Counter[str] = Counter()
        self.statements: dict[str, StatementDraft] = {}

    def take(self, line: Line) -> None:
        """One line; a fault in it is noted and the next one is read."""
        try:
            self._take(line)
        except ValueError as error:
            self.draft.fault(line.start, f"record {line.text[:1]}: {error}", _AGAIN)

    def _take(self, line: Line) -> None:
        text = line.text.rstrip(" ").ljust(WIDTH)
        if len(text) > WIDTH:
            raise ValueError(f"it is longer than {WIDTH} characters")
        if self.trailer is not None:
            raise ValueError("it stands after the trailer")
        if text.startswith("BOF"):
            self._begin(line, text)
        elif text.startswith("EOF"):
            self.trailer = line
        else:
            self._detail(line, text)

    def _begin(self, line: Line, text: str) -> None:
        if self.day:
            raise ValueError("a second header")
        self.day = compact_date(text[12:20])
        if text[34:43].strip() == "UPDATED":
            self.draft.fault(line.start, "the file lists changes only (UPDATED), not the holdings", _FULL)
        elif text[34:43].strip() != "REFRESHED":
            raise ValueError("it does not say REFRESHED")

    def _detail(self, line: Line, text: str) -> None:
        code = text[0]
        self.counts[code] += 1
        if code not in DETAILS:
            raise ValueError("no such type of record")
        account, fields = detail_fields(code, text)
        if account not in self.statements:
            self.statements[account] = self.draft.open(account, self.day, "trade")
        record = self.draft.record(DETAILS[code].kind, (line.start, line.end), fields, account, self.day)
        self.statements[account].records.append(record)

    def prove(self) -> None:
        """The trailer against what was read."""
        if self.trailer is None:
            self.draft.halt(len(self.draft.data), "the trailer (EOF) is missing: the file breaks off", _AGAIN)
        try:
            stated = cut(self.trailer.text.ljust(WIDTH), TRAILER)
            self._prove(stated, self.trailer)
        except ValueError as error:
            self.draft.fault(self.trailer.start, f"trailer: {error}", _AGAIN)
        if not self.statements:
            self.draft.open(None, self.day, "trade")

    def _prove(self, stated: Mapping[str, str], trailer: Line) -> None:
        rows = (r.fields for s in self.statements.values() for r in s.records if r.kind == "position")
        values = total(row["market_value"] for row in rows if "market_value" in row)
        actual = {code: str(self.counts[code]) for code in DETAILS}
        actual |= {"details": str(self.counts.total()), "market_value": plain(values), "date": str(self.day)}
        for name in ("date", "details", *DETAILS, "market_value"):
            expected = stated.get(name, "nothing")
            control = Control(f"trailer {name}", expected, actual[name], expected == actual[name])
            self.draft.prove(control, self.draft.controls, trailer.start, _AGAIN)


FORMAT = Format("us_custodian_fixed", sniff, read, "US custodian, fixed width with header, trailer and separate signs")
