"""Ledoit-Wolf covariance beside numpy's plain one and scikit-learn's. What the estimates are is tested elsewhere."""

from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
from sklearn.covariance import ledoit_wolf as peer
from threadpoolctl import threadpool_limits

from fo_platform.analytics.covariance import Matrix, ledoit_wolf
from fo_platform_tests.benchmarks.figures import Figure

OBSERVATIONS = 252
SIZES = {500: (1.5, 120), 5_000: (2.5, 5)}
"""Names: how many times numpy.cov may be taken, and how many turns are measured."""


def covariances(_: Path) -> list[Figure]:
    """Processor time of ours over numpy's and of scikit-learn's over ours, one thread; the largest distance of both."""
    with threadpool_limits(1, user_api="blas"):
        return [figure for names, (limit, times) in SIZES.items() for figure in _figures(names, limit, times)]


def _figures(names: int, limit: float, times: int) -> list[Figure]:
    returns = np.random.default_rng(1).normal(0.0, 0.01, (OBSERVATIONS, names))
    distance = _distance(returns)
    acts: list[Callable[[], object]] = [
        lambda: ledoit_wolf(returns),
        lambda: np.cov(returns, rowvar=False),
        lambda: peer(returns),
    ]
    turns = [[_seconds(act) for act in acts] for _ in range(times)]
    ours, plain, theirs = (min(column) for column in zip(*turns, strict=True))
    what = f"Ledoit-Wolf, {names:,} names x {OBSERVATIONS} returns"
    return [
        Figure(f"{what} / numpy.cov ({ours * 1000:.1f} ms)", ours / plain, limit=limit),
        Figure(f"scikit-learn ({theirs * 1000:.0f} ms) / {what}", theirs / ours, least=4.0),
        Figure(f"{what}: largest distance from scikit-learn, 1e-12 of the largest cell", distance, "", limit=1.0),
    ]


def _distance(returns: Matrix) -> float:
    expected, shrinkage = peer(returns)
    covariance, own = ledoit_wolf(returns)
    cells = float(np.abs(covariance - expected).max() / np.abs(expected).max())
    return max(cells, abs(own - float(shrinkage))) * 1e12


def _seconds(act: Callable[[], object]) -> float:
    """Of an act right after itself, so that none pays for memory that the one before it gave back."""
    act()
    started = process_time()
    act()
    return process_time() - started
