"""A figure of the benchmark and how it is taken. What is measured belongs to the modules beside this one."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Figure:
    """One line of the table; without a limit it only informs."""

    what: str
    measured: float
    unit: str = "x"
    limit: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the figure keeps its limit."""
        return self.limit is None or self.measured <= self.limit

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """What, measured, limit, ok."""
        limit = "" if self.limit is None else f"<= {self.limit:g} {self.unit}"
        verdict = "" if self.limit is None else "ok" if self.ok else "MISSED"
        return self.what, f"{self.measured:.2f} {self.unit}", limit, verdict


def seconds(act: Callable[[int], object], number: int) -> float:
    """Wall seconds of one act."""
    started = perf_counter()
    act(number)
    return perf_counter() - started


def medians(ours: Callable[[int], object], plain: Callable[[int], object], times: int) -> tuple[float, float]:
    """Median seconds of two acts done in turn, so that a busy moment falls on both; the first time warms up."""
    taken = [(seconds(ours, number), seconds(plain, number)) for number in range(times + 1)][1:]
    return median(pair[0] for pair in taken), median(pair[1] for pair in taken)
