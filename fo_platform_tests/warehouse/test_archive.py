"""The raw archive: bytes under their own digest, whole or absent, and proved on reading."""

import hashlib
import os
from pathlib import Path

import pytest

from fo_platform.errors import LedgerError
from fo_platform.warehouse.archive import Archive, write_durably

BYTES = b"HDR,MARKETDATA,1\n"
SHA256 = hashlib.sha256(BYTES).hexdigest()


def test_bytes_are_kept_under_their_digest_and_given_back(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.store(BYTES) == SHA256
    assert archive.read(SHA256) == BYTES
    assert (tmp_path / "sha256" / SHA256[:2] / SHA256[2:4] / SHA256).read_bytes() == BYTES


def test_an_empty_file_is_kept_too(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.read(archive.store(b"")) == b""


def test_the_same_bytes_are_kept_once_and_not_written_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first = archive.path(archive.store(BYTES)).stat()
    assert archive.path(archive.store(BYTES)).stat() == first
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [archive.path(SHA256)]


def test_what_is_kept_cannot_be_written_by_accident(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.path(archive.store(BYTES)).stat().st_mode & 0o222 == 0


def test_altered_bytes_are_refused_by_name(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    path = archive.path(archive.store(BYTES))
    path.chmod(0o644)
    path.write_bytes(BYTES + b" ")
    with pytest.raises(LedgerError, match=f"archive file {SHA256} was altered"):
        archive.read(SHA256)


def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=f"{SHA256} is missing.*backup"):
        Archive(tmp_path).read(SHA256)


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "head"
    write_durably(path, b"old")

    def full_disk(_handle: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_durably(path, b"new")
    assert path.read_bytes() == b"old"
