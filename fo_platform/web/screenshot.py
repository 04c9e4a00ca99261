"""The README's picture of the lineage graph: `python -m fo_platform.web.screenshot OUT.png`. No page is made here."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from threading import Thread
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from fo_platform.errors import SettingsError
from fo_platform.settings import Settings
from fo_platform.web.app import ADDRESS, MODULE, PREFIX, listen, office_app, server

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 2200, 900
DRAWN_MS = 1000
PATIENCE_MS = 180_000
"""For every step of the browser: its first page after a start is drawn late on a busy machine."""


def chromium() -> str | None:
    """Path of an installed Chromium, if there is one."""
    return next((path for name in BROWSERS if (path := which(name))), None)


@contextmanager
def browser_page() -> Iterator["Page"]:
    """A page of a headless Chromium."""
    from playwright.sync_api import sync_playwright

    if (executable := chromium()) is None:
        raise SettingsError("No Chromium is installed.", "Install the package chromium.")
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start for root, which is what containers run as.
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"], timeout=PATIENCE_MS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_default_timeout(PATIENCE_MS)
        yield page
        browser.close()


def show_lineage(page: "Page", url: str) -> None:
    """Open the lineage of everything, left to right, a box a schema, and wait until each says how it stands."""
    page.goto(f"{url}{PREFIX}/asset-groups")
    page.wait_for_selector("svg foreignObject")
    page.get_by_text("fetching statuses").first.wait_for(state="detached")
    page.wait_for_timeout(DRAWN_MS)


def picture_lineage(settings: Settings, path: Path, module: str = MODULE) -> None:
    """Write the lineage graph of an office as a PNG file."""
    with office_app(settings, operate=False, module=module) as app, _served(app) as url, browser_page() as page:
        show_lineage(page, url)
        page.screenshot(path=path)


@contextmanager
def _served(app: ASGIApp) -> Iterator[str]:
    """The app on a free port of this process, for as long as the context."""
    with listen(0) as listener:
        http = server(app)
        thread = Thread(target=http.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://{ADDRESS}:{listener.getsockname()[1]}"
        finally:
            http.should_exit = True
            thread.join()


if __name__ == "__main__":
    picture_lineage(Settings.read(os.environ), Path(sys.argv[1]), *sys.argv[2:])
