"""Correlations once more, pair by pair, the repair by scipy."""

from math import isnan, nan, sqrt

import numpy as np
import pandas as pd
from scipy.linalg import eigh

from fo_platform_tests.analytics.second._histories import TOTAL, base_returns, class_histories


def second(read) -> pd.DataFrame:
    """Every pair of every scope's classes and of the office's ten largest risks."""
    _, histories, values = class_histories(read)
    rows = []
    for scope in {scope for scope, _ in histories}:
        series = {name: found[0] for (owner, name), found in histories.items() if owner == scope and name != TOTAL}
        proxied = {name for (owner, name), found in histories.items() if owner == scope and found[2]}
        rows += _pairs(scope, "asset_class", series, proxied)
    _, returns = base_returns(read)
    risks = {
        name: abs(value) * np.nanstd(returns[name], ddof=1)
        for name, value in values.get(("office", TOTAL), {}).items()
        if name in returns and not name.startswith("CASH.")
    }
    largest = sorted(sorted(risks, key=lambda name: (-risks[name], name))[:10])
    rows += _pairs("office", "instrument", {name: returns[name] for name in largest}, set())
    columns = (
        "scope item_kind item_1 item_2 correlation correlation_same_day correlation_ewma observations psd_distance "
        "is_proxy"
    )
    return pd.DataFrame(rows, columns=columns.split())


def _pairs(scope, kind, series, proxied):
    counts = {
        (a, b): sum(not isnan(x + y) for x, y in zip(series[a], series[b], strict=True)) for a in series for b in series
    }
    raw = {(a, b): _lead_lag(series, a, b) for a in series for b in series}
    kept = []
    for name in sorted(series, key=lambda name: (-counts[name, name], name)):
        if all(not isnan(raw[name, other]) and counts[name, other] >= 36 for other in [*kept, name]):
            kept.append(name)
    repaired, distance = _repaired(np.array([[raw[a, b] for b in kept] for a in kept]).reshape(len(kept), len(kept)))
    complete = [day for day in zip(*(series[name] for name in kept), strict=True) if not any(map(isnan, day))]
    for a in series:
        for b in series:
            both = a in kept and b in kept
            cell = repaired[kept.index(a), kept.index(b)] if both else nan
            recent = _recent(complete, kept.index(a), kept.index(b)) if both else nan
            plain = _plain(series[a], series[b])
            is_proxy = a in proxied or b in proxied
            yield scope, kind, a, b, cell, plain, recent, counts[a, b], distance if both else nan, is_proxy


def _lead_lag(series, a, b):
    if a == b:
        return 1.0 if _summed(series[a], series[a]) > 0 else nan
    variances = _summed(series[a], series[a]), _summed(series[b], series[b])
    return _summed(series[a], series[b]) / sqrt(variances[0] * variances[1]) if min(variances) > 0 else nan


def _summed(x, y):
    x, y = (np.array(each) - np.nanmean(each) if not np.isnan(each).all() else np.array(each) for each in (x, y))
    parts = [x * y, x[:-1] * y[1:], y[:-1] * x[1:]]
    return sum(part[~np.isnan(part)].mean() if (~np.isnan(part)).any() else nan for part in parts)


def _repaired(matrix):
    if not len(matrix):
        return matrix, nan
    values, vectors = eigh(matrix)
    if values[0] >= -1e-12 * values[-1]:
        return matrix, 0.0
    root = vectors @ np.diag(np.sqrt(np.maximum(values, 0)))
    root = np.array([row / np.linalg.norm(row) for row in root])
    return root @ root.T, np.linalg.norm(root @ root.T - matrix)


def _plain(x, y):
    known = [(p, q) for p, q in zip(x, y, strict=True) if not isnan(p + q)]
    if len(known) < 36 or min(np.ptp(known, axis=0)) == 0:
        return nan
    return np.corrcoef(np.array(known).T)[0, 1]


def _recent(complete, a, b):
    if len(complete) < 36:
        return nan
    x, y = (np.array([day[place] for day in complete]) for place in (a, b))
    weights = 0.94 ** np.arange(len(complete))[::-1]
    return (weights * x * y).sum() / sqrt((weights * x * x).sum() * (weights * y * y).sum())
