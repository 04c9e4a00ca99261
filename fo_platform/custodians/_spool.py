"""Sequences that grow while memory does not: what has no room goes to an unnamed file. What rows mean is not here."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any, Generic, NamedTuple, TypeVar, overload

ROOM = 50_000
"""Items of all the sequences of one delivery that stay in memory."""
BLOCK = 200
"""Items that are worth a block."""

Item = TypeVar("Item")
State = list[Any]
"""An item, or a sequence of them, as JSON holds it."""


class Codec(NamedTuple, Generic[Item]):
    """How an item becomes JSON and back, and how much room it takes."""

    encode: Callable[[Item], State]
    decode: Callable[["Overflow", State], Item]
    weight: Callable[[Item], int]


@dataclass
class Overflow:
    """One unnamed file for the blocks of every sequence of a delivery, and how many items are not in it."""

    kept: int = 0
    file: IO[bytes] | None = None

    def write(self, rows: list[State]) -> tuple[int, int]:
        """Write a block; where it stands."""
        self.file = self.file or TemporaryFile()  # noqa: SIM115 - It lives as long as what was read is looked at.
        start = self.file.seek(0, 2)
        return start, self.file.write(json.dumps(rows, separators=(",", ":")).encode())

    def read(self, start: int, length: int) -> list[State]:
        """A block as it was written."""
        assert self.file is not None
        self.file.seek(start)
        rows: list[State] = json.loads(self.file.read(length))
        return rows


class Spool(Sequence[Item]):
    """Items in the order in which they were appended, in memory while they are few."""

    __slots__ = ("_blocks", "_codec", "_count", "_items", "_overflow")

    def __init__(self, overflow: Overflow, codec: Codec[Item]) -> None:
        """An empty sequence."""
        self._overflow, self._codec = overflow, codec
        self._items: list[Item] = []
        self._blocks: list[tuple[int, int]] = []
        self._count = 0

    def append(self, item: Item) -> None:
        """One more item; a block of them leaves memory when there is no room for more."""
        self._items.append(item)
        self._grow(1)

    def extend(self, items: Collection[Item]) -> None:
        """Some more items at a time, of which there are few."""
        self._items.extend(items)
        self._grow(len(items))

    def _grow(self, number: int) -> None:
        self._count += number
        overflow = self._overflow
        overflow.kept += number
        if overflow.kept > ROOM and len(self._items) >= BLOCK:
            self._blocks.append(overflow.write([self._codec.encode(item) for item in self._items]))
            overflow.kept -= self.weight()
            self._items = []

    def weight(self) -> int:
        """Room that its items take in memory."""
        return sum(map(self._codec.weight, self._items))

    def settled(self) -> Sequence[Item]:
        """All of it: a tuple where nothing has left memory."""
        return self if self._blocks else tuple(self._items)

    def state(self) -> State:
        """What is needed to look at it again: the items in memory, and where the others stand."""
        return [self._count, self._blocks, [self._codec.encode(item) for item in self._items]]

    @classmethod
    def restored(cls, overflow: Overflow, codec: Codec[Item], state: State) -> Sequence[Item]:
        """The sequence of a state."""
        spool = cls(overflow, codec)
        spool._count, spool._blocks = state[0], state[1]
        spool._items = [codec.decode(overflow, row) for row in state[2]]
        return spool.settled()

    def __len__(self) -> int:
        """How many there are, wherever they stand."""
        return self._count

    def __iter__(self) -> Iterator[Item]:
        """Each in turn; one block at a time is in memory."""
        for start, length in self._blocks:
            for row in self._overflow.read(start, length):
                yield self._codec.decode(self._overflow, row)
        yield from self._items

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        """By position, from a list of them all."""
        return list(self)[index]
