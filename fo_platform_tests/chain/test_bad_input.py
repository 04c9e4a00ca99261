"""A morning of bad files: each is told of with its line and remedy, nothing is lost, and the rest goes on."""

import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from fo_platform_tests.chain.conftest import ROOT, Home

BAD_PRICES = {"AAPL": b"NaN", "KO": b"-57.349"}


def _newest(home: Home, source: str) -> Path:
    return sorted((home.fo / "inbox" / source).iterdir())[-1]


def _spoil_prices(path: Path) -> None:
    """A price that is no number and one below zero, in a file that is whole otherwise."""
    lines = path.read_bytes().split(b"\n")
    cells = [line.split(b",") for line in lines]
    for row in cells:
        if row[0] == b"PRC" and row[1].decode() in BAD_PRICES:
            row[3] = BAD_PRICES[row[1].decode()]
    path.write_bytes(b"\n".join(b",".join(row) for row in cells))


def _rename_an_instrument(path: Path) -> None:
    """Merck's holding under identifiers that nobody knows; its lots keep the right ones."""
    lines = path.read_bytes().split(b"\n")
    at = next(i for i, line in enumerate(lines) if line[:1] == b"P" and line[32:40].strip() == b"MRK")
    line = lines[at]
    lines[at] = line[:11] + b"ZZZZZZZZZ" + b"ZZ0000000000" + b"ZZZ".ljust(8) + line[40:]
    path.write_bytes(b"\n".join(lines))


@pytest.fixture
def morning(own_home: Home) -> tuple[Home, dict[str, Any], dict[str, Any]]:
    """The demo's last day with bad files in its inboxes: the home, and its status before and after."""
    before = own_home.json("status")
    inbox = own_home.fo / "inbox"
    (inbox / "swiss_bank/empty.fin").write_bytes(b"")
    (inbox / "us_custodian/holiday photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 no statement at all")
    (inbox / "interactive_brokers/wide.xml").write_bytes(
        _newest(own_home, "interactive_brokers").read_text().encode("utf-16")
    )
    _spoil_prices(_newest(own_home, "market_data"))
    _rename_an_instrument(_newest(own_home, "us_custodian"))
    own_home.json("run")
    return own_home, before, own_home.json("status")


def test_a_morning_of_bad_files_is_told_of_and_the_rest_goes_on(
    morning: tuple[Home, dict[str, Any], dict[str, Any]],
) -> None:
    home, before, after = morning
    screen = " ".join(home.run("status").stdout.replace("│", " ").split())
    for told in (
        "swiss_bank quarantined empty.fin: Line 1: the file is empty. Ask the custodian to send it again.",
        "us_custodian unknown holiday photo.jpg: Line 1: no format is recognised.",
        "interactive_brokers quarantined wide.xml: Line 1: the file is encoded in UTF-16",
        "market_data restated",
        "(and 1 more). The row is left out: ask the vendor for the right value.",
    ):
        assert told in screen, told
    kept = {path.name for path in (home.fo / "archive").rglob("*") if path.is_file()}
    for path in (home.fo / "inbox").rglob("*"):
        assert not path.is_file() or any(sha256(path.read_bytes()).hexdigest() in name for name in kept), path
    assert (after["missing"], set(after["verdicts"])) == (0, set(before["verdicts"]))
    found = {(row["account_id"][-3:], row["break_class"]) for row in home.json("breaks")}
    assert found == {("_us", "IDENTIFIER"), ("_us", "MISSING_AT_CUSTODIAN")}


def test_a_custodian_that_sends_nothing_is_named_and_holds_nobody_else_up(own_home: Home, tmp_path: Path) -> None:
    for part in ("resources", "dbt"):
        shutil.copytree(ROOT / part, tmp_path / "project" / part)
    path = tmp_path / "project/resources/offices/demo/custodians.yaml"
    declared: dict[str, Any] = yaml.safe_load(path.read_text())
    account = declared["swiss_bank"]["accounts"]["trust_swiss"] | {"account_id_source": "9-1", "broker": None}
    declared["silent_bank"] = {
        "name": "A bank that sends nothing",
        "feeds": {"mt535": {"expected_by": "07:30"}},
        "accounts": {"trust_silent": account},
    }
    path.write_text(yaml.safe_dump(declared))
    before = own_home.json("status")
    home = Home(own_home.folder, tmp_path / "project")
    after = home.json("run")
    assert (after["missing"], after["net_worth"], after["breaks"]) == (1, before["net_worth"], before["breaks"])
    assert set(after["verdicts"]) == set(before["verdicts"])
    screen = " ".join(home.run("status").stdout.replace("│", " ").split())
    assert "missing silent_bank mt535 trust_silent: Nothing came for 2022-06-16. Ask the source for the file" in screen
