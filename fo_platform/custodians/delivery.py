"""A file as bytes that are read when they are looked at and not kept. What is in it does not belong here."""

import mmap
from pathlib import Path
from typing import Protocol

HELD_MAX = 16 * 2**20
FORGET_AFTER = 32 * 2**20
"""Bytes looked at after which the pages of the file are given back."""


class Delivery(Protocol):
    """The bytes of one delivery, as a reader may use them: bytes themselves, or a file too large to hold."""

    def __len__(self) -> int:
        """How many bytes."""

    def __getitem__(self, part: slice, /) -> bytes:
        """Some of them."""

    def find(self, sub: bytes, start: int = ..., end: int = ..., /) -> int:
        """Where the first of these stands, or -1."""

    def count(self, sub: bytes, start: int = ..., end: int = ..., /) -> int:
        """How often these stand there."""

    def startswith(self, prefix: bytes, /) -> bool:
        """Whether these are the first."""


def delivery_at(path: Path) -> Delivery:
    """What a file holds: its bytes, or where they are too many the file itself."""
    return Mapped(path) if path.stat().st_size > HELD_MAX else path.read_bytes()


class Mapped:
    """A file in place of its bytes."""

    def __init__(self, path: Path) -> None:
        """The file stays open for as long as this lives; it may not be empty."""
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._touched = 0

    def __len__(self) -> int:
        """How many bytes."""
        return len(self._map)

    def __getitem__(self, part: slice, /) -> bytes:
        """Some of them."""
        found = self._map[part]
        self._touch(len(found))
        return found

    def find(self, sub: bytes, start: int = 0, end: int | None = None, /) -> int:
        """Where the first of these stands, or -1; looked for slice by slice."""
        last = len(self) if end is None else min(end, len(self))
        for at in range(start, last, FORGET_AFTER):
            found = self._map.find(sub, at, min(at + FORGET_AFTER + len(sub) - 1, last))
            self._touch((found if found >= 0 else min(at + FORGET_AFTER, last)) - at)
            if found >= 0:
                return found
        return -1

    def count(self, sub: bytes, start: int = 0, end: int | None = None, /) -> int:
        """How often these stand there; one byte alone, as they are counted slice by slice."""
        last = len(self) if end is None else min(end, len(self))
        cuts = range(start, last, FORGET_AFTER)
        return sum(self[at : min(at + FORGET_AFTER, last)].count(sub) for at in cuts)

    def startswith(self, prefix: bytes, /) -> bool:
        """Whether these are the first."""
        return self[: len(prefix)] == prefix

    def _touch(self, size: int) -> None:
        self._touched += size
        if self._touched > FORGET_AFTER:
            self._map.madvise(mmap.MADV_DONTNEED)
            self._touched = 0
