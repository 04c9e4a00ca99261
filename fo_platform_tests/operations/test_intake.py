"""Intake of real files: what is accepted, held, quarantined, known again, and that nothing is ever lost."""

import re
import shutil
from datetime import date
from decimal import Decimal
from functools import partialmethod
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from fo_platform.clock import morning_of
from fo_platform.custodians.accepted import accepted_records
from fo_platform.custodians.transports.directory import Arrival
from fo_platform.ledger import tables
from fo_platform.ledger.views import deliveries, seq_at
from fo_platform.office import Office, open_office
from fo_platform.operations.intake import take_in, waiting
from fo_platform.settings import Settings
from fo_platform.simulation.world import FIRST_PARTITION, World
from fo_platform.simulation.writers.digital_json import Balance, Vault, digital_pages

FEEDS = {
    "swiss_bank": ("mt535", "mt940"),
    "us_custodian": ("us_custodian_fixed",),
    "interactive_brokers": ("ibkr_flex",),
}
DAY = FIRST_PARTITION


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What arrives on the demo's first morning."""
    folder = tmp_path_factory.mktemp("world")
    World(folder / "home").deliver(DAY, folder / "inbox", folder / "broker")
    return folder / "inbox"


@pytest.fixture(scope="module")
def morrow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What arrives on the second morning."""
    folder = tmp_path_factory.mktemp("morrow")
    World(folder / "home").deliver(date(2022, 3, 21), folder / "inbox", folder / "broker")
    return folder / "inbox"


@pytest.fixture
def office(settings: Settings, delivered: Path) -> Office:
    """An office with that morning's inbox, its clock at 07:30."""
    shutil.copytree(delivered, settings.inbox)
    office = open_office(settings)
    office.ledger.move_clock(morning_of(DAY))
    return office


def _known(office: Office, day: date = DAY) -> Any:
    return deliveries(office.ledger, day, seq_at(office.ledger, office.ledger.last_known_at()))


def _file(office: Office, source: str, part: str) -> Path:
    return next(path for path in sorted((office.settings.inbox / source).iterdir()) if part in path.name)


def test_whole_files_are_accepted_and_taken_in_once(office: Office) -> None:
    assert take_in(office, "us_custodian", FEEDS["us_custodian"], DAY) == {"accepted": 1}
    assert take_in(office, "us_custodian", FEEDS["us_custodian"], DAY) == {}
    records = accepted_records(_known(office), office.archive.read)
    assert set(records["record_kind"]) >= {"position", "lot", "cash"}


def test_every_record_points_at_its_bytes_in_the_archive(office: Office) -> None:
    take_in(office, "us_custodian", FEEDS["us_custodian"], DAY)
    record = accepted_records(_known(office), office.archive.read).iloc[0]
    content = office.archive.read(record["file_sha256"])
    piece = content[record["byte_offset"] : record["byte_offset"] + record["byte_length"]]
    assert record["account_id_source"].encode() in piece


def test_a_page_is_held_until_the_last_one_arrives(office: Office) -> None:
    last = _file(office, "swiss_bank", "01_20220317_p2")
    moved = last.rename(office.settings.home / "later")
    take_in(office, "swiss_bank", FEEDS["swiss_bank"], DAY)
    account = _known(office).set_index("file_name").at[last.name.replace("_p2", "_p1"), "account_id_source"]
    held = _known(office)[lambda rows: rows["account_id_source"] == account]
    assert "incomplete" in set(held["verdict"])
    moved.rename(last)
    take_in(office, "swiss_bank", FEEDS["swiss_bank"], DAY)
    whole = _known(office)[lambda rows: rows["account_id_source"] == account]
    assert set(whole["verdict"]) == {"accepted"}


def test_pages_of_one_file_are_held_until_another_file_brings_the_last(office: Office) -> None:
    pages = [_file(office, "swiss_bank", f"01_20220317_p{number}") for number in (1, 2)]
    first, last = (path.read_bytes() for path in pages)
    bare = re.sub(rb":16R:FIN\r?\n.*?:16S:FIN\r?\n", b"", first.replace(b":28E:1/", b":28E:2/"), flags=re.DOTALL)
    middle = re.sub(rb"HOLP//[A-Z]{3}[0-9,]+", b"HOLP//CHF0,", bare)
    for path in pages:
        path.unlink()
    inbox = pages[0].parent
    (inbox / "both.fin").write_bytes(first + b"\n" + middle)
    take_in(office, "swiss_bank", FEEDS["swiss_bank"], DAY)
    held = _known(office).set_index("file_name").loc["both.fin"]
    assert (held["verdict"], held["page"]) == ("incomplete", "1,2/MORE")
    (inbox / "last.fin").write_bytes(last.replace(b":28E:2/", b":28E:3/"))
    take_in(office, "swiss_bank", FEEDS["swiss_bank"], DAY)
    whole = _known(office).set_index("file_name")["verdict"]
    assert (whole["both.fin"], whole["last.fin"]) == ("accepted", "accepted")


def test_pages_that_hold_different_accounts_are_held_until_all_are_here(office: Office) -> None:
    nothing = Decimal(0)
    coins = {"BTC": Balance(Decimal("1.5"), Decimal("1.5"), nothing, nothing, nothing)}
    vaults = [Vault(number, f"Vault {number}", coins) for number in ("V1", "V2")]
    inbox = office.settings.inbox / "digital_custodian"
    shutil.rmtree(inbox, ignore_errors=True)
    inbox.mkdir(parents=True)
    for number, page in enumerate(digital_pages(vaults, date(2022, 3, 17), size=1), start=1):
        (inbox / f"vaults_p{number}.json").write_bytes(page)
        take_in(office, "digital_custodian", ("fireblocks_json",), DAY)
        verdicts = set(_known(office).query("source == 'digital_custodian'")["verdict"])
        assert verdicts == ({"incomplete"} if number == 1 else {"accepted"})


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (office.settings.inbox / "us_custodian" / "aa_huge.txt").write_bytes(b"x" * 100_000)
    monkeypatch.setattr(Arrival, "read", partialmethod(Arrival.read, 90_000))
    assert take_in(office, "us_custodian", FEEDS["us_custodian"], DAY) == {"accepted": 1}
    assert "aa_huge.txt is no regular file of at most 90000 bytes. Take it out of the inbox." in caplog.text
    assert waiting(office, ["us_custodian"]) == ""


def test_the_same_bytes_under_another_name_are_a_duplicate(office: Office) -> None:
    path = _file(office, "us_custodian", "us_custodian")
    shutil.copy(path, path.with_name("zz_again.txt"))
    assert take_in(office, "us_custodian", FEEDS["us_custodian"], DAY) == {"accepted": 1, "duplicate": 1}
    reason = _known(office).set_index("file_name").at["zz_again.txt", "reason"].iloc[0]
    assert reason == f"The same bytes were already taken in as {path.name}."


def test_the_same_content_in_other_bytes_is_a_duplicate_and_replaces_nothing(office: Office) -> None:
    path = _file(office, "us_custodian", "us_custodian")
    first = path.read_bytes()
    path.with_name("zz_copy.txt").write_bytes(_reordered(first).replace(b"\r\n", b"\n") + b"\n")
    assert take_in(office, "us_custodian", FEEDS["us_custodian"], DAY) == {"accepted": 1, "duplicate": 1}
    row = _known(office).set_index("file_name").loc["zz_copy.txt"].iloc[0]
    assert row["reason"] == f"Other bytes, but it states exactly what {path.name} stated."
    assert row["supersedes"] is pd.NA
    assert set(accepted_records(_known(office), office.archive.read)["file_sha256"]) == {sha256(first).hexdigest()}


def test_a_version_that_comes_back_after_another_one_takes_that_one_back(office: Office) -> None:
    path = _file(office, "us_custodian", "us_custodian")
    first = path.read_bytes()
    line = next(row for row in first.split(b"\n") if row[:1] == b"P")
    changed = line[:44] + b"%018d" % (int(line[44:62]) + 100000) + line[62:]
    path.with_name("zz_b.txt").write_bytes(first.replace(line, changed))
    path.with_name("zz_c.txt").write_bytes(_reordered(first))
    assert take_in(office, "us_custodian", FEEDS["us_custodian"], DAY) == {"accepted": 3}
    assert set(accepted_records(_known(office), office.archive.read)["file_sha256"]) == {
        sha256(_reordered(first)).hexdigest()
    }


def _reordered(content: bytes) -> bytes:
    """The same records, the first two positions in the other order."""
    lines = content.split(b"\n")
    one, two = [at for at, line in enumerate(lines) if line[:1] == b"P"][:2]
    lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines)


def test_bytes_that_were_refused_before_are_judged_again_under_another_name(office: Office) -> None:
    path = _file(office, "us_custodian", "us_custodian")
    shutil.copy(path, office.settings.inbox / "interactive_brokers/aa_wrong.txt")
    shutil.copy(path, office.settings.inbox / "interactive_brokers/ab_again.txt")
    assert take_in(office, "interactive_brokers", FEEDS["interactive_brokers"], DAY)["quarantined"] == 2
    both = ("ibkr_flex", "us_custodian_fixed")
    shutil.copy(path, office.settings.inbox / "interactive_brokers/ac_declared.txt")
    assert take_in(office, "interactive_brokers", both, DAY) == {"accepted": 1}


def test_a_statement_older_than_the_one_that_stands_is_kept_and_says_so(office: Office, morrow: Path) -> None:
    late = _file(office, "us_custodian", "us_custodian").rename(office.settings.home / "late.txt")
    shutil.copytree(morrow / "us_custodian", office.settings.inbox / "us_custodian", dirs_exist_ok=True)
    take_in(office, "us_custodian", FEEDS["us_custodian"], DAY)
    late.rename(office.settings.inbox / "us_custodian/late.txt")
    assert take_in(office, "us_custodian", FEEDS["us_custodian"], DAY) == {"accepted": 1}
    row = _known(office).set_index("file_name").loc["late.txt"].iloc[0]
    assert row["reason"] == "It is older than the statement of 2022-03-18, which stands; both are kept."
    assert row["supersedes"] is pd.NA


def test_a_restated_file_replaces_the_first_and_both_are_kept(office: Office) -> None:
    take_in(office, "us_custodian", FEEDS["us_custodian"], DAY)
    path = _file(office, "us_custodian", "us_custodian")
    first = path.read_bytes()
    line = next(row for row in first.split(b"\n") if row[:1] == b"P")
    changed = line[:44] + b"%018d" % (int(line[44:62]) + 100000) + line[62:]
    path.write_bytes(first.replace(line, changed))
    take_in(office, "us_custodian", FEEDS["us_custodian"], DAY)
    rows = office.ledger.rows(sa.select(tables.deliveries).order_by(tables.deliveries.c.audit_seq))
    assert [row.supersedes for row in rows] == [None, rows[0].delivery_id]
    assert office.archive.read(rows[0].file_sha256) == first
    assert set(accepted_records(_known(office), office.archive.read)["file_sha256"]) == {rows[1].file_sha256}


@pytest.mark.parametrize(
    ("content", "verdict", "word"),
    [
        (b"", "quarantined", "empty"),
        (b"hello, world\n", "unknown", "no format"),
        ("BOFUSCUST   2022031720220318073000REFRESHED\n".encode("utf-16"), "quarantined", "UTF-16"),
        (b"BOFUSCUST   2022031720220318073000REFRESHED\n", "quarantined", "Line"),
    ],
)
def test_what_cannot_be_read_is_kept_with_a_reason(office: Office, content: bytes, verdict: str, word: str) -> None:
    shutil.rmtree(office.settings.inbox / "us_custodian")
    (office.settings.inbox / "us_custodian").mkdir()
    (office.settings.inbox / "us_custodian/strange.bin").write_bytes(content)
    assert take_in(office, "us_custodian", FEEDS["us_custodian"], DAY) == {verdict: 1}
    row = office.ledger.rows(sa.select(tables.deliveries))[0]
    assert word.lower() in row.reason.lower()
    assert office.archive.read(row.file_sha256) == content
    assert accepted_records(_known(office), office.archive.read).empty


def test_a_format_that_the_source_does_not_send_is_quarantined(office: Office) -> None:
    path = _file(office, "us_custodian", "us_custodian")
    shutil.copy(path, office.settings.inbox / "interactive_brokers/aa_wrong.txt")
    verdicts = take_in(office, "interactive_brokers", FEEDS["interactive_brokers"], DAY)
    assert verdicts == {"quarantined": 1, "accepted": 1}


def test_waiting_files_are_told_apart_from_known_ones(office: Office) -> None:
    before = waiting(office, ["us_custodian"])
    assert before
    take_in(office, "us_custodian", FEEDS["us_custodian"], DAY)
    assert waiting(office, ["us_custodian"]) == ""
