"""Distances from targets once more, with a covariance of instruments instead of factor loadings of classes."""

import math
from itertools import product

import numpy as np
import pandas as pd

from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import DriftMeasures


def second(read) -> pd.DataFrame:
    """Every measure over NAV and over the sleeve."""
    weights, covered = _compositions(read)
    names = sorted({name for composition in weights.values() for name in composition})
    covariance = _covariance(read, names)
    bases = {"total": "weight_target", "tradeable": "weight_target_tradeable"}
    rows = []
    for (scope, lines), basis in product(read("analytics.allocation_drift").groupby("scope"), bases):
        cells = zip(lines[f"drift_{basis}"], lines[bases[basis]], strict=True)
        pairs = dict(zip(lines["asset_class"], cells, strict=True))
        found = _measures(pairs, weights, covered, names, covariance)
        rows += [{"scope": scope, "measure": f"{n}_{basis}", "value": v} for n, v in found.items()]
    return inexact(DriftMeasures.frame(rows))[["scope", "measure", "value"]]


def _measures(pairs, weights, covered, names, covariance):
    """Every measure of drifts and targets by class."""
    lines = {n: np.array([weights[n].get(one, 0.0) for one in names]) * drift for n, (drift, _) in pairs.items()}
    active = sum(lines.values())
    specific = sum(float(line**2 @ covariance[1]) for line in lines.values())
    sizes = [abs(drift) for drift, _ in pairs.values()]
    return {
        "drift_max": max(sizes),
        "turnover_one_way": sum(sizes) / 2,
        "drift_l2": math.hypot(*sizes),
        "drift_relative_max": max(abs(drift) / goal for drift, goal in pairs.values() if goal > 0),
        "off_zero_targets": sum(goal == 0 and drift != 0 for drift, goal in pairs.values()),
        "tracking_error": math.sqrt(active @ covariance[0] @ active + specific),
        "tracking_error_coverage": sum(abs(pairs[n][0]) * covered[n] for n in pairs) / sum(sizes),
    }


def _compositions(read):
    """Weights of instruments with known risk in every class, or its proxy's, and the part that is known."""
    loadings, risks = read("analytics.factor_loadings"), read("analytics.specific_risks")
    known = set(loadings["instrument_id"]) & set(risks["instrument_id"])
    proxies = read("policy.allocation_targets").dropna(subset=["proxy_asset_class"])
    proxy = dict(zip(proxies["asset_class"], proxies["proxy_asset_class"], strict=True))
    values, gross = {}, {}
    for line in read("book.holdings").dropna(subset=["market_value_base"]).itertuples():
        gross.setdefault(line.asset_class, {}).setdefault(line.instrument_id, 0.0)
        gross[line.asset_class][line.instrument_id] += line.market_value_base
    for name, lines in gross.items():
        values[name] = {one: value for one, value in lines.items() if one in known}
    weights = {n: {one: v / sum(lines.values()) for one, v in lines.items()} for n, lines in values.items() if lines}
    covered = {n: sum(map(abs, values[n].values())) / sum(map(abs, gross[n].values())) for n in values}
    return {name: weights.get(name) or weights[proxy[name]] for name in {*gross, *proxy}}, {
        **dict.fromkeys(proxy, 0.0),
        **covered,
    }


def _covariance(read, names):
    """Covariance of instruments that factors explain, and the variances that they leave."""
    loadings = read("analytics.factor_loadings").pivot(index="instrument_id", columns="factor", values="loading")
    factors = read("analytics.factor_covariances").pivot(
        index="factor_1", columns="factor_2", values="covariance_annual"
    )
    risks = read("analytics.specific_risks").set_index("instrument_id")["specific_volatility_annual"]
    exposure = loadings.loc[names, factors.index].to_numpy()
    return exposure @ factors.to_numpy() @ exposure.T, risks[names].to_numpy() ** 2
