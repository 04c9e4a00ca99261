"""Estimators of covariance from returns. Which returns, and annual figures, do not belong here."""

import numpy as np
import numpy.typing as npt

from fo_platform.errors import DataError

Matrix = npt.NDArray[np.float64]

ROUNDING = 1e-12
"""Negative eigenvalues up to this part of the largest one are what floating point leaves of zero."""


def ledoit_wolf(returns: Matrix) -> tuple[Matrix, float]:
    """Covariance shrunk towards a multiple of the identity, and how far: 0 is the sample covariance, 1 the identity.

    returns: observations x variables, every cell known; ddof is 0. One symmetric product gives the covariance,
    and the optimal shrinkage needs only Frobenius norms, of it and of the observations.
    Source: Ledoit and Wolf (2004), "A well-conditioned estimator for large-dimensional covariance matrices".
    """
    if not returns.size or not np.isfinite(returns).all():
        raise DataError("A covariance needs observations in which every return is known.", "Drop the incomplete dates.")
    observations, variables = returns.shape
    centred = returns - returns.mean(axis=0)
    covariance = centred.T @ centred
    scale = float(np.trace(covariance)) / observations / variables
    squared = float(np.vdot(covariance, covariance)) / observations**2
    spread = squared - variables * scale**2
    fourth = float((np.einsum("ij,ij->i", centred, centred) ** 2).sum())
    error = (fourth / observations - squared) / observations
    shrinkage = min(max(error / spread, 0.0), 1.0) if spread > ROUNDING * squared else 0.0
    covariance *= (1 - shrinkage) / observations
    covariance.flat[:: variables + 1] += shrinkage * scale
    return covariance, shrinkage


def ewma_covariance(returns: Matrix, decay: float) -> Matrix:
    """Covariance about zero with exponential weights that sum to one, the last observation's the largest.

    returns: observations x variables, every cell known. decay: weight of an observation over that of the next, below 1.
    Source: J.P. Morgan (1996), "RiskMetrics Technical Document", 5.2.
    """
    weights = decay ** np.arange(len(returns))[::-1]
    scaled = returns * np.sqrt(weights / weights.sum())[:, None]
    return np.asarray(scaled.T @ scaled)


def psd_repair(correlation: Matrix) -> tuple[Matrix, float]:
    """The matrix without its negative eigenvalues, same diagonal, and how far that moved it (Frobenius norm).

    correlation: symmetric, positive diagonal. One that has no negative eigenvalue beyond rounding is returned as it is.
    Source: Rebonato and Jaeckel (1999), "The most general methodology to create a valid correlation matrix", spectral.
    """
    values, vectors = np.linalg.eigh(correlation)
    if values.min(initial=0.0) >= -ROUNDING * values.max(initial=0.0):
        return correlation, 0.0
    root = vectors * np.sqrt(values.clip(min=0.0))
    root *= np.sqrt(np.diag(correlation) / (root**2).sum(axis=1))[:, None]
    repaired = root @ root.T
    np.fill_diagonal(repaired, np.diag(correlation))
    return repaired, float(np.linalg.norm(repaired - correlation))
