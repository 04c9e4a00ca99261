"""A figure of the benchmark and how it is taken. What is measured belongs to the modules beside this one."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time


@dataclass(frozen=True)
class Figure:
    """One line of the table; without a limit it only informs."""

    what: str
    measured: float
    unit: str = "x"
    limit: float | None = None
    least: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the figure keeps its limit, from above or from below."""
        is_small = self.limit is None or self.measured <= self.limit
        return is_small and (self.least is None or self.measured >= self.least)

    @property
    def line(self) -> str:
        """Verdict, measured, limit and what, in columns."""
        limits = [f"<= {self.limit:g}"] if self.limit is not None else []
        limits += [f">= {self.least:g}"] if self.least is not None else []
        limit = f"{' '.join(limits)} {self.unit}" if limits else ""
        verdict = ("ok" if self.ok else "MISSED") if limits else ""
        return f"{verdict:<6}  {f'{self.measured:,.2f} {self.unit}':>18}  {limit:<14}  {self.what}"


def measured(measure: Callable[[Path], list[Figure]]) -> list[Figure]:
    """The figures of a part of the benchmark, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder))


def rate_ratio(ours: Callable[[], int], peer: Callable[[], int], times: int = 25) -> float:
    """Rows per CPU second of ours over the peer's, each at its best of so many turns that it was once left alone."""
    pairs = [(_rate(ours), _rate(peer)) for _ in range(times)]
    return max(pair[0] for pair in pairs) / max(pair[1] for pair in pairs)


def _rate(read: Callable[[], int]) -> float:
    started = process_time()
    return read() / (process_time() - started)


def seconds(act: Callable[[int], object], number: int) -> float:
    """Wall seconds of one act."""
    started = perf_counter()
    act(number)
    return perf_counter() - started


def medians(ours: Callable[[int], object], plain: Callable[[int], object], times: int) -> tuple[float, float]:
    """Median seconds of two acts done in turn, so that a busy moment falls on both; the first time warms up."""
    taken = [(seconds(ours, number), seconds(plain, number)) for number in range(times + 1)][1:]
    return median(pair[0] for pair in taken), median(pair[1] for pair in taken)
