"""Time-weighted returns: of a period, by Dietz's approximation, linked. Which flows count does not belong here.

Money-weighted returns belong to money_weighted.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
Timing = Literal["begin", "end"]

DAYS_PER_YEAR = 365.25

NO_CAPITAL = "no_capital"
TOTAL_LOSS = "total_loss"
UNKNOWN_VALUE = "unknown_value"
"""Why a period has no return: nothing, or less, was at work; all of it was lost; a value is not known."""


def period_returns(capital: pd.Series, gain: pd.Series) -> pd.Series:
    """Simple returns of periods: what was gained over the capital at work, unknown where `no_return` says why.

    capital: value at the start plus the flows that came with it, or Dietz's average capital. gain: value at the end
    less value at the start less all flows.
    """
    rates: pd.Series = (gain / capital.where(capital > 0)).where(no_return(capital, gain).isna())
    return rates


def no_return(capital: pd.Series, gain: pd.Series) -> pd.Series:
    """Why periods have no return: no_capital, total_loss (-100 % or worse, which nothing links through), or unknown."""
    reasons = np.select(
        [capital.isna() | gain.isna(), ~(capital > 0), gain <= -capital], [UNKNOWN_VALUE, NO_CAPITAL, TOTAL_LOSS], ""
    )
    stated = pd.Series(reasons, index=capital.index, dtype=pd.StringDtype("pyarrow"))
    return stated.mask(stated == "")


def true_return(values: Array, flows: Array, timing: Timing) -> float:
    """Time-weighted return over valuations, linked from one to the next; NaN where one period has none.

    values: at the start and at the end of every period, periods + 1. flows: external, of every period, what comes in
    is positive; at its begin the flow works, at its end it does not.
    """
    starts, ends = values[:-1], values[1:]
    capital = starts + flows if timing == "begin" else starts
    return linked(period_returns(pd.Series(capital), pd.Series(ends - starts - flows)))


def modified_dietz(start: float, end: float, flows: Array, weights: Array) -> float:
    """Gain over average capital: every flow counts for the part of the period that it was there; NaN where none was.

    Source: Dietz (1966), "Pension funds: measuring investment performance"; GIPS 2020, 22.A.21.
    """
    gain = end - start - flows.sum()
    return float(period_returns(pd.Series([start + flows @ weights]), pd.Series([gain])).iloc[0])


def flow_weights(days: Array, length: float, timing: Timing) -> Array:
    """Part of a period that flows are at work: on day 1 .. length of it, at their begin or at their end."""
    return np.asarray((length - days + (1 if timing == "begin" else 0)) / length)


def linked(returns: pd.Series) -> float:
    """Return over all periods together; NaN where one of them has none."""
    return float(np.prod(1 + returns.to_numpy(dtype="float64"))) - 1


def annualised(cumulative: float, days: float) -> float:
    """A cumulative return as one a year; NaN for less than a year, which is never scaled up (GIPS 2020, 2.A.16)."""
    years = days / DAYS_PER_YEAR
    return float((1 + cumulative) ** (1 / years) - 1) if years >= 1 and cumulative > -1 else np.nan


def is_large(flows: pd.Series, start: pd.Series, part: float) -> pd.Series:
    """Whether flows exceed a part of the value they meet: then the day must be valued (GIPS 2020, large cash flows)."""
    return flows.abs() > part * start.abs()


def drawdowns(levels: Array) -> Array:
    """How far every level lies below the highest one before it, as a fraction; zero at a peak, never above."""
    peaks = np.maximum.accumulate(levels)
    return np.asarray(levels / peaks - 1)
