"""Policy of liquidity, cash flows and fees as the frames of its contracts. Owners and limits belong to frames."""

from decimal import Decimal

import pandas as pd

from fo_platform.contracts import policy as contracts
from fo_platform.policy.cash_flows import Dated, Pacing, parts
from fo_platform.policy.liquidity import Pledge, Terms
from fo_platform.policy.office import Policy
from fo_platform.policy.tariffs import Tariff

ANY = "*"
"""Stands for every class, instrument, account or entity."""

ASSUMPTION = "assumption"
"""Basis of a number that the office supposes; the others it or the law declares."""

Row = dict[str, object]


def liquidity_terms(policy: Policy) -> pd.DataFrame:
    """Terms of classes and holdings, and what is pledged, a row each."""
    file = policy.liquidity
    rows = [
        *(_terms(body, asset_class=name) for name, body in file.classes.items()),
        *(_terms(body, instrument_id=name) for name, body in file.holdings.items()),
        *(_pledge(pledge) for pledge in file.pledges),
    ]
    return contracts.LiquidityTerms.frame(rows)


def cash_flow_rules(policy: Policy) -> pd.DataFrame:
    """What the cash forecast assumes, one number a row: yearly amounts, and their parts by month and day."""
    file, base = policy.cash_flows, policy.office.base_currency
    numbers: dict[tuple[str, str, str], dict[str, Decimal]] = {
        **{(name, "spending", body.basis): _dated("rate", body.rate, body) for name, body in file.spending.items()},
        **{(name, "tax", ASSUMPTION): _dated("amount", body.amount, body) for name, body in file.tax.items()},
        **{(name, "pacing", ASSUMPTION): {"vintage": Decimal(year)} for name, year in file.pacing.vintages.items()},
        (ANY, "pacing", ASSUMPTION): _pacing(file.pacing),
        (ANY, "simulation", ASSUMPTION): {name: Decimal(value) for name, value in file.simulation},
    }
    rows = [
        {"subject_id": subject, "flow_rule": rule, "flow_basis": basis, "parameter": parameter, "value": value}
        | {"unit": base if parameter == "amount" else "1"}
        for (subject, rule, basis), values in numbers.items()
        for parameter, value in values.items()
    ]
    return contracts.CashFlowRules.frame(rows)


def fee_tariffs(policy: Policy) -> pd.DataFrame:
    """Every agreed charge, one row a tier, and one more set of rows an account whose value was agreed."""
    rows = [
        row | {"provider": provider}
        for provider, tariffs in policy.tariffs.items()
        for tariff in tariffs
        for row in _tariff(tariff)
    ]
    return contracts.FeeTariffs.frame(rows)


def _terms(body: Terms, *, asset_class: str = ANY, instrument_id: str = ANY) -> Row:
    where = {"asset_class": asset_class, "instrument_id": instrument_id, "account_id": ANY}
    stated = body.model_dump() | {"gate_share": float(body.gate_share)}
    return where | stated | {"pledged_share": 0.0}


def _pledge(pledge: Pledge) -> Row:
    where = {"asset_class": ANY, "instrument_id": pledge.instrument, "account_id": pledge.account}
    return where | {"pledged_share": float(pledge.share)}


def _dated(name: str, amount: Decimal, body: Dated) -> dict[str, Decimal]:
    """The amount of a year, and its parts by month and day."""
    return {name: amount} | parts(body.dates)


def _pacing(pacing: Pacing) -> dict[str, Decimal]:
    rates = {f"contribution_rate_{year}": rate for year, rate in enumerate(pacing.contribution_rates, 1)}
    return rates | {name: value for name, value in pacing if isinstance(value, Decimal)}


def _tariff(tariff: Tariff) -> list[Row]:
    same: Row = {
        "layer": tariff.layer,
        "valid_from": tariff.valid_from,
        "fee_basis": tariff.basis,
        "fee_period": tariff.period,
        "currency": tariff.currency,
        "minimum_local": tariff.minimum,
        "tolerance": float(tariff.tolerance),
        "entity_id": tariff.entity or ANY,
        "is_embedded": tariff.is_embedded,
    }
    values: dict[str, Decimal | None] = {ANY: None, **tariff.agreed_values}
    return [
        same | {"account_id": account, "agreed_value_local": value, "tier_from_local": start, "fee_rate": rate}
        for account, value in values.items()
        for start, rate in tariff.steps
    ]
