"""Dagster's home: what its instance file says, where its storage is, and that secrets stay out of it."""

import dagster as dg
import pytest

from fo_platform.operations.dagster_home import prepare_dagster_home, process_variables
from fo_platform.settings import Settings
from fo_platform_tests.databases import PostgresqlServer


def test_dagster_takes_the_file_and_nothing_leaves_the_machine(settings: Settings) -> None:
    with dg.DagsterInstance.from_config(str(prepare_dagster_home(settings))) as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_max_runtime_seconds == 7200
        assert (instance.run_retries_max_retries, instance.run_retries_retry_on_asset_or_op_failure) == (1, False)
        assert type(instance.event_log_storage).__module__ == "fo_platform.defs.event_log"


def test_one_release_runs_at_a_time(settings: Settings) -> None:
    with dg.DagsterInstance.from_config(str(prepare_dagster_home(settings))) as instance:
        limits = instance.get_concurrency_config().run_queue_config.tag_concurrency_limits
    assert [dict(limit) for limit in limits] == [{"key": "dagster/concurrency_key", "value": "broker", "limit": 1}]


def test_a_second_preparation_touches_nothing(settings: Settings) -> None:
    path = prepare_dagster_home(settings) / "dagster.yaml"
    before = path.stat()
    prepare_dagster_home(settings)
    assert path.stat() == before


def test_an_edited_file_is_set_right(settings: Settings) -> None:
    path = prepare_dagster_home(settings) / "dagster.yaml"
    written = path.read_text()
    path.write_text(written.replace("enabled: false", "enabled: true"))
    prepare_dagster_home(settings)
    assert path.read_text() == written


def test_on_postgresql_the_url_is_named_and_never_written(
    postgres: PostgresqlServer, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    url = postgres.new()
    environ = {"FO_ENVIRONMENT": "postgres", "FO_HOME": str(settings.home), "FO_DAGSTER_URL": url, "FO_UI_LOGIN": "a:b"}
    bound = Settings.read(environ)
    home = prepare_dagster_home(bound)
    assert url not in (home / "dagster.yaml").read_text()
    monkeypatch.setenv("FO_DAGSTER_URL", process_variables(bound)["FO_DAGSTER_URL"])
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert instance.get_runs() == []
        assert type(instance.event_log_storage).__module__.startswith("dagster_postgres")


def test_a_process_that_dagster_starts_reads_the_same_settings(settings: Settings) -> None:
    assert Settings.read(process_variables(settings)) == settings
