"""`fo quarantine` as a script and a person meet it: keys, exit codes, one sentence with a remedy, safe characters."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fo_platform.cli.main import app
from fo_platform.clock import morning_of
from fo_platform.office import Office, open_office
from fo_platform.operations.intake import take_in
from fo_platform.settings import Settings

DAY = date(2022, 3, 18)
HEADER = b"BOFUSCUST   2022031720220318073000REFRESHED\n"
ROW = {
    *("delivery_id", "source", "feed", "file_name", "business_date", "received_at", "age_sessions", "statement_date"),
    *("page", "verdict", "state", "outcome", "reason", "line", "remedy", "replaced_by", "decided_by", "decided_at"),
    "decision_reason",
}
DECIDE = ("--by", "Ann", "--reason", "A test file.")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office that took in a torn file and one of no format, whose name speaks to the terminal."""
    monkeypatch.setenv("FO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    office = open_office(Settings.read({"FO_HOME": str(tmp_path / "home")}))
    folder = office.settings.inbox / "us_custodian"
    folder.mkdir(parents=True)
    (folder / "torn[bold].txt").write_bytes(HEADER)
    (folder / "red\x1b[31m.jpg").write_bytes(b"\xff\xd8\x1b[31m")
    office.ledger.move_clock(morning_of(DAY))
    take_in(office, "us_custodian", ("us_custodian_fixed",), DAY)
    return office


def _fo(*words: str) -> Result:
    return CliRunner().invoke(app, ["quarantine", *words])


def _json(*words: str) -> Any:
    done = _fo(*words, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


def _torn() -> str:
    return next(row["delivery_id"] for row in _json("list")["deliveries"] if row["verdict"] == "quarantined")


def test_a_list_has_stable_keys_and_counts_what_is_open(office: Office) -> None:
    document = _json("list")
    assert document.keys() == {"open", "deliveries", "unreadable"}
    assert document["open"] == len(document["deliveries"]) == 2
    assert all(row.keys() == ROW for row in document["deliveries"])


def test_a_list_is_read_by_a_person_and_nothing_in_it_speaks_to_the_terminal(office: Office) -> None:
    shown = _fo("list").stdout
    assert "torn[bold].txt" in shown
    assert "red\\x1b[31m.jpg" in shown
    assert "\x1b[31m" not in shown
    assert "(today)" in shown
    assert shown.count("Ask the custodian to send the file again.") == 1


def test_a_file_is_shown_with_its_facts_and_the_bytes_at_the_fault(office: Office) -> None:
    document = _json("show", _torn())
    assert document.keys() == ROW | {"file_sha256", "size", "row_count", "accounts", "problems"}
    assert {"line", "offset", "what", "remedy", "before", "from_fault"} <= document["problems"][0].keys()
    shown = _fo("show", _torn()[:8])
    assert shown.exit_code == 0
    assert "USCUST   2022031720220318073000REFRESHED\\x0a" in shown.stdout
    assert f"sha256 {document['file_sha256']}" in shown.stdout


def test_a_rejection_is_recorded_and_the_list_is_shorter(office: Office) -> None:
    torn = _torn()
    decided = _json("reject", torn, *DECIDE)
    assert decided == {
        "decision": "rejected", "decided_by": "Ann", "reason": "A test file.", "deliveries": [torn],
        "days": [str(DAY)],
    }  # fmt: skip
    assert _json("list")["open"] == 1
    settled = {row["delivery_id"]: row for row in _json("list", "--all")["deliveries"]}
    assert (settled[torn]["state"], settled[torn]["decided_by"]) == ("rejected", "Ann")
    assert "Rejected by Ann: A test file." in _fo("list", "--all").stdout
    photo = _json("list")["deliveries"][0]["delivery_id"]
    assert "Rejected: 1 file of 2022-03-18, by Ann." in _fo("reject", photo, *DECIDE).stdout
    assert _fo("list").stdout.strip() == "Nothing is held."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "zzzz"), "`zzzz`"),
        (("release", "TORN", *DECIDE), "no record with a date"),
        (("reject", "TORN", "--by", " ", "--reason", "x"), "--by"),
    ],
)
def test_an_error_is_one_sentence_with_its_remedy(office: Office, words: tuple[str, ...], said: str) -> None:
    words = tuple(_torn() if word == "TORN" else word for word in words)
    done = _fo(*words, "--json")
    error = json.loads(done.stderr)["error"]
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in error["message"]
    assert error["remedy"]
    assert said in _fo(*words).stderr


@pytest.mark.parametrize("words", [("release", "abcd"), ("reject", "abcd", "--by", "Ann")])
def test_nobody_decides_without_saying_who_and_why(office: Office, words: tuple[str, ...]) -> None:
    assert _fo(*words).exit_code == 2


@pytest.mark.parametrize("command", ["list", "show", "release", "reject"])
def test_every_command_teaches_itself(command: str) -> None:
    done = _fo(command, "--help")
    assert done.exit_code == 0
    assert "--json" in done.stdout
