"""Cash that the book can raise against calls and debts, by horizon. How fast lines sell belongs to liquidity."""

import numpy as np
import pandas as pd

from fo_platform.analytics.liquidity import HORIZONS, KEY, bucketed, line_terms
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.notices import coming_notices
from fo_platform.analytics.scopes import TEXT, base_currency, by_scope, in_scopes
from fo_platform.calendars import add_sessions
from fo_platform.contracts.analytics import LiquidityCoverage
from fo_platform.limits import OFFICE

BEYOND = "beyond"
NEEDS = ["calls_due_base", "debts_due_base", "unfunded_base"]


def liquidity_coverage(
    *,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    instruments: pd.DataFrame,
    market_liquidity: pd.DataFrame,
    settlement_cycles: pd.DataFrame,
    liquidity_terms: pd.DataFrame,
    liabilities: pd.DataFrame,
    private_capital: pd.DataFrame,
    capital_notices: pd.DataFrame,
    accounts: pd.DataFrame,
    limits: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Cash from assets within each horizon over what is due in it: announced calls and debts; then all unfunded too.

    Unfunded commitments may be called at any time, announced calls among them, so they count whole in every horizon.
    A commitment without an exchange rate is left out and named.
    """
    terms = line_terms(
        holdings=holdings,
        instruments=instruments,
        market_liquidity=market_liquidity,
        settlement_cycles=settlement_cycles,
        liquidity_terms=liquidity_terms,
        liabilities=liabilities,
        limits=limits,
        day=day,
    )
    lines = in_scopes(holdings, net_worth).merge(terms, how="left", on=KEY, validate="many_to_one")
    cash = _cash(lines[lines["holding_kind"] != "liability"], net_worth["entity_id"], day)
    coming = coming_notices(capital_notices, private_capital, accounts, base_currency=base_currency(net_worth), day=day)
    calls = coming[coming["notice_type"] == "call"]
    amounts = cash.assign(
        calls_due_base=_due(calls, "amount_base", "due_date", cash.index, day),
        debts_due_base=_due(liabilities, "liability_base", "maturity_date", cash.index, day),
        unfunded_base=_sums(private_capital, "unfunded_base").reindex(cash.index, level="scope").fillna(0.0),
    )
    unknown = pd.concat([calls[calls["amount_base"].isna()], private_capital[private_capital["unfunded_base"].isna()]])
    return LiquidityCoverage.frame(_covered(amounts).assign(reason=_unknown(unknown, cash.index)).reset_index())


METRIC = Metric(LiquidityCoverage, liquidity_coverage)


def shortfall(cash: pd.Series, need: pd.Series) -> pd.Series:
    """What cash lacks of a need by (scope, horizon); the office's is the sum of its entities', whose cash is apart."""
    own = (need - cash).clip(lower=0.0).drop(index=OFFICE, level="scope", errors="ignore")
    office = pd.concat({OFFICE: own.groupby("horizon").sum()}, names=["scope"])
    every: pd.Series = pd.concat([own, office]).reindex(cash.index).fillna(0.0)
    return every


def _cash(lines: pd.DataFrame, scopes: pd.Series, day: pd.Timestamp) -> pd.DataFrame:
    """Cumulative cash by (scope, horizon) of every scope, what is never money left out."""
    reached = bucketed(lines, day, is_paid=True).droplevel("nav_base")[[*HORIZONS, BEYOND]].cumsum(axis=1).round(2)
    every = reached.reindex(pd.Index(scopes, name="scope")).fillna(0.0)
    return pd.DataFrame({"cash_within_base": every.rename_axis(columns="horizon").stack()})


def _due(rows: pd.DataFrame, amount: str, date: str, index: pd.Index, day: pd.Timestamp) -> pd.Series:
    """Sum of what falls due by the end of each horizon, by (scope, horizon); without a date it is due at once."""
    ends = {name: add_sessions(day, count - 1) for name, count in HORIZONS.items()} | {BEYOND: pd.Timestamp.max}
    dates = rows[date].fillna(day)
    parts = {name: _sums(rows[dates <= end], amount) for name, end in ends.items()}
    sums: pd.Series = pd.concat(parts, names=["horizon"]).reorder_levels(["scope", "horizon"]).reindex(index)
    return sums.fillna(0.0)


def _sums(rows: pd.DataFrame, amount: str) -> pd.Series:
    sums: pd.Series = by_scope(rows).groupby("scope")[amount].sum()
    return sums


def _covered(amounts: pd.DataFrame) -> pd.DataFrame:
    cash = amounts["cash_within_base"]
    due = amounts["calls_due_base"] + amounts["debts_due_base"]
    every = amounts["unfunded_base"] + amounts["debts_due_base"]
    return amounts.assign(
        cover_due=cash / due.replace(0.0, np.nan),
        shortfall_due_base=shortfall(cash, due),
        cover_unfunded=cash / every.replace(0.0, np.nan),
        shortfall_unfunded_base=shortfall(cash, every),
    )


def _unknown(rows: pd.DataFrame, index: pd.Index) -> pd.Series:
    """What is left out of a scope's needs, in one sentence."""
    named = by_scope(rows).groupby("scope")["fund_id"].agg(lambda ids: ", ".join(sorted(set(ids))))
    said = ("Left out for want of an exchange rate: " + named.astype(TEXT) + ".").reindex(index, level="scope")
    return said.set_axis(index)
