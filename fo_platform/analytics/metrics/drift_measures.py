"""Distance from targets, one figure a measure and scope. Drift by class and its trigger belong to allocation_drift."""

from collections.abc import Iterator

import pandas as pd

from fo_platform.analytics.drift import ClassRisk, class_risk, distances
from fo_platform.analytics.metric import Metric
from fo_platform.contracts.analytics import DriftMeasures

BASES = {"total": ("drift_total", "weight_target"), "tradeable": ("drift_tradeable", "weight_target_tradeable")}
"""Drift and target over NAV, and over the tradeable sleeve."""

UNITS = {
    "drift_max": "fraction",
    "turnover_one_way": "fraction",
    "drift_l2": "fraction",
    "drift_relative_max": "fraction of target",
    "off_zero_targets": "classes",
    "tracking_error": "fraction per year",
    "tracking_error_coverage": "fraction",
}

NO_SLEEVE = "Drift is unknown: the sleeve has no value."
NO_TARGETS = "No class has a target above zero."
NO_DRIFT = "No class is off its target."
NO_RISK = "No risk is known of a class that is off its target, nor of a proxy for it."


def drift_measures(
    *,
    allocation_drift: pd.DataFrame,
    allocation_targets: pd.DataFrame,
    holdings: pd.DataFrame,
    factor_loadings: pd.DataFrame,
    specific_risks: pd.DataFrame,
    factor_covariances: pd.DataFrame,
) -> pd.DataFrame:
    """Maximum, one-way turnover, Euclidean length, relative maximum and tracking error of drift, over NAV and sleeve.

    Each measure ends in `_total` or `_tradeable`. Classes carry the risk of what the office holds in them, whoever
    drifts; one without prices carries its proxy's, and `tracking_error_coverage` says how much does not.
    """
    targets = allocation_targets.dropna(subset=["proxy_asset_class"]).drop_duplicates("asset_class")
    proxies = targets.set_index("asset_class")["proxy_asset_class"]
    risk = class_risk(
        holdings.dropna(subset=["market_value_base"]), proxies, factor_loadings, specific_risks, factor_covariances
    )
    rows = [
        {"scope": scope, "measure": f"{measure}_{basis}", "value": value, "unit": UNITS[measure], "reason": reason}
        for scope, lines in allocation_drift.groupby("scope")
        for basis, columns in BASES.items()
        for measure, value, reason in _measures(lines.set_index("asset_class")[list(columns)], risk)
    ]
    return DriftMeasures.frame(rows)


METRIC = Metric(DriftMeasures, drift_measures)


def _measures(lines: pd.DataFrame, risk: ClassRisk) -> Iterator[tuple[str, float | None, str | None]]:
    """Measure, value and, where it is unknown, the reason; lines: drift and target by class."""
    drift, target = lines.iloc[:, 0], lines.iloc[:, 1]
    is_known = bool(drift.notna().all())
    every = distances(drift, target) | {
        "tracking_error": risk.tracking_error(drift) if is_known else float("nan"),
        "tracking_error_coverage": risk.coverage(drift) if is_known else float("nan"),
    }
    reasons = {"drift_relative_max": NO_TARGETS, "tracking_error": NO_RISK, "tracking_error_coverage": NO_DRIFT}
    for measure, value in every.items():
        is_stated = pd.notna(value)
        yield measure, value if is_stated else None, None if is_stated else reasons[measure] if is_known else NO_SLEEVE
