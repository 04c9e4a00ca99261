"""Identities of a Flex statement: net asset value, its roll, its holdings. Checks of single rows belong to book."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from fo_platform.custodians._flex import MISSING, Attributes
from fo_platform.custodians._numbers import EXACT, add, is_number, number
from fo_platform.custodians.records import Control
from fo_platform.units import plain

SECURITIES = {
    "STK": "stock", "OPT": "options", "FOP": "options", "BOND": "bonds", "BILL": "bonds", "FUND": "funds",
    "CMDTY": "commodities",
}  # fmt: skip
"""Component of the net asset value that a category is part of; with any other category nothing is compared."""
COMPONENTS = frozenset(
    {"cash", "ipoSubscription", "notes", "dividendAccruals", "interestAccruals", "softDollars", "forexCfdUnrealizedPl",
     "cfdUnrealizedPl", *SECURITIES.values()}
)  # fmt: skip
CHANGES = frozenset(
    [
        "startingValue",
        "mtm",
        "realized",
        "changeInUnrealized",
        "costAdjustments",
        "transferredPnlAdjustments",
        "depositsWithdrawals",
        "internalCashTransfers",
        "assetTransfers",
        "debitCardActivity",
        "billPay",
        "dividends",
        "withholdingTax",
        "withholding871m",
        "withholdingTaxCollected",
        "changeInDividendAccruals",
        "interest",
        "changeInInterestAccruals",
        "advisorFees",
        "brokerFees",
        "changeInBrokerFeeAccruals",
        "clientFees",
        "otherFees",
        "feesReceivables",
        "commissions",
        "commissionReceivables",
        "forexCommissions",
        "transactionTax",
        "taxReceivables",
        "salesTax",
        "softDollars",
        "netFxTrading",
        "fxTranslation",
        "linkingAdjustments",
        "other",
    ]
)
ROUNDING = Decimal("0.005")
"""Each value is stated to the cent."""
RATE_ROUNDING = Decimal("0.0001")
"""Rates to base are stated with five digits."""


@dataclass
class Holdings:
    """Securities of one level of detail, valued in base currency."""

    base: Decimal = Decimal(0)
    tolerance: Decimal = Decimal(0)
    count: int = 0
    is_comparable: bool = True

    def add(self, a: Attributes) -> None:
        """One more holding; without value, rate or a known category the sum no longer compares."""
        value, rate = a.get("positionValue", ""), a.get("fxRateToBase", "")
        self.count += 1
        self.is_comparable &= a.get("assetCategory") in SECURITIES and value not in MISSING and rate not in MISSING
        if self.is_comparable:
            stated, factor = Decimal(number(value)), Decimal(number(rate))
            self.base = EXACT.fma(stated, factor, self.base)
            self.tolerance += ROUNDING if rate == "1" else ROUNDING + abs(stated * factor) * RATE_ROUNDING


@dataclass
class Nav:
    """What one statement says of its net asset value, gathered while it is read."""

    offset: int = 0
    day: date = date.min
    equity: dict[str, Decimal] = field(default_factory=dict)
    change: dict[str, Decimal] = field(default_factory=dict)
    summaries: Holdings = field(default_factory=Holdings)
    lots: Holdings = field(default_factory=Holdings)

    def state_equity(self, attributes: Attributes, offset: int, day: date) -> None:
        """Components on a day; the last day of the statement counts."""
        if day >= self.day:
            self.day, self.offset = day, offset
            self.equity = _amounts(attributes, COMPONENTS | {"total"})

    def state_change(self, attributes: Attributes, offset: int) -> None:
        """The roll from the first day's value to the last day's."""
        self.offset = self.offset or offset
        self.change = _amounts(attributes, CHANGES | {"endingValue"})

    def controls(self) -> Iterator[Control]:
        """The identities that this statement states in full."""
        changes = {name: value for name, value in self.change.items() if name not in ("endingValue", "twr")}
        if "endingValue" in self.change and _all_known(changes, CHANGES):
            yield _tied("ChangeInNAV", self.change["endingValue"], add(changes.values()), ROUNDING)
        parts = {name: value for name, value in self.equity.items() if name != "total"}
        if "total" not in self.equity or not _all_known(parts, COMPONENTS):
            return
        yield _tied("NAV", self.equity["total"], add(parts.values()), ROUNDING)
        holdings = self.summaries if self.summaries.count else self.lots
        if holdings.count and holdings.is_comparable:
            securities = add(parts.get(name, Decimal(0)) for name in set(SECURITIES.values()))
            yield _tied("securities in NAV", securities, holdings.base, holdings.tolerance)


def _tied(name: str, expected: Decimal, actual: Decimal, tolerance: Decimal) -> Control:
    return Control(name, plain(expected), plain(actual), abs(expected - actual) <= tolerance)


def _all_known(amounts: Mapping[str, Decimal], names: frozenset[str]) -> bool:
    """Attributes come without notice: one that is not known may or may not be part of the sum."""
    return all(name in names or not value for name, value in amounts.items())


def _amounts(attributes: Attributes, known: frozenset[str]) -> dict[str, Decimal]:
    """Amounts of an element, without its labels, its splits into long and short and the parts of its components.

    known: names that must be numbers; of any other attribute, text is taken for one more label.
    """
    stated = {name: text for name, text in attributes.items() if text not in MISSING and not _is_label(name)}
    return {name: Decimal(number(text)) for name, text in stated.items() if name in known or is_number(text)}


def _is_label(name: str) -> bool:
    return name in _LABELS or name.endswith(("Long", "Short")) or "Component" in name


_LABELS = frozenset({"accountId", "acctAlias", "model", "currency", "reportDate", "fromDate", "toDate"})
