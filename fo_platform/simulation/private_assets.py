"""Funds, properties, loans and benchmarks of the demo's owners, and what is delivered of them each morning.

How a file looks belongs to writers, how values come about to private_history.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from fo_platform.simulation.private_history import (
    Benchmark,
    Debt,
    Fee,
    Fund,
    History,
    LedgerLine,
    Property,
    build_history,
    latest,
    weekday_before,
    weekday_from,
)
from fo_platform.simulation.writers.fund_administrator import appraisals_xlsx, capital_accounts_csv, notices_csv
from fo_platform.simulation.writers.owner_workbook import Declared, owner_workbook
from fo_platform.simulation.writers.performance import performance_csv
from fo_platform.simulation.writers.trial_balance import trial_balance_csv

ADMINISTRATOR, ACCOUNTING, PERFORMANCE, OWNER = "fund_administrator", "accounting", "performance_system", "owner"
SOURCES = (ADMINISTRATOR, ACCOUNTING, PERFORMANCE, OWNER)
ENTITIES = ("trust", "llc")


@dataclass(frozen=True)
class PrivateAccount:
    """An account of an owner at one of the sources, with the number that the source knows it by."""

    account_id: str
    entity: str
    source: str
    account_id_source: str


PRIVATE_ACCOUNTS: dict[str, PrivateAccount] = {
    row.account_id: row
    for row in (
        PrivateAccount("trust_private", "trust", ADMINISTRATOR, "PF-1001"),
        PrivateAccount("llc_private", "llc", ADMINISTRATOR, "PF-1002"),
        PrivateAccount("trust_books", "trust", ACCOUNTING, "TRUST-01"),
        PrivateAccount("llc_books", "llc", ACCOUNTING, "LLC-02"),
        PrivateAccount("trust_composite", "trust", PERFORMANCE, "P-TRUST"),
        PrivateAccount("llc_composite", "llc", PERFORMANCE, "P-LLC"),
        PrivateAccount("trust_declared", "trust", OWNER, "OWN-TRUST"),
        PrivateAccount("llc_declared", "llc", OWNER, "OWN-LLC"),
    )
}

FUNDS = (
    Fund("ALD4", "Alder Buyout IV, L.P.", "trust", "USD", 20_000_000, 0.40, 0.045, 58),
    Fund("CED1", "Cedar Growth I, L.P.", "trust", "USD", 8_000_000, 0.25, 0.060, 75),
    Fund("ELM2", "Elm Infrastructure II", "trust", "EUR", 6_000_000, 0.55, 0.020, 62),
    Fund("BIR2", "Birch Credit II", "llc", "EUR", 5_000_000, 0.60, 0.018, 47),
    Fund("DOG3", "Dogwood Buyout III", "llc", "USD", 10_000_000, 0.50, 0.035, 88),
)
PROPERTIES = (
    Property("RE-01", "Warehouse, 12 Dock Road", "trust", "USD", 12_500_000, Decimal("0.6"), 812_500, "MTG-01"),
    Property("RE-02", "Apartment house, 4 Mill Lane", "llc", "USD", 6_200_000, Decimal(1), 341_000, "MTG-02"),
)
DEBTS = (
    Debt("MTG-01", "mortgage", "trust", "Dock Savings Bank", "USD", 4_800_000, 40_000, Decimal("0.0365"),
         date(2031, 3, 31)),
    Debt("MTG-02", "mortgage", "llc", "Mill Mutual", "USD", 2_600_000, 25_000, Decimal("0.0390"), date(2029, 9, 30)),
    Debt("LN-77", "bank loan", "trust", "House bank", "USD", 6_000_000, 250_000, Decimal("0.0425"), date(2027, 6, 30)),
)  # fmt: skip
BENCHMARKS = (
    Benchmark("WORLD60", "60 world shares 40 bonds", 0.10),
    Benchmark("SPX", "US large companies", 0.19),
    Benchmark("BONDS", "US bonds", 0.06),
)
FIRST_MORNING = date(2021, 1, 4)
DECLARED = {
    "trust": (
        ("ART-1", "Painting, oil on canvas", "art", 1_400_000),
        ("PLANE-1", "Aircraft, half share", "other", 2_750_000),
    ),
    "llc": (("FARM-1", "Vineyard", "agriculture", 3_300_000),),
}
"""What owners value themselves: asset, description, class, value."""

Files = dict[str, bytes]
"""Contents by file name."""


class PrivateAssets:
    """The deliveries of a seed: quarterly statements once published, notices, appraisals, books and returns."""

    def __init__(self, seed: int = 7) -> None:
        """Nothing is computed until a day is asked for."""
        self.seed = seed

    @cached_property
    def history(self) -> History:
        """Everything that happens from 2021 to 2022."""
        return build_history(self.seed, FUNDS, PROPERTIES, DEBTS, BENCHMARKS)

    def files_of(self, day: date) -> dict[str, Files]:
        """What each source delivers in the morning of a day, by file name; nothing on a weekend."""
        if day.weekday() >= 5:
            return {}
        return {
            ADMINISTRATOR: self._administrator(day),
            ACCOUNTING: self._accounting(weekday_before(day)),
            PERFORMANCE: self._performance(weekday_before(day)),
            OWNER: self._owner(day),
        }

    def earlier(self, last: date) -> list[dict[str, Files]]:
        """What the administrator and the owners had delivered, morning by morning, up to a day."""
        mornings = [FIRST_MORNING + timedelta(days=n) for n in range((last - FIRST_MORNING).days + 1)]
        came = [files for day in mornings if (files := self.files_of(day))]
        return [{source: files[source] for source in (ADMINISTRATOR, OWNER)} for files in came]

    def _administrator(self, day: date) -> Files:
        numbers = _numbers(ADMINISTRATOR)
        periods = [period for period in self.history.periods if period.published == day]
        notices = [notice for notice in self.history.notices if notice.notice_date == day]
        appraisals = [appraisal for appraisal in self.history.appraisals if appraisal.published == day]
        files = {
            f"capital_accounts_{day:%Y%m%d}.csv": capital_accounts_csv(periods, numbers) if periods else b"",
            f"notices_{day:%Y%m%d}.csv": notices_csv(notices, numbers) if notices else b"",
            f"appraisals_{day:%Y%m%d}.xlsx": appraisals_xlsx(appraisals, numbers) if appraisals else b"",
        }
        return {name: content for name, content in files.items() if content}

    def _accounting(self, as_of: date) -> Files:
        books = (self._ledger(as_of), self._owed(as_of), self._charged(as_of))
        return {f"trial_balance_{as_of:%Y%m%d}.csv": trial_balance_csv(as_of, *books, _numbers(ACCOUNTING))}

    def _ledger(self, as_of: date) -> list[LedgerLine]:
        """Balances of every entity in every currency; capital is what makes them balance."""
        lines = [*self._assets(as_of), *self._debts(as_of)]
        keys = sorted({(line.entity, line.currency) for line in lines})
        nets = {key: sum(line.signed for line in lines if (line.entity, line.currency) == key) for key in keys}
        capital = [LedgerLine(entity, "3000", "Capital", "Equity", c, -Decimal(nets[entity, c])) for entity, c in keys]
        return [*lines, *capital]

    def _assets(self, as_of: date) -> list[LedgerLine]:
        funds = [
            LedgerLine(fund.entity, f"15{at:02}", fund.name, "Asset", fund.currency, self.history.rolled(fund, as_of))
            for at, fund in enumerate(FUNDS)
        ]
        held = [(row, latest(self.history.appraisals, row.property_id, as_of)) for row in PROPERTIES]
        return funds + [
            LedgerLine(row.entity, f"16{at:02}", row.description, "Asset", row.currency, found.market_value)
            for at, (row, found) in enumerate(held)
        ]

    def _debts(self, as_of: date) -> list[LedgerLine]:
        return [
            LedgerLine(row.entity, f"21{at:02}", row.lender, "Liability", row.currency, -row.balance(as_of))
            for at, row in enumerate(DEBTS)
        ]

    def _owed(self, as_of: date) -> list[tuple[Debt, Decimal]]:
        return [(row, row.balance(as_of)) for row in DEBTS]

    def _charged(self, as_of: date) -> list[Fee]:
        return [fee for fee in self.history.fees if fee.charged_date == as_of]

    def _performance(self, as_of: date) -> Files:
        portfolios = [self.history.month_to_date(entity, as_of) for entity in ENTITIES]
        returns = [(row, self.history.returns[row.benchmark_id][as_of]) for row in BENCHMARKS]
        return {f"performance_{as_of:%Y%m%d}.csv": performance_csv(portfolios, returns, as_of, _numbers(PERFORMANCE))}

    def _owner(self, day: date) -> Files:
        """The owner's workbook comes on the tenth after a quarter's end, or the weekday after it."""
        if day.month not in (1, 4, 7, 10) or day != weekday_from(date(day.year, day.month, 10)):
            return {}
        as_of = date(day.year, day.month, 1) - timedelta(days=1)
        held = [Declared(owner, *row, "USD") for owner, rows in DECLARED.items() for row in rows]
        content = owner_workbook(as_of, held, [], [], _numbers(OWNER))
        return {f"owner_workbook_{as_of:%Y%m%d}.xlsx": content}


def _numbers(source: str) -> dict[str, str]:
    """What a source calls the account of each entity."""
    return {row.entity: row.account_id_source for row in PRIVATE_ACCOUNTS.values() if row.source == source}
