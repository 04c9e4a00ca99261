"""Losses at a confidence from the law that every method states, not from its paths. Drawing anew belongs to _losses.

Normal and Student's losses have closed forms, one session of the past is every date of it, and more sessions are drawn
again with other numbers. Figures are held to the errors that the table itself states, and those to ours.
"""

from itertools import product
from math import sqrt

import pandas as pd

from fo_platform_tests.analytics.second._liquidity import today
from fo_platform_tests.analytics.second._losses import (
    QUASI_RANDOM,
    WIDTH,
    Law,
    Laws,
    has_atoms,
    quantile_error,
    shortfall_error,
)
from fo_platform_tests.analytics.second._risk_book import Read, Row

PATHS = {("student_t", "1d"): 65_536}
"""Where not 8192."""

METHODS = ("gaussian", "student_t", "bootstrap", "filtered")
CASES = list(product(("1d", "10d", "21d"), (0.95, 0.99)))


def second(read: Read) -> pd.DataFrame:
    """Every figure, with the distance that chance allows."""
    laws = Laws(read)
    stated = read("analytics.simulated_loss").set_index(["scope", "method", "horizon", "confidence"])
    same: Row = {"seed": int(f"{today(read):%Y%m%d}"), "reason": None}
    rows: list[Row] = []
    for scope, method in product(laws.scopes, METHODS):
        ahead, nav, coverage = laws.of(scope, method), laws.book.nav[scope], laws.book.coverage(scope)
        for horizon, confidence in CASES:
            key = (scope, method, horizon, confidence)
            law, paths = ahead[int(horizon[:-1]) - 1], PATHS.get((method, horizon), 8192)
            width = QUASI_RANDOM if method == "gaussian" else WIDTH
            row = _figures(law, confidence, paths, stated.loc[key], width)
            fractions = {name.replace("_base", ""): row[name] / nav for name in row if "_error_" not in name}
            place = dict(zip(stated.index.names, key, strict=True))
            rows.append({**place, **row, **fractions, **same, "paths": paths, "coverage_share": coverage})
    return pd.DataFrame(rows)


def _figures(law: Law, confidence: float, paths: int, stated: pd.Series, width: float) -> Row:
    """Losses within a number of stated errors; errors within what so few losses about a quantile or beyond it tell.

    Where the same losses are drawn again and again, value at risk leaps from one to the next, which no slope shows:
    there ranks tell how far.
    """
    value, mean, _ = law.tail(confidence)
    mass, spread = paths * (1 - confidence), sqrt(paths * confidence * (1 - confidence))
    leap = quantile_error(law, confidence, paths) if has_atoms(law, paths) else 0.0
    error, mean_error = quantile_error(law, confidence, paths, 1), shortfall_error(law, confidence, paths)
    return {
        "value_at_risk_base": value,
        "value_at_risk_base_tolerance": max(width * stated["value_at_risk_error_base"], leap),
        "value_at_risk_error_base": error,
        "value_at_risk_error_base_tolerance": max(WIDTH * error / sqrt(2 * spread), leap),
        "expected_shortfall_base": mean,
        "expected_shortfall_base_tolerance": width * stated["expected_shortfall_error_base"],
        "expected_shortfall_error_base": mean_error,
        "expected_shortfall_error_base_tolerance": WIDTH * mean_error * sqrt(2 / mass),
    }
