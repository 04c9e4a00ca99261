"""Whether value at risk was exceeded as often as forecast. The single outcomes belong to var_outcomes."""

import math

import pandas as pd

from fo_platform.analytics.backtests import (
    conditional_coverage,
    independence,
    kupiec,
    shortfall_score,
    traffic_light,
    transitions,
)
from fo_platform.analytics.metric import Metric
from fo_platform.contracts.analytics import VarBacktests

OBSERVATIONS_MIN = 36
"""Below it no test is made, as no volatility is stated from fewer returns."""

BASEL_SESSIONS = 250

BASEL_RATE = 0.01


def var_backtests(var_outcomes: pd.DataFrame) -> pd.DataFrame:
    """Tests of the outcomes of up to 250 sessions, by scope, method and confidence."""
    dated = var_outcomes.drop_duplicates(["scope", "method", "confidence", "return_date"], keep="last")
    groups = dated.sort_values("return_date").groupby(["scope", "method", "confidence"])
    return VarBacktests.frame([_tested(rows.tail(BASEL_SESSIONS)) for _, rows in groups])


METRIC = Metric(VarBacktests, var_backtests, {"var_outcomes": ("window", BASEL_SESSIONS)})


def _tested(rows: pd.DataFrame) -> dict[str, object]:
    observations, exceptions = len(rows), int(rows["is_exception"].sum())
    rate = round(1 - float(rows["confidence"].iloc[0]), 12)
    counted: dict[str, object] = {
        **{name: rows[name].iloc[0] for name in ("scope", "method", "confidence")},
        "observations": observations,
        "exception_count": exceptions,
        "exception_count_expected": observations * rate,
    }
    if observations < OBSERVATIONS_MIN:
        return {**counted, "reason": f"Only {observations} of {OBSERVATIONS_MIN} sessions that a test needs."}
    return {**counted, **_ratios(rows, exceptions, rate), **_zone(observations, exceptions, rate)}


def _ratios(rows: pd.DataFrame, exceptions: int, rate: float) -> dict[str, object]:
    coverage = kupiec(len(rows), exceptions, rate)
    independent = independence(transitions(rows["is_exception"].to_numpy(dtype="bool")))
    both = conditional_coverage(coverage, independent)
    losses, risk, shortfall = rows[["loss_base", "value_at_risk_base", "expected_shortfall_base"]].to_numpy().T
    score = shortfall_score(losses, risk, shortfall, rate)
    return {
        "kupiec_statistic": coverage.statistic,
        "kupiec_p_value": coverage.p_value,
        "independence_statistic": independent.statistic,
        "independence_p_value": independent.p_value,
        "coverage_statistic": both.statistic,
        "coverage_p_value": both.p_value,
        "shortfall_score": None if math.isnan(score) else score,
    }


def _zone(observations: int, exceptions: int, rate: float) -> dict[str, object]:
    """Basel's zone where Basel has one."""
    if rate != BASEL_RATE:
        return {"reason": "Basel has zones for 99 % only."}
    if observations < BASEL_SESSIONS:
        return {"reason": f"Only {observations} of the {BASEL_SESSIONS} sessions of Basel's zones."}
    return {"traffic_light": traffic_light(observations, exceptions, rate)}
