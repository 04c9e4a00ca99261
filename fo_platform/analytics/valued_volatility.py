"""Volatility of appraised assets from their own valuations. What such an asset moves with does not belong here."""

import pandas as pd

from fo_platform.analytics.desmoothing import desmooth
from fo_platform.analytics.dispersion import OBSERVATIONS_MIN

VALUATIONS_MIN = OBSERVATIONS_MIN + 1
"""Valuations from which an asset's own are used: as many returns as any volatility needs.

Of returns half of which is the one before (rho 0.5), 36 give in the middle 0.85 of the true volatility; 20 give 0.76
and 12 only 0.63, because so few tell too low an autocorrelation.
"""

VOLATILITY_MIN = 0.001
"""A year; what moves less is carried at a schedule and not appraised."""

DAYS_PER_YEAR = 365.25

AT_COST = "cost"
"""A method that states what was paid and nothing about what it is worth."""


def valued_volatilities(valuations: pd.DataFrame) -> pd.Series:
    """Annual volatility by instrument_id, of assets whose valuations are enough, from their de-smoothed returns.

    valuations: book.Valuations. Returns from one valuation to the next, in the asset's own currency, lose their
    smoothing and are annualised by how many there were a year. Money that was put into the asset shows as a return,
    because nobody states it. Of the same asset in several accounts the highest counts.
    """
    stated = valuations[valuations["appraisal_method"].fillna("") != AT_COST].sort_values("appraisal_date")
    series = stated.groupby(["account_id", "instrument_id", "currency"])
    found = {place: own_volatility(rows.set_index("appraisal_date")["market_value_local"]) for place, rows in series}
    known = pd.Series(found, dtype="float64").dropna()
    return known.groupby(level=1).max() if len(known) else pd.Series(dtype="float64")


def own_volatility(values: pd.Series) -> float:
    """Annual volatility of one asset's values by date, in order; NaN where they are too few, not above zero or still.

    Where the returns' autocorrelation is not above zero, nothing is taken out of them.
    """
    if len(values) < VALUATIONS_MIN or (values <= 0).any():
        return float("nan")
    levels = values.to_numpy()
    returns = levels[1:] / levels[:-1] - 1
    years = (values.index[-1] - values.index[0]).days / DAYS_PER_YEAR
    volatility = float(desmooth(returns).returns.std(ddof=1) * (len(returns) / years) ** 0.5)
    return volatility if volatility >= VOLATILITY_MIN else float("nan")
