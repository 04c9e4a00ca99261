"""Yesterday's value at risk beside the loss that came. Tests of many outcomes belong to var_backtests."""

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.risk_book import HISTORY, Held, Past, line_returns, risk_book
from fo_platform.analytics.scopes import base_currency
from fo_platform.contracts.analytics import VarOutcomes

FORECAST = ["scope", "method", "confidence", "value_at_risk_base", "expected_shortfall_base"]


def var_outcomes(
    *,
    simulated_loss_previous: pd.DataFrame,
    holdings_previous: pd.DataFrame,
    net_worth_previous: pd.DataFrame,
    instruments_previous: pd.DataFrame,
    allocation_targets_previous: pd.DataFrame,
    factor_loadings_previous: pd.DataFrame,
    factor_covariances_previous: pd.DataFrame,
    specific_risks_previous: pd.DataFrame,
    valuations_previous: pd.DataFrame,
    past: Past,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Loss over the newest session of what was held, and known, on the session before: free of trades and flows.

    Holdings of yesterday stand at the close before it; today's prices are those of yesterday's close. A line without
    a return of its own followed the factors, as in the forecast. No row where nothing was forecast, or where the
    returns since yesterday's prices are not those of one session.
    """
    forecast = simulated_loss_previous[simulated_loss_previous["horizon"] == "1d"]
    stated = forecast.loc[forecast["value_at_risk_base"].notna(), FORECAST]
    if stated.empty:
        return VarOutcomes.frame()
    held = Held(
        holdings=holdings_previous,
        net_worth=net_worth_previous,
        instruments=instruments_previous,
        allocation_targets=allocation_targets_previous,
        factor_loadings=factor_loadings_previous,
        factor_covariances=factor_covariances_previous,
        specific_risks=specific_risks_previous,
        valuations=valuations_previous,
    )
    book = risk_book(held)
    returns, factors = past.returns(base_currency(net_worth_previous), day)
    history = line_returns(book, returns, factors)
    newest = history[history.index > holdings_previous["price_date"].max()]
    if len(newest) != 1:
        return VarOutcomes.frame()
    has_own = returns.reindex(index=newest.index, columns=newest.columns).notna().to_numpy()[0]
    gross = book.covered.abs()
    outcome = pd.DataFrame(
        {
            "loss_base": -(book.covered * newest.to_numpy()[0]).sum(axis=1),
            "coverage_share": (gross.loc[:, has_own].sum(axis=1) / gross.sum(axis=1)).clip(0, 1),
        }
    )
    rows = stated.join(outcome, on="scope", how="inner").assign(return_date=newest.index[0])
    return VarOutcomes.frame(rows.assign(is_exception=rows["loss_base"] > rows["value_at_risk_base"]))


METRIC = Metric(VarOutcomes, var_outcomes, HISTORY)
