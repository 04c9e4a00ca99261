"""Contributions to volatility once more, from the whole covariance of every scope's positions."""

from collections import defaultdict
from math import isnan, nan

import numpy as np
import pandas as pd

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
    known = _Model(read)
    rows = []
    for scope, lines in held.items():
        if worth[scope]:
            rows += _scope(scope, {key: value for key, value in lines.items() if value}, worth[scope], known)
    return pd.DataFrame(rows, columns=COLUMNS)


class _Model:
    """What is known of instruments, and of classes by their middle."""

    def __init__(self, read) -> None:
        covariance = read("analytics.factor_covariances")
        self.factors = sorted(covariance["factor_1"].unique())
        cells = {(row.factor_1, row.factor_2): row.covariance_annual for row in covariance.itertuples()}
        self.covariance = np.array([[cells[a, b] for b in self.factors] for a in self.factors])
        loadings = read("analytics.factor_loadings").pivot(index="instrument_id", columns="factor", values="loading")
        self.loadings = {name: row[self.factors].to_numpy() for name, row in loadings.iterrows()}
        risks = read("analytics.specific_risks")
        self.specific = dict(risks[["instrument_id", "specific_volatility_annual"]].itertuples(index=False))
        self.short = set(risks.loc[risks["is_proxy"], "instrument_id"])
        targets = read("policy.allocation_targets").dropna(subset=["proxy_asset_class"])
        self.proxies = dict(targets[["asset_class", "proxy_asset_class"]].itertuples(index=False))
        self.peers = defaultdict(list)
        for row in read("reference.instruments").itertuples():
            if row.instrument_id in self.loadings and not row.instrument_id.startswith("CASH."):
                self.peers[row.asset_class].append(row.instrument_id)

    def risk(self, name, kind, money):
        """Basis, stand-in class, loadings and specific volatility; the basis is unknown where nothing else is known."""
        if name in self.loadings:
            basis = "short_history" if name in self.short else "own"
            return basis, None, self.loadings[name], self.specific[name]
        if money in self.loadings:
            return "money", None, self.loadings[money], self.specific[money]
        peers = self.peers.get(self.proxies.get(kind), [])
        if not peers or money:
            return "unknown", None, None, nan
        middle = np.median([self.loadings[peer] for peer in peers], axis=0)
        high = np.quantile([self.specific[peer] for peer in peers], 0.75)
        return "class_proxy", self.proxies[kind], middle, high


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
