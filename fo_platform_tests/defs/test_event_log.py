"""The event log that stays open: what is written is what Dagster's own reads, also from another process's instance."""

import threading
from pathlib import Path

import dagster as dg
import psutil
from dagster._core.storage.event_log import SqliteEventLogStorage

from fo_platform.defs import event_log
from fo_platform.operations.dagster_home import prepare_dagster_home
from fo_platform.settings import Settings
from fo_platform_tests.processes import PATIENCE_SECONDS

DAYS = dg.StaticPartitionsDefinition(["1", "2", "3"])


@dg.asset(partitions_def=DAYS, backfill_policy=dg.BackfillPolicy.single_run())
def counted() -> None:
    """A table of nothing."""


def materialized(home: Path) -> str:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        tags = {"dagster/asset_partition_range_start": "1", "dagster/asset_partition_range_end": "3"}
        result = (
            dg.define_asset_job("all", [counted])
            .resolve(asset_graph=dg.Definitions([counted]).resolve_asset_graph())
            .execute_in_process(instance=instance, tags=tags)
        )
        assert result.success
        return result.run_id


def test_dagsters_own_storage_reads_what_ours_wrote(settings: Settings) -> None:
    home = prepare_dagster_home(settings)
    run_id = materialized(home)
    plain = SqliteEventLogStorage(str(home / "history" / "runs"))
    assert plain.get_materialized_partitions(counted.key) == {"1", "2", "3"}
    assert [e.dagster_event_type for e in plain.get_logs_for_run(run_id) if e.is_dagster_event][
        -1
    ].value == "PIPELINE_SUCCESS"


def test_many_runs_keep_few_databases_open(settings: Settings) -> None:
    home = prepare_dagster_home(settings)
    runs = [materialized(home) for _ in range(2)]
    with dg.DagsterInstance.from_config(str(home)) as instance:
        log = instance.event_log_storage
        assert isinstance(log, event_log.EventLog)
        for run_id in [*runs, *(f"{number:036d}" for number in range(event_log.DATABASES_KEPT))]:
            log.get_logs_for_run(run_id)
        assert len(log._engines) == event_log.DATABASES_KEPT  # noqa: SLF001
        assert all(log.get_logs_for_run(run_id) for run_id in runs)


def test_whoever_watches_a_run_hears_of_its_events_while_it_goes_on(settings: Settings) -> None:
    home = prepare_dagster_home(settings)
    run_id, heard = materialized(home), threading.Event()
    with dg.DagsterInstance.from_config(str(home)) as writer, dg.DagsterInstance.from_config(str(home)) as reader:
        last = writer.event_log_storage.get_records_for_run(run_id).cursor
        reader.event_log_storage.watch(run_id, last, lambda *_: heard.set())
        writer.report_engine_event("still there", writer.get_run_by_id(run_id))
        assert heard.wait(PATIENCE_SECONDS)


def test_a_log_that_is_closed_holds_no_file(settings: Settings) -> None:
    home = prepare_dagster_home(settings)
    materialized(home)
    held = [file.path for file in psutil.Process().open_files() if file.path.startswith(str(home / "history" / "runs"))]
    assert held == []
