"""Returns as they would be had prices not lagged behind value. Volatilities made of them do not belong here."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Returns = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Desmoothed:
    """Returns with the smoothing taken out, the lag-1 autocorrelation that was used, and why nothing was done if so."""

    returns: Returns
    autocorrelation: float
    reason: str = ""


def autocorrelation(returns: Returns) -> float:
    """Lag-1 autocorrelation about the mean of the whole series, products over the sum of squares; it lies below one.

    returns: in order of time, all known. Unknown for fewer than two or for a series that never moves.
    """
    if len(returns) < 2 or returns.max() == returns.min():
        return float("nan")
    centred = returns - returns.mean()
    return float(centred[1:] @ centred[:-1] / (centred @ centred))


def desmooth(returns: Returns) -> Desmoothed:
    """(r_t - rho r_{t-1}) / (1 - rho), one return fewer; the series as it is when it is not positively autocorrelated.

    returns: in order of time, all known. The mean is nearly preserved, and the volatility of a first-order series grows
    by sqrt((1 + rho) / (1 - rho)). Source: Geltner (1993), "Estimating market values from appraised values without
    assuming an efficient market".
    """
    rho = autocorrelation(returns)
    if np.isnan(rho):
        return Desmoothed(returns, rho, "Too few returns, or all alike.")
    if rho <= 0:
        return Desmoothed(returns, rho, "Not positively autocorrelated.")
    return Desmoothed((returns[1:] - rho * returns[:-1]) / (1 - rho), rho)
