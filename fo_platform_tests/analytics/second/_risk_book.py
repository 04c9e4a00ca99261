"""Lines of every scope with what they move like, and their past, in plain loops. Figures of loss do not belong here."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import isnan, nan

import numpy as np
import pandas as pd

from fo_platform_tests.analytics.second._factors import complete_factors
from fo_platform_tests.analytics.second._histories import base_returns
from fo_platform_tests.analytics.second._risk_model import RiskModel

Read = Callable[..., pd.DataFrame]
Row = dict[str, object]


@dataclass
class Line:
    """One instrument: class, currency, and loadings and volatility of a session where the basis is known."""

    asset_class: str
    currency: str
    is_money: bool
    price: float
    basis: str
    loadings: np.ndarray | None
    specific: float


@dataclass
class Book:
    """Values by scope and instrument, lines by instrument, covariance of a session, names of its factors, and NAV."""

    values: dict[str, dict[str, float]]
    lines: dict[str, Line]
    covariance: np.ndarray
    factors: list[str]
    nav: dict[str, float]

    def covered(self, scope: str) -> dict[str, float]:
        """Values of the lines that have a model."""
        return {name: value for name, value in self.values[scope].items() if self.lines[name].basis != "unknown"}

    def coverage(self, scope: str) -> float:
        """Part of the gross value that has a model."""
        return sum(map(abs, self.covered(scope).values())) / sum(map(abs, self.values[scope].values()))


def risk_book(read: Read, back: int = 0) -> Book:
    """What was held some sessions ago, and known then."""
    then = partial(_back, read, back)
    known = RiskModel(then)
    values: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    lines = {}
    for row in then("book.holdings").dropna(subset=["market_value_base"]).itertuples():
        is_debt = row.holding_kind == "liability"
        money = f"CASH.{row.currency}" if is_debt else None
        basis, _, loadings, annual = known.risk(row.instrument_id, row.asset_class, money)
        lines[row.instrument_id] = Line(
            asset_class=row.asset_class,
            currency=row.currency,
            is_money=is_debt or row.instrument_id.startswith("CASH."),
            price=(row.market_value_local + row.accrued_local) / row.quantity,
            basis="own" if basis == "short_history" else basis,
            loadings=loadings,
            specific=annual / 252**0.5,
        )
        for scope in (row.entity_id, "office"):
            values[scope][row.instrument_id] += row.market_value_base
    held = {scope: {name: value for name, value in mine.items() if value} for scope, mine in values.items()}
    nav = dict(then("book.net_worth")[["entity_id", "nav_base"]].itertuples(index=False))
    return Book(held, lines, known.covariance / 252, known.factors, nav)


def line_returns(read: Read, book: Book) -> dict[pd.Timestamp, dict[str, tuple[float, bool]]]:
    """By date of the factors and covered line: its return, and whether that is its own or what the factors say."""
    names, factors = complete_factors(read)
    assert names == book.factors
    dates, own = base_returns(read)
    dated = {name: dict(zip(dates, own[name], strict=True)) for name in book.lines if name in own}
    return {date: dict(_moves(book, dated, date, np.array(moves))) for date, moves in factors.items()}


def profits(book: Book, scope: str, past: dict[pd.Timestamp, dict[str, tuple[float, bool]]]) -> np.ndarray:
    """Dates x covered lines: what today's holdings of a scope would have earned."""
    held = book.covered(scope)
    return np.array([[value * moves[name][0] for name, value in held.items()] for moves in past.values()])


def _moves(
    book: Book, own: dict[str, dict[pd.Timestamp, float]], date: pd.Timestamp, factors: np.ndarray
) -> Iterator[tuple[str, tuple[float, bool]]]:
    for name, line in book.lines.items():
        if line.loadings is not None:
            mine = own.get(name, {}).get(date, nan)
            yield name, (float(np.dot(line.loadings, factors)), False) if isnan(mine) else (mine, True)


def _back(read: Read, more: int, name: str, sessions: int = 1, back: int = 0) -> pd.DataFrame:
    return read(name, sessions, back + more)
