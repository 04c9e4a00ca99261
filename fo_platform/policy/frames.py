"""Policy as the frames of its contracts. Which numbers they hold is decided in resources/offices."""

import pandas as pd

from fo_platform.calendars import time_zone
from fo_platform.contracts import policy as contracts
from fo_platform.policy.limits import limit_unit
from fo_platform.policy.models import Approver, ClassBenchmark, ClassPrices, Feed, Source
from fo_platform.policy.office import Policy

ANY_CLASS = "*"
"""Asset class of the rules that hold where a class has none of its own."""

NO_ACCOUNT = "*"
"""Account of a source that states no accounts, such as market data."""

SOURCES = ["source", "feed", "account_id", "calendar", "frequency", "lag_days", "expected_by", "time_zone"]


def entities(policy: Policy) -> pd.DataFrame:
    """Legal owners."""
    rows = [
        {
            "entity_id": name,
            "entity_name": body.name,
            "legal_form": body.legal_form,
            "base_currency": body.base_currency,
            "risk_aversion": float(body.risk_aversion),
        }
        for name, body in policy.entities.items()
    ]
    return contracts.Entities.frame(rows)


def ownership(policy: Policy) -> pd.DataFrame:
    """Who owns what part of which entity, from which day on."""
    rows = [
        {"owned_id": name, "owner_id": o.owner, "valid_from": o.valid_from, "ownership_share": float(o.share)}
        for name, body in policy.entities.items()
        for o in body.owners
    ]
    return contracts.Ownership.frame(rows)


def taxpayers(policy: Policy) -> pd.DataFrame:
    """Who bears tax, at what rates."""
    rows = [
        {
            "taxpayer_id": name,
            "tax_rate_short": float(body.rate_short),
            "tax_rate_long": float(body.rate_long),
            "tax_deferral_credit": float(body.deferral_credit),
            "carry_forward_base": body.carry_forward,
            "wash_sale_group": body.wash_sale_group,
        }
        for name, body in policy.taxpayers.items()
    ]
    return contracts.Taxpayers.frame(rows)


def accounts(policy: Policy) -> pd.DataFrame:
    """Accounts by our surrogate; one is tradeable when its orders have a broker to go to."""
    rows = [
        {
            "account_id": name,
            "entity_id": body.entity,
            "custodian": source,
            "account_id_source": body.account_id_source,
            "statement_basis": body.statement_basis,
            "lot_authority": body.lot_authority,
            "broker": body.broker,
            "is_tradeable": body.broker is not None,
            "base_currency": body.base_currency,
            "cash_floor_base": body.cash_floor,
        }
        for name, (source, body) in policy.accounts.items()
    ]
    return contracts.Accounts.frame(rows)


def allocation_targets(policy: Policy) -> pd.DataFrame:
    """Target weights and hard limits of every asset class per entity."""
    rows = [
        {
            "entity_id": entity,
            "asset_class": name,
            "weight_target": float(body.target),
            "weight_min": float(body.min),
            "weight_max": float(body.max),
            "is_liquid": policy.asset_classes[name].is_liquid,
            "proxy_asset_class": policy.asset_classes[name].proxy,
        }
        for entity, classes in policy.targets.items()
        for name, body in classes.items()
    ]
    return contracts.AllocationTargets.frame(rows)


def limits(policy: Policy) -> pd.DataFrame:
    """Every policy number that holds for the office and for each entity."""
    stated = {name: limit_unit(name) for name in policy.limits.of("office")}
    units = {name: policy.office.base_currency if unit == "base" else unit for name, unit in stated.items()}
    rows = [
        {"entity_id": scope, "limit_name": name, "value": value, "unit": units[name]}
        for scope in ("office", *policy.entities)
        for name, value in policy.limits.of(scope).items()
    ]
    return contracts.Limits.frame(rows)


def price_rules(policy: Policy) -> pd.DataFrame:
    """Whose price counts, how old it may be and what is held: of each class that differs, and of any other."""
    usual, age = policy.prices, policy.limits.of("office")["price_age_max_days"]
    rows = [
        {
            "asset_class": name,
            "source": source,
            "source_rank": rank,
            "price_age_max_days": int(body.age_max_days or age),
            "price_spike_factor": float(body.spike_factor or usual.spike_factor),
        }
        for name, body in {ANY_CLASS: ClassPrices(), **usual.classes}.items()
        for rank, source in enumerate(body.sources or usual.sources)
    ]
    return contracts.PriceRules.frame(rows)


def class_benchmarks(policy: Policy) -> pd.DataFrame:
    """What every class is measured against from which day on, one row a part."""
    rows = [
        {"asset_class": name, "valid_from": body.valid_from, **part}
        for name, bodies in policy.benchmarks.items()
        for body in bodies
        for part in _parts(body)
    ]
    return contracts.ClassBenchmarks.frame(rows)


def cash_rates(policy: Policy) -> pd.DataFrame:
    """What a night of every currency's cash earns from which day on."""
    rows = [
        {
            "currency": currency,
            "valid_from": day,
            "known_until": body.known_until,
            "interest_rate": float(rate),
            "day_count": int(body.day_count),
            "rate_source": body.source,
        }
        for currency, body in policy.cash_rates.items()
        for day, rate in body.rates.items()
    ]
    return contracts.CashRates.frame(rows)


def approvers(policy: Policy) -> pd.DataFrame:
    """Who may propose, approve or release for which entity, with which key."""
    rows = [row for name, body in policy.approvers.items() for row in _authority(name, body)]
    return contracts.Approvers.frame(rows)


def sources(policy: Policy) -> pd.DataFrame:
    """What is due, and when: source, feed, account_id; a source without accounts is due once, for `*`.

    Also calendar, frequency, lag_days, expected_by (hour, in ISO 8601) and time_zone, as declared or by default.
    """
    exchange = policy.office.exchange
    rows = [
        {"source": name, "feed": feed, "account_id": account, **_terms(terms, body, exchange)}
        for name, body in policy.sources.items()
        for feed, terms in body.feeds.items()
        for account in body.accounts or [NO_ACCOUNT]
    ]
    frame = pd.DataFrame(rows, columns=SOURCES).astype(pd.StringDtype("pyarrow")).astype({"lag_days": "int64"})
    return frame.sort_values(["source", "feed", "account_id"], ignore_index=True)


def _terms(feed: Feed, source: Source, exchange: str) -> dict[str, object]:
    return {
        "calendar": feed.calendar or exchange,
        "frequency": feed.frequency,
        "lag_days": feed.lag,
        "expected_by": feed.expected_by.isoformat(),
        "time_zone": source.time_zone or time_zone(exchange),
    }


def _parts(body: ClassBenchmark) -> list[dict[str, object]]:
    """Parts by kind and name; a rate's name is what it is, and its number stands beside."""
    if not body.against:
        return [{"benchmark_kind": "own", "benchmark_id": "own", "weight_component": 1.0}]
    return [
        {
            "benchmark_kind": kind,
            "benchmark_id": str(value),
            "weight_component": float(part.weight),
            "interest_rate": float(value) if kind == "rate" else None,
        }
        for part in body.against
        for kind, value in part.named.items()
    ]


def _authority(name: str, body: Approver) -> list[dict[str, object]]:
    return [
        {
            "entity_id": entity,
            "approver_id": name,
            "approver_role": role,
            "public_key": body.public_key,
            "valid_from": body.valid_from,
            "valid_until": body.valid_until,
        }
        for entity, roles in body.authority.items()
        for role in roles
    ]
