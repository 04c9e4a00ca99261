"""limits.yaml: every policy number with its unit, range and meaning. Targets per asset class do not belong here."""

from decimal import Decimal
from typing import Any, Self

from pydantic import Field, model_validator

from fo_platform.declarations import Declared, fault_at
from fo_platform.policy.models import Name


def _limit(unit: str, meaning: str, *, most: int | None = None) -> Any:  # noqa: ANN401 - pydantic reads the field.
    return Field(default=None, ge=0, le=most, description=meaning, json_schema_extra={"unit": unit})


class Limits(Declared):
    """Policy numbers of the office, or of one entity where it differs."""

    drift_limit: Decimal | None = _limit("fraction", "drift of a class above which an evaluation is due", most=1)
    drift_rearm: Decimal | None = _limit("fraction", "drift below which an episode closes", most=1)
    drift_step: Decimal | None = _limit(
        "fraction", "worsening within an episode that makes another evaluation due", most=1
    )
    participation_max: Decimal | None = _limit(
        "fraction", "part of a line's average daily volume that may be traded", most=1
    )
    reserve: Decimal | None = _limit("base", "cash for capital calls, tax and spending, outside the tradeable sleeve")
    issuer_weight_max: Decimal | None = _limit("fraction", "largest weight of one issuer over net asset value", most=1)
    price_age_max_days: Decimal | None = _limit("days", "age above which a price is stale")
    turnover_max: Decimal | None = _limit("fraction", "largest one-way turnover of one proposal", most=1)
    ticket_min: Decimal | None = _limit("base", "smallest order worth sending")
    collar_bps: Decimal | None = _limit("bps", "furthest limit price from the reference price")
    approval_validity_days: Decimal | None = _limit("sessions", "sessions for which a signature holds")
    review_days: Decimal | None = _limit("days", "days until an entity is looked at anyway")
    stale_uncertainty: Decimal | None = _limit("fraction", "how far a stale value may be off, either way", most=1)
    commission_bps: Decimal | None = _limit("bps", "commission over notional")
    slippage_excess_bps: Decimal | None = _limit("bps", "cost above what was expected that is still good execution")
    impact_coefficient: Decimal | None = _limit("fraction", "move that trading a day's volume causes")
    break_critical: Decimal | None = _limit("base", "difference from which a break is critical")
    price_tolerance: Decimal | None = _limit(
        "fraction", "largest relative difference of two prices of one line", most=1
    )
    min_approvals: Decimal | None = _limit("signatures", "different keys that must sign a proposal")

    def stated(self) -> dict[str, Decimal]:
        """The numbers that are written down."""
        return {name: value for name, value in self if value is not None}


class LimitsFile(Declared):
    """limits.yaml: the office's numbers, all of them, and an entity's where they differ."""

    office: Limits
    entities: dict[Name, Limits] = {}

    @model_validator(mode="after")
    def _office_is_complete(self) -> Self:
        missing = sorted(set(Limits.model_fields) - set(self.office.stated()))
        if missing:
            raise fault_at("office", f"does not state {', '.join(missing)}")
        return self

    def of(self, entity_id: str) -> dict[str, Decimal]:
        """Every number that holds for an entity, or for `office`."""
        return self.office.stated() | self.entities.get(entity_id, Limits()).stated()


def limit_unit(name: str) -> str:
    """Unit of a policy number; `base` is the office's base currency."""
    extra = Limits.model_fields[name].json_schema_extra
    assert isinstance(extra, dict)
    return str(extra["unit"])
