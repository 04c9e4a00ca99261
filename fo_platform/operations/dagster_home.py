"""Dagster's home: its instance file and the variables its processes start with. Assets do not belong here."""

from pathlib import Path
from typing import Any

import yaml

from fo_platform.settings import Settings
from fo_platform.warehouse.archive import write_durably

HEADER = "# Written by fo from resources/environments; edit those instead.\n"
STORAGE = "fo_platform.defs.dagster_storage"
"""Named, not imported: Dagster loads it."""

START_SECONDS_MAX = 600
"""A run that is slow to start on a busy machine is not given up; one that died while it started is seen at once."""

RUN_SECONDS_MAX = 7200
"""Nothing else ends a run whose process is gone: the default launcher checks no worker."""


def prepare_dagster_home(settings: Settings) -> Path:
    """The folder of Dagster's instance with its dagster.yaml up to date; written only when it differs."""
    path = settings.dagster_home / "dagster.yaml"
    content = (HEADER + yaml.safe_dump(instance_config(settings), sort_keys=False)).encode()
    if not path.exists() or path.read_bytes() != content:
        write_durably(path, content)
    return settings.dagster_home


def instance_config(settings: Settings) -> dict[str, Any]:
    """Body of dagster.yaml: nothing leaves the machine, lost runs end, one release at a time, secrets by name only."""
    return {
        **_storage(settings),
        "telemetry": {"enabled": False},
        # The welcome dialog would cover the page of whoever opens it first.
        "nux": {"enabled": False},
        "run_monitoring": {
            "enabled": True,
            "start_timeout_seconds": START_SECONDS_MAX,
            "max_runtime_seconds": RUN_SECONDS_MAX,
            "poll_interval_seconds": 30,
            "free_slots_after_run_end_seconds": 300,
        },
        # A lost process is started again; an asset that failed would fail again, and a person should see it.
        "run_retries": {"enabled": True, "max_retries": 1, "retry_on_asset_or_op_failure": False},
        "concurrency": {
            "runs": {
                "max_concurrent_runs": 4,
                "tag_concurrency_limits": [{"key": "dagster/concurrency_key", "value": "broker", "limit": 1}],
            }
        },
    }


def process_variables(settings: Settings) -> dict[str, str]:
    """Environment of every process that Dagster starts for this office: the web server's, the daemon's, a run's."""
    return {
        "FO_HOME": str(settings.home),
        "FO_PROJECT": str(settings.project),
        "FO_OFFICE": settings.office,
        "FO_ENVIRONMENT": settings.environment,
        "DAGSTER_HOME": str(settings.dagster_home),
        "DO_NOT_TRACK": "1",
        **settings.secrets,
    }


def _storage(settings: Settings) -> dict[str, Any]:
    """PostgreSQL where the environment binds it, by the variable that holds its URL; else SQLite, opened our way."""
    store = settings.bindings.dagster
    if store.kind == "sqlite":
        folder = {"base_dir": str(settings.dagster_home)}
        return {"storage": {"custom": {"module": STORAGE, "class": "Storage", "config": folder}}}
    return {"storage": {"postgres": {"postgres_url": {"env": store.url_env}}}}
