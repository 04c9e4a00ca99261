"""What a delivery states: records and where their bytes stand, controls, problems, verdict. Reading is for formats."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import Literal, NamedTuple

from fo_platform.custodians._numbers import EXACT, add
from fo_platform.units import plain

Kind = Literal[
    "position", "lot", "cash", "transaction", "instrument", "identifier", "price", "fx", "factor", "liquidity",
    "corporate_action", "instruction", "fund_holding", "capital_account", "capital_notice", "appraisal", "liability",
    "fee", "benchmark", "performance", "ledger_balance",
]  # fmt: skip
Verdict = Literal["clean", "quarantined", "incomplete", "unknown"]
Basis = Literal["trade", "settle"]

IDENTIFIERS = ("isin", "cusip", "conid", "valor", "wkn", "sedol", "symbol")
TRADES = ("buy", "sell", "fx")
"""Kinds of transaction that are trades when they state a quantity; a bank's cash leg states none."""

TRANSFER_TYPE = "transfer_type"
"""Field of what a broker lists apart from trades and cash: units or money from another account, or to one."""

HOLDINGS = ("position", "fund_holding")
"""Kinds of record that are something held, by an account or by a fund."""

_POSITION = (
    "quantity", "quantity_type", "price", "price_basis", "factor", "multiplier", "currency", "market_value", "accrued",
    "side", "level",
)  # fmt: skip
_TRANSACTION = ("kind", "date", "settle_date", "amount", "currency", "quantity", "reference")


class Record(NamedTuple):
    """One record: `fields` are canonical text; line is 1-based; data[offset : offset + length] are its source bytes."""

    kind: Kind
    line: int
    offset: int
    length: int
    account: str | None
    statement_date: date | None
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Control:
    """A total that the file states about itself, and what its rows give."""

    name: str
    expected: str
    actual: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what to do; the verdict says whether it keeps the file out."""

    line: int
    offset: int
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a statement that may come in several, over one or several files.

    key: account, statement date and statement number that its pages share. holdings: how many rows need a value.
    held: their values by currency, for each currency that all of them are valued in. stated: the statement's own total.
    """

    number: int
    is_last: bool
    key: tuple[str, ...]
    holdings: int = 0
    held: Mapping[str, Decimal] = field(default_factory=dict)
    stated: tuple[str, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What the file states of one account on one day."""

    account: str | None
    statement_date: date | None
    basis: Basis | None
    page: str
    complete: bool
    controls: tuple[Control, ...]
    records: Sequence[Record]
    reference: str = ""
    part: Part | None = None

    def document(self) -> dict[str, object]:
        """The statement as `fo parse --json` shows it."""
        return {
            "account": self.account,
            "statement_date": self.statement_date and self.statement_date.isoformat(),
            "basis": self.basis,
            "page": self.page or None,
            "complete": self.complete,
            "positions": [_position(record.fields) for record in self.records if record.kind in HOLDINGS],
            "cash": self._cash(),
            "transactions": [_shown(r.fields, _TRANSACTION) for r in self.records if r.kind == "transaction"],
            "controls": [asdict(control) for control in self.controls],
        }

    def _cash(self) -> dict[str, str]:
        sums: dict[str, Decimal] = {}
        for record in self.records:
            if record.kind == "cash":
                _add(sums, record.fields, "amount")
        return _plain(sums)


@dataclass(frozen=True)
class Parsed:
    """A delivery, read: only a clean one may be booked; what was read of a quarantined one is kept as evidence.

    controls: those of the file as a whole. fx_rates: exchange rates the file lists, quoted or not. stated: what else
    the file says of itself as a whole, by the name of the total.
    """

    format: str
    verdict: Verdict
    reason: str
    statements: Sequence[Statement] = ()
    controls: tuple[Control, ...] = ()
    problems: tuple[Problem, ...] = ()
    fx_rates: int = 0
    stated: Mapping[str, object] = field(default_factory=dict)

    def each_record(self) -> Iterator[Record]:
        """Every record of every statement, one at a time."""
        return chain.from_iterable(statement.records for statement in self.statements)

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """Every record of every statement, all at once."""
        return tuple(self.each_record())

    def document(self) -> dict[str, object]:
        """The machine output of `fo parse --json`: decimals and dates as strings, each holding counted once."""
        return {**self.summary(), "statements": [statement.document() for statement in self.statements]}

    def summary(self) -> dict[str, object]:
        """The same without what each statement says."""
        return {
            "format": self.format,
            "verdict": self.verdict,
            "reason": self.reason,
            "controls": [asdict(control) for control in self.controls],
            "totals": self.totals(),
            "problems": [asdict(problem) for problem in self.problems],
        }

    def totals(self) -> dict[str, object]:
        """Counts and sums over the file; the cash of an account is that of its latest statement.

        What goes from account to account counts neither as a trade nor as cash.
        """
        sums = _Sums()
        for record in self.each_record():
            sums.take(record)
        return {"statements": len(self.statements), **sums.document(), "fx_rates": self.fx_rates, **self.stated}


def check_parts(parts: Sequence[Part]) -> tuple[Verdict, str, tuple[Control, ...]]:
    """Whether pages, from one file or several, are one whole statement: verdict, reason and the statement's control.

    parts: every page received so far under one key, in any order.
    """
    ordered = sorted(parts, key=lambda part: part.number)
    numbers = [part.number for part in ordered]
    if len(set(numbers)) < len(numbers) or any(part.is_last for part in ordered[:-1]):
        return (
            "quarantined",
            f"Pages {_listed(numbers)} do not make one statement: a page stands twice or after the last.",
            (),
        )
    if numbers != list(range(1, len(numbers) + 1)) or not ordered[-1].is_last:
        return (
            "incomplete",
            f"Page {_listed(numbers)} of several: held until the other pages, to the LAST, have arrived.",
            (),
        )
    control = _statement_total(ordered)
    if control and not control.ok:
        return (
            "quarantined",
            f"The statement's total is {control.expected}, its holdings sum to {control.actual}.",
            (control,),
        )
    return "clean", "", (control,) if control else ()


def _statement_total(parts: Sequence[Part]) -> Control | None:
    """The total that the pages state against their holdings, when every holding is valued in the total's currency."""
    totals = [part.stated for part in parts if part.stated]
    if not totals or any(part.holdings and totals[-1][0] not in part.held for part in parts):
        return None
    currency, expected = totals[-1]
    actual = add(part.held.get(currency, Decimal(0)) for part in parts)
    ok = expected == actual and len(set(totals)) == 1
    return Control(f"statement total {currency}", plain(expected), plain(actual), ok)


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _position(fields: Mapping[str, str]) -> dict[str, object]:
    identifiers = {name: fields[name] for name in IDENTIFIERS if name in fields}
    return {"identifiers": identifiers, **_shown(fields, _POSITION)}


def _shown(fields: Mapping[str, str], names: Iterable[str]) -> dict[str, object]:
    return {name: fields.get(name) for name in names}


@dataclass
class _Sums:
    """Counts and exact sums of records, taken one by one; each holding counts once."""

    positions: int = 0
    trades: int = 0
    cash_transactions: int = 0
    quantity: Decimal = Decimal(0)
    market_value: dict[str, Decimal] = field(default_factory=dict)
    paid: dict[str, Decimal] = field(default_factory=dict)
    cash: dict[str | None, tuple[date, dict[str, Decimal]]] = field(default_factory=dict)

    def take(self, record: Record) -> None:
        """One more record."""
        kind, fields = record.kind, record.fields
        if kind in HOLDINGS:
            self.positions += 1
            self.quantity = EXACT.add(self.quantity, Decimal(fields.get("quantity", "0")))
            _add(self.market_value, fields, "market_value")
        elif kind == "transaction" and TRANSFER_TYPE not in fields:
            is_trade = fields["kind"] in TRADES and "quantity" in fields
            self.trades += is_trade
            self.cash_transactions += not is_trade
            _add({} if is_trade else self.paid, fields, "amount")
        elif kind == "cash":
            self._take_cash(record)

    def _take_cash(self, record: Record) -> None:
        """Cash of an account: what its latest day in the file states."""
        day = record.statement_date or date.min
        latest, held = self.cash.get(record.account, (date.min, {}))
        if day > latest:
            latest, held = day, {}
        if day == latest:
            _add(held, record.fields, "amount")
        self.cash[record.account] = latest, held

    def document(self) -> dict[str, object]:
        """The totals as plain decimal text by currency."""
        cash: dict[str, Decimal] = {}
        for currency, amount in chain.from_iterable(held.items() for _, held in self.cash.values()):
            cash[currency] = EXACT.add(cash.get(currency, Decimal(0)), amount)
        return {
            "positions": self.positions,
            "quantity": plain(self.quantity),
            "market_value": _plain(self.market_value),
            "cash": _plain(cash),
            "trades": self.trades,
            "cash_transactions": self.cash_transactions,
            "cash_transactions_sum": _plain(self.paid),
        }


def _add(sums: dict[str, Decimal], fields: Mapping[str, str], name: str) -> None:
    """Add a field by currency where the row states both."""
    if name in fields and "currency" in fields:
        currency = fields["currency"]
        sums[currency] = EXACT.add(sums.get(currency, Decimal(0)), Decimal(fields[name]))


def _plain(sums: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: plain(sums[currency]) for currency in sorted(sums)}
