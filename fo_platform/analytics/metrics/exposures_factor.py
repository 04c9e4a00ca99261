"""Sensitivity of every scope to the factors. Sensitivities of instruments belong to factor_loadings."""

import pandas as pd

from fo_platform.analytics.factor_regression import loadings_of
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.portfolios import TOTAL, class_histories, net_weights
from fo_platform.analytics.returns import WINDOW, complete_factors
from fo_platform.analytics.scopes import TEXT
from fo_platform.contracts.analytics import ExposuresFactor

BASIS = "{}; no riskless return is deducted"
"""What the source says that a factor is; none delivers a riskless return, so nothing is in excess of one."""

UNKNOWN = "No loading is known of what is held."


def exposures_factor(
    *,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    allocation_targets: pd.DataFrame,
    prices: pd.DataFrame,
    fx_rates: pd.DataFrame,
    factor_returns: pd.DataFrame,
    factor_loadings: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Loadings of every scope on every factor, by two methods, each over the part of its value that it covers.

    `returns`: today's weights applied to the past, regressed on all factors together. `holdings`: weighted sum of the
    holdings' own loadings. What neither covers is in coverage_share and is not counted as zero.
    """
    histories = class_histories(
        holdings=holdings,
        net_worth=net_worth,
        allocation_targets=allocation_targets,
        prices=prices,
        fx_rates=fx_rates,
        day=day,
    )
    factors = complete_factors(factor_returns, day)
    if histories.values.empty or factors.empty:
        return ExposuresFactor.frame()
    is_total = histories.values.index.get_level_values("asset_class") == TOTAL
    totals = histories.values[is_total].droplevel("asset_class")
    parts = [_from_holdings(totals, factor_loadings, factors.columns)]
    for scope in totals.index:
        place = (scope, TOTAL)
        fitted = loadings_of(histories.returns[place], factors).rename_axis("factor").reset_index()
        parts.append(fitted.assign(scope=scope, method="returns", coverage_share=histories.coverage[place]))
    rows = pd.concat(parts, ignore_index=True)
    return ExposuresFactor.frame(rows.assign(basis=rows["factor"].map(_basis(factor_returns))))


METRIC = Metric(
    ExposuresFactor,
    exposures_factor,
    {"prices": ("window", WINDOW), "fx_rates": ("window", WINDOW), "factor_returns": ("window", WINDOW)},
)


def _from_holdings(totals: pd.DataFrame, factor_loadings: pd.DataFrame, factors: pd.Index) -> pd.DataFrame:
    """Weighted sums of known loadings, weights summing to one over what has any; totals: scopes x what is held."""
    loadings = factor_loadings.pivot(index="instrument_id", columns="factor", values="loading").reindex(
        index=totals.columns, columns=factors
    )
    known = loadings.notna().all(axis=1)
    covered = totals.loc[:, known]
    exposures = net_weights(covered) @ loadings[known]
    stated = exposures.where(covered.abs().sum(axis=1) > 0)
    long = stated.rename_axis(columns="factor").melt(value_name="loading", ignore_index=False).reset_index()
    coverage = covered.abs().sum(axis=1) / totals.abs().sum(axis=1)
    return long.assign(
        method="holdings",
        coverage_share=long["scope"].map(coverage),
        reason=pd.Series(UNKNOWN, index=long.index, dtype=TEXT).where(long["loading"].isna()),
    )


def _basis(factor_returns: pd.DataFrame) -> pd.Series:
    """What every factor is, in its source's words."""
    sources = factor_returns.drop_duplicates("factor", keep="last").set_index("factor")["source"]
    return sources.map(BASIS.format)
