"""Seeded shocks behind the fan of the cash forecast. What is forecast belongs to cash_forecast."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fo_platform.analytics.pacing import MONTHS
from fo_platform.ids import digest

Matrix = npt.NDArray[np.float64]

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


@dataclass(frozen=True)
class Shocks:
    """Normal shocks by name and month: equal seeds give equal numbers, whatever else is drawn.

    common_share: part of the variance of a fund's flows that all funds have in common.
    """

    seed: int
    paths: int
    common_share: float

    def normals(self, name: str) -> Matrix:
        """Standard normal numbers, paths x months, that only the seed and the name decide."""
        key = [self.seed, int(digest(name)[:16], 16)]
        return np.random.default_rng(key).standard_normal((self.paths, MONTHS))

    def factors(self, name: str, common: str, volatility: float) -> Matrix:
        """Lognormal factors of mean one: paths x months, one common shock a month and one of the name's own."""
        if not volatility:
            return np.ones((self.paths, MONTHS))
        shared = self.common_share**0.5 * self.normals(common)
        own = (1 - self.common_share) ** 0.5 * self.normals(f"{common} {name}")
        factors: Matrix = np.exp(volatility * (shared + own) - volatility**2 / 2)
        return factors

    def levels(self, name: str, volatility: float) -> Matrix:
        """Level of something of an annual volatility that starts at one and is expected to stay, paths x months."""
        walk = self.normals(name).cumsum(axis=1) * volatility / MONTHS**0.5
        levels: Matrix = np.exp(walk - volatility**2 * np.arange(1, MONTHS + 1) / MONTHS / 2)
        return levels


def quantiles(paths: Matrix) -> dict[str, Matrix]:
    """Quantiles by month of paths x months: the smallest value that at least that part of the paths does not exceed."""
    ranked = np.sort(paths, axis=0)
    return {name: ranked[int(np.ceil(part * len(ranked) - 1e-9)) - 1] for name, part in QUANTILES.items()}
