"""`make bench`: every promise about speed as a ratio within one run, its limit beside it. Exit 1 when one is missed."""

import sys
import tempfile
from pathlib import Path

from rich.console import Console

from fo_platform_tests.benchmarks.attribution import attributed
from fo_platform_tests.benchmarks.backfill import backfilled
from fo_platform_tests.benchmarks.covariance import covariances
from fo_platform_tests.benchmarks.demo_day import demo_day
from fo_platform_tests.benchmarks.exposures import looked_through, over_time
from fo_platform_tests.benchmarks.figures import Figure
from fo_platform_tests.benchmarks.memory import bounded
from fo_platform_tests.benchmarks.parsers_ofx import parsed_ofx
from fo_platform_tests.benchmarks.parsers_text import parsers_text
from fo_platform_tests.benchmarks.parsers_xml import entries_of_a_statement, holdings_of_a_fund
from fo_platform_tests.benchmarks.performance import internal_rates_in_batch
from fo_platform_tests.benchmarks.simulation import simulated
from fo_platform_tests.benchmarks.stores import appended, read_as_of

PARSERS = (parsers_text, entries_of_a_statement, holdings_of_a_fund, parsed_ofx)

console = Console()


def main() -> int:
    """Measure, print every figure as soon as it is known, and say whether every limit was kept."""
    figures: list[Figure] = []
    for measure in (
        *PARSERS,
        bounded,
        backfilled,
        lambda f: [appended(f)],
        lambda f: [read_as_of(f)],
        simulated,
        covariances,
        internal_rates_in_batch,
        attributed,
        looked_through,
        over_time,
        demo_day,
    ):
        with tempfile.TemporaryDirectory() as folder:
            measured = measure(Path(folder))
        figures += measured
        for figure in measured:
            console.print(figure.line, markup=False, highlight=False, soft_wrap=True)
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
