"""Contributions to volatility once more, from the whole covariance of every scope's positions."""

from collections import defaultdict
from math import isnan, nan

import numpy as np
import pandas as pd

from fo_platform_tests.analytics.second._risk_model import RiskModel

FIGURES = ["volatility_contribution_annual", "volatility_contribution_share", "volatility_marginal_annual"]
COLUMNS = [
    "scope", "rollup", "asset_class", "instrument_id", "market_value_base", "weight", *FIGURES, "coverage_share",
    "risk_basis", "proxy_asset_class",
]  # fmt: skip


def second(read) -> pd.DataFrame:
    """Positions, classes and totals of every scope."""
    worth = dict(read("book.net_worth")[["entity_id", "nav_base"]].itertuples(index=False))
    held = defaultdict(lambda: defaultdict(float))
    for row in read("book.holdings").dropna(subset=["market_value_base"]).itertuples():
        money = f"CASH.{row.currency}" if row.holding_kind == "liability" else None
        for scope in (row.entity_id, "office"):
            held[scope][row.asset_class, row.instrument_id, money] += row.market_value_base
    known = RiskModel(read)
    rows = []
    for scope, lines in held.items():
        if worth[scope]:
            rows += _scope(scope, {key: value for key, value in lines.items() if value}, worth[scope], known)
    return pd.DataFrame(rows, columns=COLUMNS)


def _scope(scope, lines, nav, known):
    risks = {key: known.risk(key[1], key[0], key[2]) for key in lines}
    covered = [key for key in lines if risks[key][0] != "unknown"]
    weights = np.array([lines[key] / nav for key in covered])
    sums = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0, 0.0, 0])
    figures = dict.fromkeys(lines, (nan, nan, nan))
    if covered and nav > 0:
        loadings = np.array([risks[key][2] for key in covered])
        whole = loadings @ known.covariance @ loadings.T + np.diag([risks[key][3] ** 2 for key in covered])
        variance = weights @ whole @ weights
        if variance > 0:
            marginal = whole @ weights / variance**0.5
            parts = zip(covered, weights, marginal, strict=True)
            figures |= {key: (w * m, w * m / variance**0.5, m) for key, w, m in parts}
    for key, value in lines.items():
        basis, proxy, _, _ = risks[key]
        is_known = float(basis != "unknown")
        yield scope, "position", key[0], key[1], value, value / nav, *figures[key], is_known, basis, proxy
        for place in (("class", key[0]), ("total", "total")):
            annual, share = np.nan_to_num(figures[key][:2])
            added = (value, abs(value), is_known * abs(value), annual, share, not isnan(figures[key][0]))
            sums[place] = [before + more for before, more in zip(sums[place], added, strict=True)]
    for (rollup, name), (value, gross, known_gross, annual, share, count) in sums.items():
        shown = (annual, share) if count else (nan, nan)
        yield scope, rollup, name, "total", value, value / nav, *shown, nan, known_gross / gross, None, None
