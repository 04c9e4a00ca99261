"""Tests of coverage, counted one outcome at a time and with likelihoods written out."""

import math
from collections import defaultdict
from collections.abc import Callable

import pandas as pd

Read = Callable[..., pd.DataFrame]
Outcome = dict[str, float]

SESSIONS, LEAST = 250, 36


def second(read: Read) -> pd.DataFrame:
    """Key and figures of analytics.var_backtests; p-values of one and two degrees of freedom in closed form."""
    outcomes: dict[tuple[str, str, float], dict[pd.Timestamp, Outcome]] = defaultdict(dict)
    for row in read("analytics.var_outcomes", sessions=SESSIONS).to_dict("records"):
        outcomes[row["scope"], row["method"], row["confidence"]][row["return_date"]] = row
    found = [(key, [dated[day] for day in sorted(dated)][-SESSIONS:]) for key, dated in outcomes.items()]
    return pd.DataFrame([_row(*pair) for pair in found])


def _row(key: tuple[str, str, float], outcomes: list[Outcome]) -> dict[str, object]:
    flags, rate = [bool(each["is_exception"]) for each in outcomes], round(1 - key[2], 12)
    row: dict[str, object] = dict(zip(("scope", "method", "confidence"), key, strict=True))
    row |= {"observations": len(flags), "exception_count": sum(flags), "exception_count_expected": len(flags) * rate}
    if len(flags) < LEAST:
        return row
    kupiec = 2 * (_best(flags) - _likelihood(flags, rate))
    after = {
        before: [now for last, now in zip(flags[:-1], flags[1:], strict=True) if last == before] for before in (0, 1)
    }
    apart = 2 * (_best(after[0]) + _best(after[1]) - _best(flags[1:]))
    beyond = sum(each["loss_base"] / each["expected_shortfall_base"] for each in outcomes if each["is_exception"])
    return row | {
        "kupiec_statistic": kupiec,
        "kupiec_p_value": math.erfc(math.sqrt(max(kupiec, 0) / 2)),
        "independence_statistic": apart,
        "independence_p_value": math.erfc(math.sqrt(max(apart, 0) / 2)),
        "coverage_statistic": kupiec + apart,
        "coverage_p_value": math.exp(-(kupiec + apart) / 2),
        "shortfall_score": 1 - beyond / (len(flags) * rate),
    }


def _best(flags: list[bool]) -> float:
    return _likelihood(flags, sum(flags) / len(flags)) if flags else 0.0


def _likelihood(flags: list[bool], rate: float) -> float:
    return sum(math.log(rate if flag else 1 - rate) for flag in flags)
