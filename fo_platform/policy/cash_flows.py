"""cash_flows.yaml: what the cash forecast assumes. What is known of notices, debts and cash belongs to the book."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from fo_platform.declarations import Declared, fault_at
from fo_platform.policy.models import Money, Name, Share

MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", description="month and day")]
LEAP_YEAR = 2020


class Dated(Declared):
    """Something that falls due on days of every year, in equal parts."""

    dates: Annotated[list[MonthDay], Field(min_length=1)]

    @model_validator(mode="after")
    def _dates_exist(self) -> Self:
        wrong = next((text for text in self.dates if not _exists(text)), None)
        if wrong or len(set(self.dates)) < len(self.dates):
            raise fault_at("dates", f"{wrong} is no day of a year" if wrong else "a day stands twice")
        return self


class Spending(Dated):
    """Part of net asset value that is spent or paid out in a year. basis: whether law or the office says so."""

    rate: Share
    basis: Literal["declared", "assumption"] = "assumption"


class Tax(Dated):
    """Estimated tax of a year, in base currency; the dates are the law's, the amount is the office's estimate."""

    amount: Money


class Pacing(Declared):
    """Parameters of the model of Takahashi and Alexander (2002) for commitments to private funds.

    contribution_rates: part of what is unfunded that is called in the first, second, third and every later year.
    life_years, bow: when distributions come. growth, yield_min: of net asset value, a year.
    call_volatility, distribution_volatility: standard deviation of the logarithm of a month's flow over what the model
    expects. common_share: part of that variance that all funds have in common.
    """

    contribution_rates: Annotated[list[Share], Field(min_length=1)] = [
        Decimal("0.25"),
        Decimal("0.333"),
        Decimal("0.5"),
    ]
    life_years: Annotated[Decimal, Field(gt=0)] = Decimal(12)
    bow: Annotated[Decimal, Field(gt=0)] = Decimal("2.5")
    growth: Annotated[Decimal, Field(gt=-1)] = Decimal("0.13")
    yield_min: Share = Decimal(0)
    call_volatility: Annotated[Decimal, Field(ge=0)] = Decimal("0.8")
    distribution_volatility: Annotated[Decimal, Field(ge=0)] = Decimal(1)
    common_share: Share = Decimal("0.3")
    vintages: dict[str, Annotated[int, Field(ge=1950, le=2100)]] = {}


class Simulation(Declared):
    """How the fan is drawn. nav_volatility: a year's, of what spending is a part of."""

    seed: Annotated[int, Field(ge=0)] = 1
    paths: Annotated[int, Field(ge=100, le=100_000)] = 2000
    nav_volatility: Annotated[Decimal, Field(ge=0)] = Decimal("0.12")


class CashFlowsFile(Declared):
    """cash_flows.yaml; without it there is no spending and no tax, and commitments are paced as Yale's."""

    spending: dict[Name, Spending] = {}
    tax: dict[Name, Tax] = {}
    pacing: Pacing = Pacing()
    simulation: Simulation = Simulation()


def parts(dates: Iterable[str]) -> dict[str, Decimal]:
    """Equal parts of a year's amount by month and day, to eight decimals; the last takes what rounding leaves."""
    days = sorted(dates)
    part = round(Decimal(1) / len(days), 8)
    return dict.fromkeys(days, part) | {days[-1]: 1 - part * (len(days) - 1)}


def _exists(month_day: str) -> bool:
    try:
        date.fromisoformat(f"{LEAP_YEAR}-{month_day}")
    except ValueError:
        return False
    return True
