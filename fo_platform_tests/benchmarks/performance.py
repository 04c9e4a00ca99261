"""How fast internal rates of many series are found, against one series after another. Other figures are elsewhere."""

from pathlib import Path
from statistics import median
from time import process_time

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq

from fo_platform.analytics.money_weighted import internal_rates
from fo_platform_tests.benchmarks.figures import Figure

SERIES, QUARTERS, TIMES = 2000, 48, 7

Array = npt.NDArray[np.float64]


def internal_rates_in_batch(_: Path) -> list[Figure]:
    """CPU time of a batch of funds over that of a bracketing solver, one fund after another; both must agree."""
    series, dates, amounts = _funds()
    lists = [(days.to_numpy(), amounts[days.index].to_numpy()) for _, days in dates.groupby(series)]
    ours, theirs = [], []
    for _turn in range(TIMES):
        started = process_time()
        found = internal_rates(series, dates, amounts)
        between = process_time()
        solved = [_bracketed(days, flows) for days, flows in lists]
        ours.append(between - started)
        theirs.append(process_time() - between)
        np.testing.assert_allclose(found["irr_annual"], solved, atol=1e-8)
    ratio = median(their / our for our, their in zip(ours, theirs, strict=True))
    return [Figure(f"internal rates of {SERIES} funds: speed over brentq", ratio, least=5.0)]


def _funds() -> tuple[pd.Series, pd.Series, pd.Series]:
    """Quarterly funds: calls that fade, distributions that grow, now and then both ways, and a value at the end."""
    rng = np.random.default_rng(1)
    days = np.arange(QUARTERS) * 91 + rng.integers(0, 60, (SERIES, QUARTERS))
    age = np.arange(QUARTERS) / QUARTERS
    calls = rng.lognormal(0, 0.5, (SERIES, QUARTERS)) * np.clip(1 - 2.5 * age, 0.02, None)
    paid = rng.lognormal(0, 0.5, (SERIES, QUARTERS)) * np.clip(1.5 * (age - 0.2), 0, None)
    amounts = paid - calls
    amounts[:, -1] = calls.sum(axis=1) * rng.uniform(0.2, 0.8, SERIES)
    series = pd.Series(np.repeat(np.arange(SERIES), QUARTERS), name="fund")
    dates = pd.Series(np.datetime64("2010-01-01", "ns") + days.ravel().astype("timedelta64[D]"))
    return series, dates, pd.Series(amounts.ravel())


def _bracketed(days: npt.NDArray[np.datetime64], flows: Array) -> float:
    years = (days - days[0]).astype("timedelta64[D]").astype(np.float64) / 365
    return float(brentq(lambda rate: flows @ (1 + rate) ** -years, -0.99, 10.0))
