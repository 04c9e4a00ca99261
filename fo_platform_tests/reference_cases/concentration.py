"""Published examples of concentration, held against the measures of analytics.concentration."""

import pandas as pd

from fo_platform.analytics.metrics.concentration import effective_number, entropy_number, hhi_points, top
from fo_platform_tests.reference_cases._runner import Adapter

Case = dict[str, object]


def _weights(case: Case) -> pd.Series:
    """Weights as a case states them, or shares in per cent as fractions."""
    stated = next((case[name] for name in ("weights", "shares") if name in case), None)
    if stated is None:
        return pd.Series(case["shares_percent"], dtype="float64") / 100
    return pd.Series(stated, dtype="float64")


def _normalised(case: Case) -> float:
    """The index from 0, all equal, to 1, a single one."""
    weights = _weights(case)
    equal = 1 / len(weights)
    return (hhi_points(weights) / 1e4 - equal) / (1 - equal) if len(weights) > 1 else 1.0


def _top(case: Case) -> float:
    return top(_weights(case), int(str(case.get("k", case.get("n", 1)))))


ADAPTERS: dict[str, Adapter] = {
    "hhi_points": lambda case: hhi_points(_weights(case)),
    "hhi": lambda case: hhi_points(_weights(case)) / 1e4,
    "herfindahl": lambda case: hhi_points(_weights(case)) / 1e4,
    "normalized_hhi": _normalised,
    "normalised_hhi": _normalised,
    "effective_number": lambda case: effective_number(_weights(case)),
    "effective_number_assets": lambda case: effective_number(_weights(case)),
    "entropy_number": lambda case: entropy_number(_weights(case)),
    "top_k": _top,
    "top_1": lambda case: top(_weights(case), 1),
    "top_5": lambda case: top(_weights(case), 5),
    "top_10": lambda case: top(_weights(case), 10),
}
