"""Holdings by ultimate issuer, after look-through. Concentration measures and what is too much do not belong here."""

import pandas as pd

from fo_platform.analytics.scopes import is_money


def issuer_weights(look_through: pd.DataFrame, debts: pd.Series) -> pd.DataFrame:
    """By scope and issuer: gross weight, its absolute share of NAV, and what of the gross is not looked through.

    look_through: rows of its table. debts: instrument_id of liabilities, which have no issuer, as money has none. What
    is known of no issuer counts as its own; the lines of one issuer net.
    """
    securities = look_through[~is_money(look_through["leaf_id"]) & ~look_through["held_instrument_id"].isin(debts)]
    named = securities.assign(
        issuer_id=securities["issuer_id"].fillna(securities["leaf_id"]),
        residual=securities["value_base"].where(securities["is_residual"], 0.0),
    )
    sums = named.groupby(["scope", "issuer_id"])[["value_base", "weight", "residual"]].sum().abs().reset_index()
    total = sums["value_base"].groupby(sums["scope"]).transform("sum")
    return sums.assign(gross=sums["value_base"] / total, share=sums["weight"], residual=sums["residual"] / total)
