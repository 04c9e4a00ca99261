"""How commands speak: JSON for machines, Rich for people, an error with its remedy. What is said belongs to them."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from fo_platform.errors import FoError
from fo_platform.office import Office, open_office
from fo_platform.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Machine-readable output with stable keys.")]
Day = Annotated[str | None, typer.Option("--day", help="Business date, YYYY-MM-DD; by default the last one.")]

console = Console()
errors = Console(stderr=True)


def settings() -> Settings:
    """Settings of this process's environment."""
    return Settings.read(os.environ)


def office() -> Office:
    """The office of this process's environment."""
    return open_office(settings())


def emit(document: Any, as_json: bool, render: Callable[[], None]) -> None:  # noqa: ANN401, FBT001 - JSON and its flag.
    """Print a document for machines, or call what draws it for people."""
    if as_json:
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        render()


@contextmanager
def told(as_json: bool) -> Iterator[None]:  # noqa: FBT001 - the flag itself.
    """Turn a fault that a person can act on into one sentence with its remedy on stderr, and exit code 1."""
    try:
        yield
    except FoError as error:
        _tell(error, as_json=as_json)
        raise typer.Exit(1) from error


def _tell(error: FoError, *, as_json: bool) -> None:
    if as_json:
        body = {"error": {"code": error.code, "message": error.message, "remedy": error.remedy}}
        sys.stderr.write(json.dumps(body, ensure_ascii=False) + "\n")
        return
    errors.print(f"[bold red]{error.code}[/]: {escape(error.message)}", highlight=False)
    if error.remedy:
        errors.print(f"  {escape(error.remedy)}", highlight=False)
