"""What one account statement in ISO 20022 says of itself, against its entries. Reading and paging belong to camt053."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from fo_platform.custodians._camt import BOOKED, Balance, rounded
from fo_platform.custodians._iso20022 import decimal, text
from fo_platform.custodians._numbers import EXACT
from fo_platform.custodians._xml import Span
from fo_platform.custodians._xml_plain import Element
from fo_platform.custodians.records import Control, Part
from fo_platform.units import plain

OPENINGS, CLOSINGS = ("OPBD", "PRCD"), ("CLBD",)
"""Booked balances; the previous day's closing stands in for an opening that is not stated."""
_ZERO = Decimal(0)
_SUMMARIES = {"TtlNtries": "", "TtlCdtNtries": "CRDT", "TtlDbtNtries": "DBIT"}


@dataclass
class Proof:
    """The balances and totals that one statement states, and exact sums of its entries, taken one by one."""

    balances: list[tuple[Balance, Span]] = field(default_factory=list)
    summary: Element | None = None
    booked: Counter[str] = field(default_factory=Counter)
    counted: Counter[str] = field(default_factory=Counter)
    moved: dict[str, Decimal] = field(default_factory=dict)
    summed: dict[str, Decimal] = field(default_factory=dict)

    def take(self, fields: dict[str, str], status: str, mark: str) -> None:
        """One more entry; what is not booked counts only where a total counts everything."""
        currency, amount = fields["currency"], fields["amount"]
        self.counted[mark] += 1
        if status == BOOKED:
            stated = Decimal(amount)
            self.booked[mark] += 1
            self.moved[currency] = EXACT.add(self.moved.get(currency, _ZERO), stated)
            self.summed[mark] = EXACT.add(self.summed.get(mark, _ZERO), abs(stated))

    def bound(self, codes: tuple[str, ...], currency: str) -> tuple[Balance, Span] | None:
        """The balance under the first of these codes in a currency: of openings the first day's, else the last's."""
        pick = min if codes == OPENINGS else max
        for code in codes:
            found = [pair for pair in self.balances if (pair[0].code, pair[0].currency) == (code, currency)]
            if found:
                return pick(found, key=lambda pair: pair[0].day or date.min)
        return None

    def currencies(self) -> list[str]:
        """Every currency in which a booked balance or an entry is stated."""
        bounds = {balance.currency for balance, _ in self.balances if balance.code in (*OPENINGS, *CLOSINGS)}
        return sorted(bounds | self.moved.keys())

    def is_bounded(self, currency: str) -> bool:
        """Whether an opening and a closing balance are stated in a currency."""
        return self.bound(OPENINGS, currency) is not None and self.bound(CLOSINGS, currency) is not None

    def balance_control(self, currency: str) -> Control | None:
        """Opening and booked entries against closing, where both are stated."""
        opens, closes = self.bound(OPENINGS, currency), self.bound(CLOSINGS, currency)
        if opens is None or closes is None:
            return None
        actual = EXACT.add(Decimal(opens[0].amount), self.moved.get(currency, _ZERO))
        expected = closes[0].amount
        return Control(f"balance {currency}", expected, plain(actual), actual == Decimal(expected))

    def part(self, key: tuple[str, ...], page: str) -> Part:
        """One page for the proof of all of them: opening and entries that it has, and the closing balance if it has it.

        Balances that stand between pages are none of the statement's.
        """
        currency = next(iter(self.currencies()), "")
        opens, closes = self.bound(OPENINGS, currency), self.bound(CLOSINGS, currency)
        opening = Decimal(opens[0].amount) if opens and not opens[0].is_interim else _ZERO
        stated = (currency, Decimal(closes[0].amount)) if closes and not closes[0].is_interim else None
        number, _, place = page.partition("/")
        held = {currency: EXACT.add(opening, self.moved.get(currency, _ZERO))}
        return Part(int(number), place != "MORE", key, 1, held, stated)

    def summary_controls(self) -> Iterator[Control]:
        """Counts and sums of the summary of transactions; a count may be of what is booked or of everything."""
        for name, mark in _SUMMARIES.items() if self.summary is not None else ():
            total = self.summary.find(name) if self.summary is not None else None
            if total is None:
                continue
            count, stated = _stated(total, "NbOfNtries"), _stated(total, "Sum")
            if count:
                counts = [tally[mark] if mark else tally.total() for tally in (self.booked, self.counted)]
                found = next((n for n in counts if str(n) == count), counts[0])
                yield Control(f"{name} count", count, str(found), str(found) == count)
            if stated and mark and len(self.moved) <= 1:
                actual = plain(self.summed.get(mark, _ZERO))
                yield Control(f"{name} sum", stated, actual, actual == stated)


def _stated(total: Element, name: str) -> str:
    """A number of a summary as canonical text, or as it stands where it is none: no rows can give that."""
    found = text(total, name)
    try:
        return rounded(decimal(found)) if found else ""
    except ValueError:
        return found[:40]
