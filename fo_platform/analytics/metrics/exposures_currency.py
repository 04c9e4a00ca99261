"""Net exposure by the currency whose moves the owner bears. Trading and base currencies do not belong here."""

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import TEXT, holdings, is_money
from fo_platform.contracts.analytics import ExposuresCurrency

UNKNOWN = "XXX"
"""ISO 4217's code for no currency: where the exposure of instruments outside the master is shown."""

FORWARD = "fx_forward"
"""Instrument type of one leg of a currency forward; its risk currency is the leg's."""

COLUMNS = ["asset_value_base", "cash_base", "hedge_value_base"]


def exposures_currency(
    reconciled_positions: pd.DataFrame, net_worth: pd.DataFrame, instruments: pd.DataFrame
) -> pd.DataFrame:
    """Assets by risk currency, cash by its own, forward legs signed; the net of a scope sums to its NAV."""
    risk = instruments[["instrument_id", "instrument_type", "currency_risk"]]
    lines = holdings(reconciled_positions, net_worth).merge(
        risk, how="left", on="instrument_id", validate="many_to_one"
    )
    sums = lines.assign(risk_currency=_risk_currency(lines), column=_column(lines)).pivot_table(
        index=["scope", "risk_currency", "nav_base"], columns="column", values="market_value_base", aggfunc="sum"
    )
    parts = sums.reindex(columns=COLUMNS).fillna(0.0).reset_index(names=["scope", "currency", "nav_base"])
    net = parts[COLUMNS].sum(axis=1)
    weight = net / parts["nav_base"]
    return ExposuresCurrency.frame(parts.assign(net_value_base=net, weight=weight).drop(columns="nav_base"))


METRIC = Metric(ExposuresCurrency, exposures_currency)


def _risk_currency(lines: pd.DataFrame) -> pd.Series:
    return lines["currency"].where(is_money(lines["instrument_id"]), lines["currency_risk"]).fillna(UNKNOWN)


def _column(lines: pd.DataFrame) -> pd.Series:
    """Which part of the exposure a line belongs to."""
    asset, cash, hedge = (pd.Series(name, index=lines.index, dtype=TEXT) for name in COLUMNS)
    is_forward = (lines["instrument_type"] == FORWARD).fillna(False).astype("bool")
    return asset.where(~is_money(lines["instrument_id"]), cash).where(~is_forward, hedge)
