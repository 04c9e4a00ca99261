"""The quarantine: what is held is listed and shown, a better file or a person settles it, and all of it is audited."""

import json
import os
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from fo_platform.clock import morning_of
from fo_platform.custodians.accepted import accepted_records
from fo_platform.custodians.transports import directory
from fo_platform.errors import DataError
from fo_platform.ledger import tables
from fo_platform.ledger.verify import verify
from fo_platform.ledger.views import deliveries, seq_at
from fo_platform.office import Office, open_office
from fo_platform.operations import quarantine as ward
from fo_platform.operations.caught import caught
from fo_platform.operations.intake import take_in
from fo_platform.operations.quarantine import excerpt, inspect, quarantine, reject, release
from fo_platform.settings import Settings
from fo_platform.simulation.world import FIRST_PARTITION, World

DAY = FIRST_PARTITION
NEXT = date(2022, 3, 21)
US, SWISS = "us_custodian", "swiss_bank"
FEEDS = {US: ("us_custodian_fixed",), SWISS: ("mt535", "mt940")}
ANN: dict[str, Any] = {"by": "Ann", "reason": "Confirmed by telephone."}


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What arrives on the demo's first morning."""
    folder = tmp_path_factory.mktemp("world")
    World(folder / "home").deliver(DAY, folder / "inbox", folder / "broker")
    return folder / "inbox"


@pytest.fixture
def office(settings: Settings) -> Office:
    """An office with empty inboxes, its clock at 07:30."""
    office = open_office(settings)
    for source in FEEDS:
        (settings.inbox / source).mkdir(parents=True)
    office.ledger.move_clock(morning_of(DAY))
    return office


@pytest.fixture
def whole(delivered: Path) -> bytes:
    """The US custodian's file."""
    return next((delivered / US).iterdir()).read_bytes()


def _take(office: Office, source: str, name: str, content: bytes, day: date = DAY) -> dict[str, int]:
    (office.settings.inbox / source / name).write_bytes(content)
    return take_in(office, source, FEEDS[source], day)


def _torn(content: bytes) -> bytes:
    """The file without its trailer: everything in it is whole, and nothing proves that it is all."""
    return content[: content.rindex(b"EOF")]


def _open(office: Office) -> dict[str, dict[str, Any]]:
    return {row["file_name"]: row for row in quarantine(office)["deliveries"]}


def _id(office: Office, name: str) -> str:
    return str(_open(office)[name]["delivery_id"])


def _raw(office: Office, day: date = DAY) -> Any:
    """What the raw tables of a day take in at the next run."""
    known = deliveries(office.ledger, day, seq_at(office.ledger, office.ledger.last_known_at()))
    return accepted_records(known, office.archive.read)


def test_what_is_held_is_listed_with_reason_line_remedy_and_age(office: Office, whole: bytes) -> None:
    _take(office, US, "torn.txt", _torn(whole))
    _take(office, US, "photo.jpg", b"\xff\xd8\xff no statement at all")
    office.ledger.move_clock(morning_of(NEXT))
    held = _open(office)
    torn, photo = held["torn.txt"], held["photo.jpg"]
    assert (torn["verdict"], torn["state"], torn["age_sessions"]) == ("quarantined", "open", 1)
    assert torn["line"] >= 1
    assert torn["reason"]
    assert torn["remedy"]
    assert (photo["verdict"], photo["line"]) == ("unknown", None)
    assert "reject it" in photo["remedy"]


def test_a_released_file_goes_from_quarantine_to_raw_rows_with_a_name_and_a_reason(
    office: Office, whole: bytes
) -> None:
    _take(office, US, "torn.txt", _torn(whole))
    assert _raw(office).empty
    decided = release(office, _id(office, "torn.txt")[:6], **ANN)
    assert (decided["decision"], decided["days"]) == ("released", [str(DAY)])
    rows = _raw(office)
    assert set(rows["record_kind"]) >= {"position", "lot", "cash"}
    assert _open(office) == {}
    [settled] = quarantine(office, settled=True)["deliveries"]
    assert settled["outcome"] == "Released by Ann: Confirmed by telephone."
    assert settled["reason"].startswith("Line "), "why it was held stays"
    kept = office.ledger.rows(sa.select(tables.delivery_decisions))
    assert [(row.decided_by, row.reason, row.at > morning_of(DAY)) for row in kept] == [("Ann", ANN["reason"], True)]
    assert verify(office.ledger, office.archive.folder).ok


def test_a_released_file_is_replaced_by_what_states_it_again(office: Office, whole: bytes) -> None:
    _take(office, US, "torn.txt", _torn(whole))
    release(office, _id(office, "torn.txt"), **ANN)
    line = next(row for row in whole.split(b"\n") if row[:1] == b"P")
    changed = whole.replace(line, line[:44] + b"%018d" % (int(line[44:62]) + 100000) + line[62:])
    assert _take(office, US, "whole.txt", changed) == {"accepted": 1}
    assert office.ledger.rows(sa.select(tables.deliveries))[1].supersedes is not None
    assert len(set(_raw(office)["file_sha256"])) == 1


def test_a_whole_file_closes_the_torn_one_by_itself(office: Office, whole: bytes) -> None:
    _take(office, US, "torn.txt", _torn(whole))
    torn = _id(office, "torn.txt")
    _take(office, US, "whole.txt", whole)
    assert _open(office) == {}
    row = inspect(office, torn)
    assert (row["state"], row["replaced_by"], row["outcome"]) == ("replaced", "whole.txt", "Replaced by whole.txt.")
    with pytest.raises(DataError, match=r"torn\.txt is settled\. Replaced by whole\.txt\."):
        release(office, torn, **ANN)


def test_a_torn_correction_stays_open_though_a_whole_file_came_before_it(office: Office, whole: bytes) -> None:
    _take(office, US, "whole.txt", whole)
    _take(office, US, "torn.txt", _torn(whole))
    assert set(_open(office)) == {"torn.txt"}


def test_an_empty_file_is_closed_by_a_file_of_its_name_and_by_no_other(office: Office, whole: bytes) -> None:
    _take(office, US, "daily.txt", b"")
    _take(office, US, "other.txt", whole)
    assert set(_open(office)) == {"daily.txt"}
    changed = whole.replace(b"\r\n", b"\n") if b"\r\n" in whole else whole.replace(b"\n", b"\r\n")
    _take(office, US, "daily.txt", changed)
    assert set(_open(office)) == {"daily.txt"}, "a copy of what stands is no correction"
    line = next(row for row in whole.split(b"\n") if row[:1] == b"P")
    restated = whole.replace(line, line[:44] + b"%018d" % (int(line[44:62]) + 100000) + line[62:])
    _take(office, US, "daily.txt", restated)
    assert _open(office) == {}


def test_a_rejected_file_is_settled_and_kept(office: Office, whole: bytes) -> None:
    _take(office, US, "torn.txt", _torn(whole))
    torn = _id(office, "torn.txt")
    reject(office, torn, by="Bob", reason="A test file.")
    assert (_open(office), len(_raw(office))) == ({}, 0)
    assert inspect(office, torn)["outcome"] == "Rejected by Bob: A test file."
    row = office.ledger.rows(sa.select(tables.deliveries))[0]
    assert office.archive.read(row.file_sha256) == _torn(whole)
    assert caught(office, DAY)[0].endswith("Rejected by Bob: A test file.")
    with pytest.raises(DataError, match="is settled"):
        release(office, torn, **ANN)


def test_pages_of_one_statement_are_released_together_or_the_book_would_stand_on_half(
    office: Office, delivered: Path
) -> None:
    pages = [next((delivered / SWISS).glob(f"mt535_*01_20220317_p{number}.fin")) for number in (1, 2)]
    _take(office, SWISS, "p1.fin", pages[0].read_bytes())
    assert _open(office)["p1.fin"]["verdict"] == "incomplete"
    last = re.sub(rb"(:19A::HOLS//[A-Z]{3})", rb"\g<1>9", pages[1].read_bytes())
    _take(office, SWISS, "p2.fin", last)
    held = _open(office)
    assert {name: row["verdict"] for name, row in held.items()} == {"p1.fin": "incomplete", "p2.fin": "quarantined"}
    assert "total" in held["p2.fin"]["reason"]
    decided = release(office, held["p2.fin"]["delivery_id"], **ANN)
    assert set(decided["deliveries"]) == {row["delivery_id"] for row in held.values()}
    assert len(set(_raw(office)["file_sha256"])) == 2


def test_a_torn_page_is_released_with_the_pages_that_waited_for_it(office: Office, delivered: Path) -> None:
    pages = [next((delivered / SWISS).glob(f"mt535_*01_20220317_p{number}.fin")) for number in (1, 2)]
    _take(office, SWISS, "p1.fin", pages[0].read_bytes())
    torn = pages[1].read_bytes()
    _take(office, SWISS, "p2.fin", torn[: int(len(torn) * 0.9)])
    decided = release(office, _id(office, "p2.fin"), **ANN)
    assert (len(decided["deliveries"]), _open(office)) == (2, {})
    assert len(set(_raw(office)["file_sha256"])) == 2


def test_a_rejected_page_no_longer_completes_a_statement(office: Office, delivered: Path) -> None:
    pages = [next((delivered / SWISS).glob(f"mt535_*01_20220317_p{number}.fin")) for number in (1, 2)]
    _take(office, SWISS, "p1.fin", pages[0].read_bytes())
    reject(office, _id(office, "p1.fin"), **ANN)
    assert _take(office, SWISS, "p2.fin", pages[1].read_bytes()) == {"incomplete": 1}
    assert set(_open(office)) == {"p2.fin"}


@pytest.mark.parametrize(
    ("source", "content", "sentence", "remedy"),
    [
        (US, b"\x01 of no format", "of no format that is known", "Add the format"),
        (US, b"", "of no format that is known", "Add the format"),
        (US, b"BOFUSCUST   2022031720220318073000REFRESHED\n", "no record with a date", "reject this one"),
        (SWISS, b"BOFUSCUST   2022031720220318073000REFRESHED\n", "not declared to send", "Declare the feed"),
    ],
)
def test_what_nobody_could_book_cannot_be_released(
    office: Office, source: str, content: bytes, sentence: str, remedy: str
) -> None:
    _take(office, source, "strange", content)
    with pytest.raises(DataError, match=sentence) as refused:
        release(office, _id(office, "strange"), **ANN)
    assert remedy in refused.value.remedy
    assert "strange" in _open(office)


@pytest.mark.parametrize("blank", [{"by": " ", "reason": "Right."}, {"by": "Ann", "reason": ""}])
def test_nobody_decides_without_a_name_and_a_reason(office: Office, whole: bytes, blank: dict[str, str]) -> None:
    _take(office, US, "torn.txt", _torn(whole))
    for decide in (release, reject):
        with pytest.raises(DataError, match="is empty"):
            decide(office, _id(office, "torn.txt"), **blank)
    assert set(_open(office)) == {"torn.txt"}


def test_an_identifier_must_name_one_delivery(office: Office, whole: bytes) -> None:
    for name in range(17):
        _take(office, US, f"{name}.bin", b"\x01%d" % name)
    first = next(iter({row["delivery_id"][0] for row in _open(office).values()}))
    with pytest.raises(DataError, match="No held delivery begins with `zz`"):
        inspect(office, "zz")
    with pytest.raises(DataError, match="No held delivery begins with ``"):
        inspect(office, "")
    sharing = [row["delivery_id"] for row in _open(office).values() if row["delivery_id"][0] == first]
    twice = next(d[0] for d in _ids(office) if sum(other[0] == d[0] for other in _ids(office)) > 1)
    assert sharing
    with pytest.raises(DataError, match="held deliveries begin"):
        inspect(office, twice)


def _ids(office: Office) -> list[str]:
    return [row["delivery_id"] for row in _open(office).values()]


def test_a_file_is_shown_with_the_bytes_around_each_fault_and_without_the_custodians_numbers(
    office: Office, whole: bytes
) -> None:
    line = next(row for row in whole.split(b"\n") if row[:1] == b"P")
    spoilt = whole.replace(line, line[:44] + b"\x1b[31m" + line[49:])
    _take(office, US, "spoilt.txt", spoilt)
    shown = inspect(office, _id(office, "spoilt.txt"))
    assert set(shown["accounts"]) <= {"llc_us", "foundation_us"}
    assert len(shown["accounts"]) == 2
    assert shown["problems"]
    assert all(problem["what"] and problem["from_fault"] for problem in shown["problems"])
    assert "\x1b" not in json.dumps(shown, ensure_ascii=False)
    assert "\\x1b" in shown["problems"][0]["from_fault"]


def test_an_excerpt_is_printable_whatever_the_bytes_are() -> None:
    shown = excerpt(bytes(range(256)), 128)
    assert (shown["before"] + shown["from_fault"]).isascii()
    assert (shown["before"] + shown["from_fault"]).isprintable()
    assert shown["before"].endswith("|}~\\x7f")
    assert shown["from_fault"].startswith("\\x80")
    assert excerpt(b"", 0) == {"before": "", "from_fault": ""}


def test_files_that_cannot_even_be_read_are_listed(
    office: Office, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert directory.SIZE_MAX == ward.SIZE_MAX
    monkeypatch.setattr(ward, "SIZE_MAX", 10)
    (office.settings.inbox / US / "huge.txt").write_bytes(b"x" * 11)
    (office.settings.inbox / US / "unfinished.txt.part").write_bytes(b"x" * 11)
    (office.settings.inbox / ".state").mkdir()
    shutil.copy(office.settings.inbox / US / "huge.txt", office.settings.inbox / ".state/huge.txt")
    rows = quarantine(office)["unreadable"]
    assert [(row["source"], row["file_name"]) for row in rows] == [(US, "huge.txt")]
    assert "more than the 10 that are read" in rows[0]["reason"]
    assert rows[0]["remedy"]


def test_a_file_that_we_may_not_open_is_listed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    (office.settings.inbox / US / "secret.txt").write_bytes(b"x")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert [row["reason"] for row in quarantine(office)["unreadable"]] == ["It cannot be opened."]


def test_a_decision_that_was_altered_is_found(office: Office, whole: bytes) -> None:
    _take(office, US, "torn.txt", _torn(whole))
    reject(office, _id(office, "torn.txt"), **ANN)
    with office.ledger.engine.connect() as connection, connection.begin():
        for name in ("delivery_decisions_no_update", "delivery_decisions_no_delete"):
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        connection.execute(sa.text("UPDATE delivery_decisions SET decided_by = 'Eve'"))
    found = verify(office.ledger, office.archive.folder).first_bad
    assert found is not None
    assert found.where.startswith("delivery_decisions ")
