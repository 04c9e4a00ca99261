"""What every holding adds to volatility. Contributions to simulated losses do not belong here."""

import numpy as np
import pandas as pd

from fo_platform.analytics.covariance import Matrix
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.portfolios import TOTAL, declared_proxies
from fo_platform.analytics.returns import SESSIONS_PER_YEAR
from fo_platform.analytics.risk_book import Held, RiskBook, risk_book
from fo_platform.analytics.scopes import TEXT
from fo_platform.contracts.analytics import RiskContributions

FIGURES = ["volatility_contribution_annual", "volatility_contribution_share", "volatility_marginal_annual"]

SUMMED = ["market_value_base", "weight", *FIGURES[:2], "gross", "covered"]


def risk_contributions(held: Held) -> pd.DataFrame:
    """Euler contributions to annual volatility in factor form, by position, class and scope, weights over NAV.

    What the model knows no risk of, nor of a declared proxy, is left out, visibly: shares sum to one over what is
    covered, and `coverage_share` is its part of the gross value.
    """
    book = risk_book(held)
    parts = [_positions(book, scope) for scope in book.values.index]
    if not parts:
        return RiskContributions.frame()
    positions = pd.concat(parts, ignore_index=True)
    is_proxied = positions["risk_basis"].isin(["desmoothed", "class_proxy"])
    proxies = positions["asset_class"].map(declared_proxies(held.allocation_targets)).astype(TEXT)
    specific = held.specific_risks
    is_short = positions["instrument_id"].isin(specific.loc[specific["is_proxy"], "instrument_id"])
    basis = positions["risk_basis"].mask(is_short & ~is_proxied, "short_history").fillna("unknown")
    stated = positions.assign(risk_basis=basis, proxy_asset_class=proxies.where(is_proxied))
    return RiskContributions.frame(_rolled_up(stated))


METRIC = Metric(RiskContributions, risk_contributions)


def volatility_contributions(
    weights: Matrix, loadings: Matrix, covariance: Matrix, specific: Matrix
) -> tuple[float, Matrix]:
    """Volatility of a portfolio and its change per unit of each weight; weights times changes sum to it.

    weights: n. loadings: n x factors. covariance: of the factors. specific: n volatilities, independent, of the same
    period as the covariance. Never forms an n x n matrix. Source: Litterman (1996), "Hot Spots and Hedges".
    """
    pull = loadings @ (covariance @ (loadings.T @ weights)) + specific**2 * weights
    volatility = max(float(weights @ pull), 0.0) ** 0.5
    return volatility, pull / volatility if volatility > 0 else np.full_like(pull, np.nan)


def _positions(book: RiskBook, scope: str) -> pd.DataFrame:
    """Every line of any value that a scope holds, with its contribution where the model knows one."""
    values = book.values.loc[scope]
    held = pd.Series(values[values.ne(0).to_numpy()])
    nav = book.nav[scope]
    is_covered = held.index.isin(book.loadings.index)
    weights = held / nav
    figures = _contributions(weights[is_covered], book) if nav > 0 else pd.DataFrame(columns=FIGURES, dtype="float64")
    rows = pd.DataFrame({"market_value_base": held, "weight": weights, "gross": held.abs()}).join(book.lines)
    stated = rows.assign(covered=rows["gross"].where(is_covered, 0.0), scope=scope, nav_base=nav)
    return stated.join(figures).rename_axis("instrument_id").reset_index()


def _contributions(weights: pd.Series, book: RiskBook) -> pd.DataFrame:
    session, change = volatility_contributions(
        weights.to_numpy(),
        book.loadings.loc[weights.index].to_numpy(),
        book.covariance.to_numpy(),
        book.specific[weights.index].to_numpy(),
    )
    volatility, marginal = session * SESSIONS_PER_YEAR**0.5, change * SESSIONS_PER_YEAR**0.5
    contribution = weights.to_numpy() * marginal
    share = contribution / volatility if volatility > 0 else contribution
    return pd.DataFrame(dict(zip(FIGURES, (contribution, share, marginal), strict=True)), index=weights.index)


def _rolled_up(positions: pd.DataFrame) -> pd.DataFrame:
    """Positions, and their sums by class and scope."""
    whole = pd.Series(TOTAL, index=positions.index, dtype=TEXT)
    classes = positions.assign(instrument_id=whole, rollup="class")
    scopes = positions.assign(instrument_id=whole, asset_class=whole, rollup="total")
    keys = ["scope", "rollup", "asset_class", "instrument_id", "nav_base"]
    sums = pd.concat([classes, scopes]).groupby(keys)[SUMMED].sum(min_count=1).reset_index()
    rows = pd.concat([positions.assign(rollup="position"), sums], ignore_index=True)
    stated = rows.assign(coverage_share=(rows["covered"] / rows["gross"]).clip(upper=1.0), reason=_reasons(rows))
    return stated.drop(columns=["nav_base", "gross", "covered"])


def _reasons(rows: pd.DataFrame) -> pd.Series:
    """Why a row has no contribution; unknown where it has one."""
    still = pd.Series("Nothing that is covered ever moves.", index=rows.index, dtype=TEXT)
    unknown = still.mask(rows["covered"] == 0, "No risk is known of it, and no proxy declared for its class.")
    poor = unknown.mask(rows["nav_base"] <= 0, "Net asset value is not positive.")
    return poor.mask(rows["volatility_contribution_annual"].notna())
