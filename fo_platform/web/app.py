"""The web server: our pages at /, Dagster's UI at /dagster, the guard before both. Content does not belong here."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from fo_platform.errors import SettingsError
from fo_platform.operations.dagster_home import prepare_dagster_home, process_variables
from fo_platform.settings import Settings
from fo_platform.web._dagster import CodeLocation, dagster_daemon, dagster_ui
from fo_platform.web.guard import Guard
from fo_platform.web.pages import today

ADDRESS = "127.0.0.1"
PREFIX = "/dagster"
MODULE = "fo_platform.definitions"
GOODBYE_SECONDS = 5


def serve(settings: Settings, *, operate: bool, port: int, module: str = MODULE) -> None:
    """Serve an office's pages on this machine until it is stopped; an operator's server also runs Dagster's daemon."""
    # The server ends in order on a signal that its supervisor sends, as it does on Ctrl-C: the daemon ends with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), ExitStack() as stack:
        listener = stack.enter_context(listen(port))
        if operate:
            stack.enter_context(dagster_daemon(_prepared(settings), CodeLocation(module, settings.project)))
        app = stack.enter_context(office_app(settings, operate=operate, module=module))
        server(app).run(sockets=[listener])


@contextmanager
def office_app(settings: Settings, *, operate: bool, module: str = MODULE) -> Iterator[ASGIApp]:
    """The whole web application of an office, alive while the context is."""
    pages = Starlette(routes=[Route("/", today(settings))])
    with dagster_ui(_prepared(settings), CodeLocation(module, settings.project), PREFIX, operate=operate) as ui:
        yield Guard(_dispatch(pages, ui), graphql=f"{PREFIX}/graphql", login=settings.login)


def server(app: ASGIApp) -> uvicorn.Server:
    """A quiet HTTP server of an app."""
    return uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=GOODBYE_SECONDS))


def listen(port: int) -> socket.socket:
    """A socket of this machine alone; 0 takes any free port."""
    try:
        return socket.create_server((ADDRESS, port))
    except OSError as error:
        raise SettingsError(f"Port {port} is taken.", "Choose another with --port.") from error


def _prepared(settings: Settings) -> Path:
    """Dagster's home, made ready; what Dagster starts reads the same settings from this process's environment."""
    os.environ.update(process_variables(settings))
    return prepare_dagster_home(settings)


def _dispatch(pages: ASGIApp, ui: ASGIApp) -> ASGIApp:
    """Dagster's UI gets its whole path: it mounts itself at its prefix."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_ui = scope["type"] != "lifespan" and f"{scope['path']}/".startswith(f"{PREFIX}/")
        await (ui if is_ui else pages)(scope, receive, send)

    return app
