"""Value at risk and expected shortfall of simulated losses, and what made them. Drawing losses does not belong here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from fo_platform.errors import DataError

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Tail:
    """Losses at one confidence, in the unit of the losses; errors are one standard deviation.

    They are those of drawing the losses, and of the dates that were drawn from if these are stated. An error is NaN
    where too few losses were drawn to see one.
    """

    value_at_risk: float
    expected_shortfall: float
    value_at_risk_error: float
    expected_shortfall_error: float


@dataclass(frozen=True)
class DateErrors:
    """What few dates leave uncertain: the chance of a loss beyond value at risk, and expected shortfall."""

    count: float
    probability_error: float
    shortfall_error: float


LAW = DateErrors(math.inf, 0.0, 0.0)
"""Of losses that were drawn from a law and not from dates."""


@dataclass(frozen=True)
class TailPaths:
    """The paths of a tail and their weights, which sum to one: a mean over them is a mean in the tail."""

    places: Places
    weights: Vector

    def mean(self, values: Vector) -> Vector:
        """Mean in the tail of values by path, the last axis: contributions of parts whose sum is the loss."""
        means: Vector = values[..., self.places] @ self.weights
        return means


def tail(losses: Vector, confidence: float, dates: DateErrors = LAW) -> Tail:
    """Value at risk and expected shortfall of equally likely losses, a gain being a negative loss.

    Value at risk is the smallest loss that is not exceeded with at least the confidence. Expected shortfall is the
    mean of the worst 1 - confidence of all outcomes, counting value at risk itself with the exact fraction that is
    left to it. The error of value at risk is that of its rank, at the slope of the losses over the ranks that drawing
    and so few dates leave open. Empty or unknown losses are a DataError. Sources: Rockafellar and Uryasev (2002),
    "Conditional value-at-risk for general loss distributions"; errors: David and Nagaraja (2003), "Order Statistics",
    and Manistre and Hancock (2005), "Variance of the CTE estimator".
    """
    rank, over = _rank(losses, confidence)
    count, drawn = len(losses), len(losses) * confidence * (1 - confidence)
    spread = math.sqrt(drawn + (count * dates.probability_error) ** 2)
    width = math.ceil(math.sqrt(drawn * (1 + count / dates.count)))
    low, high = max(rank - width, 1), min(rank + width, count)
    worst = np.sort(np.partition(losses, low - 1)[low - 1 :])
    quantile, mass = worst[rank - low], float(over) + count - rank
    beyond = worst[rank - low + 1 :]
    shortfall = quantile + (beyond - quantile).sum() / mass
    squares = float(over) * (quantile - shortfall) ** 2 + ((beyond - shortfall) ** 2).sum()
    variance = squares / mass + confidence * (shortfall - quantile) ** 2
    slope = (worst[high - low] - worst[0]) / (high - low) if high > low else math.nan
    error = math.sqrt(variance / mass) if mass > 1 else math.nan
    return Tail(float(quantile), float(shortfall), float(slope * spread), math.hypot(error, dates.shortfall_error))


def quantiles(losses: Matrix, probabilities: Sequence[float]) -> Matrix:
    """Loss that is not exceeded with each probability, rows x probabilities, of rows of equally likely losses."""
    order = np.sort(losses, axis=-1)
    ranks = [_rank(losses[0], probability)[0] - 1 for probability in probabilities]
    return order[:, ranks]


def shortfall_paths(losses: Vector, confidence: float) -> TailPaths:
    """The paths behind expected shortfall: E[part | tail] for every part is its Euler contribution.

    Paths that tie at value at risk share what is left of the tail, so that contributions sum to expected shortfall.
    Source: Tasche (2002), "Expected shortfall and beyond".
    """
    rank, over = _rank(losses, confidence)
    quantile = np.partition(losses, rank - 1)[rank - 1]
    places = np.flatnonzero(losses >= quantile)
    is_tie = losses[places] == quantile
    mass = float(over) + len(losses) - rank
    ties = int(is_tie.sum())
    left = mass - (len(places) - ties)
    return TailPaths(places, np.where(is_tie, left / ties, 1.0) / mass)


def quantile_paths(losses: Vector, confidence: float) -> TailPaths:
    """The paths about value at risk, smoothed: E[part | loss = value at risk] for every part is its Euler contribution.

    Smoothing: the order statistics no further from value at risk than half the lesser side weigh alike, scaled so
    that contributions sum to value at risk; where those losses have a mean of zero, nothing is scaled.
    Source: Hallerbach (2003), "Decomposing portfolio value-at-risk".
    """
    rank, _ = _rank(losses, confidence)
    width = math.ceil(len(losses) * min(confidence, 1 - confidence) / 2)
    order = np.argsort(losses, kind="stable")
    places = order[max(rank - 1 - width, 0) : rank + width]
    mean = losses[places].mean()
    scale = losses[order[rank - 1]] / mean if mean else 1.0
    return TailPaths(places, np.full(len(places), scale / len(places)))


def _rank(losses: Vector, confidence: float) -> tuple[int, Fraction]:
    """Rank of value at risk, counted from one, and the part of that loss that lies in the tail; decided exactly."""
    if not len(losses) or not np.isfinite(losses.sum()):
        raise DataError("A loss has no quantile where losses are missing or unknown.", "Drop what is not known.")
    if not 0 < confidence < 1:
        raise DataError(f"A confidence of {confidence} is not between 0 and 1.", "State it as a fraction.")
    below = Fraction(str(confidence)) * len(losses)
    rank = math.ceil(below)
    return rank, rank - below
