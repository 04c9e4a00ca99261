"""Any day as known at any instant equals plain loops over everything that was ever delivered, in memory and cold."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fo_platform.clock import Clock
from fo_platform.contracts.reference import FxRates
from fo_platform.ledger.engine import connect
from fo_platform.ledger.ledger import Ledger
from fo_platform.warehouse.warehouse import Warehouse
from fo_platform_tests.warehouse.exchange_rates import HOW, rates, shown

SEED = 1
DAYS = [date(2022, 6, day) for day in range(13, 25)]
CURRENCIES = ("AUD", "CHF", "EUR", "GBP", "JPY", "SEK")
DELIVERIES = 160
PAIRS = 1000
START = datetime(2022, 6, 13, 11, 30, tzinfo=UTC)

Rates = dict[str, str]


@dataclass
class History:
    """Every delivery in the order in which it was known: instant, day and its rates, the whole of the day."""

    delivered: list[tuple[datetime, date, Rates]] = field(default_factory=list)

    def by_day(self, day: date, known_at: datetime) -> Rates:
        """The last delivery of a day."""
        view: Rates = {}
        for instant, stated, table in self.delivered:
            if stated == day and instant <= known_at:
                view = table
        return view

    def by_key(self, day: date, known_at: datetime) -> Rates:
        """Every currency for itself: as it was last stated, unless a later delivery of the day leaves it out."""
        view: Rates = {}
        for currency in CURRENCIES:
            stated = [table.get(currency) for instant, of, table in self.delivered if of == day and instant <= known_at]
            if stated and stated[-1] is not None:
                view[currency] = stated[-1]
        return view


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, History]]:
    """A warehouse with late, restated, shortened, repeated and out-of-order deliveries, and a note of each."""
    folder = tmp_path_factory.mktemp("told")
    now = [START]
    ledger = Ledger(connect(f"sqlite:///{folder}/ledger.sqlite"), clock=Clock(lambda: now[0]))
    warehouse, history = Warehouse(ledger, folder / "lake"), History()
    chance = np.random.default_rng(SEED)
    for number in range(DELIVERIES):
        now[0] += timedelta(microseconds=int(chance.choice([1, 999_999, 3_600_000_000])))
        day = _day(chance, number)
        table = _table(chance, history.by_day(day, now[0]))
        warehouse.write(FxRates.name, FxRates, day, rates(**table), HOW)
        history.delivered.append((now[0], day, table))
    yield warehouse, history
    ledger.engine.dispose()


def _day(chance: np.random.Generator, number: int) -> date:
    """Mostly the next day in turn; one in three speaks of any earlier or later one."""
    return (
        DAYS[int(chance.integers(0, len(DAYS)))] if chance.random() < 0.35 else DAYS[number * len(DAYS) // DELIVERIES]
    )


def _table(chance: np.random.Generator, last: Rates) -> Rates:
    """What the day is said to be now: the same again, one rate fewer, one rate other, nothing, or all anew."""
    match chance.integers(0, 6):
        case 0 if last:
            return last
        case 1 if last:
            gone = str(chance.choice(sorted(last)))
            return {currency: rate for currency, rate in last.items() if currency != gone}
        case 2 if last:
            return {**last, str(chance.choice(sorted(last))): f"{chance.integers(1, 9)}.25"}
        case 3:
            return {}
    chosen = chance.choice(CURRENCIES, int(chance.integers(1, len(CURRENCIES) + 1)), replace=False)
    return {str(currency): f"{chance.integers(1, 9)}.00" for currency in sorted(chosen)}


def _pairs(history: History) -> list[tuple[date, datetime]]:
    """Random days, each with an instant: that of a delivery, the microsecond before or after it, or any."""
    chance = np.random.default_rng(len(history.delivered))
    instants = [instant for instant, _, _ in history.delivered]
    span = (instants[-1] - START) / timedelta(microseconds=1)
    pairs = []
    for _ in range(PAIRS):
        near = instants[int(chance.integers(0, len(instants)))] + timedelta(microseconds=int(chance.integers(-1, 2)))
        anywhere = START + timedelta(microseconds=int(chance.integers(-1_000_000, int(span) + 1_000_000)))
        pairs.append((DAYS[int(chance.integers(0, len(DAYS)))], near if chance.random() < 0.7 else anywhere))
    return pairs


def test_the_history_has_something_of_everything(told: tuple[Warehouse, History]) -> None:
    warehouse, history = told
    batches = warehouse.batches(FxRates.name, DAYS[0], DAYS[-1])
    days = [day for _, day, _ in history.delivered]
    assert {batch.known_at for batch in batches} < {instant for instant, _, _ in history.delivered}
    assert any(later < earlier for earlier, later in zip(days, days[1:], strict=False))
    assert any(not table for _, _, table in history.delivered)
    assert warehouse.duck.sql(_DEAD.format(warehouse.lake)).fetchall()[0][0] > 0


_DEAD = "select count(*) from read_parquet('{}/**/*.parquet') where is_deleted"


def test_a_thousand_views_by_whole_days_are_those_of_plain_loops(told: tuple[Warehouse, History]) -> None:
    warehouse, history = told
    for day, known_at in _pairs(history):
        batches = warehouse.batches(FxRates.name, day, day, known_at)
        assert shown(warehouse.read(FxRates, batches)) == history.by_day(day, known_at), (day, known_at)


def test_a_thousand_views_by_key_are_those_of_plain_loops(told: tuple[Warehouse, History]) -> None:
    """Row by row over all files of the day: a key that is gone is told by its tombstone alone."""
    warehouse, history = told
    for day, known_at in _pairs(history):
        found = warehouse.arrow(FxRates, warehouse.batches(FxRates.name, day, day, known_at))
        view = dict(
            zip(found["currency"].to_pylist(), (f"{rate:.2f}" for rate in found["fx_rate"].to_pylist()), strict=True)
        )
        assert view == history.by_key(day, known_at), (day, known_at)
        assert len(found) == len(view), "a key stands twice"


def test_a_thousand_views_of_a_cold_reader_are_those_of_plain_loops(
    told: tuple[Warehouse, History], tmp_path: Path
) -> None:
    """Another process knows nothing but ledger and files."""
    url = told[0].ledger.engine.url
    ledger = Ledger.open(url.render_as_string(hide_password=False))
    cold, history = Warehouse(ledger, told[0].lake), told[1]
    for day, known_at in _pairs(history):
        view = shown(cold.read(FxRates, cold.batches(FxRates.name, day, day, known_at)))
        assert view == history.by_day(day, known_at) == history.by_key(day, known_at), (day, known_at)
    ledger.engine.dispose()


def test_a_window_of_days_is_each_of_its_days_as_known_then(told: tuple[Warehouse, History]) -> None:
    warehouse, history = told
    cold = Warehouse(warehouse.ledger, warehouse.lake)
    for last, known_at in _pairs(history)[:100]:
        batches = warehouse.batches(FxRates.name, last - timedelta(days=3), last, known_at)
        days = sorted({batch.business_date for batch in batches})
        for reader in (warehouse, cold):
            rows = reader.read(FxRates, batches)
            dated = rows if len(days) > 1 else rows.assign(business_date=pd.Timestamp(days[0] if days else last))
            views = {day: shown(dated[dated["business_date"] == pd.Timestamp(day)]) for day in days}
            assert views == {day: history.by_day(day, known_at) for day in days}, (days, known_at)
