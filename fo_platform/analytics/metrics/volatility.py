"""Volatility of today's holdings by asset class and in total. Factors, correlations and losses do not belong here."""

import pandas as pd

from fo_platform.analytics.desmoothing import autocorrelation, desmooth
from fo_platform.analytics.dispersion import (
    OBSERVATIONS_MIN,
    annual_volatility,
    ewma_volatility,
    newey_west_volatility,
)
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.portfolios import Histories, class_histories
from fo_platform.analytics.returns import WINDOW
from fo_platform.analytics.scopes import TEXT
from fo_platform.analytics.valued_volatility import VALUATIONS_MIN, valued_volatilities
from fo_platform.contracts.analytics import Volatility


def volatility(
    *,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    allocation_targets: pd.DataFrame,
    valuations: pd.DataFrame,
    prices: pd.DataFrame,
    fx_rates: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Annual volatility of today's weights applied to past simple daily returns in base currency.

    A figure speaks of the covered part of its class, weights summing to one over it; `coverage_share` is that part of
    the gross value. A class without returns of its own shows those of its declared proxy, named, and sized so that
    its appraised assets vary as their own de-smoothed valuations do, where those are enough. Dates on which a covered
    holding has no return are left out.
    """
    histories = class_histories(
        holdings=holdings,
        net_worth=net_worth,
        allocation_targets=allocation_targets,
        prices=prices,
        fx_rates=fx_rates,
        day=day,
    )
    sizes = _sizes(histories, valued_volatilities(valuations))
    series = histories.returns * sizes
    observations = series.notna().sum()
    desmoothed = pd.Series({name: desmoothed_volatility(column) for name, column in series.items()}, dtype="float64")
    stated = pd.DataFrame(
        {
            "volatility_annual": annual_volatility(series),
            "volatility_ewma_annual": ewma_volatility(series),
            "volatility_newey_west_annual": newey_west_volatility(series),
            "volatility_desmoothed_annual": desmoothed.reindex(series.columns),
            "autocorrelation": series.apply(lambda column: autocorrelation(column.dropna().to_numpy())),
        },
        index=series.columns,
    ).where(observations >= OBSERVATIONS_MIN)
    told = {
        "observations": observations,
        "coverage_share": histories.coverage,
        "proxy_asset_class": histories.proxies,
        "reason": _reasons(histories, observations, is_sized=sizes != 1),
    }
    return Volatility.frame(stated.assign(**told).reset_index())


METRIC = Metric(Volatility, volatility, {"prices": ("window", WINDOW), "fx_rates": ("window", WINDOW)})


def desmoothed_volatility(returns: pd.Series) -> float:
    """Annual volatility of the returns without the smoothing that shows in their autocorrelation; gaps are left out."""
    unsmoothed = desmooth(returns.dropna().to_numpy()).returns
    return float(annual_volatility(pd.DataFrame({"returns": unsmoothed}))["returns"])


def _sizes(histories: Histories, volatilities: pd.Series) -> pd.Series:
    """What a stand-in's returns are times: by how much its lines' own volatility exceeds it, weighed by gross value."""
    gross = histories.values.abs()
    stand_in = annual_volatility(histories.returns)
    own = gross.mul(volatilities.reindex(gross.columns), axis=1).div(stand_in.where(stand_in > 0), axis=0)
    sizes = own.fillna(gross).sum(axis=1) / gross.sum(axis=1)
    return sizes.where(histories.proxies.notna(), 1.0)


def _reasons(histories: Histories, observations: pd.Series, *, is_sized: pd.Series) -> pd.Series:
    """Why a figure is not the class's own, or is unknown; unknown where it is its own."""
    few = observations.astype(TEXT) + f" daily returns, {OBSERVATIONS_MIN} are needed."
    none = few.mask(histories.coverage == 0, "Too few daily prices of its own, and no proxy for its class.")
    cancelled = none.mask((observations == 0) & (histories.coverage > 0), "Its long and short positions cancel.")
    reasons = cancelled.mask(observations >= OBSERVATIONS_MIN)
    proxied = histories.proxies.notna()
    stands = "Too few daily prices of its own; " + histories.proxies + " stands for it"
    sized = stands + f", as volatile as de-smoothed valuations where there are {VALUATIONS_MIN}."
    return reasons.mask(proxied, (stands + ".").mask(is_sized, sized))
