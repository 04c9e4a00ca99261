"""Loadings, factor covariances and specific risks as the second computations read them. Figures do not belong here."""

from collections import defaultdict
from math import nan, sqrt

import numpy as np

from fo_platform_tests.analytics.second._valuations import own_volatilities


class RiskModel:
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
        self.valued = own_volatilities(read)
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
        if name in self.valued:
            size = self.valued[name] / sqrt(middle @ self.covariance @ middle + high**2)
            return "desmoothed", self.proxies[kind], size * middle, size * high
        return "class_proxy", self.proxies[kind], middle, high
