"""Estimators of covariance from returns. Which returns, and annual figures, do not belong here."""

import numpy as np
import numpy.typing as npt

from fo_platform.errors import DataError

Matrix = npt.NDArray[np.float64]


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
    sample = centred.T @ centred
    sample /= observations
    scale = float(np.trace(sample)) / variables
    squared = float(np.vdot(sample, sample))
    spread = squared - variables * scale**2
    fourth = float((np.einsum("ij,ij->i", centred, centred) ** 2).sum())
    error = (fourth / observations - squared) / observations
    shrinkage = min(max(error / spread, 0.0), 1.0) if spread > 0 else 0.0
    sample *= 1 - shrinkage
    sample.flat[:: variables + 1] += shrinkage * scale
    return sample, shrinkage
