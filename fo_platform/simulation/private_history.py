"""How private funds, properties and debts of the demo come to be worth what they are, day by day, from one seed.

Which of them the demo's owners have belongs to private_assets.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

import numpy as np

from fo_platform.simulation.market import generator
from fo_platform.units import money

BEFORE, START, END = date(2020, 11, 30), date(2020, 12, 31), date(2022, 12, 31)
QUARTER_ENDS = tuple(date(y, m, d) for y in (2021, 2022) for m, d in ((3, 31), (6, 30), (9, 30), (12, 31)))
FEE_RATE = Decimal("0.005")
"""Management fee of a quarter, of the commitment."""

SESSIONS_A_YEAR = 252
NAV_START = {"trust": 520_000_000, "llc": 240_000_000}


@dataclass(frozen=True)
class Fund:
    """A fund and a commitment to it. drawn: part called before 2021. growth: of a quarter. lag: days to publish."""

    fund_id: str
    name: str
    entity: str
    currency: str
    commitment: int
    drawn: float
    growth: float
    lag: int


@dataclass(frozen=True)
class Notice:
    """A call (investments, fee, expenses) or a distribution (return of capital, gain, income), paid on its due date."""

    notice_id: str
    kind: str
    fund: Fund
    notice_date: date
    due_date: date
    parts: tuple[Decimal, Decimal, Decimal]
    recallable: Decimal
    unfunded_before: Decimal

    @property
    def amount(self) -> Decimal:
        """What is paid."""
        return sum(self.parts, Decimal(0))

    @property
    def unfunded_after(self) -> Decimal:
        """What may still be called."""
        return self.unfunded_before + (self.recallable if self.kind == "Distribution" else -self.amount)


@dataclass(frozen=True)
class Period:
    """A quarter's capital account. paid: return of capital, gain and income. From called on: since inception."""

    fund: Fund
    start: date
    end: date
    published: date
    nav_begin: Decimal
    contributions: Decimal
    paid: tuple[Decimal, Decimal, Decimal]
    fee: Decimal
    offset: Decimal
    expenses: Decimal
    carry: Decimal
    realised: Decimal
    unrealised: Decimal
    nav_end: Decimal
    called: Decimal
    distributed: Decimal
    recallable: Decimal

    @property
    def unfunded(self) -> Decimal:
        """What may still be called."""
        return self.fund.commitment - self.called + self.recallable


@dataclass(frozen=True)
class Debt:
    """A loan with the same repayment each quarter since the end of 2020."""

    debt_id: str
    kind: str
    entity: str
    lender: str
    currency: str
    principal: int
    repayment: int
    rate: Decimal
    maturity_date: date

    def balance(self, day: date) -> Decimal:
        """What is owed at the end of a day."""
        return Decimal(self.principal - self.repayment * sum(end <= day for end in QUARTER_ENDS))


@dataclass(frozen=True)
class Property:
    """A property, its value at the end of 2020, the part that is owned and its mortgage."""

    property_id: str
    description: str
    entity: str
    currency: str
    start_value: int
    ownership: Decimal
    net_operating_income: int
    debt_id: str


@dataclass(frozen=True)
class Appraisal:
    """What a property was found to be worth."""

    row: Property
    appraisal_date: date
    published: date
    market_value: Decimal
    debt: Decimal
    method: str


@dataclass(frozen=True)
class Fee:
    """A fee as it was charged."""

    fee_id: str
    entity: str
    kind: str
    payee: str
    start: date
    end: date
    charged_date: date
    currency: str
    charged: Decimal


@dataclass(frozen=True)
class Benchmark:
    """What portfolios are measured against; volatility is annual."""

    benchmark_id: str
    name: str
    volatility: float


@dataclass(frozen=True)
class LedgerLine:
    """One balance of a ledger; debits are positive."""

    entity: str
    ledger_account: str
    name: str
    kind: str
    currency: str
    signed: Decimal


@dataclass(frozen=True)
class MonthToDate:
    """A portfolio from the end of a month."""

    entity: str
    start: date
    end: date
    nav_begin: Decimal
    nav_end: Decimal


@dataclass(frozen=True)
class History:
    """Everything that happens; returns and values by weekday."""

    periods: list[Period]
    notices: list[Notice]
    appraisals: list[Appraisal]
    fees: list[Fee]
    returns: dict[str, dict[date, Decimal]]
    values: dict[str, dict[date, Decimal]]

    def rolled(self, fund: Fund, day: date) -> Decimal:
        """The net asset value that the office knows on a day: the last published, with what was paid since."""
        known = [p for p in self.periods if p.fund is fund and p.published <= day]
        base, since = (known[-1].nav_end, known[-1].end) if known else (_opening(fund), START)
        paid = [n for n in self.notices if n.fund is fund and since < n.due_date <= day]
        return base + sum((n.amount if n.kind == "Call" else -n.amount for n in paid), Decimal(0))

    def month_to_date(self, entity: str, day: date) -> MonthToDate:
        """An entity's portfolio from the last weekday of the month before."""
        values = self.values[entity]
        start = max(known for known in values if known < day.replace(day=1))
        return MonthToDate(entity, start, day, values[start], values[day])


def build_history(
    seed: int, funds: Sequence[Fund], properties: Sequence[Property], debts: Sequence[Debt],
    benchmarks: Sequence[Benchmark],
) -> History:  # fmt: skip
    """All that happens in 2021 and 2022, from a seed."""
    notices = [notice for fund in funds for notice in _notices(fund, seed)]
    periods = [period for fund in funds for period in _periods(fund, notices, seed)]
    owed = {row.debt_id: row for row in debts}
    return History(
        periods, notices, [found for row in properties for found in _appraisals(row, owed[row.debt_id], seed)],
        [fee for end in QUARTER_ENDS for fee in _fees(end, funds)],
        {row.benchmark_id: _returns(row.benchmark_id, row.volatility, seed) for row in benchmarks},
        {entity: _values(entity, start, seed) for entity, start in NAV_START.items()},
    )  # fmt: skip


def weekday_before(day: date) -> date:
    """The weekday before a day."""
    return next(d for n in range(1, 4) if (d := day - timedelta(days=n)).weekday() < 5)


def weekday_from(day: date) -> date:
    """A day, or the Monday after it."""
    return next(d for n in range(3) if (d := day + timedelta(days=n)).weekday() < 5)


def latest(appraisals: Iterable[Appraisal], property_id: str, day: date) -> Appraisal:
    """The last appraisal of a property that is known on a day, or its first."""
    found = [row for row in appraisals if row.row.property_id == property_id]
    return max((row for row in found if row.published <= day), key=lambda row: row.appraisal_date, default=found[0])


def _weekdays() -> list[date]:
    days = (BEFORE + timedelta(days=n) for n in range((END - BEFORE).days + 1))
    return [day for day in days if day.weekday() < 5]


def _opening(fund: Fund) -> Decimal:
    return money(Decimal(str(fund.drawn)) * fund.commitment * Decimal("1.15"))


def _notices(fund: Fund, seed: int) -> list[Notice]:
    """A call and, from the second on, a distribution in most quarters, in order of notice."""
    draws = generator(seed, f"{fund.fund_id} notices")
    unfunded = Decimal(fund.commitment) - money(Decimal(str(fund.drawn)) * fund.commitment)
    made: list[Notice] = []
    for number, end in enumerate(QUARTER_ENDS, 1):
        made.append(_call(fund, number, end, draws, unfunded))
        unfunded = made[-1].unfunded_after
        if number % 2 == 0:
            made.append(_distribution(fund, number, end, draws, unfunded))
            unfunded = made[-1].unfunded_after
    return made


def _call(fund: Fund, number: int, end: date, draws: np.random.Generator, unfunded: Decimal) -> Notice:
    notice_date = weekday_from(end - timedelta(days=int(draws.integers(68, 80))))
    fee = money(FEE_RATE * fund.commitment)
    room = max(Decimal(0), unfunded - fee)
    invested = (room * Decimal(int(draws.integers(5, 13))) / 100).quantize(Decimal(1))
    parts = (invested, min(fee, unfunded), Decimal(0))
    due_date = weekday_from(notice_date + timedelta(days=14))
    return Notice(f"{fund.fund_id}-C{number:02}", "Call", fund, notice_date, due_date, parts, Decimal(0), unfunded)


def _distribution(fund: Fund, number: int, end: date, draws: np.random.Generator, unfunded: Decimal) -> Notice:
    notice_date = weekday_from(end - timedelta(days=int(draws.integers(30, 45))))
    capital = money(Decimal(int(draws.integers(2, 5))) * fund.commitment / 200)
    gain, income = money(capital * Decimal("0.6")), money(capital / 8)
    due_date = weekday_from(notice_date + timedelta(days=10))
    recallable = money(capital / 4) if number % 4 == 0 else Decimal(0)
    parts = (capital, gain, income)
    return Notice(
        f"{fund.fund_id}-D{number:02}", "Distribution", fund, notice_date, due_date, parts, recallable, unfunded
    )


def _periods(fund: Fund, notices: Sequence[Notice], seed: int) -> list[Period]:
    draws = generator(seed, f"{fund.fund_id} periods")
    own = [notice for notice in notices if notice.fund is fund]
    made: list[Period] = []
    for end in QUARTER_ENDS:
        made.append(_period(fund, made[-1] if made else None, end, own, draws))
    return made


def _period(
    fund: Fund, before: Period | None, end: date, notices: Sequence[Notice], draws: np.random.Generator
) -> Period:
    """One quarter; what was called and paid counts on its due date."""
    start = (before.end if before else START) + timedelta(days=1)
    begin = before.nav_end if before else _opening(fund)
    due = [notice for notice in notices if start <= notice.due_date <= end]
    called = sum((notice.amount for notice in due if notice.kind == "Call"), Decimal(0))
    shared = [notice for notice in due if notice.kind == "Distribution"]
    paid = tuple(sum((notice.parts[part] for notice in shared), Decimal(0)) for part in range(3))
    fee = money(FEE_RATE * fund.commitment)
    offset, expenses = money(fee / 10), money(fee / 7)
    grown = money(begin * Decimal(f"{draws.normal(fund.growth, 0.03):.6f}"))
    realised = paid[1] + paid[2]
    carry = money(max(Decimal(0), grown) / 10)
    nav = begin + called - sum(paid) - (fee - offset) - expenses - carry + grown
    return Period(
        fund, start, end, weekday_from(end + timedelta(days=fund.lag)), begin, called, (paid[0], paid[1], paid[2]),
        fee, offset, expenses, carry, realised, grown - realised, nav,
        (before.called if before else money(Decimal(str(fund.drawn)) * fund.commitment)) + called,
        (before.distributed if before else Decimal(0)) + sum(paid),
        (before.recallable if before else Decimal(0)) + sum((notice.recallable for notice in shared), Decimal(0)),
    )  # fmt: skip


def _appraisals(row: Property, debt: Debt, seed: int) -> list[Appraisal]:
    """Found by a valuer each spring and rolled with an index each autumn; the first stands before all else."""
    draws = generator(seed, f"{row.property_id} appraisals")
    dates = (START, date(2021, 3, 31), date(2021, 9, 30), date(2022, 3, 31), date(2022, 9, 30))
    growth = [1.0, *(1 + float(change) for change in draws.normal(0.02, 0.02, len(dates) - 1))]
    values = [money(Decimal(f"{row.start_value * level:.2f}")) for level in accumulate(growth, lambda a, b: a * b)]
    return [
        Appraisal(row, day, weekday_from(day + timedelta(days=35)), level, debt.balance(day),
                  "Index roll" if day.month == 9 else "Appraisal")
        for day, level in zip(dates, values, strict=True)
    ]  # fmt: skip


def _fees(end: date, funds: Sequence[Fund]) -> list[Fee]:
    """What funds, custodian and administrator charge for a quarter, five days after its end."""
    start, charged = (end - timedelta(days=80)).replace(day=1), weekday_from(end + timedelta(days=5))
    rows = [
        *((fund.fund_id, fund.entity, "Management", fund.name, fund.currency, FEE_RATE * fund.commitment)
          for fund in funds),
        ("CUST", "trust", "Custody", "House bank", "USD", Decimal(18_500)),
        ("ADM", "trust", "Administration", "Books & Co", "USD", Decimal("22250.50")),
        ("ADM2", "llc", "Administration", "Books & Co", "USD", Decimal("9800.25")),
    ]  # fmt: skip
    return [
        Fee(f"{name}-{end:%Y%m}", entity, kind, payee, start, end, charged, currency, money(charge))
        for name, entity, kind, payee, currency, charge in rows
    ]


def _returns(name: str, volatility: float, seed: int) -> dict[date, Decimal]:
    days = _weekdays()
    draws = generator(seed, f"{name} benchmark").normal(0.0002, volatility / SESSIONS_A_YEAR**0.5, len(days))
    return {day: Decimal(f"{draw:.8f}") for day, draw in zip(days, draws, strict=True)}


def _values(entity: str, start: int, seed: int) -> dict[date, Decimal]:
    returns = _returns(f"{entity} composite", 0.09, seed)
    levels = accumulate((1 + float(change) for change in returns.values()), lambda a, b: a * b)
    return {day: money(Decimal(f"{start * level:.2f}")) for day, level in zip(returns, levels, strict=True)}
