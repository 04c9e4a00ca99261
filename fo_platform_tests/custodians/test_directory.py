"""Which files of an inbox are taken, and that nothing else is ever opened."""

import os
from pathlib import Path

import pytest

from fo_platform.custodians.transports.directory import arrivals
from fo_platform.errors import DataError


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def test_whole_files_arrive_by_name_with_their_bytes(inbox: Path) -> None:
    for name in ("b.xml", "a.fin", "C.csv"):
        (inbox / name).write_bytes(name.encode())
    assert [(found.name, found.read()) for found in arrivals(inbox)] == [
        ("C.csv", b"C.csv"),
        ("a.fin", b"a.fin"),
        ("b.xml", b"b.xml"),
    ]


def test_hidden_unfinished_and_nested_files_links_and_pipes_are_left_where_they_are(
    inbox: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"not ours")
    for name in (".hidden", "a.tmp", "b.part", "c.PART"):
        (inbox / name).write_bytes(b"x")
    (inbox / "folder").mkdir()
    (inbox / "folder/inner.csv").write_bytes(b"x")
    (inbox / "link.csv").symlink_to(secret)
    os.mkfifo(inbox / "pipe.csv")
    assert list(arrivals(inbox)) == []


def test_an_inbox_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    assert list(arrivals(tmp_path / "nowhere")) == []


def test_a_link_or_pipe_that_takes_a_files_place_is_refused(inbox: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"not ours")
    for replace in (lambda path: path.symlink_to(secret), os.mkfifo, lambda path: None):
        path = inbox / "file.csv"
        path.write_bytes(b"x")
        (found,) = arrivals(inbox)
        path.unlink()
        replace(path)
        with pytest.raises(DataError, match=r"file\.csv"):
            found.read()
        path.unlink(missing_ok=True)


def test_a_file_above_the_size_limit_is_refused_without_reading_it_all(inbox: Path) -> None:
    (inbox / "large.csv").write_bytes(b"12345")
    (found,) = arrivals(inbox)
    assert found.read(size_max=5) == b"12345"
    with pytest.raises(DataError, match="at most 4 bytes"):
        found.read(size_max=4)


def test_a_name_that_is_no_text_is_shown_as_far_as_it_is(inbox: Path) -> None:
    Path(os.fsdecode(os.fsencode(inbox) + b"/stat\xff.csv")).write_bytes(b"x")
    (found,) = arrivals(inbox)
    assert found.name == "stat\ufffd.csv"
    assert found.read() == b"x"
