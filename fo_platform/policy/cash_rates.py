"""cash_rates.yaml: what a night of each currency's cash earns. Returns on it do not belong here."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, RootModel, model_validator

from fo_platform.declarations import Declared, fault_at
from fo_platform.policy.models import Currency

Rate = Annotated[Decimal, Field(gt=-1, le=1, description="fraction a year")]


class CashRate(Declared):
    """Rates of one currency by the first day of each, as a source states them.

    known_until: last day that the source was read for; no rate is known after it. day_count: days of the rates' year.
    """

    source: Annotated[str, Field(min_length=1)]
    known_until: date
    day_count: Literal["360", "365"]
    rates: Annotated[dict[date, Rate], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_read_for_every_rate(self) -> Self:
        if self.known_until < max(self.rates):
            raise fault_at("known_until", f"{self.known_until} is before the last rate, of {max(self.rates)}")
        return self


class CashRates(RootModel[dict[Currency, CashRate]]):
    """cash_rates.yaml: currency and its rates."""
