"""The UI in a real browser: the lineage graph shows, nothing covers it, and its picture can be made."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from fo_platform.operations.dagster_home import process_variables
from fo_platform.web.screenshot import HEIGHT, WIDTH, browser_page, show_lineage
from fo_platform_tests.processes import PATIENCE_SECONDS
from fo_platform_tests.web.served_office import ServedOffice


@pytest.mark.usefixtures("has_chromium")
def test_the_lineage_shows_every_asset_from_left_to_right_and_no_dialog(viewer: ServedOffice) -> None:
    with browser_page() as page:
        show_lineage(page, viewer.url)
        page.keyboard.press("Alt+KeyE")
        names = [page.get_by_text(asset, exact=True).first for asset in ("bank", "positions", "drift")]
        for name in names:
            name.wait_for()
        lefts = [box["x"] for name in names if (box := name.bounding_box())]
        assert page.get_by_role("dialog").count() == 0
    assert len(lefts) == 3
    assert lefts == sorted(lefts)


@pytest.mark.usefixtures("has_chromium")
def test_a_click_of_an_operator_materialises_an_asset(operator: ServedOffice) -> None:
    before = operator.runs()
    with browser_page() as page:
        page.goto(f"{operator.url}/dagster/assets/raw/bank")
        page.get_by_role("button", name="Materialize").click()
        page.get_by_text("Starting run").or_(page.get_by_text("Launched run")).first.wait_for()
    (started,) = [run for run in operator.runs() if run not in before]
    assert operator.outcome(started) == "SUCCESS"


@pytest.mark.usefixtures("has_chromium")
def test_our_page_runs_under_its_own_strict_policy(viewer: ServedOffice) -> None:
    refused: list[str] = []
    with browser_page() as page:
        page.on("console", lambda message: refused.append(message.text))
        page.goto(viewer.url)
        page.get_by_role("link", name="Lineage").click()
        page.wait_for_url("**/dagster/asset-groups**")
    assert not [text for text in refused if "Content Security Policy" in text]


@pytest.mark.usefixtures("has_chromium")
def test_the_picture_of_the_lineage_is_a_png_of_the_whole_page(viewer: ServedOffice, tmp_path: Path) -> None:
    path, environ = tmp_path / "lineage.png", {"PATH": "/usr/bin:/bin", **process_variables(viewer.settings)}
    command = [sys.executable, "-m", "fo_platform.web.screenshot", str(path), viewer.module]
    subprocess.run(command, env=environ, check=True, capture_output=True, timeout=PATIENCE_SECONDS)
    header = path.read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    assert struct.unpack(">II", header[16:24]) == (WIDTH, HEIGHT)
