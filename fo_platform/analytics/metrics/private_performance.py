"""Multiples, internal rate and market equivalent of private funds. Time-weighted returns belong to performance."""

import math

import numpy as np
import pandas as pd

from fo_platform.analytics.fund_flows import FUND, are_complete, on_record, stated_flows, with_opening
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.money_weighted import DAYS_PER_YEAR, ONE, internal_rates, ks_pme, multiples
from fo_platform.analytics.public_market import MARKET_CLASS, levels_on, market_levels
from fo_platform.contracts.analytics import PrivatePerformance

HISTORY = 2520
"""Sessions of market returns that are read: ten years, about the life of a fund."""

NO_PERIOD, UNDER_ONE_YEAR = "no_period", "under_one_year"
NO_LEVEL, NOTHING_PAID_IN = "no_market_level", "nothing_paid_in"


def private_performance(
    *,
    private_capital: pd.DataFrame,
    capital_notices: pd.DataFrame,
    private_performance_previous: pd.DataFrame,
    accounts: pd.DataFrame,
    class_benchmarks: pd.DataFrame,
    factor_returns: pd.DataFrame,
    benchmarks: pd.DataFrame,
) -> pd.DataFrame:
    """Every private fund's multiples to date, and its internal rate and market equivalent to its last stated value.

    A rate needs the date that its value speaks of, so it ends at nav_date; multiples have none and take the value
    rolled forward. Where notices explain all that was called and distributed, rates are since inception; where older
    ones are not known, since the value that was the first on record, which counts as paid in on its date.
    """
    funds = with_opening(private_capital, private_performance_previous)
    flows = stated_flows(funds, capital_notices)
    complete = are_complete(funds, flows)
    recorded = on_record(funds, flows, complete)
    levels = _levels(funds, accounts, class_benchmarks, factor_returns=factor_returns, benchmarks=benchmarks)
    stated = funds.assign(
        record_basis=np.where(complete, "inception", "opening"),
        benchmark_class=MARKET_CLASS,
        **_multiples(funds),
        **_rates(funds, recorded),
        **_equivalents(funds, recorded, levels),
    )
    return PrivatePerformance.frame(stated[list(PrivatePerformance.fields())])


METRIC = Metric(
    PrivatePerformance,
    private_performance,
    {"factor_returns": ("window", HISTORY), "benchmarks": ("window", HISTORY)},
)


def _multiples(funds: pd.DataFrame) -> dict[str, list[float]]:
    amounts = funds[["called_local", "distributed_local", "nav_local"]]
    found = [multiples(*map(float, row)) for row in amounts.itertuples(index=False)]
    return {name: [each[name] for each in found] for name in ("dpi", "rvpi", "tvpi")}


def _rates(funds: pd.DataFrame, recorded: pd.DataFrame) -> dict[str, pd.Series]:
    """Internal rate a year, why there is none, and the same over the whole time, which is stated also under a year."""
    ends = funds[FUND].assign(flow_date=funds["nav_date"], amount_local=funds["nav_stated"].astype("float64"))
    every = pd.concat([recorded, ends], ignore_index=True)
    numbers = pd.Series(funds.index, index=pd.MultiIndex.from_frame(funds[FUND]))
    fund = pd.Series(numbers.reindex(pd.MultiIndex.from_frame(every[FUND])).to_numpy(), name="fund")
    found = internal_rates(fund, every["flow_date"], every["amount_local"]).reindex(funds.index)
    first = every["flow_date"].groupby(fund).min().reindex(funds.index)
    years = (funds["nav_date"] - first).dt.days / DAYS_PER_YEAR
    flag = found["irr_flag"].astype("object").mask(years == 0, NO_PERIOD)
    is_short = (flag == ONE) & (years < 1)
    return {
        "irr_annual": found["irr_annual"].mask(is_short),
        "irr_flag": flag.mask(is_short, UNDER_ONE_YEAR),
        "return_money_weighted": ((1 + found["irr_annual"]) ** years - 1).where(found["irr_annual"].notna()),
        "record_start_date": first,
    }


def _levels(
    funds: pd.DataFrame, accounts: pd.DataFrame, class_benchmarks: pd.DataFrame, **returns: pd.DataFrame
) -> list[pd.Series]:
    """Level of the public market in every fund's currency."""
    bases = funds["account_id"].map(accounts.drop_duplicates("account_id").set_index("account_id")["base_currency"])
    pairs = list(zip(funds["currency"], bases, strict=True))
    made = {pair: market_levels(class_benchmarks, **returns, currency=pair[0], base=pair[1]) for pair in set(pairs)}
    return [made[pair] for pair in pairs]


def _equivalents(funds: pd.DataFrame, recorded: pd.DataFrame, levels: list[pd.Series]) -> dict[str, pd.Series]:
    by_fund = dict(iter(recorded.groupby(FUND)))
    names = [*FUND, "nav_date", "nav_stated"]
    found = [
        _equivalent(by_fund.get((account, fund), recorded.iloc[:0]), nav_date, float(nav), level)
        for account, fund, nav_date, nav, level in zip(*(funds[name] for name in names), levels, strict=True)
    ]
    stated = pd.DataFrame(found, columns=["ks_pme", "ks_pme_reason"], index=funds.index)
    return {name: stated[name] for name in ("ks_pme", "ks_pme_reason")}


def _equivalent(flows: pd.DataFrame, nav_date: pd.Timestamp, nav: float, levels: pd.Series) -> tuple[float, str | None]:
    dates = pd.concat([flows["flow_date"], pd.Series([nav_date])], ignore_index=True)
    amounts = np.append(flows["amount_local"].to_numpy(), 0.0)
    known = levels_on(levels, dates).to_numpy()
    if not (amounts < 0).any():
        return math.nan, NOTHING_PAID_IN
    return (ks_pme(amounts, known, nav), None) if np.isfinite(known).all() else (math.nan, NO_LEVEL)
