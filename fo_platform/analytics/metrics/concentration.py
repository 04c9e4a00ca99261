"""Concentration by issuer, in long form. Overlap of funds and limits on issuers do not belong here."""

import numpy as np
import pandas as pd

from fo_platform.analytics.issuers import issuer_weights
from fo_platform.analytics.metric import Metric
from fo_platform.contracts.analytics import Concentration

UNITS = {
    "hhi_points": "points",
    "effective_number": "issuers",
    "entropy_number": "issuers",
    "top_1": "fraction of gross securities",
    "top_5": "fraction of gross securities",
    "top_10": "fraction of gross securities",
    "not_looked_through": "fraction of gross securities",
    "largest_issuer": "fraction of NAV",
}


def concentration(holdings: pd.DataFrame, look_through: pd.DataFrame) -> pd.DataFrame:
    """How concentrated every scope is in ultimate issuers, after look-through; money and debts have no issuer.

    Weights are gross, |w| / sum |w| over the net value of each issuer, so that a short adds to concentration. A leaf
    without a known issuer counts as its own, and so does what a fund does not report: `not_looked_through` says how
    much of the whole that is.
    """
    issuers = issuer_weights(look_through, holdings.loc[holdings["holding_kind"] == "liability", "instrument_id"])
    scopes = issuers[issuers["gross"] > 0].groupby("scope")
    wide = scopes["gross"].agg(
        hhi_points=hhi_points,
        effective_number=effective_number,
        entropy_number=entropy_number,
        top_1="max",
        top_5=lambda weights: top(weights, 5),
        top_10=lambda weights: top(weights, 10),
    )
    measures = wide.assign(largest_issuer=scopes["share"].max(), not_looked_through=scopes["residual"].sum())
    long = measures.reset_index().melt(id_vars="scope", var_name="measure", value_name="value")
    return Concentration.frame(long.assign(unit=long["measure"].map(UNITS)))


METRIC = Metric(Concentration, concentration)


def hhi_points(weights: pd.Series) -> float:
    """Herfindahl-Hirschman index of weights that sum to one, in points: 10,000 is a single holding."""
    return float((weights**2).sum() * 1e4)


def effective_number(weights: pd.Series) -> float:
    """How many equal holdings would be as concentrated: the inverse of the Herfindahl index, unknown of nothing."""
    index = float((weights**2).sum())
    return 1 / index if index else np.nan


def entropy_number(weights: pd.Series) -> float:
    """How many equal holdings would be as diverse: the exponential of Shannon's entropy of weights that sum to one."""
    held = weights[weights > 0]
    return float(np.exp(-(held * np.log(held)).sum()))


def top(weights: pd.Series, count: int) -> float:
    """Weight of the largest few."""
    return float(weights.nlargest(count).sum())
