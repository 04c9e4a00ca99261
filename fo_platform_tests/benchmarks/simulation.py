"""Simulated losses against the fewest operations that could give them. How they are right is tested elsewhere."""

from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
from scipy.stats import norm
from skfolio.measures import cvar, value_at_risk

from fo_platform.analytics.loss import shortfall_paths, tail
from fo_platform.analytics.risk_book import RiskBook
from fo_platform.analytics.scenarios import combine, generator, matrix_root, normals, sobol_normals
from fo_platform.analytics.simulation import PATHS_EVEN, Elliptical
from fo_platform_tests.benchmarks.figures import Figure

PATHS = 1_000_000
FACTORS = 10
FULL_NAMES, FULL_PATHS = 500, 100_000
FEW, MANY = 50, 5_000
CONFIDENCE = 0.99
TIMES = 9

Act = Callable[[], object]


def simulated(_: Path) -> list[Figure]:
    """Drawing, combining, measuring and attributing a million paths, each beside its floor in the same turn."""
    few, many = _book(FEW), _book(MANY)
    return [
        Figure("1M collapsed paths / the same normals", _ratio(lambda: _losses(many).day, _plain_normals), limit=1.6),
        Figure(
            "1M paths, 5,000 / 50 positions", _ratio(lambda: _losses(many).day, lambda: _losses(few).day), limit=1.3
        ),
        Figure(
            "full Cholesky, 500 names / collapsed",
            _ratio(_full_cholesky, lambda: _losses(_book(FULL_NAMES), FULL_PATHS).day),
            least=40,
        ),
        Figure(
            "1M paths with contributions / without",
            _ratio(lambda: _contributed(many), lambda: _losses(many).day),
            limit=1.6,
        ),
        Figure("quasi Monte Carlo off the closed form", 100 * _quasi_error(), unit="%", limit=0.05),
        *_tails(),
    ]


def _tails() -> list[Figure]:
    losses = generator(1, "losses", 0).standard_normal(PATHS)
    rank = round(CONFIDENCE * PATHS) - 1
    peer = lambda: (value_at_risk(-losses, CONFIDENCE), cvar(-losses, CONFIDENCE))  # noqa: E731 - three in a row.
    return [
        Figure(
            "value at risk and shortfall of 1M / one partition",
            _ratio(lambda: tail(losses, CONFIDENCE), lambda: np.partition(losses, rank)),
            limit=2,
        ),
        Figure("value at risk and shortfall of 1M / skfolio", _ratio(lambda: tail(losses, CONFIDENCE), peer), limit=1),
    ]


def _book(lines: int) -> RiskBook:
    """Made-up holdings of one scope on ten factors."""
    numbers = np.random.default_rng(lines)
    names = [f"factor_{number}" for number in range(FACTORS)]
    index = pd.Index([f"line_{number}" for number in range(lines)], name="instrument_id")
    mixing = numbers.normal(size=(FACTORS, FACTORS))
    return RiskBook(
        values=pd.DataFrame([numbers.uniform(0, 1, lines)], index=["office"], columns=index),
        nav=pd.Series([1.0], index=["office"]),
        lines=pd.DataFrame(index=index),
        loadings=pd.DataFrame(numbers.normal(size=(lines, FACTORS)), index=index, columns=names),
        specific=pd.Series(numbers.uniform(0.01, 0.03, lines), index=index),
        covariance=pd.DataFrame(mixing @ mixing.T * 1e-5, index=names, columns=names),
    )


def _losses(book: RiskBook, paths: int = PATHS) -> Elliptical:
    held = book.values.to_numpy()[0]
    exposures = held[:, None] * (book.loadings.to_numpy() @ matrix_root(book.covariance.to_numpy()))
    shocks = normals(1, [*book.loadings.columns, "specific"], paths)
    return Elliptical(exposures, held * book.specific.to_numpy(), shocks, np.ones((1, 1)))


def _contributed(book: RiskBook) -> object:
    losses = _losses(book)
    return losses.contributions(shortfall_paths(losses.day, CONFIDENCE))


def _plain_normals() -> object:
    return generator(1, "plain", 0).standard_normal((FACTORS + 1, PATHS))


def _full_cholesky() -> object:
    """Losses of every name by the factor of the whole covariance, in blocks, then of the portfolio."""
    book = _book(FULL_NAMES)
    loadings, specific = book.loadings.to_numpy(), book.specific.to_numpy()
    covariance = loadings @ book.covariance.to_numpy() @ loadings.T + np.diag(specific**2)
    lower, held = np.linalg.cholesky(covariance), book.values.to_numpy()[0]
    numbers = generator(1, "full", 0)
    return [held @ (lower @ numbers.standard_normal((FULL_NAMES, 10_000))) for _ in range(FULL_PATHS // 10_000)]


def _quasi_error() -> float:
    """Largest relative error of both measures at both confidences, of a linear Gaussian book on the day's paths."""
    direction = np.random.default_rng(3).normal(size=FACTORS + 1)
    losses = combine(direction, sobol_normals(1, direction, PATHS_EVEN.bit_length() - 1))
    size = float(np.linalg.norm(direction))
    errors = []
    for confidence in (0.95, 0.99):
        found, quantile = tail(losses, confidence), norm.ppf(confidence)
        errors.append(found.value_at_risk / (size * quantile) - 1)
        errors.append(found.expected_shortfall / (size * norm.pdf(quantile) / (1 - confidence)) - 1)
    return float(np.abs(errors).max())


def _ratio(ours: Act, floor: Act) -> float:
    """CPU seconds of ours over the floor's, each at its best of turns in which both were done."""
    turns = [(_seconds(ours), _seconds(floor)) for _ in range(TIMES)]
    return min(turn[0] for turn in turns) / min(turn[1] for turn in turns)


def _seconds(act: Act) -> float:
    started = process_time()
    act()
    return process_time() - started
