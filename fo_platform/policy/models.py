"""The shape of an office's policy files, with the range of every number. What refers to what belongs to load."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import Field, RootModel, field_validator, model_validator

from fo_platform.calendars import WEEKDAYS, is_calendar
from fo_platform.declarations import Declared, fault_at
from fo_platform.policy.transports import Directory, Transport

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166")]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Money = Annotated[Decimal, Field(ge=0, max_digits=24, decimal_places=2)]
PublicKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$", description="Ed25519, base64")]
Role = Literal["proposer", "approver", "releaser"]


class Office(Declared):
    """office.yaml: who the office is and which days it lives through."""

    name: str
    base_currency: Currency
    exchange: Annotated[str, Field(pattern=r"^[A-Z]{4}$", description="ISO 10383")]
    first_day: date
    last_day: date | None = None
    clock: Literal["real", "simulated"]
    demo_keys: Literal["allowed", "refused"] = "refused"

    @model_validator(mode="after")
    def _days_are_ordered(self) -> Self:
        if self.last_day and self.last_day < self.first_day:
            raise fault_at("last_day", f"{self.last_day} is before first_day {self.first_day}")
        return self


class Owner(Declared):
    """Part of an entity, held from a day on."""

    owner: Name
    share: Share
    valid_from: date


class Entity(Declared):
    """One legal owner."""

    name: str
    legal_form: Literal["trust", "llc", "foundation"]
    base_currency: Currency
    risk_aversion: Annotated[Decimal, Field(gt=0)]
    owners: Annotated[list[Owner], Field(min_length=1)]


class Taxpayer(Declared):
    """Who bears tax, at what rates."""

    rate_short: Share
    rate_long: Share
    deferral_credit: Share
    carry_forward: Money = Decimal(0)
    wash_sale_group: Name


class Entities(Declared):
    """entities.yaml."""

    entities: dict[Name, Entity]
    taxpayers: dict[Name, Taxpayer]


class Feed(Declared):
    """One kind of file that a source sends; its key is the format.

    expected_by: hour in the source's time zone by which it is due, on the first session at least `lag` days after the
    period that it states. calendar: whose sessions it states, an exchange's (ISO 10383) or `weekdays`; by default the
    office's. frequency: which periods it states; an irregular one is never missed.
    """

    expected_by: time
    calendar: str | None = None
    frequency: Literal["daily", "weekly", "monthly", "quarterly", "irregular"] = "daily"
    lag: Annotated[int, Field(ge=1, le=366, description="calendar days")] = 1

    @model_validator(mode="after")
    def _calendar_is_known(self) -> Self:
        if self.calendar is not None and not is_calendar(self.calendar):
            raise fault_at("calendar", f"`{self.calendar}` is no exchange that is known, nor `{WEEKDAYS}`")
        return self


class Account(Declared):
    """One account: the custodian's own number is written here and nowhere else."""

    entity: Name
    account_id_source: str
    statement_basis: Literal["trade", "settle"]
    lot_authority: Literal["custodian", "office"]
    broker: Name | None = None
    base_currency: Currency
    cash_floor: Money


class Source(Declared):
    """One source of deliveries; a source without accounts states market data."""

    name: str
    time_zone: str | None = None
    transport: Transport = Directory()
    feeds: Annotated[dict[Name, Feed], Field(min_length=1)]
    accounts: dict[Name, Account] = {}

    @model_validator(mode="after")
    def _time_zone_is_known(self) -> Self:
        if self.time_zone is not None and self.time_zone not in available_timezones():
            raise fault_at("time_zone", f"`{self.time_zone}` is no time zone; write it as Europe/Zurich")
        return self


class Sources(RootModel[dict[Name, Source]]):
    """custodians.yaml."""


class Target(Declared):
    """Weight of an asset class over net asset value, with its hard limits."""

    target: Share
    min: Annotated[Decimal, Field(ge=-1, le=1, description="below zero of what may be owed")]
    max: Share

    @model_validator(mode="after")
    def _target_lies_within(self) -> Self:
        if not self.min <= self.target <= self.max:
            raise ValueError(f"target {self.target} does not lie between min {self.min} and max {self.max}")
        return self


class Targets(RootModel[dict[Name, dict[Name, Target]]]):
    """targets.yaml: entity, asset class, weights."""


class ClassPrices(Declared):
    """What differs for one class of instruments; without an age of its own the office's limit holds."""

    sources: Annotated[list[Name], Field(min_length=1)] | None = None
    age_max_days: Annotated[int, Field(ge=1)] | None = None
    spike_factor: Annotated[Decimal, Field(gt=1)] | None = None


class PricesFile(Declared):
    """prices.yaml: whose price counts, best first, and when one is held; a class's own numbers win."""

    sources: Annotated[list[Name], Field(min_length=1)]
    spike_factor: Annotated[Decimal, Field(gt=1)]
    classes: dict[Name, ClassPrices] = {}


class BenchmarkPart(Declared):
    """One thing that a class is measured against, named by exactly one key.

    index: of reference.benchmarks. factor: of reference.factor_returns. rate: fixed, a year. currency: whose moves
    against the base come on top of the others, which stand for returns in local currency.
    """

    index: str | None = None
    factor: str | None = None
    rate: Annotated[Decimal, Field(gt=-1, le=1)] | None = None
    currency: Currency | None = None
    weight: Share = Decimal(1)

    @property
    def named(self) -> dict[str, str | Decimal]:
        """What is named, by its key."""
        found = {"index": self.index, "factor": self.factor, "rate": self.rate, "currency": self.currency}
        return {key: value for key, value in found.items() if value is not None}

    @model_validator(mode="after")
    def _names_one_thing(self) -> Self:
        if len(self.named) != 1:
            raise ValueError(f"a part names one of index, factor, rate and currency, not {len(self.named)}")
        return self


class ClassBenchmark(Declared):
    """What a class is measured against from a day on: parts, or none, where it is `own`: its own return."""

    valid_from: date
    against: list[BenchmarkPart]

    @field_validator("against", mode="before")
    @classmethod
    def _own_has_no_parts(cls, value: object) -> object:
        if value == []:
            raise ValueError("names nothing; write `own` where nothing outside measures the class")
        return [] if value == "own" else value

    @model_validator(mode="after")
    def _weights_sum_to_one(self) -> Self:
        names = [(key, str(value)) for part in self.against for key, value in part.named.items()]
        if len(set(names)) < len(names):
            raise fault_at("against", "the same part stands twice")
        total = sum((part.weight for part in self.against if part.currency is None), Decimal(0))
        if self.against and total != 1:
            raise fault_at("against", f"weights sum to {total}, not exactly 1; those of currencies are on top")
        return self


class Benchmarks(RootModel[dict[Name, Annotated[list[ClassBenchmark], Field(min_length=1)]]]):
    """benchmarks.yaml: asset class, and what it is measured against from which day on."""


class Approver(Declared):
    """One person or key, with its roles by entity."""

    public_key: PublicKey
    valid_from: date
    valid_until: date | None = None
    authority: dict[Name, list[Role]]


class Approvers(RootModel[dict[Name, Approver]]):
    """approvers.yaml."""


class AssetClass(Declared):
    """A class of the office's allocation; an illiquid one may name the liquid class that stands for it."""

    name: str
    is_liquid: bool
    proxy: Name | None = None


class AssetClasses(RootModel[dict[Name, AssetClass]]):
    """reference/asset_classes.yaml."""


class Cycle(Declared):
    """Sessions between trade and settlement, from a trade date on."""

    valid_from: date
    cycle_days: Annotated[int, Field(ge=0, le=10)]


class SettlementCycles(RootModel[dict[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], list[Cycle]]]):
    """reference/settlement_cycles.yaml."""


class Development(Declared):
    """How developed the markets of some countries are, from a day on."""

    valid_from: date
    level: Literal["developed", "emerging", "frontier", "unclassified"]
    countries: Annotated[list[CountryCode], Field(min_length=1)]


class Countries(Declared):
    """reference/countries.yaml: countries by region, and what was said of their markets when."""

    regions: dict[str, list[CountryCode]]
    levels: list[Development]

    @model_validator(mode="after")
    def _every_country_has_one_region(self) -> Self:
        placed = [code for codes in self.regions.values() for code in codes]
        stray = sorted({code for level in self.levels for code in level.countries} - set(placed))
        if stray or len(set(placed)) != len(placed):
            twice = sorted({code for code in placed if placed.count(code) > 1})
            raise fault_at("regions", f"each of {', '.join(twice or stray)} must lie in exactly one region")
        return self
