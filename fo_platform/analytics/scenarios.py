"""Random scenarios of a linear book, repeatable to the bit. What a loss is measured by does not belong here."""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri
from scipy.stats import qmc

Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

BLOCK = 16_384
"""Paths that one state of a generator draws; which of them are asked for, and when, changes none."""

DEGREES_OF_FREEDOM = 5.0
"""Of Student's t. ASSUMPTION: estimates for daily returns of shares and indices lie mostly between three and six."""

SOBOL_BITS = 30

HALF_OF_A_BIT = 2.0 ** -(SOBOL_BITS + 1)
"""Sobol points lie on a grid that holds zero; half a step further, every one is a probability."""


def generator(seed: int, name: str, block: int) -> np.random.Generator:
    """The generator of one named stream and one block of paths; streams of other names and blocks are apart from it.

    The key is the seed and the name, the block is the counter: Philox never reaches the next block's numbers.
    Source: Salmon et al. (2011), "Parallel random numbers: as easy as 1, 2, 3".
    """
    digest = np.frombuffer(hashlib.sha256(name.encode()).digest(), dtype=np.uint32)
    key = np.random.SeedSequence([seed, *digest.tolist()]).generate_state(2, np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=np.array([0, 0, 0, block], dtype=np.uint64)))


def normals(seed: int, names: Sequence[str], stop: int, start: int = 0) -> Matrix:
    """Standard normals, names x paths from start to stop: a path's number depends on seed, name and path alone."""
    first, end = start // BLOCK, -(-stop // BLOCK)
    drawn = np.empty((len(names), (end - first) * BLOCK))
    for row, name in enumerate(names):
        for block in range(first, end):
            place = (block - first) * BLOCK
            generator(seed, name, block).standard_normal(out=drawn[row, place : place + BLOCK])
    return drawn[:, start - first * BLOCK : stop - first * BLOCK]


def combine(weights: Vector, shocks: Matrix) -> Vector:
    """Weighted sum of the rows of shocks, one number a path, summed in the order of the rows.

    Each path is summed alone: a matrix product may round a path otherwise as its neighbours change.
    """
    total = np.zeros(shocks.shape[1])
    for start in range(0, len(total), BLOCK):
        part, block = total[start : start + BLOCK], shocks[:, start : start + BLOCK]
        scratch = np.empty_like(part)
        for weight, row in zip(weights, block, strict=True):
            np.multiply(row, weight, out=scratch)
            part += scratch
    return total


def matrix_root(covariance: Matrix) -> Matrix:
    """The symmetric root of a covariance: the one that does not depend on the order of its variables."""
    values, vectors = np.linalg.eigh(covariance)
    root: Matrix = (vectors * np.sqrt(np.clip(values, 0.0, None))) @ vectors.T
    return root


def student_scales(seed: int, paths: int, sessions: int) -> Matrix:
    """What makes normals a multivariate Student's t of the same variance, sessions x paths: one number a path.

    One chi-square moves a whole path, whatever it holds, so that everything falls together. Sessions are independent.
    Over several sessions a path's normals scale by the root of the sum of squares, which is the law of their sum.
    """
    nu = DEGREES_OF_FREEDOM
    blocks = range(-(-paths // BLOCK))
    drawn = [
        np.hstack([generator(seed, f"student {session}", block).standard_gamma(nu / 2, BLOCK) for block in blocks])
        for session in range(sessions)
    ]
    scales: Matrix = np.sqrt((nu / 2 - 1) / np.vstack(drawn)[:, :paths])
    return scales


def sobol_normals(seed: int, direction: Vector, exponent: int) -> Matrix:
    """2^exponent quasi-random standard normals, variables x paths, with the first coordinate along a direction.

    Scrambled Sobol points cover their first coordinate most evenly, one in each of 2^exponent equal parts, and here in
    its middle; turned towards the loss of a linear book, they give its distribution almost without error, the same for
    every seed. A direction of zeros is not turned. Sources: Owen (1997), "Monte Carlo variance of scrambled net
    quadrature"; Imai and Tan (2006), "A general dimension reduction technique".
    """
    key = np.random.SeedSequence([seed, len(direction)])
    points = qmc.Sobol(len(direction), bits=SOBOL_BITS, rng=np.random.default_rng(key)).random_base2(exponent)
    middles = (np.floor(points[:, 0] * 2**exponent) + 0.5) / 2**exponent
    drawn: Matrix = ndtri(np.column_stack([middles, points[:, 1:] + HALF_OF_A_BIT])).T
    return _reflected(drawn, direction)


def bootstrap_places(seed: int, history: Vector, paths: int, sessions: int) -> Places:
    """Places in a history, sessions x paths, of a stationary block bootstrap.

    history: the returns whose dependence sets the mean length of a block. The history is a circle, and a path draws
    whole dates, so everything keeps moving together. Sources: Politis and Romano (1994), "The stationary bootstrap";
    Politis and White (2004), "Automatic block-length selection".
    """
    count = len(history)
    length = block_length(history)
    chance = np.random.default_rng(np.random.SeedSequence([seed, sessions]))
    places = chance.integers(count, size=(sessions, paths))
    goes_on = chance.random((sessions, paths)) >= 1 / length
    for session in range(1, sessions):
        following = (places[session - 1] + 1) % count
        places[session] = np.where(goes_on[session], following, places[session])
    return places


def block_length(history: Vector) -> float:
    """Optimal mean length of a block for a stationary bootstrap, at least one; one of a history that does not move."""
    if np.ptp(history) == 0:
        return 1.0
    from arch.bootstrap import optimal_block_length  # noqa: PLC0415 - loads for a second: only to estimate.

    estimate = float(optimal_block_length(history)["stationary"].iloc[0])
    return max(estimate, 1.0) if np.isfinite(estimate) else 1.0


def ewma_deviations(history: Vector, decay: float) -> Vector:
    """Standard deviation about zero before every return, and after the last: one longer than the history.

    The recursion starts from the mean square of the whole history. Source: RiskMetrics (1996).
    """
    squares = pd.Series(np.append((history**2).mean(), history**2))
    deviations: Vector = np.sqrt(squares.ewm(alpha=1 - decay, adjust=False).mean().to_numpy())
    return deviations


def filtered_returns(history: Vector, places: Places, decay: float) -> Matrix:
    """Returns, sessions x paths, of filtered historical simulation: past surprises at today's volatility.

    Each past return is divided by the volatility before it; a path multiplies the drawn ones by the volatility it has
    reached, which they move in turn. Source: Barone-Adesi, Giannopoulos and Vosper (1999), "VaR without correlations".
    """
    deviations = ewma_deviations(history, decay)
    before = deviations[:-1]
    surprises = np.divide(history, before, out=np.zeros_like(history), where=before > 0)
    returns = np.empty(places.shape)
    variance = np.full(places.shape[1], deviations[-1] ** 2)
    for session, drawn in enumerate(places):
        returns[session] = np.sqrt(variance) * surprises[drawn]
        variance = decay * variance + (1 - decay) * returns[session] ** 2
    return returns


def running_sums(steps: Matrix) -> Matrix:
    """Sums of the first rows, as many rows as there are; row by row, which is several times faster than cumsum."""
    sums = steps.copy()
    for row in range(1, len(sums)):
        sums[row] += sums[row - 1]
    return sums


def _reflected(points: Matrix, direction: Vector) -> Matrix:
    """Points reflected so that their first coordinate becomes the one along the direction (Householder)."""
    size = float(np.linalg.norm(direction))
    if size == 0:
        return points
    normal = np.eye(len(direction))[0] - direction / size
    square = float(normal @ normal)
    return points - np.outer(2 / square * normal, normal @ points) if square > 0 else points
