"""Regressions of instruments on the factors, one at a time by normal equations, and what stands for the short ones."""

from collections import defaultdict
from math import isnan, nan

import numpy as np

from fo_platform_tests.analytics.second._factors import complete_factors
from fo_platform_tests.analytics.second._histories import base_returns


def fitted(read):
    """Names of the factors, and by instrument: loadings, r squared, specific volatility, observations, is_proxy."""
    dates, returns = base_returns(read)
    names, factors = complete_factors(read)
    series = {name: dict(zip(dates, values, strict=True)) for name, values in returns.items()}
    known = {name: [date for date in factors if not isnan(values.get(date, nan))] for name, values in series.items()}
    classes = {
        row.instrument_id: row.asset_class
        for row in read("reference.instruments").itertuples()
        if not row.instrument_id.startswith("CASH.")
    }
    own = {
        name: _regressed([series[name][d] for d in known[name]], [factors[d] for d in known[name]])
        for name in classes
        if len(known.get(name, [])) >= 60
    }
    found = {name: (*figures, len(known[name]), False) for name, figures in own.items()}
    groups = defaultdict(list)
    for name, figures in own.items():
        groups[classes[name]].append(figures)
    for name, kind in classes.items():
        peers = groups.get(kind) or list(own.values())
        if name not in own and peers:
            middle = np.median([peer[0] for peer in peers], axis=0)
            high = np.quantile([peer[2] for peer in peers], 0.75)
            found[name] = (middle, nan, high, len(known.get(name, [])), True)
    for name in (name for name in series if name.startswith("CASH.")):
        currency = name.removeprefix("CASH.")
        own_risk = np.std([series[name][d] for d in known[name]], ddof=1) * 252**0.5 if len(known[name]) >= 36 else nan
        risk = 0.0 if currency in names else own_risk
        if not isnan(risk):
            found[name] = ([float(currency == factor) for factor in names], nan, risk, len(known[name]), False)
    return names, found


def _regressed(returns, factors):
    design = np.array([[1.0, *row] for row in factors])
    values = np.array(returns)
    beta = np.linalg.solve(design.T @ design, design.T @ values)
    left = ((values - design @ beta) ** 2).sum()
    total = ((values - values.mean()) ** 2).sum()
    explained = min(max(1 - left / total, 0.0), 1.0) if total > 0 else nan
    return beta[1:], explained, (left / (len(values) - design.shape[1]) * 252) ** 0.5
