"""The custodial book at every custodian's tariff. What was charged belongs to fee_analysis."""

from collections.abc import Mapping

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import base_currency
from fo_platform.analytics.tariffs import ANY, BPS, PERIODS, Tariff, in_force, rates_of, tariffs_of
from fo_platform.contracts.analytics import TariffComparison
from fo_platform.limits import OFFICE

OWN = "own"
"""Provider of the rows that price every account at the tariff of the custodian that has it."""

CUSTODY = "custody"
NO_FIGURE = "A custodian has no standing tariff for an owner, or no rate is known of its currency."


def tariff_comparison(
    fee_tariffs: pd.DataFrame,
    accounts: pd.DataFrame,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Custody of a year at today's values, for all accounts of custodians that charge for it, by whose tariff.

    Every account is priced by itself, with its minimum, at the tariff of each custodian for its owner, without values
    that were agreed for single accounts; so it is in the rows `own`, at its own custodian's. One account without a
    price leaves the scope without a figure.
    """
    tariffs = [tariff for tariff in tariffs_of(fee_tariffs) if (tariff.layer, tariff.account_id) == (CUSTODY, ANY)]
    offered = sorted({tariff.provider for tariff in tariffs} & set(accounts["custodian"]))
    values = holdings.groupby("account_id")["market_value_base"].sum()
    kept = accounts[accounts["custodian"].isin(offered)]
    kept = kept.assign(value=kept["account_id"].map(values)).dropna(subset=["value"])
    rates = rates_of(holdings, base_currency(net_worth))
    priced = [
        {"scope": scope, "provider": provider, "value_priced_base": row["value"], "fee_annual_base": fee}
        for _, row in kept.iterrows()
        for provider in (OWN, *offered)
        for fee in [_annual(tariffs, row, row["custodian"] if provider == OWN else provider, rates, day)]
        for scope in (row["entity_id"], OFFICE)
    ]
    return TariffComparison.frame(_compared(priced))


METRIC = Metric(TariffComparison, tariff_comparison)


def _annual(
    tariffs: list[Tariff], account: pd.Series, provider: str, rates: Mapping[str, float], day: pd.Timestamp
) -> float:
    """Charge of a year for one account in base currency, to the cent."""
    mine = [tariff for tariff in tariffs if tariff.provider == provider]
    tariff = in_force(mine, entity_id=account["entity_id"], account_id=ANY, day=day)
    if tariff is None or tariff.currency not in rates:
        return float("nan")
    rate = rates[tariff.currency]
    return round(tariff.charge(account["value"] / rate) * rate * PERIODS[tariff.period], 2)


def _compared(priced: list[dict[str, object]]) -> pd.DataFrame:
    """Sums by scope and provider, and what is saved against the scope's own custodians."""
    names = ["scope", "provider", "value_priced_base", "fee_annual_base"]
    groups = pd.DataFrame(priced, columns=names).groupby(["scope", "provider"])
    value = groups["value_priced_base"].sum()
    fee = groups["fee_annual_base"].agg(lambda fees: fees.sum(skipna=False))
    own = fee[fee.index.get_level_values("provider") == OWN].droplevel("provider")
    compared = pd.DataFrame(
        {
            "value_priced_base": value,
            "fee_annual_base": fee,
            "cost_bps": fee / value.where(value > 0) / BPS,
            "fee_saved_base": own.reindex(fee.index.get_level_values("scope")).to_numpy() - fee,
        }
    ).reset_index()
    return compared.assign(reason=compared["fee_annual_base"].isna().map({True: NO_FIGURE, False: None}))
