"""Movements and balances of MT940 text as fields of records. Statements and their proof do not belong here."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from itertools import accumulate, islice, repeat
from typing import NamedTuple, cast

from fo_platform.custodians._draft import Draft, StatementDraft
from fo_platform.custodians._numbers import swift_date, swift_number
from fo_platform.custodians._swift import AT_FIELD, MORE, readable
from fo_platform.custodians.records import Record

_DETAILS = MORE.replace("(?!:[0-9]", ":86:|(?!:[0-9]")
ITEM = re.compile(
    rf"""{AT_FIELD}(?:
      61:([0-9]{{6}}(?:[0-9]{{4}})?)[ ]*(E?[CD]|R[CD])[A-Z]?\s{{0,2}}([0-9.,]{{1,24}})
        (?:[A-Z]([A-Z0-9 ]{{3}}))?([^\n]*)({_DETAILS})
    | ([0-9]{{2}}[A-Z]?):([^\n]*{MORE})
    )""",
    re.MULTILINE | re.VERBOSE,
)
"""A movement, which is a statement line and the details behind it, or any other field: its tag (group 7) and text (8).

A letter after the mark of debit or credit is the third of the currency and not a reversal, which stands before it.
"""
_NEXT = r"\n:6(?:1|2[FM]):"
_LINE = r"(?::86:|(?![:\-{\x01]))[^\n]*"
ORDINARY = re.compile(
    rf""":61:(?<=\n:61:)([0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[0-9]{{4}}|))[ ]*([CD]|[ER][CD])[A-Z]?
      (?=[0-9]{{1,15}},[0-9]{{0,8}}[A-Z])0*([0-9]+(?:,[0-9]*[1-9]|))[,0]*
      [A-Z]([A-Z0-9 ]{{3}})([^\n]*)
      (\n{_LINE}(?:(?!\n:6)(?:\n{_LINE}){{1,20}}|)(?<!\s)(?=[ \n]*{_NEXT})|(?<!\s)(?=[ ]*{_NEXT}))""",
    re.VERBOSE,
)
"""A movement as most are: a day that there is, an amount as the standard has it, no odd lines.

Its amount has no needless zeros. ITEM reads the same of it, and is slower.
"""
_AT_ONCE = 500
_record = cast("Callable[[tuple[object, ...]], Record]", partial(tuple.__new__, Record))
"""A record from its fields in order, in half the time that a call of it takes."""
Movement = re.Match[str]
_BALANCE = re.compile(r"([CD])\s*([0-9]{6})\s*([A-Z]{3})\s*([0-9.,]{1,40})")
_KINDS: dict[str | None, str] = {
    "INT": "interest",
    "DIV": "dividend",
    "CHG": "fee",
    "COM": "fee",
    "TAX": "tax",
    "FEX": "fx",
}
_KINDS_OUT = {**_KINDS, "SEC": "buy", "TRF": "withdrawal"}
_KINDS_IN = {**_KINDS, "SEC": "sell", "TRF": "deposit"}
"""By the last three letters of the transaction type."""
_OUT, _IN = ("-", _KINDS_OUT), ("", _KINDS_IN)
_SIDES = {"D": _OUT, "RC": _OUT, "ED": _OUT, "C": _IN, "RD": _IN, "EC": _IN}
"""A reversed credit takes money out; a reversed debit brings it back."""


class Balance(NamedTuple):
    """A booked balance: signed canonical amount."""

    day: date
    currency: str
    amount: str


def span(match: re.Match[str]) -> tuple[int, int]:
    """First and last offset of an item, without the white space at its end."""
    start, end = match.span()
    return (start, start + len(match[0].rstrip())) if match.string[end - 1].isspace() else (start, end)


@lru_cache(maxsize=4096)
def balance(text: str) -> Balance:
    """`C110522EUR3236,28` as a balance; ValueError for anything else."""
    match = _BALANCE.match(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is not a balance")
    return Balance(swift_date(match[2]), match[3], _signed(match[4], is_out=match[1] == "D"))


def transaction_fields(movement: Movement, currency: str) -> dict[str, str]:
    """What a movement states: positive is money in, whatever letters say so; ValueError of what comes first in it."""
    days, mark, amount, code, references, details, _, _ = movement.groups()
    swift_date(days[:6])
    return _fields((days, mark, swift_number(amount), code, references, details), currency)


def _fields(stated: tuple[str, ...], currency: str) -> dict[str, str]:
    """Fields of a movement. stated: its days, mark, size, last letters of its type, references and details."""
    days, mark, size, code, references, details = stated
    sign, kinds = _SIDES[mark]
    booked, settled = _days(days)
    fields = {
        "kind": kinds.get(code, "other"),
        "date": booked,
        "settle_date": settled,
        "amount": "0" if size == "0" else sign + size.replace(",", "."),
        "currency": currency,
    }
    if references and references != "NONREF":
        customer, _, bank = references.partition("//")
        reference = bank.strip() or customer.strip()
        if reference and reference != "NONREF":
            fields["reference"] = reference if reference.isascii() else readable(reference)
    if details:
        words = details.replace("\n:86:", "\n")
        fields["description"] = " ".join(words.split()) if words.isascii() else readable(words)
    return fields


class Runs:
    """Ordinary movements of a piece of a delivery, and whether anything stands between them."""

    def __init__(self, draft: Draft, offset: int, text: str) -> None:
        """offset: where in the delivery the piece begins."""
        self.draft, self.offset, self.text = draft, offset, text
        self.found = ORDINARY.finditer(text)
        self.ahead: list[Movement] = []
        self.end = 0
        """Where in the piece the last movement that was read ends."""

    def first(self) -> Movement | None:
        """The next movement; None behind the last. Some hundreds are looked for at once, which takes less time each."""
        self.ahead = self.ahead or list(islice(self.found, _AT_ONCE))
        return self.ahead[0] if self.ahead else None

    def records(self, statement: StatementDraft, currency: str) -> list[Record]:
        """The next movement and those that follow with nothing between them, some hundreds at most, as records."""
        draft, (starts, lengths) = self.draft, self._run()
        rows = [_fields(match.groups(), currency) for match in self.ahead[: len(starts)]]
        self.ahead = self.ahead[len(starts) :]
        newlines = map(draft.data.count, repeat(b"\n"), starts, starts[1:])
        lines = list(accumulate(newlines, initial=draft.line(starts[0])))
        draft.counted(starts[-1], lines[-1])
        same = repeat(statement.account), repeat(statement.statement_date)
        return list(map(_record, zip(repeat("transaction"), lines, starts, lengths, *same, rows)))

    def _run(self) -> tuple[list[int], list[int]]:
        """Where movements begin, and how long they are, up to where something stands between two."""
        text, offset, end = self.text, self.offset, self.ahead[0].end()
        starts: list[int] = []
        lengths: list[int] = []
        for match in self.ahead:
            start, stop = match.span()
            if start > end + 1 and text[end:start].strip():
                break
            starts.append(offset + start)
            lengths.append(stop - start)
            end = stop
        self.end = end
        return starts, lengths


def _signed(text: str, *, is_out: bool) -> str:
    amount = swift_number(text)
    return f"-{amount}" if is_out and amount != "0" else amount


@lru_cache(maxsize=4096)
def _days(stated: str) -> tuple[str, str]:
    """Day of booking and value date; the booking falls in the nearest year, or on the value date if not stated."""
    settled, entry = swift_date(stated[:6]), stated[6:]
    days = [day for year in (-1, 0, 1) if entry and (day := _in_year(settled.year + year, entry))]
    return min(days, key=lambda day: abs(day - settled), default=settled).isoformat(), settled.isoformat()


def _in_year(year: int, month_day: str) -> date | None:
    try:
        return swift_date(f"{year % 100:02d}{month_day}")
    except ValueError:
        return None
