"""Holdings on the factor model: what every line is taken to move like. Scenarios and losses do not belong here."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fo_platform.analytics.factor_model import PROXY_QUANTILE
from fo_platform.analytics.metric import Read
from fo_platform.analytics.portfolios import declared_proxies
from fo_platform.analytics.returns import SESSIONS_PER_YEAR, WINDOW, base_returns, complete_factors
from fo_platform.analytics.scopes import TEXT, in_scopes, is_money
from fo_platform.analytics.valued_volatility import valued_volatilities
from fo_platform.errors import DataError
from fo_platform.identify import CASH
from fo_platform.once import once

SPECIFIC = "specific_volatility_annual"


HISTORY: dict[str, Read] = dict.fromkeys(("prices", "fx_rates", "factor_returns"), ("window", WINDOW))
"""How a metric reads the past."""


@dataclass(frozen=True)
class Held:
    """The tables of one business date that say what is held and what it moves like."""

    holdings: pd.DataFrame
    net_worth: pd.DataFrame
    instruments: pd.DataFrame
    allocation_targets: pd.DataFrame
    factor_loadings: pd.DataFrame
    factor_covariances: pd.DataFrame
    specific_risks: pd.DataFrame
    valuations: pd.DataFrame


@dataclass(frozen=True)
class Past:
    """The tables of a window of sessions that say how lines and factors moved."""

    prices: pd.DataFrame
    fx_rates: pd.DataFrame
    factor_returns: pd.DataFrame

    def returns(self, base_currency: str, day: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Daily returns of lines in base currency and of the factors, dates x either, up to a day."""
        own = base_returns(self.prices, self.fx_rates, base_currency=base_currency, day=day)
        return own, complete_factors(self.factor_returns, day)


@dataclass(frozen=True)
class RiskBook:
    """Every valued line of every scope, and the model of those that have one.

    values: scopes x lines, base currency. nav: by scope. lines: by line, asset_class and risk_basis, which is how its
    model was found: own, money, desmoothed, class_proxy, or nothing. loadings: covered lines x factors. specific: by
    covered line, volatility of a session. covariance: factors x factors, of a session.
    """

    values: pd.DataFrame
    nav: pd.Series
    lines: pd.DataFrame
    loadings: pd.DataFrame
    specific: pd.Series
    covariance: pd.DataFrame

    @property
    def covered(self) -> pd.DataFrame:
        """Values of the lines that the model knows."""
        return self.values[self.loadings.index]

    def positions(self) -> pd.DataFrame:
        """Lines of any value: scope, instrument_id, market_value_base, asset_class."""
        values = self.values.melt(value_name="market_value_base", ignore_index=False).reset_index()
        held = values[values["market_value_base"] != 0]
        return held.assign(asset_class=held["instrument_id"].map(self.lines["asset_class"]))

    @property
    def coverage_share(self) -> pd.Series:
        """Part of every scope's gross value that the model knows."""
        return self.covered.abs().sum(axis=1) / self.values.abs().sum(axis=1)


@once
def risk_book(held: Held) -> RiskBook:
    """Holdings in scopes with the loadings and specific risk that stand for each line.

    A line outside the model takes what stands for it: a debt, which is carried at what is owed, moves like money in
    its currency; any other line like the liquid proxy of its class (median loadings, upper specific risk), if the
    office declares one. An appraised asset with enough valuations is as volatile as those are once de-smoothed, and
    only what it moves with is the proxy's: loadings and specific risk in the same proportions, as its few valuations
    tell no co-movement. What nothing stands for is in the values and not covered.
    """
    valued = in_scopes(held.holdings, held.net_worth)
    values = valued.pivot_table(index="scope", columns="instrument_id", values="market_value_base", aggfunc="sum")
    lines = valued.drop_duplicates("instrument_id").set_index("instrument_id").reindex(values.columns)
    covariance = _square(held.factor_covariances)
    model = _model(held.factor_loadings, held.specific_risks, covariance.columns)
    proxies = _proxies(lines, _by_class(model, held.instruments), declared_proxies(held.allocation_targets))
    desmoothed = _sized(proxies, covariance, valued_volatilities(held.valuations))
    figures, basis = _figures(lines, model, desmoothed, proxies)
    covered = figures.dropna()
    return RiskBook(
        values=values.fillna(0.0),
        nav=valued.drop_duplicates("scope").set_index("scope")["nav_base"].reindex(values.index),
        lines=lines[["asset_class"]].assign(risk_basis=basis),
        loadings=covered[covariance.columns],
        specific=covered[SPECIFIC] / SESSIONS_PER_YEAR**0.5,
        covariance=covariance / SESSIONS_PER_YEAR,
    )


def line_returns(book: RiskBook, returns: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """Daily returns in base currency, the factors' dates x covered lines.

    returns: `base_returns`, used where a line has its own. Elsewhere a line moved as its loadings and the factors
    say, without anything specific: no date is lost and no missing price is a zero.
    """
    if book.loadings.empty or factors.empty or not set(book.loadings.columns) <= set(factors.columns):
        return pd.DataFrame(columns=book.loadings.index, dtype="float64")
    implied = factors[book.loadings.columns] @ book.loadings.T
    own = returns.reindex(index=factors.index, columns=book.loadings.index)
    return own.where(own.notna(), implied)


def _square(factor_covariances: pd.DataFrame) -> pd.DataFrame:
    """Factors x factors; a covariance that is not positive semidefinite is our own mistake."""
    square = factor_covariances.pivot(index="factor_1", columns="factor_2", values="covariance_annual")
    smallest = np.linalg.eigvalsh(square).min(initial=0.0)
    if smallest < -1e-9 * np.trace(square):
        raise DataError(f"Factor covariances have the eigenvalue {smallest:.3g}.", "Repair them before they are used.")
    return square


def _model(factor_loadings: pd.DataFrame, specific_risks: pd.DataFrame, factors: pd.Index) -> pd.DataFrame:
    """Loadings on the factors that have a covariance, and specific risk, by instrument; none without any covariance."""
    if factors.empty:
        return pd.DataFrame(columns=[SPECIFIC], dtype="float64")
    wide = factor_loadings.pivot(index="instrument_id", columns="factor", values="loading").reindex(columns=factors)
    return wide.join(specific_risks.set_index("instrument_id")[SPECIFIC]).dropna()


def _by_class(model: pd.DataFrame, instruments: pd.DataFrame) -> pd.DataFrame:
    securities = instruments[~is_money(instruments["instrument_id"])].set_index("instrument_id")["asset_class"]
    peers = model.join(securities, how="inner").groupby("asset_class")
    return peers.median().assign(**{SPECIFIC: peers[SPECIFIC].quantile(PROXY_QUANTILE)})


def _proxies(lines: pd.DataFrame, by_class: pd.DataFrame, declared: pd.Series) -> pd.DataFrame:
    """Loadings and specific risk of every line's declared class; unknown for a debt and where none is declared."""
    named = lines["asset_class"].map(declared).where(lines["holding_kind"] != "liability")
    return by_class.reindex(named).set_axis(lines.index)


def _sized(figures: pd.DataFrame, covariance: pd.DataFrame, volatilities: pd.Series) -> pd.DataFrame:
    """Figures of lines in the same proportions, of other annual volatilities; unknown where none is given."""
    loadings = figures[covariance.columns].to_numpy("float64")
    variance = (loadings @ covariance.to_numpy() * loadings).sum(axis=1) + figures[SPECIFIC] ** 2
    return figures.mul(volatilities.reindex(figures.index) / variance.where(variance > 0) ** 0.5, axis=0)


def _figures(
    lines: pd.DataFrame, model: pd.DataFrame, desmoothed: pd.DataFrame, proxies: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series]:
    """Loadings and specific risk of every line, unknown where nothing stands for it, and how they were found."""
    money = (CASH + lines["currency"]).where(lines["holding_kind"] == "liability")
    found = {
        "own": model.reindex(lines.index),
        "money": model.reindex(money).set_axis(lines.index),
        "desmoothed": desmoothed,
        "class_proxy": proxies,
    }
    figures = pd.DataFrame(np.nan, index=lines.index, columns=model.columns)
    basis = pd.Series(pd.NA, index=lines.index, dtype=TEXT)
    for name, candidates in found.items():
        is_new = basis.isna() & candidates.notna().all(axis=1)
        figures = figures.mask(is_new, candidates)
        basis = basis.mask(is_new, name)
    return figures, basis
