"""Our own pages, drawn from the documents that the commands print. Nothing is computed here."""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from fo_platform.errors import FoError
from fo_platform.office import open_office
from fo_platform.operations.status import Document, status
from fo_platform.settings import Settings

Page = Callable[[Request], Response]
TEMPLATES = Path(__file__).parent / "templates"


def today(settings: Settings) -> Page:
    """The operator's first page: the office's last day, or what to do when there is none."""
    template = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).get_template("today.html")

    def page(_request: Request) -> Response:
        document, fault = _state(settings)
        return HTMLResponse(template.render(office=settings.office, status=document, fault=fault), headers=HEADERS)

    return page


HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""Our pages run no script and load nothing."""


def _state(settings: Settings) -> tuple[Document | None, FoError | None]:
    try:
        return status(open_office(settings)), None
    except FoError as error:
        return None, error
