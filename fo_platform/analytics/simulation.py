"""Simulated losses of every scope by every method. How scenarios are drawn and tails measured belongs elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from fo_platform.analytics import scenarios
from fo_platform.analytics.date_errors import date_errors
from fo_platform.analytics.loss import LAW, DateErrors, TailPaths, Vector
from fo_platform.analytics.risk_book import RiskBook
from fo_platform.analytics.scenarios import Matrix, Places

PATHS = 65_536
"""Paths of one session of Student's t, whose tail is random twice over."""

PATHS_EVEN = 16_384
"""Quasi-random paths: the lowest power of two that keeps both measures within 0.05 % of the closed form."""

PATHS_LONG = 8_192
"""Paths of everything else: drawn from some hundred dates, or of many sessions."""

SESSIONS = 21
"""Sessions ahead: the month of liquidity_profile."""

DECAY = 0.94
"""RiskMetrics (1996) decay of daily squared returns."""

HISTORY_MIN = 100
"""Dates below which nothing is drawn from history: fewer hold no loss that is exceeded one day in a hundred."""

METHODS = ("gaussian", "student_t", "bootstrap", "filtered")


class Losses(Protocol):
    """Losses of one scope by one method, in base currency, a gain being negative."""

    @property
    def day(self) -> Vector:
        """Of one session, by path."""

    @property
    def ahead(self) -> Matrix:
        """After 1, 2, .. SESSIONS of them, sessions x paths."""

    def date_errors(self, sessions: int, confidence: float) -> DateErrors:
        """What is uncertain of the tail after a number of sessions because the past has few dates."""

    def contributions(self, tail: TailPaths) -> Vector:
        """Mean loss of every covered line on the paths of a tail of `day`; they sum to the scope's."""


def losses_after(losses: Losses, sessions: int) -> Vector:
    """Losses after a number of sessions, of one on all its paths."""
    return losses.day if sessions == 1 else losses.ahead[sessions - 1]


@dataclass(frozen=True)
class Elliptical:
    """Losses of a linear book whose covered lines move with normal factors and a normal of their own, times scales.

    K factors and one normal for everything specific are exact in law whatever the number of lines. Given that one,
    a line's own part of it is its share of the specific variance. shocks: (factors, then specific) x paths, scaled.
    exposures: lines x factors, base currency, of the shocks. specific: by line, base currency.
    """

    exposures: Matrix
    specific: Vector
    shocks: Matrix
    scales_ahead: Matrix

    @property
    def deviation(self) -> float:
        """Of all that is specific."""
        return float(np.sqrt((self.specific**2).sum()))

    @cached_property
    def day(self) -> Vector:
        """Losses of one session."""
        return scenarios.combine(-np.append(self.exposures.sum(axis=0), self.deviation), self.shocks)

    @cached_property
    def ahead(self) -> Matrix:
        """Losses ahead: the sum of independent normals is one normal, scaled."""
        return self.day[: self.scales_ahead.shape[1]] * self.scales_ahead

    def date_errors(self, sessions: int, confidence: float) -> DateErrors:
        """None: the law is a model's, whose parameters are taken as they are."""
        return LAW

    def contributions(self, tail: TailPaths) -> Vector:
        """From the tail's means of the factors and of everything specific: at the cost of factors, not of lines."""
        means = tail.mean(self.shocks)
        own = self.specific**2 / self.deviation if self.deviation else self.specific
        parts: Vector = -(self.exposures @ means[:-1]) - own * means[-1]
        return parts


@dataclass(frozen=True)
class Historical:
    """Losses of today's holdings on dates of the past that were drawn, each date weighing as `scale` says.

    profits: dates x lines, base currency. places: of the dates, sessions x paths. scale: by date, of the first session.
    returns: of the whole scope, sessions x paths, base currency.
    """

    profits: Matrix
    places: Places
    scale: Vector
    returns: Matrix

    @property
    def day(self) -> Vector:
        """Losses of one session."""
        losses: Vector = -self.returns[0]
        return losses

    @cached_property
    def ahead(self) -> Matrix:
        """Losses ahead of holdings that stay worth what they are: sums, not compounded."""
        return -scenarios.running_sums(self.returns)

    def date_errors(self, sessions: int, confidence: float) -> DateErrors:
        """From how often every date is in the tail, today's volatility taken as it is."""
        losses = losses_after(self, sessions)
        return date_errors(losses, self.places[:sessions], len(self.profits), confidence)

    def contributions(self, tail: TailPaths) -> Vector:
        """From the weight of every date in the tail."""
        drawn = self.places[0][tail.places]
        weights = np.bincount(drawn, weights=tail.weights, minlength=len(self.profits)) * self.scale
        parts: Vector = -(weights @ self.profits)
        return parts


def simulate(book: RiskBook, history: pd.DataFrame, seed: int) -> Iterator[tuple[str, str, Losses]]:
    """Scope, method and losses, of every scope with anything covered and every method with enough history.

    history: `line_returns`. gaussian: quasi-random, so its errors, stated as if it were random, are upper bounds.
    student_t: a chi-square a path and session. bootstrap: stationary blocks of dates. filtered: historical simulation
    at the volatility of now. Shocks are the same for every scope, but for what is specific to it.
    """
    root = scenarios.matrix_root(book.covariance.to_numpy())
    scales, scales_ahead = _student(seed)
    factors = scales * scenarios.normals(seed, [f"factor {name}" for name in book.loadings.columns], PATHS)
    places = _places(book, history, seed)
    for scope, held in zip(book.covered.index, book.covered.to_numpy(), strict=True):
        exposures, specific = held[:, None] * (book.loadings.to_numpy() @ root), held * book.specific.to_numpy()
        if not held.any():
            continue
        own = scales * scenarios.normals(seed, [f"specific {scope}"], PATHS)
        yield scope, "gaussian", _gaussian(exposures, specific, seed)
        yield scope, "student_t", Elliptical(exposures, specific, np.vstack([factors, own]), scales_ahead)
        if places is not None:
            yield scope, "bootstrap", _resampled(history.to_numpy() * held, places)
            yield scope, "filtered", _filtered(history.to_numpy() * held, places)


def _gaussian(exposures: Matrix, specific: Vector, seed: int) -> Elliptical:
    """Shocks turned so that the loss lies along the first, most even, quasi-random coordinate."""
    direction = np.append(exposures.sum(axis=0), np.sqrt((specific**2).sum()))
    shocks = scenarios.sobol_normals(seed, direction, PATHS_EVEN.bit_length() - 1)
    scales_ahead = np.broadcast_to(np.sqrt(np.arange(1.0, SESSIONS + 1))[:, None], (SESSIONS, PATHS_EVEN))
    return Elliptical(exposures, specific, shocks, scales_ahead)


def _student(seed: int) -> tuple[Matrix, Matrix]:
    """Scales of the first session, and those of the sessions ahead as multiples of it."""
    several = scenarios.student_scales(seed, PATHS_LONG, SESSIONS)
    return scenarios.student_scales(seed, PATHS, 1), np.sqrt(scenarios.running_sums(several**2)) / several[0]


def _places(book: RiskBook, history: pd.DataFrame, seed: int) -> Places | None:
    """Dates that are drawn for every scope alike, in blocks as long as the whole office's returns ask for."""
    if len(history) < HISTORY_MIN:
        return None
    office = history.to_numpy() @ book.covered.sum().to_numpy()
    return scenarios.bootstrap_places(seed, office, PATHS_LONG, SESSIONS)


def _resampled(profits: Matrix, places: Places) -> Historical:
    return Historical(profits, places, np.ones(len(profits)), profits.sum(axis=1)[places])


def _filtered(profits: Matrix, places: Places) -> Historical:
    total = profits.sum(axis=1)
    deviations = scenarios.ewma_deviations(total, DECAY)
    scale = np.divide(deviations[-1], deviations[:-1], out=np.zeros(len(total)), where=deviations[:-1] > 0)
    return Historical(profits, places, scale, scenarios.filtered_returns(total, places, DECAY))
