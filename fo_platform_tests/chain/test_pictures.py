"""Pictures of the demo day in Dagster's own pages, in a real browser: they are there, and something is on them."""

from collections.abc import Iterator

import pytest

from fo_platform.settings import Settings
from fo_platform.web.app import MODULE
from fo_platform.web.screenshot import browser_page, chromium
from fo_platform_tests.chain.conftest import Home
from fo_platform_tests.web.served_office import ServedOffice, served

SHOWN = {
    "correlations": "correlation matrix",
    "simulated_paths": "Monte Carlo fan",
    "allocation_drift": "drift history",
    "return_attribution": "attribution waterfall",
    "liquidity_profile": "liquidity ladder",
}
"""Tables of analytics by what their pictures show."""

COLOURS = """async image => {
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const drawing = canvas.getContext("2d");
    drawing.drawImage(image, 0, 0);
    const cells = new Uint32Array(drawing.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    const background = cells[0];
    return [canvas.width, new Set(cells).size, cells.filter(cell => cell !== background).length / cells.length];
}"""
"""Width of an image, how many colours it has and the part of it that is not background."""


@pytest.fixture(scope="module")
def desk(demo_home: Home) -> Iterator[ServedOffice]:
    """A read-only server of the demo after `fo run`."""
    if chromium() is None:
        pytest.skip("no Chromium is installed (Debian package chromium)")
    with served(Settings.read({"FO_HOME": str(demo_home.fo)}), "view", MODULE) as office:
        yield office


@pytest.mark.parametrize("table", SHOWN, ids=list(SHOWN.values()))
def test_the_picture_is_on_the_tables_page_and_not_blank(desk: ServedOffice, table: str) -> None:
    with browser_page() as page:
        page.goto(f"{desk.url}/dagster/assets/analytics/{table}")
        page.get_by_text("Show Markdown").first.click()
        image = page.locator(f"img[alt={table}]")
        image.wait_for()
        width, colours, drawn = image.evaluate(COLOURS)
    assert width == 800
    assert colours > 10
    assert drawn > 0.02
