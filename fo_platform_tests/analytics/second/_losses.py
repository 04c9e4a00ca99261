"""Laws of loss that simulations draw from, in closed form or drawn once more. Whose losses they are belongs elsewhere.

A stated figure is held to `WIDTH` standard errors of it: of a right one, chance alone makes that next to never.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import ceil, floor, sqrt

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from fo_platform_tests.analytics.second._risk_book import Book, Read, line_returns, profits, risk_book

WIDTH = 4
SESSIONS = 21
QUASI_RANDOM = 0.5
"""Standard errors, stated as if paths were random, that evenly spread ones are off at most."""

PATHS = 65_536 * 3
"""Of the losses drawn once more: two dozen times as many as the product's, so that theirs are the errors that count."""

Returns = np.ndarray


@dataclass
class Normal:
    """A normal loss of mean zero."""

    deviation: float

    def quantile(self, p: float) -> float:
        """Loss that is not exceeded with a probability."""
        return self.deviation * float(norm.ppf(p))

    def tail(self, confidence: float) -> tuple[float, float, float]:
        """Value at risk, and mean and mean square of what is at or beyond it."""
        z, alpha = norm.ppf(confidence), 1 - confidence
        mean, square = norm.pdf(z) / alpha, 1 + z * norm.pdf(z) / alpha
        return self.deviation * z, self.deviation * mean, self.deviation**2 * square


@dataclass
class Student:
    """Sum over sessions of independent Student's t of five degrees of freedom, by its characteristic function.

    That of one, of variance one, is exp(-a) (1 + a + a^2 / 3) with a the root of three times the argument. Source:
    Gil-Pelaez (1951), "Note on the inversion theorem".
    """

    deviation: float
    sessions: int

    def quantile(self, p: float) -> float:
        """Loss that is not exceeded with a probability."""
        return self.deviation * _student_quantile(self.sessions, p)

    def tail(self, confidence: float) -> tuple[float, float, float]:
        """Value at risk, and mean and mean square of what is at or beyond it, by integrals of what is beyond."""
        start, mean, square = _student_tail(self.sessions, confidence)
        return self.deviation * start, self.deviation * mean, self.deviation**2 * square


@dataclass
class Drawn:
    """Equally likely losses."""

    losses: np.ndarray

    def __post_init__(self) -> None:
        """The worst last; and as they came."""
        self.by_path = self.losses
        self.losses = np.sort(self.losses)

    def quantile(self, p: float) -> float:
        """Loss that is not exceeded with a probability; the worst or best there is beyond the last."""
        rank = ceil(round(p * len(self.losses), 6))
        return float(self.losses[min(max(rank, 1), len(self.losses)) - 1])

    def tail(self, confidence: float) -> tuple[float, float, float]:
        """Value at risk, and mean and mean square of the worst, the last of which counts in part."""
        mass = round(len(self.losses) * (1 - confidence), 6)
        worst = self.losses[::-1][: floor(mass) + 1]
        weights = np.append(np.ones(floor(mass)), mass - floor(mass))[: len(worst)] / mass
        return self.quantile(confidence), float(weights @ worst), float(weights @ worst**2)


Law = Normal | Student | Drawn


def quantile_error(law: Law, p: float, paths: int, width: float = WIDTH) -> float:
    """Some standard errors of a quantile drawn from so many paths, on the side where the law is thinner."""
    step = width * sqrt(p * (1 - p) / paths)
    middle = law.quantile(p)
    return max(law.quantile(min(p + step, 1 - 1e-9)) - middle, middle - law.quantile(max(p - step, 1e-9)))


def shortfall_error(law: Law, confidence: float, paths: int) -> float:
    """One standard error of an expected shortfall drawn from so many paths; Manistre and Hancock (2005)."""
    value, mean, square = law.tail(confidence)
    return sqrt((square - mean**2 + confidence * (mean - value) ** 2) / (paths * (1 - confidence)))


class Laws:
    """Of every scope, by method and session ahead."""

    def __init__(self, read: Read) -> None:
        self.book: Book = risk_book(read)
        self.past = line_returns(read, self.book)
        self.scopes = [scope for scope in self.book.values if any(self.book.covered(scope).values())]
        self._places = _drawn_places(self.profits("office").sum(axis=1))

    def profits(self, scope: str) -> np.ndarray:
        """Dates x covered lines."""
        return profits(self.book, scope, self.past)

    def moments(self, scope: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """By covered line: covariance with the scope's loss, variance by factors, and specific variance."""
        held, lines = self.book.covered(scope), self.book.lines
        exposures = np.array([value * lines[name].loadings for name, value in held.items()])
        specific = np.array([(value * lines[name].specific) ** 2 for name, value in held.items()])
        moved = exposures @ self.book.covariance
        return moved @ exposures.sum(axis=0) + specific, (moved * exposures).sum(axis=1), specific

    def deviation(self, scope: str) -> float:
        """Standard deviation of a session's loss."""
        return sqrt(self.moments(scope)[0].sum())

    def of(self, scope: str, method: str) -> list[Law]:
        """Of losses after one session and more; what is drawn for one session is every date of the past."""
        ahead, risk = range(1, SESSIONS + 1), self.deviation(scope)
        if method == "gaussian":
            return [Normal(risk * sqrt(sessions)) for sessions in ahead]
        if method == "student_t":
            return [Student(risk, sessions) for sessions in ahead]
        total = self.profits(scope).sum(axis=1)
        scale = surprise_scales(total) if method == "filtered" else np.ones(len(total))
        steps = _filtered(total, self._places) if method == "filtered" else (total[row] for row in self._places)
        laws, losses = [Drawn(-total * scale)], np.zeros(PATHS)
        for step in steps:
            losses = losses - step
            laws.append(Drawn(losses))
        return [laws[0], *laws[2:]]

    def errors(self, law: Drawn, sessions: int, confidence: float, paths: int) -> tuple[np.ndarray, np.ndarray]:
        """Errors of both figures of so many paths, and the spread of the same errors between lots of as many paths."""
        losses = law.by_path[self._places[0]] if sessions == 1 else law.by_path
        places, dates = self._places[:sessions], len(self.past)
        lots = [slice(start, start + paths) for start in range(0, PATHS, paths)]
        each = [dated_errors(losses[lot], places[:, lot], dates, confidence, paths) for lot in lots]
        return dated_errors(losses, places, dates, confidence, paths), np.std(each, axis=0)


def dated_errors(losses: np.ndarray, places: np.ndarray, dates: int, confidence: float, paths: int) -> np.ndarray:
    """Standard errors of value at risk and expected shortfall of so many paths on dates that are a sample themselves.

    Squared covariances of how often each date is drawn with what is measured, added, less what so many draws give
    without any. Source: Wager, Hastie and Efron (2014), "Confidence intervals for random forests".
    """
    order, alpha = np.argsort(-losses, kind="stable"), 1 - confidence
    share = np.clip(len(losses) * alpha - np.arange(len(losses)), 0, 1)
    worst, share = order[share > 0], share[share > 0]
    value = losses[worst[-1]]
    usual = np.bincount(places.ravel(), minlength=dates) / len(losses)
    found = []
    for amounts in (share, share * (losses[worst] - value) / alpha):
        drawn = np.zeros(dates)
        for row in places:
            drawn += np.bincount(row[worst], weights=amounts, minlength=dates)
        together = drawn / len(losses) - usual * amounts.sum() / len(losses)
        by_chance = len(places) * (1 - len(places) / dates) * (amounts**2).sum() / len(losses) ** 2
        found.append(max((together**2).sum() - by_chance, 0.0))
    law, step = Drawn(losses), sqrt(confidence * alpha * (1 / paths + 1 / dates))
    low, high = confidence - step, min(confidence + step, 1.0)
    slope = (law.quantile(high) - law.quantile(low)) / (high - low)
    return np.array(
        [
            slope * sqrt(confidence * alpha / paths + found[0]),
            sqrt(shortfall_error(law, confidence, paths) ** 2 + found[1]),
        ]
    )


def volatilities(returns: Returns) -> list[float]:
    """Before every return and after the last, decayed by 0.94 from the mean square of them all."""
    variances = [float((returns**2).mean())]
    for each in returns:
        variances.append(0.94 * variances[-1] + 0.06 * each**2)
    return [sqrt(each) for each in variances]


def surprise_scales(returns: Returns) -> np.ndarray:
    """Today's volatility over that before every return."""
    *before, now = volatilities(returns)
    return np.array([now / then for then in before])


def _filtered(returns: Returns, places: np.ndarray) -> Iterator[np.ndarray]:
    *before, now = volatilities(returns)
    surprises, variance = returns / np.array(before), np.full(PATHS, now**2)
    for row in places:
        step = np.sqrt(variance) * surprises[row]
        variance = 0.94 * variance + 0.06 * step**2
        yield step


def _drawn_places(office: Returns) -> np.ndarray:
    """Dates, sessions x paths, in runs whose length is geometric: the next date goes on or any other begins."""
    chance, length = np.random.Generator(np.random.PCG64(7)), mean_run(office)
    rows = [chance.integers(len(office), size=PATHS)]
    while len(rows) < SESSIONS:
        any_other = chance.integers(len(office), size=PATHS)
        rows.append(np.where(chance.random(PATHS) < 1 / length, any_other, (rows[-1] + 1) % len(office)))
    return np.array(rows)


def mean_run(returns: Returns) -> float:
    """Mean length of a run by Politis and White (2004), as Patton, Politis and White (2009) corrected it."""
    count, centred = len(returns), returns - returns.mean()
    products = [float((centred[lag:] * centred[: count - lag]).sum()) / count for lag in range(count)]
    limit, run = 2 * sqrt(np.log10(count) / count), max(5, int(np.log10(count)))
    most = ceil(sqrt(count)) + run
    is_small = [abs(each) / products[0] < limit for each in products]
    last = next((lag for lag in range(most) if all(is_small[lag + 1 : lag + 1 + run])), most)
    reach = min(2 * max(last, 1), most)
    taper = {lag: min(1.0, 2 * (1 - abs(lag) / reach)) for lag in range(-reach, reach + 1)}
    slope = sum(weight * abs(lag) * products[abs(lag)] for lag, weight in taper.items())
    level = sum(weight * products[abs(lag)] for lag, weight in taper.items())
    length = (slope**2 / level**2 * count) ** (1 / 3)
    return max(min(length, ceil(min(3 * sqrt(count), count / 3))), 1.0)


@cache
def _nodes(sessions: int) -> tuple[np.ndarray, np.ndarray]:
    width = 0.02 / sqrt(sessions)
    places = (np.arange(2000) + 0.5) * width
    a = sqrt(3) * places
    return places, (np.exp(-a) * (1 + a + a * a / 3)) ** sessions * width / np.pi / places


def _student_probability(sessions: int, x: float) -> float:
    places, weights = _nodes(sessions)
    return 0.5 + float(np.sin(places * x) @ weights)


@cache
def _student_quantile(sessions: int, p: float) -> float:
    bound = 12 * sqrt(sessions)
    return float(brentq(lambda x: _student_probability(sessions, x) - p, -bound, bound, xtol=1e-10))


@cache
def _student_tail(sessions: int, confidence: float) -> tuple[float, float, float]:
    start, alpha = _student_quantile(sessions, confidence), 1 - confidence
    x = np.linspace(start, start + 60 * sqrt(sessions), 6001)
    beyond = np.array([1 - _student_probability(sessions, each) for each in x])
    mean = start + np.trapezoid(beyond, x) / alpha
    return start, mean, start**2 + 2 * np.trapezoid(x * beyond, x) / alpha
