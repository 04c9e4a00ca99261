"""scenarios.yaml: what the office fears, and what its bonds pay. What is lost in a scenario does not belong here."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

import pandas as pd
from pydantic import Field, model_validator

from fo_platform.contracts import policy as contracts
from fo_platform.declarations import Declared, fault_at
from fo_platform.policy.models import Currency, Name

Move = Annotated[Decimal, Field(ge=-1, le=10, description="fraction of the value")]
Shift = Annotated[Decimal, Field(ge=-1, le=1, description="fraction a year, added to a yield")]
Text = Annotated[str, Field(min_length=1)]


class Shocks(Declared):
    """Moves that happen at once; the most particular one that names a line holds, and a currency's comes on top.

    rates: shifts of every yield of a currency. A factor's move reaches lines through their loadings, in base currency.
    """

    instruments: dict[Text, Move] = {}
    rates: dict[Currency, Shift] = {}
    classes: dict[Name, Move] = {}
    factors: dict[Text, Move] = {}
    currencies: dict[Currency, Move] = {}


class Window(Declared):
    """A stretch of the past that comes again: from the close of one day to that of another."""

    start: date
    end: date

    @model_validator(mode="after")
    def _days_are_ordered(self) -> Self:
        if self.end <= self.start:
            raise fault_at("end", f"{self.end} is not after start {self.start}")
        return self


class Scenario(Declared):
    """One scenario: shocks, or a window."""

    name: Text
    shocks: Shocks | None = None
    window: Window | None = None

    @model_validator(mode="after")
    def _is_one_of_the_two(self) -> Self:
        if (self.shocks is None) == (self.window is None):
            raise fault_at("name", "a scenario has either shocks or a window")
        return self


class BondTerms(Declared):
    """What a bond pays, from which it is repriced, or how it answers to yields where it pays too many things."""

    coupon: Annotated[Decimal, Field(ge=0, le=1)] | None = None
    maturity: date | None = None
    frequency: Literal["1", "2", "4", "12"] = "1"
    duration: Annotated[Decimal, Field(ge=0, le=100)] | None = None
    convexity: Annotated[Decimal, Field(ge=-10_000, le=10_000)] = Decimal(0)

    @model_validator(mode="after")
    def _is_one_of_the_two(self) -> Self:
        is_known = self.coupon is not None and self.maturity is not None
        if is_known == (self.duration is not None):
            raise fault_at("coupon", "a bond has either a coupon and a maturity or a duration")
        return self


class ScenariosFile(Declared):
    """scenarios.yaml."""

    scenarios: dict[Name, Scenario] = {}
    bonds: dict[Text, BondTerms] = {}


def stress_scenarios(file: ScenariosFile) -> pd.DataFrame:
    """Shocks by scenario, one a row; a window is one row for everything."""
    rows = [
        {"scenario": name, "scenario_name": body.name, **row}
        for name, body in file.scenarios.items()
        for row in [*_shocks(body.shocks), *_windows(body.window)]
    ]
    return contracts.StressScenarios.frame(rows)


def bond_terms(file: ScenariosFile) -> pd.DataFrame:
    """What bonds pay or how they answer to yields."""
    rows = [
        {
            "instrument_id": name,
            "coupon_rate": _number(body.coupon),
            "maturity_date": body.maturity,
            "coupon_frequency": int(body.frequency),
            "duration_years": _number(body.duration),
            "convexity_years": float(body.convexity),
        }
        for name, body in file.bonds.items()
    ]
    return contracts.BondTerms.frame(rows)


def _shocks(shocks: Shocks | None) -> list[dict[str, object]]:
    return [
        {"shock_kind": kind, "shock_target": target, "shock": float(move)}
        for kind, moves in (shocks or ())
        for target, move in moves.items()
    ]


def _windows(window: Window | None) -> list[dict[str, object]]:
    if window is None:
        return []
    return [{"shock_kind": "window", "shock_target": "*", "start_date": window.start, "end_date": window.end}]


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
