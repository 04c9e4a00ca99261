"""Whether losses came as often, as scattered and as large as was forecast. Making forecasts does not belong here."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import xlog1py, xlogy
from scipy.stats import binom, chi2

Flags = npt.NDArray[np.bool_]
Vector = npt.NDArray[np.float64]

TrafficLight = Literal["green", "yellow", "red"]

YELLOW, RED = 0.95, 0.9999
"""Probabilities of at most so many exceptions from which a zone begins: 5 and 10 of 250 sessions at 99 %."""


@dataclass(frozen=True)
class Ratio:
    """A likelihood ratio and the probability of one at least as large, were the model right."""

    statistic: float
    p_value: float


@dataclass(frozen=True)
class Transitions:
    """How often a session without (0) or with (1) an exception was followed by one without or with."""

    n00: int
    n01: int
    n10: int
    n11: int


def kupiec(observations: int, exceptions: int, rate: float) -> Ratio:
    """Proportion of failures: whether exceptions came at the expected rate, which is 1 - confidence.

    No exception, and nothing but exceptions, have a likelihood like any other count. Source: Kupiec (1995),
    "Techniques for verifying the accuracy of risk measurement models".
    """
    return _ratio(
        _log_likelihood(observations - exceptions, exceptions, rate), _best(observations - exceptions, exceptions)
    )


def first_failure(sessions: int, rate: float) -> Ratio:
    """Time until first failure: whether the first exception, in that session, came when it was due. Kupiec (1995)."""
    return _ratio(_log_likelihood(sessions - 1, 1, rate), _best(sessions - 1, 1))


def transitions(exceptions: Flags) -> Transitions:
    """Transitions of consecutive sessions."""
    before, after = exceptions[:-1], exceptions[1:]
    count = [
        int((~before & ~after).sum()),
        int((~before & after).sum()),
        int((before & ~after).sum()),
        int((before & after).sum()),
    ]
    return Transitions(*count)


def independence(found: Transitions) -> Ratio:
    """Whether an exception is as likely after one as after none; a state that never occurred has a likelihood of one.

    Source: Christoffersen (1998), "Evaluating interval forecasts".
    """
    separate = _best(found.n00, found.n01) + _best(found.n10, found.n11)
    return _ratio(_best(found.n00 + found.n10, found.n01 + found.n11), separate)


def conditional_coverage(coverage: Ratio, independent: Ratio) -> Ratio:
    """Whether exceptions came at the expected rate and independently: the sum of both ratios, chi-square of two."""
    statistic = coverage.statistic + independent.statistic
    return Ratio(statistic, float(chi2.sf(statistic, 2)))


def binomial_score(observations: int, exceptions: int, rate: float) -> float:
    """Standard deviations by which exceptions exceed what was expected; source: Jorion (2006), "Value at Risk", 6."""
    return (exceptions - observations * rate) / math.sqrt(observations * rate * (1 - rate))


def traffic_light(observations: int, exceptions: int, rate: float) -> TrafficLight:
    """Basel's zone. Source: Basel Committee (1996), "Supervisory framework for the use of backtesting"."""
    probability = exceptions_probability(observations, exceptions, rate)
    if probability >= RED:
        return "red"
    return "yellow" if probability >= YELLOW else "green"


def exceptions_probability(observations: int, exceptions: int, rate: float) -> float:
    """Probability of at most so many exceptions, were the model right."""
    return float(binom.cdf(exceptions, observations, rate))


def shortfall_score(losses: Vector, value_at_risk: Vector, expected_shortfall: Vector, rate: float) -> float:
    """Acerbi and Szekely's second test: zero is expected, below zero losses in the tail were larger or more often.

    NaN where an expected shortfall is not above zero, as nothing can be measured by it. Source: Acerbi and Szekely
    (2014), "Back-testing expected shortfall", eq. 6, of profits.
    """
    if not len(losses) or (expected_shortfall <= 0).any():
        return math.nan
    return float(1 - np.where(losses > value_at_risk, losses / expected_shortfall, 0.0).sum() / (len(losses) * rate))


def _ratio(restricted: float, free: float) -> Ratio:
    statistic = 2 * max(free - restricted, 0.0)
    return Ratio(statistic, float(chi2.sf(statistic, 1)))


def _best(misses: int, hits: int) -> float:
    """Log likelihood at the observed rate, zero of no observation."""
    return _log_likelihood(misses, hits, hits / (misses + hits)) if misses + hits else 0.0


def _log_likelihood(misses: int, hits: int, rate: float) -> float:
    """Of independent sessions; nothing times the logarithm of nothing is zero."""
    return float(xlog1py(misses, -rate) + xlogy(hits, rate))
