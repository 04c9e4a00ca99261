"""The signed head: it only moves forward, whoever writes it, and its key is made once."""

import json
from pathlib import Path

import pytest

from fo_platform.ledger.anchor import Anchor
from fo_platform_tests.processes import together

FIRST = """
import sys
from pathlib import Path
from fo_platform.ledger.anchor import Anchor
Anchor(Path(sys.argv[1])).write(int(sys.argv[2]), "head")
"""


def test_a_head_is_read_as_it_was_written_and_is_genuine(tmp_path: Path) -> None:
    anchor = Anchor(tmp_path / "audit")
    assert anchor.read() is None
    anchor.write(1, "ab")
    assert (anchor.read(), anchor.is_genuine()) == ((1, "ab"), True)


def test_an_older_head_never_replaces_a_newer_one(tmp_path: Path) -> None:
    anchor = Anchor(tmp_path)
    anchor.write(2, "new")
    anchor.write(1, "old")
    anchor.write(2, "other")
    assert anchor.read() == (2, "new")


def test_the_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    Anchor(tmp_path).write(1, "ab")
    assert (tmp_path / "office.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("file", ["office.pub", "head.json"])
def test_a_head_without_what_proves_it_is_not_genuine(tmp_path: Path, file: str) -> None:
    anchor = Anchor(tmp_path)
    anchor.write(1, "ab")
    (tmp_path / file).unlink()
    assert not anchor.is_genuine()


@pytest.mark.parametrize("field", ["seq", "head", "signature"])
def test_a_head_of_which_a_part_was_changed_is_not_genuine(tmp_path: Path, field: str) -> None:
    anchor = Anchor(tmp_path)
    anchor.write(1, "ab")
    body = json.loads((tmp_path / "head.json").read_text())
    (tmp_path / "head.json").write_text(json.dumps(body | {field: 2}))
    assert not anchor.is_genuine()


def test_a_head_torn_by_a_crash_does_not_stop_the_office(tmp_path: Path) -> None:
    anchor = Anchor(tmp_path)
    anchor.write(1, "ab")
    (tmp_path / "head.json").write_text('{"seq": 1, "he')
    assert not anchor.is_genuine()
    anchor.write(2, "cd")
    assert (anchor.read(), anchor.is_genuine()) == ((2, "cd"), True)


def test_processes_that_write_the_first_head_together_make_one_key_and_keep_the_newest(tmp_path: Path) -> None:
    together(FIRST, *[[str(tmp_path), str(seq)] for seq in range(1, 5)])
    anchor = Anchor(tmp_path)
    assert (anchor.read(), anchor.is_genuine()) == ((4, "head"), True)
