"""`make bench`: every promise about speed as a ratio within one run, its limit beside it. Exit 1 when one is missed."""

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console

from fo_platform_tests.benchmarks.attribution import attributed
from fo_platform_tests.benchmarks.backfill import backfilled
from fo_platform_tests.benchmarks.covariance import covariances
from fo_platform_tests.benchmarks.demo_day import demo_day
from fo_platform_tests.benchmarks.exposures import looked_through, over_time
from fo_platform_tests.benchmarks.figures import Figure, measured
from fo_platform_tests.benchmarks.memory import bounded
from fo_platform_tests.benchmarks.parsers_ofx import parsed_ofx
from fo_platform_tests.benchmarks.parsers_text import parsers_text
from fo_platform_tests.benchmarks.parsers_xml import entries_of_a_statement, holdings_of_a_fund
from fo_platform_tests.benchmarks.performance import internal_rates_in_batch
from fo_platform_tests.benchmarks.simulation import simulated
from fo_platform_tests.benchmarks.stores import appended, read_as_of

MEASURES = (
    *(parsers_text, entries_of_a_statement, holdings_of_a_fund, parsed_ofx, bounded, backfilled),
    *(appended, read_as_of, simulated, covariances, internal_rates_in_batch, attributed, looked_through, over_time),
    demo_day,
)

console = Console()


def main() -> int:
    """Measure, print every figure as soon as it is known, and say whether every limit was kept."""
    figures: list[Figure] = []
    # Each in a process of its own: memory that one gave back makes the next one faster, ours and its peer not alike.
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as processes:
        for part in processes.map(measured, MEASURES):
            figures += part
            lines = "".join(f"{figure.line}\n" for figure in part)
            console.print(lines, end="", markup=False, highlight=False, soft_wrap=True)
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
