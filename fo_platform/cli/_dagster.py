"""The command line's one door to Dagster: run a job in this process. What a job does belongs to defs."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import dagster as dg
import psutil

from fo_platform.errors import DataError
from fo_platform.lineage.recipe import Recipe

RANGE_START = "dagster/asset_partition_range_start"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The run's log is kept in the instance; the terminal belongs to the command."""

RANGE_END = "dagster/asset_partition_range_end"
OURS = {"fo/trigger": "fo run"}
PROCESS = "fo/process"


@dataclass(frozen=True)
class Ran:
    """One run: wall seconds, and the seconds spent making tables by schema; the rest is the orchestrator's."""

    seconds: float
    work: dict[str, float]


def recipes() -> dict[str, Recipe]:
    """Every table of the code location by name."""
    import fo_platform.definitions  # noqa: F401, PLC0415 - loading the location fills the recipes.
    from fo_platform.defs._table import RECIPES  # noqa: PLC0415

    return RECIPES


def run_job(name: str, first: date, last: date, dagster_home: Path) -> Ran:
    """Run a job for a day, or for a range of days in one run; a step that fails is a DataError that names its table."""
    from fo_platform.definitions import defs  # noqa: PLC0415

    job = defs.resolve_job_def(name)
    place = {RANGE_START: str(first), RANGE_END: str(last)} if first != last else {}
    partition = str(first) if first == last else None
    started = perf_counter()
    with dg.DagsterInstance.from_config(str(dagster_home)) as instance:
        _end_orphans(instance)
        result = job.execute_in_process(
            instance=instance,
            partition_key=partition,
            tags={**OURS, PROCESS: str(os.getpid()), **place},
            raise_on_error=False,
            run_config=QUIET,
        )
    seconds = perf_counter() - started
    if not result.success:
        raise _failure(name, first, result)
    return Ran(seconds, _work(result))


def _end_orphans(instance: dg.DagsterInstance) -> None:
    """Runs whose process is gone would read as started for ever."""
    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED], tags=OURS)
    for run in instance.get_runs(started):
        if not psutil.pid_exists(int(run.tags.get(PROCESS, "0"))):
            instance.report_run_failed(run, "Its process ended without a word.")


def _work(result: dg.ExecuteInProcessResult) -> dict[str, float]:
    """Seconds spent making tables, by schema; a range run reports each table once a day with the range's seconds."""
    seconds: dict[dg.AssetKey, float] = {}
    for event in result.get_asset_materialization_events():
        materialization = event.step_materialization_data.materialization
        value = materialization.metadata.get("seconds")
        if isinstance(value, dg.FloatMetadataValue):
            seconds[materialization.asset_key] = float(value.value or 0)
    work: dict[str, float] = {}
    for key, spent in seconds.items():
        work[key.path[0]] = work.get(key.path[0], 0.0) + spent
    return work


def _failure(name: str, day: date, result: dg.ExecuteInProcessResult) -> DataError:
    for event in result.all_events:
        if event.event_type_value == "STEP_FAILURE" and event.step_key:
            error = event.step_failure_data.error
            cause = (error.cause or error) if error else None
            message = str(cause.message).strip().splitlines()[-1] if cause else "the step failed"
            return DataError(
                f"{event.step_key.replace('__', '.')} of {day} failed: {message}",
                f"Open run {result.run_id[:8]} in `fo ui`.",
            )
    return DataError(f"The job {name} of {day} did not finish.", f"Open run {result.run_id[:8]} in `fo ui`.")
