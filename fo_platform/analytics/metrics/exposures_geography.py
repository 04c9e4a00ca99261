"""Exposure by country after look-through. Which market an instrument settles in does not belong here."""

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.contracts.analytics import ExposuresGeography

UNKNOWN_COUNTRY, UNKNOWN = "XX", "unknown"
"""Where the exposure is shown whose country is not known; ISO 3166 leaves the code to its users."""

BASES = {"domicile": "country_domicile", "risk": "country"}

KEY = ["scope", "country_basis", "country"]


def exposures_geography(look_through: pd.DataFrame, countries: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Value by scope and country, by the issuer's domicile and by its risk, with the region and development of the day.

    The values of a scope and basis sum to its NAV; a country that is not declared counts as unknown.
    """
    begun = countries[countries["valid_from"] <= day].sort_values("valid_from")
    terms = begun.drop_duplicates("country", keep="last").drop(columns="valid_from")
    value = look_through["value_base"]
    rows = look_through[["scope", "value_base", "weight"]].assign(
        value_funds_base=value.where(look_through["depth"] > 0, 0.0)
    )
    based = [rows.assign(country_basis=basis, country=look_through[column]) for basis, column in BASES.items()]
    lines = pd.concat(based, ignore_index=True)
    placed = lines.assign(country=lines["country"].where(lines["country"].isin(terms["country"]), UNKNOWN_COUNTRY))
    sums = placed.groupby(KEY, as_index=False)[["value_base", "value_funds_base", "weight"]].sum()
    named = sums.merge(terms, how="left", on="country", validate="many_to_one")
    texts = ["country_name", "region", "development_level"]
    return ExposuresGeography.frame(named.fillna(dict.fromkeys(texts, UNKNOWN)))


METRIC = Metric(ExposuresGeography, exposures_geography)
