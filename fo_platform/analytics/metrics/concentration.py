"""Concentration by issuer, in long form. Overlap of funds and limits on issuers do not belong here."""

import pandas as pd

from fo_platform.analytics.issuers import issuer_values
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import holdings
from fo_platform.contracts.analytics import Concentration

UNITS = {
    "hhi_points": "points",
    "effective_number": "issuers",
    "top_1": "fraction of gross securities",
    "top_5": "fraction of gross securities",
    "largest_issuer": "fraction of NAV",
}


def concentration(
    reconciled_positions: pd.DataFrame, net_worth: pd.DataFrame, instruments: pd.DataFrame
) -> pd.DataFrame:
    """Herfindahl index, effective number, top one and five issuers and the largest over NAV, by scope.

    Weights are gross, |w| / sum |w| over the net value of each issuer, so that a short adds to concentration.
    """
    issuers = issuer_values(holdings(reconciled_positions, net_worth), instruments)
    gross = issuers["market_value_base"].abs()
    held = issuers.assign(
        weight=gross / gross.groupby(issuers["scope"]).transform("sum"), share=gross / issuers["nav_base"]
    )
    scopes = held[gross > 0].groupby("scope")
    wide = scopes["weight"].agg(hhi_points=hhi_points, effective_number=effective_number, top_1="max", top_5=top_five)
    measures = wide.assign(largest_issuer=scopes["share"].max()).reset_index()
    long = measures.melt(id_vars="scope", var_name="measure", value_name="value")
    return Concentration.frame(long.assign(unit=long["measure"].map(UNITS)))


METRIC = Metric(Concentration, concentration)


def hhi_points(weights: pd.Series) -> float:
    """Herfindahl-Hirschman index of weights that sum to one, in points: 10,000 is a single holding."""
    return float((weights**2).sum() * 1e4)


def effective_number(weights: pd.Series) -> float:
    """How many equal holdings would be as concentrated: the inverse of the Herfindahl index."""
    return float(1 / (weights**2).sum())


def top_five(weights: pd.Series) -> float:
    """Weight of the five largest."""
    return float(weights.nlargest(5).sum())
