"""An order, a tape and a way to open every broker, for the tests of all of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from fo_platform.brokers._base import Order
from fo_platform.brokers._paper_fills import PaperTerms
from fo_platform.brokers.paper import PaperBroker

SESSION = date(2022, 6, 14)
TAPE = "instrument_id,mid_price,spread_bps,volume,price_source\n"
LINES = "AAPL,132.76,2,1000000,skfolio\nMSFT,244.49,2,5000,skfolio\n"


def two_days_later(instrument_id: str, trade_date: date) -> date:
    return trade_date + timedelta(days=2)


@pytest.fixture(scope="session")
def make_order() -> Callable[..., Order]:
    """`make_order(quantity=Decimal(5))`: a purchase of 1,000 AAPL at up to 140, valid for three days."""
    usual = Order("o1", "foundation_us", "AAPL", "BUY", Decimal(1000), Decimal(140), "USD", SESSION, date(2022, 6, 16))
    return lambda **changes: replace(usual, **changes)


@pytest.fixture
def write_tape(tmp_path: Path) -> Callable[..., None]:
    """`write_tape()`: the session's tape, or other lines on another day."""

    def write(day: date = SESSION, lines: str = LINES, folder: Path = tmp_path) -> None:
        (folder / "tape").mkdir(parents=True, exist_ok=True)
        (folder / "tape" / f"{day}.csv").write_text(TAPE + lines)

    return write


@pytest.fixture
def open_paper(tmp_path: Path, write_tape: Callable[..., None]) -> Callable[..., PaperBroker]:
    """`open_paper(seed=2)`: the paper broker on the test's folder; opened twice, two processes share a book."""
    write_tape()

    def build(folder: Path = tmp_path, **terms: object) -> PaperBroker:
        return PaperBroker(folder, PaperTerms(**{"seed": 1, "lose_ack": False, **terms}), two_days_later)

    return build
