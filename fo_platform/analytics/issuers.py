"""Holdings by issuer. Concentration measures and what is too much do not belong here."""

import pandas as pd

from fo_platform.analytics.scopes import is_money


def issuer_values(held: pd.DataFrame, instruments: pd.DataFrame) -> pd.DataFrame:
    """Net value by scope and issuer, with `nav_base`; money at custodians has no issuer and is left out.

    held: rows of `scopes.holdings`. An instrument outside the master counts as its own issuer; lines of one issuer net.
    """
    securities = held[~is_money(held["instrument_id"])]
    issuers = instruments[["instrument_id", "issuer_id"]]
    lines = securities.merge(issuers, how="left", on="instrument_id", validate="many_to_one")
    named = lines.assign(issuer_id=lines["issuer_id"].fillna(lines["instrument_id"]))
    return named.groupby(["scope", "issuer_id", "nav_base"], as_index=False)[["market_value_base"]].sum()
