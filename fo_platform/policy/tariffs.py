"""tariffs.yaml: what everybody who charges the office agreed to charge. What was charged belongs to the book."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, RootModel, model_validator

from fo_platform.declarations import Declared, fault_at
from fo_platform.policy.models import Currency, Money, Name, Share

Layer = Literal["management", "performance", "custody", "administration", "commission", "fund_expense"]
Basis = Literal["bps_of_value", "bps_of_commitment", "share_of_gain", "flat", "bps_of_trade", "per_trade"]


class Tier(Declared):
    """A rate of what lies above the tier before; `up_to` is missing on the last tier."""

    up_to: Money | None = None
    rate: Annotated[Decimal, Field(ge=0)]


class Tariff(Declared):
    """One agreed charge. rate: basis points, of a year where it is of a value; a fraction of a gain; else money.

    period: how often it is charged. minimum: least charge of a period. agreed_values: value by account that the rate
    is of, in the tariff's currency, where it was fixed instead of the account's value. tolerance: part by which a
    charge may differ before it is shown as wrong. entity: whom a flat charge of a payee is for.
    is_embedded: taken inside a price and so never charged.
    """

    layer: Layer
    basis: Basis
    period: Literal["monthly", "quarterly", "yearly"] = "quarterly"
    currency: Currency
    valid_from: date
    rate: Annotated[Decimal, Field(ge=0)] | None = None
    tiers: list[Tier] = []
    minimum: Money = Decimal(0)
    agreed_values: dict[Name, Money] = {}
    tolerance: Share = Decimal(0)
    entity: Name | None = None
    is_embedded: bool = False

    @model_validator(mode="after")
    def _is_priced(self) -> Self:
        if (self.rate is None) == (not self.tiers):
            raise fault_at("layer", "states a rate or tiers, one of the two")
        tops = [tier.up_to for tier in self.tiers]
        known = [top for top in tops if top is not None]
        if tops and (tops[-1] is not None or None in tops[:-1] or known != sorted(set(known))):
            raise fault_at("tiers", "tiers rise, and the last of them has no `up_to`")
        if len(self.tiers) > 1 and self.basis != "bps_of_value":
            raise fault_at("tiers", "only a rate of a value has tiers")
        return self

    @property
    def steps(self) -> list[tuple[Decimal, Decimal]]:
        """Rates by the value that each begins at."""
        starts = [Decimal(0), *(tier.up_to for tier in self.tiers if tier.up_to is not None)]
        return list(zip(starts, [tier.rate for tier in self.tiers] or [self.rate or Decimal(0)], strict=True))


class Tariffs(RootModel[dict[str, list[Tariff]]]):
    """tariffs.yaml: charges by who makes them: a custodian, FUND.<fund>, an instrument, or a payee by name."""
