"""Calls and distributions that private funds are expected to make, month by month. Notices belong to the book."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

DAYS_PER_YEAR = 365.25
MONTHS = 12


@dataclass(frozen=True)
class Commitment:
    """A stake in a fund in base currency: what may still be called, its value, its age, and what is announced of it.

    calls, distributions: money of notices by month, one number a month of the horizon, positive both ways.
    """

    unfunded: float
    nav: float
    age_years: float
    calls: Matrix
    distributions: Matrix


def pace(
    fund: Commitment, rules: Mapping[str, float], call_factors: Matrix, distribution_factors: Matrix
) -> tuple[Matrix, Matrix]:
    """Further calls and distributions by path and month, beyond those announced.

    factors: paths x months, what a month's flow is over what the model expects; ones give the model itself. Each year's
    rate is spread evenly: twelve months of 1 - (1 - rate)^(1/12) call, or pay, as much as the year does at once.
    Announced money counts towards a month's flow; no more is called than is unfunded, nor paid than there is.
    Source: Takahashi and Alexander (2002), "Illiquid Alternative Asset Fund Modeling".
    """
    paths, months = call_factors.shape
    calls, paid = np.zeros((paths, months)), np.zeros((paths, months))
    free, nav = np.full(paths, max(fund.unfunded - fund.calls.sum(), 0.0)), np.full(paths, fund.nav)
    growth = (1 + rules["growth"]) ** (1 / MONTHS)
    for month in range(months):
        age = fund.age_years + month / MONTHS
        uncalled = free + fund.calls[month:].sum()
        called = _monthly(contribution_rate(rules, age)) * uncalled * call_factors[:, month]
        calls[:, month] = np.clip(called - fund.calls[month], 0.0, free)
        grown = np.maximum(nav, 0.0) * growth
        due = _monthly(distribution_rate(rules, age + 1 / MONTHS)) * grown * distribution_factors[:, month]
        paid[:, month] = np.clip(due, fund.distributions[month], np.maximum(grown, fund.distributions[month]))
        paid[:, month] -= fund.distributions[month]
        free = free - calls[:, month]
        nav = grown + calls[:, month] + fund.calls[month] - paid[:, month] - fund.distributions[month]
    return calls, paid


def contribution_rate(rules: Mapping[str, float], age_years: float) -> float:
    """Part of what is unfunded that a fund calls in its year of age; the last stated rate holds for all later years."""
    years = sorted(int(name.rsplit("_", 1)[1]) for name in rules if name.startswith("contribution_rate_"))
    return rules[f"contribution_rate_{min(max(int(age_years), 0) + 1, years[-1])}"]


def distribution_rate(rules: Mapping[str, float], age_years: float) -> float:
    """Part of its value that a fund pays out in a year at an age: (age / life)^bow, at least the yield, at most all."""
    reached: float = (max(age_years, 0.0) / rules["life_years"]) ** rules["bow"]
    return min(max(reached, rules["yield_min"]), 1.0)


def _monthly(rate: float) -> float:
    return float(1 - (1 - rate) ** (1 / MONTHS))
