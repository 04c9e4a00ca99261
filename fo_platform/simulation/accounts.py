"""Accounts of the demo world and what stands in them before the first statement. Changes belong to movements."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from fo_platform.simulation.instruments import MONEY, SECURITIES, Instrument
from fo_platform.simulation.market import Market, generator
from fo_platform.units import money

ANCHOR = date(2022, 6, 10)
"""The close at whose prices the weights below hold: the last one before the demo's trigger day."""


@dataclass(frozen=True)
class Purchases:
    """How lots came about: first and last year, lowest and highest cost as a part of the anchor price."""

    years: tuple[int, int]
    cost: tuple[float, float]


BONDS = Purchases((2019, 2021), (0.94, 1.02))


@dataclass(frozen=True)
class Account:
    """One account. weights: part of the entity's anchor value by instrument, cash as CASH.<currency>.

    equity: when its shares were bought and at what part of the anchor price; every account bought its bonds alike.
    """

    account_id: str
    source: str
    account_id_source: str
    anchor_value: int
    weights: dict[str, float]
    equity: Purchases

    @property
    def currencies(self) -> list[str]:
        """Currencies of its cash."""
        return [name.removeprefix("CASH.") for name in self.weights if name.startswith("CASH.")]


@dataclass(frozen=True)
class Lot:
    """Units bought together; cost in the instrument's currency."""

    lot_id: str
    acquired_date: date
    quantity: Decimal
    cost: Decimal


Lots = dict[str, list[Lot]]
"""Open lots by instrument."""


@dataclass(frozen=True)
class Opening:
    """What stands in an account before the first statement."""

    lots: Lots
    cash: dict[str, Decimal]


ACCOUNTS: dict[str, Account] = {
    row.account_id: row
    for row in (
        Account(
            "trust_ib", "interactive_brokers", "U7310441", 260_000_000,
            {
                "AAPL": 0.12, "MSFT": 0.10, "HD": 0.04, "UNH": 0.06, "JPM": 0.04, "CVX": 0.05, "XOM": 0.06, "KO": 0.04,
                "PG": 0.04, "WMT": 0.04, "JNJ": 0.03, "PEP": 0.03, "USGOV": 0.10, "USCORP": 0.05,
                "CASH.USD": 0.019, "CASH.EUR": 0.001,
            },
            Purchases((2003, 2011), (0.10, 0.30)),
        ),
        Account(
            "trust_swiss", "swiss_bank", "0835-774120-01", 260_000_000,
            {
                "NESN": 0.03, "ROG": 0.03, "NOVN": 0.02, "SAP": 0.01, "SIE": 0.015, "ASML": 0.015, "CH2031": 0.03,
                "CASH.CHF": 0.006, "CASH.EUR": 0.001, "CASH.USD": 0.001,
            },
            Purchases((2008, 2018), (0.45, 0.90)),
        ),
        Account(
            "trust_global", "global_custodian", "GC-448812-07", 260_000_000,
            {"DBR2030": 0.02, "CASH.CHF": 0.001, "CASH.EUR": 0.001},
            Purchases((2019, 2021), (0.94, 1.02)),
        ),
        Account(
            "trust_digital", "digital_custodian", "VAULT-17", 260_000_000, {"BTC": 0.002, "ETH": 0.001},
            Purchases((2019, 2021), (0.40, 0.90)),
        ),
        Account(
            "llc_ib", "interactive_brokers", "U7310502", 120_000_000,
            {
                "XOM": 0.034, "CVX": 0.032, "MRK": 0.055, "LLY": 0.045, "PFE": 0.035, "VLUE": 0.03, "SIZE": 0.01,
                "ASML": 0.02, "SAP": 0.02, "NESN": 0.06, "USGOV": 0.10, "USCORP": 0.149,
                "CASH.USD": 0.012, "CASH.EUR": 0.005, "CASH.CHF": 0.003,
            },
            Purchases((2014, 2021), (0.50, 0.95)),
        ),
        Account(
            "llc_us", "us_custodian", "0088100214", 120_000_000,
            {
                "GE": 0.01, "BAC": 0.015, "AMD": 0.01, "BBY": 0.005, "RRC": 0.01, "JPM": 0.02, "USMV": 0.04,
                "USGOV": 0.15, "CASH.USD": 0.026,
            },
            Purchases((2014, 2021), (0.55, 1.05)),
        ),
        Account(
            "llc_global", "global_custodian", "GC-448890-03", 120_000_000, {"UST2029": 0.102, "CASH.USD": 0.002},
            Purchases((2019, 2021), (0.94, 1.02)),
        ),
        Account(
            "foundation_us", "us_custodian", "0088100371", 120_000_000,
            {
                "KO": 0.04, "JNJ": 0.055, "PG": 0.04, "MRK": 0.035, "LLY": 0.035, "UNH": 0.035, "PEP": 0.035,
                "USMV": 0.153, "QUAL": 0.0535, "XOM": 0.025, "CVX": 0.008, "MSFT": 0.009, "USGOV": 0.212,
                "USCORP": 0.122, "CASH.USD": 0.029,
            },
            Purchases((2016, 2021), (0.60, 1.00)),
        ),
        Account(
            "foundation_swiss", "swiss_bank", "0835-774125-01", 120_000_000,
            {
                "NESN": 0.032, "ROG": 0.024, "NOVN": 0.02, "SAP": 0.012, "SIE": 0.015, "CASH.CHF": 0.006,
                "CASH.EUR": 0.003, "CASH.USD": 0.001,
            },
            Purchases((2012, 2020), (0.50, 0.95)),
        ),
    )
}  # fmt: skip


def opening_cash(account: Account, market: Market) -> dict[str, Decimal]:
    """Money by currency before the first statement."""
    return {
        currency: money(_anchor_value(account, f"CASH.{currency}") / market.rate(currency, ANCHOR))
        for currency in account.currencies
    }


def opening_lots(account: Account, market: Market, seed: int) -> Lots:
    """Lots by instrument before the first statement; their quantities are whole steps of the instrument."""
    held = [SECURITIES[name] for name in account.weights if name in SECURITIES]
    return {row.instrument_id: _split(account, row, market, seed) for row in held}


def _anchor_value(account: Account, name: str) -> Decimal:
    assert name in SECURITIES or name.removeprefix("CASH.") in MONEY, f"{name} is unknown to the world"
    return Decimal(str(account.weights[name])) * account.anchor_value


def _split(account: Account, row: Instrument, market: Market, seed: int) -> list[Lot]:
    """Two to six lots of random size that add up to the anchor value in whole steps."""
    price = market.price(row, ANCHOR) * row.scale
    value = _anchor_value(account, row.instrument_id) / market.rate(row.currency, ANCHOR)
    step = row.opening_step
    steps = int(value / price / step)
    draws = generator(seed, f"{account.account_id} {row.instrument_id} lots")
    cuts = np.sort(draws.choice(np.arange(1, steps), int(draws.integers(1, 6)), replace=False))
    quantities = [int(part) * step for part in np.diff([0, *cuts, steps])]
    terms = BONDS if row.asset_class == "fixed_income" else account.equity
    return [
        _lot(f"{row.instrument_id}{n}", price * quantity, quantity, terms, draws)
        for n, quantity in enumerate(quantities)
    ]


def _lot(name: str, value: Decimal, quantity: Decimal, terms: Purchases, draws: np.random.Generator) -> Lot:
    year = int(draws.integers(terms.years[0], terms.years[1] + 1))
    acquired = date(year, int(draws.integers(1, 13)), int(draws.integers(1, 29)))
    cost = money(value * Decimal(f"{draws.uniform(*terms.cost):.4f}"))
    return Lot(f"{acquired:%y%m%d}{name}", acquired, quantity, cost)
