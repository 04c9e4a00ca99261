"""How far losses on dates drawn from the past may be off because those dates are few. Losses do not belong here."""

import math

import numpy as np

from fo_platform.analytics.loss import DateErrors, Places, Vector, shortfall_paths


def date_errors(losses: Vector, places: Places, dates: int, confidence: float) -> DateErrors:
    """What a history of so many dates, itself only a sample, leaves uncertain of a tail; dates taken as independent.

    losses: by path. places: of the dates that made each, sessions x paths. How much more often a date is drawn on
    paths of the tail than on all tells what a figure would change by were that date more frequent; less the spread
    that these counts have by drawing alone. At one session the chance of a loss beyond value at risk varies by
    sqrt(confidence (1 - confidence) / dates), the binomial's. Where only a few dates lie beyond, their own spread says
    too little of what else may come, and the error of expected shortfall is rather too small. Source: Efron (1992),
    "Jackknife-after-bootstrap standard errors and influence functions".
    """
    worst = shortfall_paths(losses, confidence)
    beyond = losses[worst.places] - losses[worst.places].min()
    drawn = places[:, worst.places]
    return DateErrors(
        count=dates,
        probability_error=(1 - confidence) * _spread(worst.weights, drawn, dates),
        shortfall_error=_spread(worst.weights * beyond, drawn, dates),
    )


def _spread(amounts: Vector, drawn: Places, dates: int) -> float:
    """Root of the sum of squares, by date about their mean, of what paths of these amounts put on the dates drawn."""
    sessions = len(drawn)
    by_date = np.bincount(drawn.ravel(), weights=np.tile(amounts, sessions), minlength=dates)
    by_chance = (amounts**2).sum() * sessions * (1 - sessions / dates)
    return math.sqrt(max(((by_date - by_date.mean()) ** 2).sum() - by_chance, 0.0))
