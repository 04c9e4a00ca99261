"""What every line loses in every scenario of the office. Sums by scope belong to stress_losses."""

from collections.abc import Mapping

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.risk_book import HISTORY, Held, Past, RiskBook, line_returns, risk_book
from fo_platform.analytics.scopes import base_currency, is_money
from fo_platform.analytics.stress import Returns, shocked_returns, window_returns
from fo_platform.contracts.analytics import StressContributions


def stress_contributions(
    held: Held, past: Past, stress_scenarios: pd.DataFrame, bond_terms: pd.DataFrame, day: pd.Timestamp
) -> pd.DataFrame:
    """Loss of every line that a shock maps to, with the shock; a line that none maps to is there, and unknown."""
    book = risk_book(held)
    if book.values.empty:
        return StressContributions.frame()
    base = base_currency(held.net_worth)
    lines = _lines(held.holdings, held.instruments, book, base)
    history = line_returns(book, *past.returns(base, day))
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
    master = instruments.set_index("instrument_id").reindex(held.index)
    risk = master["currency_hedged"].fillna(master["currency_risk"])
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
