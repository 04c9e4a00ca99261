"""Regression of instruments on factors, with proxies for short histories. What is held does not belong here."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fo_platform.analytics.returns import SESSIONS_PER_YEAR
from fo_platform.analytics.scopes import is_money
from fo_platform.once import once

OBSERVATIONS_MIN = 36
"""Below it nothing is estimated from factors."""

OWN_HISTORY_MIN = 60
"""Returns from which an instrument's own regression is used."""

PROXY_QUANTILE = 0.75
"""Quantile of its class's specific risks that stands for an instrument's own: rather too high than too low."""

FITTED = ["r_squared", "specific_volatility_annual", "observations"]


@dataclass(frozen=True)
class FactorModel:
    """Fitted sensitivities and what they leave unexplained.

    loadings: instruments x factors. fit: same index; r_squared, specific_volatility_annual, observations, is_proxy.
    """

    loadings: pd.DataFrame
    fit: pd.DataFrame


@once
def fit_factor_model(instruments: pd.DataFrame, returns: pd.DataFrame, factors: pd.DataFrame) -> FactorModel:
    """Loadings and specific risks of every instrument of the master and of money in every currency.

    returns: `base_returns`. factors: `complete_factors`. An instrument with fewer than OWN_HISTORY_MIN returns
    takes its class's median loadings and upper specific risk, or else the whole market's; what nothing can stand for
    has no row.
    """
    classes = instruments[~is_money(instruments["instrument_id"])].set_index("instrument_id")["asset_class"]
    aligned = returns.reindex(index=factors.index)
    known = aligned.reindex(columns=classes.index)
    own = regress(known, factors)
    short = known.columns.difference(own.index)
    proxies = [_proxies(own, classes, short).assign(observations=known[short].notna().sum())] if len(short) else []
    parts = [own.assign(is_proxy=False), *proxies, _money(aligned, factors)]
    lines = _joined(parts, [*factors.columns, *FITTED, "is_proxy"])
    stated = lines.dropna(subset=["specific_volatility_annual"]).rename_axis("instrument_id").sort_index()
    return FactorModel(stated[factors.columns], stated[[*FITTED, "is_proxy"]])


def regress(returns: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """Ordinary least squares, with intercept, of every column of returns with enough observations.

    Returns instruments x (factors, r_squared, specific_volatility_annual, observations). Instruments with the same
    known dates are solved at once.
    """
    known = returns.notna()
    enough = known.columns[known.sum() >= OWN_HISTORY_MIN]
    patterns = [column.tobytes() for column in known[enough].to_numpy().T]
    groups = [group.index for _, group in enough.to_series().groupby(patterns)]
    fitted = [least_squares(returns[names].dropna(), factors) for names in groups]
    return _joined(fitted, [*factors.columns, *FITTED])


def least_squares(returns: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """Loadings, r_squared and annual residual volatility of returns that all have the same, complete dates."""
    design = np.column_stack([np.ones(len(returns)), factors.reindex(returns.index)])
    solution, _, rank, _ = np.linalg.lstsq(design, returns.to_numpy(), rcond=None)
    residual = ((returns - design @ solution) ** 2).sum()
    total = ((returns - returns.mean()) ** 2).sum()
    loadings = pd.DataFrame(solution[1:].T, index=returns.columns, columns=factors.columns)
    return loadings.assign(
        r_squared=(1 - residual / total.where(total > 0)).clip(0, 1),
        specific_volatility_annual=np.sqrt(residual / (len(returns) - rank) * SESSIONS_PER_YEAR),
        observations=float(len(returns)),
    )


def _proxies(own: pd.DataFrame, classes: pd.Series, short: pd.Index) -> pd.DataFrame:
    """The class's, or else the whole market's, figures for instruments without a regression of their own."""
    factors = own.columns.difference(FITTED, sort=False)
    peers = own.groupby(classes.reindex(own.index))
    by_class = peers[list(factors)].median()
    by_class["specific_volatility_annual"] = peers["specific_volatility_annual"].quantile(PROXY_QUANTILE)
    market = own[factors].median()
    market["specific_volatility_annual"] = own["specific_volatility_annual"].quantile(PROXY_QUANTILE)
    figures = by_class.reindex(classes[short]).set_axis(short).fillna(market)
    return figures.assign(r_squared=np.nan, is_proxy=True)


def _money(returns: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """Money moves one for one with its currency's factor; without such a factor its own volatility is all specific."""
    names = returns.columns[is_money(returns.columns.to_series())]
    currencies = names.str.removeprefix("CASH.")
    loadings = (currencies.to_numpy()[:, None] == factors.columns.to_numpy()[None, :]).astype("float64")
    observed = returns[names].notna().sum()
    own = (returns[names].std() * SESSIONS_PER_YEAR**0.5).where(observed >= OBSERVATIONS_MIN)
    return pd.DataFrame(loadings, index=names, columns=factors.columns).assign(
        r_squared=np.nan,
        specific_volatility_annual=own.mask(currencies.isin(factors.columns), 0.0),
        observations=observed,
        is_proxy=False,
    )


def _joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Rows of all parts, or no rows of the columns."""
    filled = [part for part in parts if len(part)]
    return pd.concat(filled) if filled else pd.DataFrame(columns=columns, dtype="float64")
