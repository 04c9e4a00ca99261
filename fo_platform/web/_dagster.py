"""The web's one door to Dagster: its UI as an ASGI app, and its daemon. Who may ask what belongs to the guard.

Everything that Dagster keeps internal and may rename is named here and nowhere else.
"""

import fcntl
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import dagster as dg
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster_webserver.version import __version__
from dagster_webserver.webserver import DagsterWebserver
from graphql import ASTValidationRule, FieldNode, GraphQLError, NoSchemaIntrospectionCustomRule, ValidationRule
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from fo_platform.errors import SettingsError

POLL_MS = 2000
DAEMON_STOP_SECONDS = 20

OPERATOR_MUTATIONS = frozenset(
    {
        *("launchRun", "launchMultipleRuns", "launchRunReexecution", "launchPipelineExecution"),
        *("launchPipelineReexecution", "launchPartitionBackfill", "resumePartitionBackfill"),
        *("reexecutePartitionBackfill", "cancelPartitionBackfill"),
        *("terminateRun", "terminateRuns", "terminatePipelineExecution"),
        *("startSensor", "stopSensor", "resetSensor", "startSchedule", "stopRunningSchedule", "resetSchedule"),
        *("reloadRepositoryLocation", "reloadWorkspace", "setNuxSeen"),
    }
)
"""What an operator may do: start, stop and watch. Wiping and reporting what did not happen is nobody's work."""


@dataclass(frozen=True)
class CodeLocation:
    """A module of definitions and the folder it is loaded from."""

    module: str
    folder: Path


@contextmanager
def dagster_ui(home: Path, location: CodeLocation, prefix: str, *, operate: bool) -> Iterator[ASGIApp]:
    """Dagster's web server below a path prefix, read-only unless an operator is at it.

    It mounts itself at the prefix: forward the whole path to it.
    """
    target = ModuleTarget(location.module, None, str(location.folder), None)
    with (
        dg.DagsterInstance.from_config(str(home)) as instance,
        WorkspaceProcessContext(
            instance, target, __version__, read_only=not operate, code_server_log_level="warning"
        ) as workspace,
    ):
        yield _Webserver(workspace, prefix, POLL_MS).create_asgi_app()


@contextmanager
def dagster_daemon(home: Path, location: CodeLocation) -> Iterator[subprocess.Popen[bytes]]:
    """Dagster's daemon as a child process, the only one on its home, stopped on leaving."""
    command = [sys.executable, "-m", "dagster._daemon", "run", "-m", location.module, "-d", str(location.folder)]
    with _only_daemon(home) as lock, (home / "daemon.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=location.folder, stdout=log, stderr=log, pass_fds=(lock.fileno(),))
        lock.write(str(process.pid))
        lock.flush()
        try:
            yield process
        finally:
            _stop(process)


class _Webserver(DagsterWebserver[Any, Any]):
    """Dagster's web server with fewer doors."""

    def build_graphql_validation_rules(self) -> Collection[type[ASTValidationRule]]:
        return [*super().build_graphql_validation_rules(), NoSchemaIntrospectionCustomRule, _OperatorsOnly]

    async def graphql_http_endpoint(self, request: Request) -> Response:
        if not (await request.body()).lstrip().startswith(b"{"):
            return PlainTextResponse("One GraphQL operation a request.", 400)
        response: Response = await super().graphql_http_endpoint(request)
        return response


class _OperatorsOnly(ValidationRule):
    """Refuses, before anything runs, a mutation that is not an operator's."""

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, name = self.context.get_parent_type(), node.name.value
        if parent is self.context.schema.mutation_type and name not in OPERATOR_MUTATIONS:
            self.report_error(GraphQLError(f"{name} is not done here; the ledger is the record.", node))


@contextmanager
def _only_daemon(home: Path) -> Iterator[IO[str]]:
    """A locked file that the daemon inherits: locked as long as the daemon lives, whatever happens to its parent.

    Two daemons on one home launch the same run twice.
    """
    path = home / "daemon.lock"
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SettingsError(
                f"A daemon already runs on {home}.",
                f"Stop its `fo ui --operate` (the daemon is process {path.read_text()}), or watch with `fo ui`.",
            ) from error
        file.truncate(0)
        yield file


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(DAEMON_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
