"""Custody at every custodian's tariff once more, account by account and tier by tier."""

from collections import defaultdict
from itertools import product

import pandas as pd

CHARGES = {"monthly": 12, "quarterly": 4, "yearly": 1}


def second(read) -> pd.DataFrame:
    """A year's custody by scope and custodian."""
    tariffs = read("policy.fee_tariffs")
    tariffs = tariffs[(tariffs["layer"] == "custody") & (tariffs["account_id"] == "*")]
    accounts, holdings = read("policy.accounts"), read("book.holdings")
    offered = [name for name in sorted(set(tariffs["provider"])) if name in set(accounts["custodian"])]
    sums = defaultdict(lambda: [0.0, 0.0])
    kept = accounts[accounts["custodian"].isin(offered) & accounts["account_id"].isin(set(holdings["account_id"]))]
    for account, provider in product(kept.itertuples(), ("own", *offered)):
        lines = holdings[holdings["account_id"] == account.account_id]
        custodian = account.custodian if provider == "own" else provider
        fee = _yearly(tariffs[tariffs["provider"] == custodian], account.entity_id, lines, holdings)
        for scope in (account.entity_id, "office"):
            sums[scope, provider][0] += lines["market_value_base"].sum()
            sums[scope, provider][1] += fee
    return pd.DataFrame(
        {
            "scope": scope,
            "provider": provider,
            "value_priced_base": value,
            "fee_annual_base": fee,
            "cost_bps": fee / value * 10_000,
            "fee_saved_base": sums[scope, "own"][1] - fee,
        }
        for (scope, provider), (value, fee) in sums.items()
    )


def _yearly(tiers, entity, lines, holdings):
    """Charge of a year for one account, cents of the base currency."""
    tiers = tiers[tiers["entity_id"] == (entity if entity in set(tiers["entity_id"]) else "*")]
    first = tiers.iloc[0]
    rates = holdings.dropna(subset=["fx_rate"]).set_index("currency")["fx_rate"]
    rate = rates[rates.index == first["currency"]].iloc[0]
    value, fee = lines["market_value_base"].sum() / rate, 0.0
    starts = sorted(tiers["tier_from_local"])
    for tier in tiers.itertuples():
        top = min([start for start in starts if start > tier.tier_from_local], default=float("inf"))
        fee += max(min(value, top) - tier.tier_from_local, 0.0) * tier.fee_rate / 10_000
    times = CHARGES[first["fee_period"]]
    return round(max(fee / times, first["minimum_local"]) * times * rate, 2)
