"""What every line loses in every scenario of the office. Sums by scope belong to stress_losses."""

from collections.abc import Mapping

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.metrics.simulated_loss import HISTORY
from fo_platform.analytics.returns import base_returns, complete_factors
from fo_platform.analytics.risk_book import RiskBook, line_returns, risk_book
from fo_platform.analytics.scopes import base_currency, is_money
from fo_platform.analytics.stress import Returns, shocked_returns, window_returns
from fo_platform.contracts.analytics import StressContributions


def stress_contributions(
    *,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    stress_scenarios: pd.DataFrame,
    bond_terms: pd.DataFrame,
    instruments: pd.DataFrame,
    allocation_targets: pd.DataFrame,
    factor_loadings: pd.DataFrame,
    factor_covariances: pd.DataFrame,
    specific_risks: pd.DataFrame,
    prices: pd.DataFrame,
    fx_rates: pd.DataFrame,
    factor_returns: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Loss of every line that a shock maps to, with the shock; a line that none maps to is there, and unknown."""
    book = risk_book(
        holdings,
        net_worth,
        instruments=instruments,
        allocation_targets=allocation_targets,
        factor_loadings=factor_loadings,
        factor_covariances=factor_covariances,
        specific_risks=specific_risks,
    )
    if book.values.empty:
        return StressContributions.frame()
    base = base_currency(net_worth)
    lines = _lines(holdings, instruments, book, base)
    returns = base_returns(prices, fx_rates, base_currency=base, day=day)
    history = line_returns(book, returns, complete_factors(factor_returns, day))
    terms = bond_terms.set_index("instrument_id")

    def stressed(scenario: pd.DataFrame) -> Returns:
        windows = scenario[scenario["shock_kind"] == "window"]
        if windows.empty:
            return shocked_returns(lines, scenario, loadings=book.loadings, terms=terms, day=day)
        window = windows.iloc[0]
        return window_returns(lines, history, start=window["start_date"], end=window["end_date"])

    found = {str(name): stressed(scenario) for name, scenario in stress_scenarios.groupby("scenario")}
    return StressContributions.frame(_losses(book, found))


METRIC = Metric(StressContributions, stress_contributions, HISTORY)


def _lines(holdings: pd.DataFrame, instruments: pd.DataFrame, book: RiskBook, base: str) -> pd.DataFrame:
    """What `shocked_returns` needs to know of a line; what is owed moves like money in its currency."""
    valued = holdings[holdings["market_value_base"].notna()]
    held = valued.drop_duplicates("instrument_id").set_index("instrument_id").reindex(book.values.columns)
    names = held.index.to_series()
    risk = instruments.set_index("instrument_id")["currency_risk"].reindex(held.index)
    borne = risk.fillna(held["currency"]).mask(is_money(names), held["currency"])
    whole = held["market_value_local"] + held["accrued_local"]
    return pd.DataFrame(
        {
            "asset_class": held["asset_class"],
            "currency": held["currency"],
            "currency_risk": borne,
            "price_dirty": whole / held["quantity"],
            "is_money": is_money(names) | (held["holding_kind"] == "liability"),
            "is_base": borne == base,
        }
    )


def _losses(book: RiskBook, found: Mapping[str, Returns]) -> pd.DataFrame:
    """Lines of every scope that holds them in every scenario."""
    tables = {
        name: pd.DataFrame({"stress_return": returns, "stress_basis": basis})
        for name, (returns, basis) in found.items()
    }
    if not tables:
        return pd.DataFrame()
    returns = pd.concat(tables, names=["scenario", "instrument_id"]).reset_index()
    rows = book.positions().merge(returns, how="inner", on="instrument_id", validate="many_to_many")
    return rows.assign(stress_loss_base=0.0 - rows["market_value_base"] * rows["stress_return"])
