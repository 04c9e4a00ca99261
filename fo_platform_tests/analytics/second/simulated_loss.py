"""Losses at a confidence from the law that every method states, not from its paths. Drawing anew belongs to _losses.

Normal and Student's losses have closed forms, one session of the past is every date of it, and more sessions are drawn
again with other numbers. Figures are held to the errors of drawing them, and errors to ours; normal losses, whose paths
are even, to `EVEN` of the closed form.
"""

from itertools import product
from math import sqrt

import pandas as pd

from fo_platform_tests.analytics.second._liquidity import today
from fo_platform_tests.analytics.second._losses import WIDTH, Law, Laws, quantile_error, shortfall_error
from fo_platform_tests.analytics.second._risk_book import Read, Row

PATHS = {("student_t", "1d"): 65_536} | {("gaussian", horizon): 16_384 for horizon in ("1d", "10d", "21d")}
"""Where not 8192."""

EVEN = 5e-4

METHODS = ("gaussian", "student_t", "bootstrap", "filtered")
FIGURES = ("value_at_risk_base", "expected_shortfall_base")
OF_DATES = METHODS[2:]
CASES = list(product(("1d", "10d", "21d"), (0.95, 0.99)))


def second(read: Read) -> pd.DataFrame:
    """Every figure, with the distance that chance allows."""
    laws = Laws(read)
    same: Row = {"seed": int(f"{today(read):%Y%m%d}"), "reason": None}
    rows: list[Row] = []
    for scope, method in product(laws.scopes, METHODS):
        ahead, nav, coverage = laws.of(scope, method), laws.book.nav[scope], laws.book.coverage(scope)
        for horizon, confidence in CASES:
            sessions, paths = int(horizon[:-1]), PATHS.get((method, horizon), 8192)
            law = ahead[sessions - 1]
            row: Row = _figures(law, confidence, paths)
            row |= {f"{name}_tolerance": EVEN * row[name] for name in FIGURES} if method == "gaussian" else {}
            row |= _dated(laws, law, sessions, confidence, paths) if method in OF_DATES else {}
            fractions = {name.replace("_base", ""): row[name] / nav for name in row if "_error_" not in name}
            place = {"scope": scope, "method": method, "horizon": horizon, "confidence": confidence}
            rows.append({**place, **row, **fractions, **same, "paths": paths, "coverage_share": coverage})
    return pd.DataFrame(rows)


def _figures(law: Law, confidence: float, paths: int) -> dict[str, float]:
    """Losses within a number of errors; errors within what so few losses about a quantile or beyond it tell."""
    value, mean, _ = law.tail(confidence)
    mass, spread = paths * (1 - confidence), sqrt(paths * confidence * (1 - confidence))
    error, mean_error = quantile_error(law, confidence, paths, 1), shortfall_error(law, confidence, paths)
    return {
        "value_at_risk_base": value,
        "value_at_risk_base_tolerance": quantile_error(law, confidence, paths),
        "value_at_risk_error_base": error,
        "value_at_risk_error_base_tolerance": WIDTH * error / sqrt(2 * spread),
        "expected_shortfall_base": mean,
        "expected_shortfall_base_tolerance": WIDTH * mean_error,
        "expected_shortfall_error_base": mean_error,
        "expected_shortfall_error_base_tolerance": WIDTH * mean_error * sqrt(2 / mass),
    }


def _dated(laws: Laws, law: Law, sessions: int, confidence: float, paths: int) -> Row:
    """Errors of what is drawn from dates, and how far they spread between lots of as many paths."""
    (error, mean_error), (apart, mean_apart) = laws.errors(law, sessions, confidence, paths)
    return {
        "value_at_risk_error_base": error,
        "value_at_risk_error_base_tolerance": WIDTH * apart,
        "expected_shortfall_error_base": mean_error,
        "expected_shortfall_error_base_tolerance": WIDTH * mean_apart,
    }
