"""Net exposure by the currency whose moves the owner bears. Trading and base currencies do not belong here."""

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import TEXT, is_money
from fo_platform.contracts.analytics import ExposuresCurrency

UNKNOWN = "XXX"
"""ISO 4217's code for no currency: where the exposure is shown whose currency is not known."""

FORWARD = "fx_forward"
"""Instrument type of one leg of a currency forward; its risk currency is the leg's."""

HEDGE = "hedge_value_base"
COLUMNS = ["asset_value_base", "cash_base", HEDGE]

KEY = ["scope", "currency"]


def exposures_currency(look_through: pd.DataFrame, net_worth: pd.DataFrame, instruments: pd.DataFrame) -> pd.DataFrame:
    """Assets by risk currency after look-through, cash by its own, hedges signed; the net sums to NAV.

    Hedges are legs of forwards and those of share classes that the instrument master says are hedged. hedge_ratio is
    unknown where there are no assets.
    """
    forwards = instruments.loc[instruments["instrument_type"] == FORWARD, "instrument_id"]
    lines = look_through.assign(
        currency=look_through["currency_risk"].fillna(UNKNOWN),
        column=_column(look_through["leaf_id"], forwards),
        value_funds_base=look_through["value_base"].where(look_through["depth"] > 0, 0.0),
    )
    hedges = _class_hedges(lines, instruments.set_index("instrument_id")["currency_hedged"])
    sums = pd.concat([lines[hedges.columns], hedges]).groupby([*KEY, "column"])["value_base"].sum()
    nav = net_worth.set_index("entity_id")["nav_base"].astype("float64")
    wide = _to_cents(sums, nav).unstack("column").reindex(columns=COLUMNS).fillna(0.0)
    net = wide.sum(axis=1).round(2)
    asset = wide["asset_value_base"]
    return ExposuresCurrency.frame(
        wide.assign(
            value_funds_base=lines.groupby(KEY)["value_funds_base"].sum().reindex(wide.index, fill_value=0.0),
            net_value_base=net,
            weight=net / nav.reindex(net.index.get_level_values("scope")).to_numpy(),
            hedge_ratio=((0.0 - wide[HEDGE]) / asset).where(asset != 0),
        ).reset_index()
    )


METRIC = Metric(ExposuresCurrency, exposures_currency)


def _column(leaf_id: pd.Series, forwards: pd.Series) -> pd.Series:
    """Which part of the exposure a leaf belongs to."""
    asset, cash, hedge = (pd.Series(name, index=leaf_id.index, dtype=TEXT) for name in COLUMNS)
    return asset.mask(is_money(leaf_id), cash).mask(leaf_id.isin(forwards), hedge)


def _class_hedges(lines: pd.DataFrame, hedged: pd.Series) -> pd.DataFrame:
    """Both legs of what hedged share classes own: out of its currency, and as much into the class's.

    hedged: currency by instrument. The class is what is held, or else what a fund that is held owns in the end; a
    hedged class between the two, which reports what it owns itself, is not seen.
    """
    into = lines["held_instrument_id"].map(hedged).fillna(lines["leaf_id"].map(hedged)).astype(TEXT)
    both = lines[[*KEY, "value_base"]].assign(column=pd.Series(HEDGE, lines.index, dtype=TEXT))
    legs = both[into.notna()]
    return pd.concat([legs.assign(value_base=-legs["value_base"]), legs.assign(currency=into.dropna())])


def _to_cents(values: pd.Series, nav: pd.Series) -> pd.Series:
    """Values in cents; what rounding leaves of a scope's NAV goes to the largest of its values."""
    cents = values.round(2)
    scope = cents.index.get_level_values("scope")
    left_over = (nav - cents.groupby(scope).sum()).reindex(scope).to_numpy()
    largest = cents.abs().groupby(scope).rank(method="first", ascending=False) == 1
    whole: pd.Series = (cents + largest * left_over).round(2)
    return whole
