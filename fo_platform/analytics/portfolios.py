"""What is held, by class, with its own past returns or a stand-in's. What is measured on them does not belong here."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fo_platform.analytics.returns import base_returns
from fo_platform.analytics.scopes import TEXT, base_currency, in_scopes
from fo_platform.identify import CASH
from fo_platform.limits import OFFICE
from fo_platform.once import once

TOTAL = "total"
"""The class that stands for all of them."""

HISTORY_MIN = 0.8
"""Part of the window's dates on which an instrument needs a return to be covered."""

NET_MIN = 0.05
"""Net value over gross value below which a return on the net value says nothing."""


Place = tuple[str, str]


@dataclass(frozen=True)
class Histories:
    """Today's weights applied to past simple daily returns in base currency.

    returns: dates x (scope, asset_class), TOTAL among the classes, unknown where a covered holding has none. coverage:
    part of the gross value of each that has returns of its own. proxies: the class whose returns stand in for those of
    one without any, unknown elsewhere; such a stand-in is in no total. values: (scope, asset_class) x what moves it.
    """

    values: pd.DataFrame
    returns: pd.DataFrame
    coverage: pd.Series
    proxies: pd.Series


@once
def class_histories(
    *,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    allocation_targets: pd.DataFrame,
    prices: pd.DataFrame,
    fx_rates: pd.DataFrame,
    day: pd.Timestamp,
) -> Histories:
    """Histories of every class and of all of them, in every scope. What is covered weighs one in sum over it."""
    values = class_values(in_scopes(holdings, net_worth))
    returns = base_returns(prices, fx_rates, base_currency=base_currency(net_worth), day=day)
    aligned = returns.reindex(columns=values.columns)
    covered = values.loc[:, aligned.notna().mean() >= HISTORY_MIN]
    own = portfolio_returns(net_weights(covered), aligned[covered.columns])
    coverage = covered.abs().sum(axis=1) / values.abs().sum(axis=1)
    declared, known = declared_proxies(allocation_targets), set(coverage.index[coverage > 0])
    shown = [_source((scope, name), known, declared) for scope, name in values.index]
    names = pd.Series([name for _, name in shown], index=own.columns, dtype=TEXT)
    proxies = names.mask(names == own.columns.get_level_values("asset_class"))
    return Histories(values, own.reindex(columns=shown).set_axis(own.columns, axis=1), coverage, proxies)


def class_values(held: pd.DataFrame) -> pd.DataFrame:
    """Value by (scope, class), TOTAL included, x what it moves with, where there is any value; held: `in_scopes`."""
    lines = held.assign(risk_id=risk_ids(held))
    every = pd.concat([lines, lines.assign(asset_class=pd.Series(TOTAL, index=held.index, dtype=TEXT))])
    values = every.pivot_table(
        index=["scope", "asset_class"], columns="risk_id", values="market_value_base", aggfunc="sum"
    ).fillna(0.0)
    return values[values.abs().sum(axis=1) > 0]


def risk_ids(held: pd.DataFrame) -> pd.Series:
    """What each holding's value moves with: itself, or money for a debt, which stands in the book at its balance."""
    return held["instrument_id"].mask(held["holding_kind"] == "liability", CASH + held["currency"])


@once
def declared_proxies(allocation_targets: pd.DataFrame) -> pd.Series:
    """The liquid class that stands for an illiquid one, by class; none where owners declare different ones."""
    named = allocation_targets.dropna(subset=["proxy_asset_class"]).groupby("asset_class")["proxy_asset_class"]
    return named.first()[named.nunique() == 1]


def net_weights(values: pd.DataFrame) -> pd.DataFrame:
    """Rows over their net value; unknown where longs and shorts, nearly cancelling, leave none to speak of."""
    net = values.sum(axis=1)
    return values.div(net.where(net.abs() >= NET_MIN * values.abs().sum(axis=1)), axis=0)


def portfolio_returns(weights: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """Returns, dates x portfolios, of fixed weights, portfolios x instruments with the same columns as returns.

    Unknown where the return of a holding is, and of a portfolio that holds nothing.
    """
    held = (weights != 0).to_numpy()
    gaps = returns.isna().to_numpy(dtype="float64") @ held.T > 0
    known = np.where(gaps | ~held.any(axis=1), np.nan, returns.fillna(0.0).to_numpy() @ weights.to_numpy().T)
    return pd.DataFrame(known, index=returns.index, columns=weights.index)


def _source(place: Place, covered: set[Place], declared: pd.Series) -> Place:
    """Whose returns a (scope, class) shows: its own, or else its proxy's in its scope, or else in the office."""
    scope, name = place
    if place in covered or name not in declared.index:
        return place
    stand_ins = [(scope, declared[name]), (OFFICE, declared[name])]
    return next((stand_in for stand_in in stand_ins if stand_in in covered), place)
