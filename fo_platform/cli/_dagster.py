"""The command line's one door to Dagster: run a job of the code location in this process. What a job does belongs to defs."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import dagster as dg

from fo_platform.errors import DataError
from fo_platform.lineage.recipe import Recipe

RANGE_START = "dagster/asset_partition_range_start"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The run's log is kept in the instance; the terminal belongs to the command."""

RANGE_END = "dagster/asset_partition_range_end"


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
    tags = {"fo/trigger": "fo run"}
    is_range = first != last
    if is_range:
        tags |= {RANGE_START: str(first), RANGE_END: str(last)}
    started = perf_counter()
    with dg.DagsterInstance.from_config(str(dagster_home)) as instance:
        partition = None if is_range else str(first)
        result = job.execute_in_process(
            instance=instance, partition_key=partition, tags=tags, raise_on_error=False, run_config=QUIET
        )
    seconds = perf_counter() - started
    if not result.success:
        raise _failure(name, first, result)
    return Ran(seconds, _work(result))


def _work(result: dg.ExecuteInProcessResult) -> dict[str, float]:
    """Seconds spent making tables, by schema; a range run reports each table once a day with the whole range's seconds."""
    seconds: dict[dg.AssetKey, float] = {}
    for event in result.get_asset_materialization_events():
        materialization = event.asset_materialization
        value = materialization.metadata.get("seconds") if materialization else None
        if materialization and isinstance(value, dg.FloatMetadataValue):
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
