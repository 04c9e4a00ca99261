"""What the demo's exchange-traded funds own at the end of every quarter, from one seed. The form belongs to writers."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from fo_platform.simulation.fund_names import BONDS, COMPANIES, FUND_NAMES, TREASURIES, Company, lei
from fo_platform.simulation.instruments import SECURITIES, SERIES
from fo_platform.simulation.market import Market, generator
from fo_platform.units import money

QUARTER_ENDS = (date(2021, 12, 31), date(2022, 3, 31), date(2022, 6, 30), date(2022, 9, 30))
PUBLISHED_AFTER = timedelta(days=60)
"""When a report of a quarter's last month may be read."""

REGISTRANT = "0009900001"
NET_ASSETS = {"MTUM": 11e9, "QUAL": 21e9, "SIZE": 0.9e9, "USMV": 27e9, "VLUE": 8e9, "USGOV": 24e9, "USCORP": 32e9}
"""About what each fund is worth, US dollars."""

OUTSIDE = 0.55
"""Part of an equity fund in companies that the demo's instrument master does not have."""

CASH, RECEIVABLE, PAYABLE = 0.006, 0.0015, 0.0007
"""Parts of a fund in money-market shares, in what it is owed and in what it owes."""

FUND_IN_FUND = 0.06
"""Part of the corporate bond fund in the government bond fund."""

PERCENT_STEP = Decimal("0.000000000001")


@dataclass(frozen=True)
class Line:
    """One holding. units: NS shares, PA face value, NC contracts. category: EC, DBT, STIV or DE."""

    issuer: str
    title: str
    value_usd: Decimal
    quantity: Decimal
    units: str
    category: str
    issuer_category: str
    country: str
    country_risk: str = ""
    isin: str = ""
    ticker: str = ""
    lei: str = ""
    coupon: Decimal = Decimal(0)
    maturity: date | None = None


@dataclass(frozen=True)
class Report:
    """What one fund owns at the end of a quarter, and what it is owed and owes beside it."""

    instrument_id: str
    day: date
    lines: tuple[Line, ...]
    receivables: Decimal
    payables: Decimal
    registrant: str = REGISTRANT

    @property
    def series_id(self) -> str:
        """The regulator's number of the fund."""
        return SERIES[self.instrument_id]

    @property
    def fund_name(self) -> str:
        """The fund, labelled as simulated."""
        return FUND_NAMES[self.instrument_id]

    @property
    def year_end(self) -> date:
        """End of the fund's business year."""
        return date(self.day.year, 12, 31)

    @property
    def assets(self) -> Decimal:
        """Everything that it owns."""
        return sum((line.value_usd for line in self.lines), self.receivables)

    @property
    def net_assets(self) -> Decimal:
        """What its shares are worth."""
        return self.assets - self.payables

    def percent(self, line: Line) -> Decimal:
        """A line as a percentage of net assets."""
        return (line.value_usd / self.net_assets * 100).quantize(PERCENT_STEP)


def published(market: Market, day: date, seed: int, *, is_first: bool) -> list[Report]:
    """Reports that can be read since the session before a day; on the first day also the newest of earlier ones."""
    before = market.previous(day)
    came = [quarter for quarter in QUARTER_ENDS if before < quarter + PUBLISHED_AFTER <= day]
    earlier = [quarter for quarter in QUARTER_ENDS if quarter + PUBLISHED_AFTER <= before]
    quarters = [*(earlier[-1:] if is_first else []), *came]
    return [fund_report(market, name, quarter, seed) for quarter in quarters for name in NET_ASSETS]


def fund_report(market: Market, instrument_id: str, day: date, seed: int) -> Report:
    """One fund's report of a quarter. Its names are the same every quarter, their weights move a little."""
    draws = generator(seed, f"{instrument_id} holdings")
    moved = generator(seed, f"{instrument_id} holdings {day}")
    size = NET_ASSETS[instrument_id] * float(moved.lognormal(0, 0.03))
    makers = {"USGOV": _government, "USCORP": _corporate}
    lines = makers.get(instrument_id, _equity)(market, day, size, (draws, moved))
    cash = Line(
        "DEMO CASH FUND (SIMULATED)", "DEMO TREASURY MONEY MARKET SHARES", _usd(CASH * size), _usd(CASH * size), "NS",
        "STIV", "RF", "US", lei=lei("DEMO CASH FUND"),
    )  # fmt: skip
    return Report(instrument_id, day, (*lines, cash), _usd(RECEIVABLE * size), _usd(PAYABLE * size))


Draws = tuple[np.random.Generator, np.random.Generator]
"""What stays the same every quarter, and what moves."""


def _equity(market: Market, day: date, size: float, draws: Draws) -> list[Line]:
    """Shares of the master and others, and a future on the index, worth what it lost since the day before."""
    known = [row for row in SECURITIES.values() if row.instrument_type == "share" and row.asset_class == "us_equity"]
    left = 1 - CASH - RECEIVABLE + PAYABLE
    weights = [*_weights(len(known), left * (1 - OUTSIDE), draws), *_weights(len(COMPANIES), left * OUTSIDE, draws)]
    companies = [*(Company(row.name, row.isin, row.instrument_id) for row in known), *COMPANIES]
    prices = [*(float(market.price(row, day)) for row in known), *draws[0].uniform(40, 400, len(COMPANIES))]
    shares = [_share(*row, size) for row in zip(companies, weights, prices, strict=True)]
    lost = _usd(-2e-5 * size)
    return [
        *shares,
        Line("DEMO EXCHANGE (SIMULATED)", "S&P 500 E-MINI FUTURE", lost, Decimal(40), "NC", "DE", "OTHER", "US"),
    ]


def _share(company: Company, weight: float, price: float, size: float) -> Line:
    quantity = Decimal(round(weight * size / price))
    return Line(
        company.name, company.name, _usd(weight * size), quantity, "NS", "EC", "CORP", company.country,
        company.country_risk, company.isin, company.ticker, lei(company.name),
    )  # fmt: skip


def _government(market: Market, day: date, size: float, draws: Draws) -> list[Line]:
    """The Treasury bond of the master and others."""
    known = SECURITIES["UST2029"]
    weights = _weights(1 + len(TREASURIES), 1 - CASH - RECEIVABLE + PAYABLE, draws)
    held = [(known.name, known.isin, known.coupon, date(2029, 5, 15)), *TREASURIES]
    return [
        Line(
            "UNITED STATES TREASURY", title, _usd(weight * size), _face(weight * size), "PA", "DBT", "UST", "US",
            isin=isin, lei=lei("UNITED STATES TREASURY"), coupon=coupon, maturity=maturity,
        )
        for (title, isin, coupon, maturity), weight in zip(held, weights, strict=True)
    ]  # fmt: skip


def _corporate(market: Market, day: date, size: float, draws: Draws) -> list[Line]:
    """Bonds of companies whose shares the demo knows, of others, and shares of the government bond fund."""
    weights = _weights(len(BONDS), 1 - CASH - RECEIVABLE + PAYABLE - FUND_IN_FUND, draws)
    bonds = [
        Line(
            issuer, title, _usd(weight * size), _face(weight * size), "PA", "DBT", "CORP", "US", isin=isin,
            lei=lei(issuer), coupon=coupon, maturity=maturity,
        )
        for (issuer, title, isin, coupon, maturity), weight in zip(BONDS, weights, strict=True)
    ]  # fmt: skip
    fund = SECURITIES["USGOV"]
    quantity = Decimal(round(FUND_IN_FUND * size / float(market.price(fund, day))))
    own = Line(
        FUND_NAMES["USGOV"], fund.name, _usd(FUND_IN_FUND * size), quantity, "NS", "EC", "RF", "US", isin=fund.isin,
        ticker="USGOV", lei=lei(fund.name),
    )  # fmt: skip
    return [*bonds, own]


def _weights(count: int, total: float, draws: Draws) -> list[float]:
    """Weights that sum to a total, about the same every quarter."""
    stays, moves = draws
    raw = stays.dirichlet(np.full(count, 2.0)) * moves.lognormal(0, 0.08, count)
    return [float(weight) for weight in raw / raw.sum() * total]


def _usd(value: float) -> Decimal:
    return money(f"{value:.2f}")


def _face(value: float) -> Decimal:
    """Face value in whole thousands."""
    return Decimal(round(value, -3)).quantize(Decimal(1))
