"""Movements and balances of MT940 text as fields of records. Statements and their proof do not belong here."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache, partial
from itertools import accumulate, chain, pairwise, repeat
from operator import itemgetter
from typing import NamedTuple

from fo_platform.custodians._draft import Draft, StatementDraft, made
from fo_platform.custodians._numbers import swift_date, swift_number
from fo_platform.custodians._swift import AT_FIELD, MORE, readable
from fo_platform.custodians.records import Record

_DETAILS = MORE.replace("(?!:[0-9]", ":86:|(?!:[0-9]")
ITEM = re.compile(
    rf"""{AT_FIELD}(?:
      61:([0-9]{{6}}(?:[0-9]{{4}})?)[ ]*(E?[CD]|R[CD])[A-Z]?\s{{0,2}}([0-9.,]{{1,24}})
        (?:(?!NONREF)[A-Z]([A-Z0-9 ]{{3}}))?([^\n]*)({_DETAILS})
    | ([0-9]{{2}}[A-Z]?):([^\n]*{MORE})
    )""",
    re.MULTILINE | re.VERBOSE,
)
"""A movement, which is a statement line and the details behind it, or any other field: its tag (group 7) and text (8).

A letter after the mark of debit or credit is the third of the currency and not a reversal, which stands before it.
Some banks leave the type out, but not the word that there is no reference.
"""
_LINE = r"(?::86:|(?![:\-{\x01]))[^\n]*"
_LINES = re.compile(
    rf"""(:61:([0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[0-9]{{4}}|))[ ]*([CD]|[ER][CD])[A-Z]?
      (?=[0-9]{{1,15}},[0-9]{{0,8}}(?!NONREF)[A-Z])0*([0-9]+(?:,[0-9]*[1-9]|))[,0]*
      [A-Z]([A-Z0-9 ]{{3}})(?:NONREF|([^\n]*))
      (\n{_LINE}(?:(?!\n:6)(?:\n{_LINE}){{1,20}}|)(?<!\s)|(?<!\s)(?=[ ]*\n:))([ \n]*\n)(?=:6(?:1|2[FM]):)
    | (?:(?!:61:)[^\n]*\n){{1,99}}
    | [^\n]*\n?)""",
    re.VERBOSE,
)
"""A movement as most are, with the white space behind it, or other lines: every character is in one of them.

An ordinary movement is of a day that there is, its amount as the standard has it; no odd lines. ITEM reads the same of
it, and is slower. Its groups: all of it, days, mark, size without needless zeros, last letters of its type, references,
details, white space; of other lines only the first.
"""
Row = tuple[str, str, str, str, str, str, str, str]
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


class Booked(NamedTuple):
    """What the balances of a statement say of its movements: their currency, and from which day to which they are."""

    currency: str = ""
    period: tuple[date, date] | None = None


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


def transaction_fields(movement: Movement, balances: Booked) -> dict[str, str]:
    """What a movement states: positive is money in, whatever letters say so; ValueError of what comes first in it."""
    days, mark, amount, code, references, details, _, _ = movement.groups()
    swift_date(days[:6])
    return _fields([("", days, mark, swift_number(amount), code, references, details, "")], balances)[0]


def _fields(rows: Iterable[Row], balances: Booked) -> list[dict[str, str]]:
    """Fields of movements, one loop for all of them, as it is the dearest part of reading a statement."""
    found = []
    currency, posted = balances.currency, _postings(balances.period)
    for _, days, mark, size, code, references, details, _ in rows:
        kind, booked, settled, sign = posted(days, mark, code)
        words = details.replace("\n:86:", "\n")
        fields = {
            "kind": kind,
            "date": booked,
            "settle_date": settled,
            "amount": "0" if size == "0" else sign + size.replace(",", "."),
            "currency": currency,
            "description": " ".join(words.split()) if words.isascii() else readable(words),
        }
        if not details:
            del fields["description"]
        if references and (reference := _reference(references)):
            fields["reference"] = reference
        found.append(fields)
    return found


def _reference(stated: str) -> str:
    """The bank's own reference, or else its customer's."""
    customer, _, bank = stated.partition("//")
    reference = bank.strip() or customer.strip()
    if reference == "NONREF":
        return ""
    return reference if reference.isascii() else readable(reference)


class Run(NamedTuple):
    """Ordinary movements with nothing between them: how long each is with the white space behind it, and its groups."""

    start: int
    """Where in its text the first begins."""
    sizes: tuple[int, ...]
    rows: list[Row]

    @property
    def end(self) -> int:
        """Where in its text the white space behind the last ends."""
        return self.start + sum(self.sizes)

    def records(self, draft: Draft, offset: int, statement: StatementDraft, balances: Booked) -> list[Record]:
        """The movements as records. offset: where in the delivery their text begins."""
        start = offset + self.start
        starts = list(accumulate(self.sizes, initial=start))
        lines = list(accumulate([row[0].count("\n") for row in self.rows], initial=draft.line(start)))
        if draft.data.find(b"\r", start, starts[-1]) < 0:
            draft.counted(starts[-1], lines[-1])
        elif lines[-1] != draft.line(starts[-1]):
            lines = list(map(draft.line, starts))
        at = starts, [size - len(row[-1]) for size, row in zip(self.sizes, self.rows, strict=True)]
        of = repeat(statement.account), repeat(statement.statement_date)
        return list(map(made, zip(repeat("transaction"), lines, *at, *of, _fields(self.rows, balances))))


def runs(text: str) -> Iterator[Run]:
    """The runs of ordinary movements in a text, in order."""
    rows: list[Row] = _LINES.findall(text)
    sizes = tuple(map(len, map(itemgetter(0), rows)))
    starts = list(accumulate(sizes, initial=0))
    others = (number for number, row in enumerate(rows) if not row[1])
    for before, behind in pairwise(chain((-1,), others, (len(rows),))):
        if behind > before + 1:
            yield Run(starts[before + 1], sizes[before + 1 : behind], rows[before + 1 : behind])


def _signed(text: str, *, is_out: bool) -> str:
    amount = swift_number(text)
    return f"-{amount}" if is_out and amount != "0" else amount


@lru_cache(maxsize=8)
def _postings(period: tuple[date, date] | None) -> Callable[[str, str, str | None], tuple[str, str, str, str]]:
    """What `_posted` says of movements between the same balances, kept: they are asked one by one for the same days."""
    return lru_cache(maxsize=4096)(partial(_posted, period))


def _posted(period: tuple[date, date] | None, stated: str, mark: str, code: str | None) -> tuple[str, str, str, str]:
    """Kind, day of booking, value date and sign, by its days, its mark and the last letters of its type.

    The booking falls in the year that puts it between the balances, else in the nearest to the value date, or on that
    if not stated.
    """
    sign, kinds = _SIDES[mark]
    settled, entry = swift_date(stated[:6]), stated[6:]
    days = [day for year in (-1, 0, 1) if entry and (day := _in_year(settled.year + year, entry))]
    within = [day for day in days if period and period[0] <= day <= period[1]]
    booked = min(within or days, key=lambda day: abs(day - settled), default=settled)
    return kinds.get(code, "other"), booked.isoformat(), settled.isoformat(), sign


def _in_year(year: int, month_day: str) -> date | None:
    try:
        return swift_date(f"{year % 100:02d}{month_day}")
    except ValueError:
        return None
