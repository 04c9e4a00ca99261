"""Published returns of periods with flows: Dietz, true time-weighted, linked. Statistics of returns are elsewhere."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd

from fo_platform.analytics import time_weighted as ours
from fo_platform_tests.reference_cases._series import Case, number, returns

Flow = tuple[pd.Timestamp, float]


def _flows(case: Case, name: str = "flows") -> list[Flow]:
    rows = case.get(name) or []
    assert isinstance(rows, list)
    return [(pd.Timestamp(day), float(amount)) for day, amount in rows]


def _timing(case: Case) -> ours.Timing:
    return "begin" if str(case.get("flow_timing", "end")).startswith("b") else "end"


def _modified_dietz(case: Case) -> float:
    if "flows_day_of_month" in case:
        dated = np.array(case["flows_day_of_month"], dtype=np.float64).reshape(-1, 2)
        is_begin = "+ 1" in str(case.get("weight", "")) or "+1" in str(case.get("weight", ""))
        weights = ours.flow_weights(dated[:, 0], number(case, "days"), "begin" if is_begin else _timing(case))
        return ours.modified_dietz(number(case, "v_start"), number(case, "v_end"), dated[:, 1], weights)
    start, end = (pd.Timestamp(str(case[name])) for name in ("start_incl", "end_incl"))
    return _dietz((start, end), (number(case, "v_start"), number(case, "v_end")), _flows(case), _timing(case))


def _dietz(
    days: tuple[pd.Timestamp, pd.Timestamp], values: tuple[float, float], flows: list[Flow], timing: ours.Timing
) -> float:
    """Of a period whose first and last day both count; a flow on another day belongs to another period."""
    within = [(day, amount) for day, amount in flows if days[0] <= day <= days[1]]
    numbers = np.array([(day - days[0]).days + 1 for day, _ in within], dtype=np.float64)
    weights = ours.flow_weights(numbers, (days[1] - days[0]).days + 1, timing)
    return ours.modified_dietz(*values, np.array([amount for _, amount in within]), weights)


def _simple_dietz(case: Case) -> float:
    flows = np.array([amount for _, amount in _flows(case)])
    return ours.modified_dietz(number(case, "v_start"), number(case, "v_end"), flows, np.full(len(flows), 0.5))


def _twr(case: Case) -> float:
    """Linked from one valuation to the next; a flow belongs to the period that the valuations before its day begin."""
    valued = sorted(_flows(case, "valuations"))
    values = np.array([number(case, "v_start"), *(value for _, value in valued), number(case, "v_end")])
    moved = np.zeros(len(valued) + 1)
    for day, amount in _flows(case):
        moved[sum(valuation < day for valuation, _ in valued)] += amount
    return ours.true_return(values, moved, _timing(case))


def _linked_dietz(case: Case) -> float:
    """Between valuations, each at the end of its day; a period that runs empty neither gains nor loses."""
    start, end = (pd.Timestamp(str(case[name])) for name in ("start_incl", "end_incl"))
    valued = [(start - pd.Timedelta(days=1), number(case, "v_start")), *sorted(_flows(case, "valuations"))]
    points = [*(point for point in valued if point[0] < end), (end, number(case, "v_end"))]
    day = pd.Timedelta(days=1)
    periods = [((first + day, last), (before, after)) for (first, before), (last, after) in pairwise(points)]
    parts = [
        _dietz(days, values, _flows(case), _timing(case))
        for days, values in periods
        if not _runs_empty(days, values, _flows(case))
    ]
    return ours.linked(pd.Series(parts))


def _runs_empty(days: tuple[pd.Timestamp, pd.Timestamp], values: tuple[float, float], flows: list[Flow]) -> bool:
    """Whether nothing is left at the end, and all that was there went on the first day."""
    return values == (-sum(amount for day, amount in flows if day == days[0]), 0.0)


def _annualize(case: Case) -> float:
    """Ours where years are counted; no more than one by the calendar is left as it is, which is the source's way."""
    start, end = (pd.Timestamp(str(case[name])) for name in ("start_incl", "end_incl"))
    after, cumulative = end + pd.Timedelta(days=1), number(case, "cumulative")
    if after <= start + pd.DateOffset(years=1):
        return cumulative
    stated = ours.annualised(cumulative, _years(case, start, after) * ours.DAYS_PER_YEAR)
    return stated if np.isfinite(stated) else cumulative


def _years(case: Case, start: pd.Timestamp, after: pd.Timestamp) -> float:
    """Of the length that a case states; else full ones by the calendar, and days beyond them as 365ths."""
    if "days_per_year" in case:
        return (after - start).days / number(case, "days_per_year")
    past = after.year - start.year
    full = past - int(start + pd.DateOffset(years=past) > after)
    return full + (after - (start + pd.DateOffset(years=full))).days / 365


def _linked(case: Case) -> float:
    return ours.linked(pd.Series(returns(case)))


ADAPTERS: dict[str, Callable[[Case], object]] = {
    "modified_dietz": _modified_dietz,
    "simple_dietz": _simple_dietz,
    "linked_modified_dietz": _linked_dietz,
    "twr": _twr,
    "true_twr": _twr,
    "annualize": _annualize,
    "linked_return": _linked,
}
"""Calculators of brinvex-investperf and of the GIPS handbook, by the names of their cases."""
