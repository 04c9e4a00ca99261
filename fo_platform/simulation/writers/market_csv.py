"""The market-data vendor's file: master, identifiers, prices, rates, factors, liquidity. Trading belongs to tape."""

from datetime import date

import pandas as pd

from fo_platform.simulation.instruments import CURRENCIES, MONEY, SECURITIES, SERIES, Instrument
from fo_platform.simulation.market import FX_LABEL, Market, price_label
from fo_platform.units import plain

KINDS = ("SEC", "IDN", "PRC", "FXR", "FAC", "LIQ")
VOLUME_SESSIONS = 20
FUND_SOURCE = "skfolio factor ETF less index"
FACTOR_SOURCES = {"MKT": "skfolio S&P 500 index", "RATES": "simulated", "CHF": FX_LABEL, "EUR": FX_LABEL}


def market_csv(market: Market, day: date, history: int = 0) -> bytes:
    """The file that states a close. history: sessions of prices before it; with any, the master comes too."""
    last = int(market.index.searchsorted(pd.Timestamp(day)))
    days = market.index[last - history : last + 1]
    rows = [
        *(_master() if history else []), *(_identifiers(days[0].date()) if history else []),
        *_prices(market, days), *_rates(market, days), *_factors(market, days), *_liquidity(market, days[-1]),
    ]  # fmt: skip
    counts = [sum(row.startswith(kind) for row in rows) for kind in KINDS]
    lines = [f"HDR,MARKETDATA,1,{day},DEMO VENDOR", *rows, f"TRL,{','.join(map(str, counts))}"]
    return ("\n".join(lines) + "\n").encode()


def _master() -> list[str]:
    return [_security(row) for row in (*SECURITIES.values(), *MONEY.values())]


def _security(row: Instrument) -> str:
    fields = (
        "SEC", row.instrument_id, row.name, row.instrument_type, row.asset_class, row.issuer_id, row.currency,
        row.currency, row.market, row.mic, row.country, "per_100" if row.is_per_100 else "unit", "1", str(row.lot_size),
        "Y", "N",
    )  # fmt: skip
    return ",".join(fields)


def _identifiers(valid_from: date) -> list[str]:
    named = [
        (scheme, value, row.instrument_id)
        for row in SECURITIES.values()
        for scheme, value in _schemes(row).items()
        if value
    ]
    return [f"IDN,{scheme},{value},{name},{valid_from}" for scheme, value, name in named]


def _schemes(row: Instrument) -> dict[str, str]:
    named = {"ISIN": row.isin, "CUSIP": row.cusip, "CONID": row.conid, "VALOR": row.valor}
    return named | {"TICKER": row.instrument_id, "SERIES": SERIES.get(row.instrument_id, "")}


def _prices(market: Market, days: pd.DatetimeIndex) -> list[str]:
    return [
        f"PRC,{name},{day.date()},{plain(market.price(row, day.date()))},{row.currency},{price_label(row)}"
        for day in days
        for name, row in SECURITIES.items()
    ]


def _rates(market: Market, days: pd.DatetimeIndex) -> list[str]:
    """Each fixing once, under the day on which it was fixed; a day without a fixing repeats the last one."""
    fixed = {market.rate_dates.at[day]: day.date() for day in reversed(days)}
    return [
        f"FXR,{currency},USD,{fixed_on!s},{plain(market.rate(currency, day))},{FX_LABEL}"
        for fixed_on, day in sorted(fixed.items())
        for currency in CURRENCIES
        if currency != "USD"
    ]


def _factors(market: Market, days: pd.DatetimeIndex) -> list[str]:
    stated = market.factors.reindex(days).dropna()
    return [
        f"FAC,{factor},{day},{value:.8f},{FACTOR_SOURCES.get(factor, FUND_SOURCE)}"
        for day, row in zip(pd.DatetimeIndex(stated.index).date, stated.to_dict("records"), strict=True)
        for factor, value in ((str(name), value) for name, value in row.items())
    ]


def _liquidity(market: Market, day: pd.Timestamp) -> list[str]:
    volumes = market.volumes.loc[:day].tail(VOLUME_SESSIONS).mean().astype("int64")
    return [f"LIQ,{name},{volumes[name]},{row.spread_bps},simulated" for name, row in SECURITIES.items()]
