"""A real server in a process of its own, and a client that speaks as Dagster's page would. Tests do not belong here."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from fo_platform.operations.dagster_home import process_variables
from fo_platform.settings import Settings
from fo_platform_tests.processes import PATIENCE_SECONDS, reserved_port

SERVE = """
import os, sys
from fo_platform.settings import Settings
from fo_platform.web.app import serve
serve(Settings.read(os.environ), operate=sys.argv[1] == "operate", port=int(sys.argv[2]), module=sys.argv[3])
"""
UNTIL_UP = Retry(total=None, connect=2 * PATIENCE_SECONDS, backoff_factor=0.2, backoff_max=0.5)

LAUNCH = """
mutation Launch($params: ExecutionParams!) {
  launchRun(executionParams: $params) { __typename ... on LaunchRunSuccess { run { runId } } }
}
"""
RUNS = "{ runsOrError { ... on Runs { results { runId status } } } }"
MATERIALIZATIONS = "{ assetNodes { assetKey { path } assetMaterializations { runId } } }"
ENDED = ("SUCCESS", "FAILURE", "CANCELED")


@dataclass(frozen=True)
class ServedOffice:
    """An office behind its server: where it listens and what it stands on."""

    url: str
    settings: Settings
    module: str

    def ask(self, query: str, **variables: object) -> Any:  # noqa: ANN401 - JSON.
        """Answer to a GraphQL operation sent as Dagster's own page would."""
        body = {"query": query, "variables": variables}
        headers = {"Origin": self.url}
        return requests.post(f"{self.url}/dagster/graphql", json=body, headers=headers, timeout=PATIENCE_SECONDS).json()

    def launch_of(self, asset: str, partition: str | None = None) -> dict[str, object]:
        """Parameters of the launch that materialises one asset."""
        selector = {
            "repositoryLocationName": self.module,
            "repositoryName": "__repository__",
            "pipelineName": "__ASSET_JOB",
            "assetSelection": [{"path": asset.split(".")}],
        }
        tags = [{"key": "dagster/partition", "value": partition}] if partition else []
        return {
            "selector": selector,
            "mode": "default",
            "runConfigData": "{}",
            "executionMetadata": {"tags": tags},
        }

    def trace(self) -> tuple[object, object]:
        """Every run and every materialisation: what an attack would have changed."""
        return self.ask(RUNS)["data"], self.ask(MATERIALIZATIONS)["data"]

    def runs(self) -> list[str]:
        """Every run by its id."""
        return [run["runId"] for run in self.ask(RUNS)["data"]["runsOrError"]["results"]]

    def outcome(self, run_id: str) -> str:
        """How a run ended."""
        deadline = monotonic() + PATIENCE_SECONDS
        while monotonic() < deadline:
            runs = self.ask(RUNS)["data"]["runsOrError"]["results"]
            status = next(run["status"] for run in runs if run["runId"] == run_id)
            if status in ENDED:
                return str(status)
            sleep(0.5)
        return "still running"


def command(settings: Settings, mode: str, port: int, module: str) -> tuple[list[str], dict[str, str]]:
    """Command line and environment of a server: `operate` or `view`."""
    environ = {"PATH": "/usr/bin:/bin", **process_variables(settings)}
    return [sys.executable, "-c", SERVE, mode, str(port), module], environ


@contextmanager
def served(settings: Settings, mode: str, module: str) -> Iterator[ServedOffice]:
    """A server that answers; it must end in order when its supervisor says so."""
    log = settings.home.with_suffix(".log")
    with reserved_port() as port, log.open("wb") as file:
        line, environ = command(settings, mode, port, module)
        process = subprocess.Popen(line, env=environ, stdout=file, stderr=file)
        office = ServedOffice(f"http://127.0.0.1:{port}", settings, module)
        try:
            _await(office.url, log.read_text)
            yield office
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_SECONDS) == 0, log.read_text()


def _await(url: str, log: Any) -> None:  # noqa: ANN401 - read only when it fails.
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=UNTIL_UP))
        assert session.get(url, timeout=PATIENCE_SECONDS).ok, log()
