"""Published examples of covariance: estimates, shrinkage, repair of impossible matrices, and unsmoothed returns.

Ledoit-Wolf, exponential weights, the spectral repair, correlation and autocorrelation are the product's; other
estimators, which it does not use, are written down here.
"""

from collections.abc import Callable

import numpy as np
from statsmodels.tsa.arima.model import ARIMA

from fo_platform.analytics.correlation import lead_lag_correlation
from fo_platform.analytics.covariance import Matrix, ewma_covariance, ledoit_wolf, psd_repair
from fo_platform.analytics.desmoothing import autocorrelation, desmooth
from fo_platform.analytics.dispersion import DECAY
from fo_platform_tests.reference_cases._runner import Adapter

Case = dict[str, object]

HIGHAM_STEPS = 2000
"""Projections after which the nearest correlation matrix has long stood still."""


def _array(values: object) -> Matrix:
    return np.asarray(values, dtype="float64")


def _given(case: Case, *names: str) -> Matrix:
    """The first of several names that a case states its numbers by."""
    found = [case[name] for name in names if name in case]
    if not found:
        raise KeyError(" or ".join(names))
    return _array(found[0])


def _data(case: Case) -> Matrix:
    """Observations x variables."""
    rows = _given(case, "data", "returns", "x", "X")
    return rows[:, None] if rows.ndim == 1 else rows


def _series(case: Case) -> Matrix:
    return _given(case, "returns", "data", "series").ravel()


def _square(case: Case) -> Matrix:
    return _given(case, "matrix", "correlation", "covariance", "data")


# Plain moments -------------------------------------------------------------------------------------------------------


def _covariance(case: Case) -> Matrix:
    """Sample covariance, ddof 1; from deviations and correlations where a case gives those."""
    if "correlation" in case:
        deviations = _given(case, "std", "std_devs", "standard_deviations", "volatilities")
        return _array(case["correlation"]) * np.outer(deviations, deviations)
    return np.atleast_2d(np.cov(_data(case), rowvar=False, ddof=1))


def _correlation(case: Case) -> Matrix:
    """Of observations, or taken out of a covariance."""
    if "data" in case or "returns" in case:
        return lead_lag_correlation(_data(case), 0)
    covariance = _square(case)
    return covariance / np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))


def _deviations(case: Case) -> Matrix:
    is_stated = "covariance" in case or "matrix" in case
    return np.sqrt(np.diag(_square(case) if is_stated else _covariance(case)))


def _ewma(case: Case) -> Matrix:
    return ewma_covariance(_data(case), float(str(case.get("decay", case.get("lambda", DECAY)))))


# Shrinkage -----------------------------------------------------------------------------------------------------------


def _oas(case: Case) -> tuple[Matrix, float]:
    """Oracle approximating shrinkage, Chen, Wiesel, Eldar and Hero (2010), equation 23, as scikit-learn has it.

    A single variable has nothing to shrink to.
    """
    data = _data(case)
    observations, variables = data.shape
    sample = np.atleast_2d(np.cov(data, rowvar=False, ddof=0))
    scale = np.trace(sample) / variables
    mean_square = np.mean(sample**2)
    above = (observations + 1) * (mean_square - scale**2 / variables)
    shrinkage = 1.0 if above == 0 else min(float((mean_square + scale**2) / above), 1.0)
    shrinkage *= variables > 1
    return (1 - shrinkage) * sample + shrinkage * scale * np.eye(variables), shrinkage


# Repair --------------------------------------------------------------------------------------------------------------


def _principal(matrix: Matrix) -> Matrix:
    """Negative eigenvalues set to zero, the diagonal left to follow."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * values.clip(min=0.0)) @ vectors.T)


def _higham(matrix: Matrix) -> Matrix:
    """The nearest correlation matrix, Higham (2002): alternating projections with Dykstra's correction."""
    nearest, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(HIGHAM_STEPS):
        shifted = nearest - correction
        nearest = _principal(shifted)
        correction = nearest - shifted
        np.fill_diagonal(nearest, np.diag(matrix))
    return nearest


def _distance(repair: Callable[[Matrix], Matrix]) -> Adapter:
    return lambda case: float(np.linalg.norm(repair(_square(case)) - _square(case)))


def _spectral(matrix: Matrix) -> Matrix:
    return psd_repair(matrix)[0]


# Smoothed returns ----------------------------------------------------------------------------------------------------


def _geltner(case: Case) -> list[float]:
    """As PerformanceAnalytics: the first return is unknown, and a negative autocorrelation is taken out too."""
    returns = _series(case)
    rho = autocorrelation(returns)
    unsmoothed = desmooth(returns).returns if rho > 0 else (returns[1:] - rho * returns[:-1]) / (1 - rho)
    return [float("nan"), *unsmoothed.tolist()]


def _thetas(case: Case) -> Matrix:
    """Getmansky, Lo and Makarov (2004): moving-average weights of returns, not de-meaned, none negative, sum one."""
    order = int(str(case.get("ma_order", case.get("MAorder", 2))))
    fitted = ARIMA(_series(case), order=(0, 0, order), trend="n").fit()
    weights = np.array([1.0, *np.maximum(fitted.maparams, 0.0)])
    return weights / weights.sum()


ADAPTERS: dict[str, Adapter] = {
    "covariance": _covariance,
    "sample_covariance": _covariance,
    "covariance_from_correlation": _covariance,
    "correlation": _correlation,
    "correlation_from_covariance": _correlation,
    "standard_deviations": _deviations,
    "std_devs": _deviations,
    "variances": lambda case: _deviations(case) ** 2,
    "ewma_covariance": _ewma,
    "ledoit_wolf_shrinkage": lambda case: ledoit_wolf(_data(case))[1],
    "ledoit_wolf_covariance": lambda case: ledoit_wolf(_data(case))[0],
    "ledoit_wolf": lambda case: ledoit_wolf(_data(case))[0],
    "oas_shrinkage": lambda case: _oas(case)[1],
    "oas_covariance": lambda case: _oas(case)[0],
    "oas": lambda case: _oas(case)[0],
    "psd_repair": lambda case: _spectral(_square(case)),
    "psd_repair_spectral": lambda case: _spectral(_square(case)),
    "psd_repair_spectral_distance": _distance(_spectral),
    "psd_repair_principal": lambda case: _principal(_square(case)),
    "psd_repair_higham": lambda case: _higham(_square(case)),
    "psd_repair_higham_distance": _distance(_higham),
    "nearest_correlation": lambda case: _higham(_square(case)),
    "autocorrelation": lambda case: autocorrelation(_series(case)),
    "autocorrelation_lag_1": lambda case: autocorrelation(_series(case)),
    "geltner": _geltner,
    "return_geltner": _geltner,
    "smoothing_index": lambda case: float((_thetas(case) ** 2).sum()),
    "smoothing_thetas": _thetas,
}
