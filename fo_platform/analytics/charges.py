"""Charges that tariffs lead to and charges as they came, by who charges. Comparing them belongs to fee_analysis."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from fo_platform.analytics.tariffs import ANY, Span, Tariff, in_force, span_of
from fo_platform.calendars import previous_session

FUND = "FUND."
TRADES = ("buy", "sell")
REPEATED = "repeated"


class Charge(NamedTuple):
    """Who charges whom for what, in which period and currency; account_id `*` where it is not of one account."""

    entity_id: str
    provider: str
    account_id: str
    layer: str
    period_start: pd.Timestamp
    period_end: pd.Timestamp
    currency: str


class Subject(NamedTuple):
    """Somebody whom a provider may charge."""

    entity_id: str
    account_id: str


@dataclass(frozen=True)
class Measures:
    """What rates are of, in base currency.

    values: of accounts, and of (entity, instrument). commitments: by (entity, FUND.<fund>), in the fund's currency.
    trades: day and money of each, by account. rates: base for one unit of each currency.
    """

    values: Mapping[Subject, float]
    commitments: Mapping[Subject, float]
    trades: Mapping[str, list[tuple[pd.Timestamp, float]]]
    rates: Mapping[str, float]


def measures(
    holdings: pd.DataFrame, private_capital: pd.DataFrame, transactions: pd.DataFrame, rates: Mapping[str, float]
) -> Measures:
    """What is held, committed and traded, as tariffs measure it."""
    accounts = holdings.groupby(["entity_id", "account_id"])["market_value_base"].sum()
    lines = holdings.groupby(["entity_id", "instrument_id"])["market_value_base"].sum()
    funds = private_capital.assign(name=FUND + private_capital["fund_id"]).groupby(["entity_id", "name"])
    moved = transactions[transactions["transaction_kind"].isin(TRADES)]
    traded = moved["cash_local"].abs() * moved["currency"].map(dict(rates)).astype("float64")
    trades: dict[str, list[tuple[pd.Timestamp, float]]] = {}
    for account, day, money in zip(moved["account_id"], moved["trade_date"], traded, strict=True):
        trades.setdefault(account, []).append((day, money))
    return Measures(
        _by_subject(accounts) | _by_subject(lines),
        _by_subject(funds["commitment_local"].sum(min_count=1)),
        trades,
        rates,
    )


def _by_subject(values: pd.Series) -> dict[Subject, float]:
    names = (Subject(*key) for key in values.index.to_list())
    return dict(zip(names, values, strict=True))


def subjects(provider: str, known: Measures, kept: Mapping[str, list[Subject]], tariffs: list[Tariff]) -> list[Subject]:
    """Whom a provider charges: a custodian its accounts, a fund or an instrument its holders, a payee who is named.

    kept: accounts by custodian. tariffs: the provider's.
    """
    if provider in kept:
        return kept[provider]
    held = [subject.entity_id for subject in (*known.values, *known.commitments) if subject.account_id == provider]
    named = [tariff.entity_id for tariff in tariffs if tariff.entity_id != ANY]
    return [Subject(entity, ANY) for entity in sorted({*(held or named)})]


def expected_charge(tariff: Tariff, subject: Subject, period: Span, known: Measures, day: pd.Timestamp) -> float:
    """Charge of a period by a tariff, to the cent; unknown where what its rate is of was not seen at its end."""
    start, end = period
    who = Subject(subject.entity_id, subject.account_id if subject.account_id != ANY else tariff.provider)
    rate = known.rates.get(tariff.currency, float("nan"))
    measure = 0.0
    if tariff.basis == "bps_of_value":
        is_seen = previous_session(day) <= end
        seen = known.values.get(who, 0.0) / rate if is_seen else float("nan")
        measure = seen if pd.isna(tariff.agreed_value) else tariff.agreed_value
    elif tariff.basis == "bps_of_commitment":
        measure = known.commitments.get(who, float("nan"))
    elif tariff.basis in ("bps_of_trade", "per_trade"):
        traded = [money for date, money in known.trades.get(subject.account_id, []) if start <= date <= end]
        measure = float(len(traded)) if tariff.basis == "per_trade" else sum(traded) / rate
    return float("nan") if pd.isna(measure) else round(tariff.charge(measure), 2)


def charged(
    fees: pd.DataFrame, accounts: pd.DataFrame, private_capital: pd.DataFrame, tariffs: list[Tariff]
) -> dict[Charge, float]:
    """Sums of what was charged; positive is a cost.

    A fee that a custodian with a tariff took is the custodian's; any other is of whom its description names, a fund by
    its name. Without a stated period it is of the tariff's period, or else the month, in which it was charged. One that
    repeats a custodian's charge is not another.
    """
    custodians = dict(zip(accounts["account_id"], accounts["custodian"], strict=True))
    funds = dict(zip(private_capital["fund_name"], FUND + private_capital["fund_id"], strict=True))
    providers = {tariff.provider for tariff in tariffs}
    sums: dict[Charge, float] = {}
    for _, fee in fees[fees["fee_standing"] != REPEATED].iterrows():
        custodian = custodians.get(fee["account_id"], ANY)
        is_own = custodian in providers or pd.isna(fee["description"])
        provider = custodian if is_own else funds.get(fee["description"], fee["description"])
        layer = fee["fee_kind"].lower() if pd.notna(fee["fee_kind"]) else "unstated"
        account = fee["account_id"] if is_own else ANY
        period = _period(fee, [t for t in tariffs if (t.provider, t.layer) == (provider, layer)], account)
        charge = Charge(fee["entity_id"], provider, account, layer, *period, fee["currency"])
        sums[charge] = round(sums.get(charge, 0.0) + fee["fee_local"], 2)
    return sums


def _period(fee: pd.Series, tariffs: list[Tariff], account_id: str) -> Span:
    if pd.notna(fee["period_start"]) and pd.notna(fee["period_end"]):
        return Span(fee["period_start"], fee["period_end"])
    tariff = in_force(tariffs, entity_id=fee["entity_id"], account_id=account_id, day=fee["charged_date"])
    return span_of(tariff.period if tariff else "monthly", fee["charged_date"])


def due_charges(tariffs: list[Tariff], known: Measures, accounts: pd.DataFrame, day: pd.Timestamp) -> Iterator[Charge]:
    """Charges of the newest period that is over, by every tariff that was in force at its end."""
    kept: dict[str, list[Subject]] = {}
    for row in accounts[["custodian", "entity_id", "account_id"]].itertuples(index=False, name=None):
        kept.setdefault(row[0], []).append(Subject(*row[1:]))
    for provider, layer in sorted({(tariff.provider, tariff.layer) for tariff in tariffs}):
        mine = [tariff for tariff in tariffs if (tariff.provider, tariff.layer) == (provider, layer)]
        found = (_newest(mine, who, day) for who in subjects(provider, known, kept, mine))
        yield from (charge for charge in found if charge is not None)


def _newest(mine: list[Tariff], who: Subject, day: pd.Timestamp) -> Charge | None:
    """The charge of the newest period that is over, by the tariffs of one provider and layer."""
    newest = in_force(mine, entity_id=who.entity_id, account_id=who.account_id, day=day)
    if newest is None:
        return None
    period = newest.last_period(day)
    tariff = in_force(mine, entity_id=who.entity_id, account_id=who.account_id, day=period.end)
    if tariff is None:
        return None
    return Charge(who.entity_id, tariff.provider, who.account_id, tariff.layer, *period, tariff.currency)
