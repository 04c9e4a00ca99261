"""Commands that let days happen: run, advance, ui. What happens in a day belongs to day."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.status import Status

from fo_platform.cli._output import Json, emit, errors, office, settings, told
from fo_platform.cli.look import parse_day, show
from fo_platform.operations.dagster_home import process_variables
from fo_platform.operations.status import batch_count
from fo_platform.operations.status import status as status_of

if TYPE_CHECKING:
    from fo_platform.cli.day import Demo, Tell, Totals

PORT = 3000
MADE = "fo_platform.defs._table"
"""Logger that says which table was made; the progress line shows its last word."""


def run(
    until: Annotated[str | None, typer.Option("--until", help="Stop after this business date, YYYY-MM-DD.")] = None,
    as_json: Json = False,
) -> None:
    """Play the demo office until its first rebalance is settled and reconciled; run again, it changes nothing."""
    from fo_platform.cli.day import run_demo  # noqa: PLC0415 - loading the code location takes seconds.

    with told(as_json):
        last = parse_day(until)
    _play(lambda demo, tell: run_demo(demo, tell, last), as_json)


def advance(
    days: Annotated[int, typer.Argument(min=1, help="Sessions to live through.")] = 1, as_json: Json = False
) -> None:
    """Let the next sessions happen: files, evaluation, signatures with the demo's keys, fills, settlement."""
    from fo_platform.cli.day import advance as advance_demo  # noqa: PLC0415

    _play(lambda demo, tell: advance_demo(demo, days, tell), as_json)


def ui(
    operate: Annotated[
        bool, typer.Option("--operate", help="Let the operator launch and materialise; launching never trades.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port on this machine's loopback.")] = PORT,
) -> None:
    """Our pages at / and Dagster at /dagster, read-only unless --operate, on loopback only."""
    from fo_platform.web.app import serve  # noqa: PLC0415

    with told(as_json=False):
        serve(settings(), operate=operate, port=port)


def _play(play: "Callable[[Demo, Tell], Totals]", as_json: bool) -> None:  # noqa: FBT001 - the flag itself.
    from fo_platform.cli.day import Demo  # noqa: PLC0415

    with told(as_json):
        place, started = office(), perf_counter()
        os.environ.update(process_variables(place.settings))
        before = batch_count(place)
        with progress(is_plain=not as_json and not errors.is_terminal) as tell:
            totals = play(Demo.open(place), tell)
        document = status_of(place) | {
            "days": totals.days,
            "seconds": f"{perf_counter() - started:.1f}",
            "orchestration_share": f"{totals.orchestration_share:.4f}",
            "batches_written": batch_count(place) - before,
            "seconds_by_layer": {schema: f"{seconds:.1f}" for schema, seconds in sorted(totals.work.items())},
        }
        emit(document, as_json, lambda: show(place, document))


class _Line(logging.Handler):
    """The last table made, behind the stage that is under way."""

    def __init__(self, line: Status, *, is_plain: bool) -> None:
        """Speak through a status line, or in plain lines where none can be drawn over."""
        super().__init__()
        self.line, self.is_plain = line, is_plain
        self.stage = self.table = ""

    def tell(self, stage: str) -> None:
        """Begin a stage."""
        self.stage = stage
        self.line.update(stage)
        self._print(stage)

    def emit(self, record: logging.LogRecord) -> None:
        """Show a table that was made; in plain lines each table once, though a range makes it day by day."""
        self.line.update(f"{self.stage}: {record.getMessage()}")
        table = record.getMessage().split(" of ")[0]
        if table != self.table:
            self._print(f"  {table}")
        self.table = table

    def _print(self, text: str) -> None:
        if self.is_plain:
            errors.print(text, highlight=False, soft_wrap=True)


@contextmanager
def progress(*, is_plain: bool) -> "Iterator[Tell]":
    """A line that tells of stages and of the tables made; plain lines where none can be drawn over."""
    logger = logging.getLogger(MADE)
    with errors.status("starting") as line:
        handler = _Line(line, is_plain=is_plain)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        try:
            yield handler.tell
        finally:
            logger.removeHandler(handler)
