"""Blocks of one name in FIN messages, one by one, however many a message has. What they state belongs to formats."""

import re
from collections.abc import Iterator
from itertools import chain

from fo_platform.custodians import _swift
from fo_platform.custodians._swift import CLOSE, HEADER, OPEN, Block, Builder, Field, Message
from fo_platform.custodians.delivery import Delivery

Row = tuple[int, int, re.Match[str] | Block]
"""A whole block: where it begins and ends, and the text of an ordinary one from border to border, or its fields."""


def rows(data: Delivery, name: str, ordinary: re.Pattern[str]) -> Iterator[tuple[Message, Row | None]]:
    """Every block of a name as soon as it is whole, unless one of its name is around it; behind them None.

    ordinary: what most of these blocks look like; one that looks otherwise is read by fields. It matches nothing that
    has another block of the name in it, or the beginning or the end of a message, and only before another border.
    The message is all of the other blocks, as far as they have come; those around a row are open.
    """
    builder = _Rows(name)
    for item in _scan(data, ordinary):
        if builder.ends_before(item):
            yield builder.finish(), None
            builder = _Rows(name)
        for row in builder.rows(item):
            yield builder.message, row
    if builder.message.root.end:
        yield builder.finish(), None


def _scan(data: Delivery, ordinary: re.Pattern[str]) -> Iterator[Field | list[Row]]:
    """Runs of ordinary blocks, and between them fields, header lines and ends of messages."""
    return chain.from_iterable(_items(offset, text, ordinary) for offset, text in _swift.pieces(data))


def _items(offset: int, text: str, ordinary: re.Pattern[str]) -> Iterator[Field | list[Row]]:
    done = 0
    run: list[Row] = []
    for match in ordinary.finditer(text):
        start, end = match.span()
        if start > done + 1:
            yield from [run] if run else []
            yield from _swift.fields(offset, text, done, start)
            run = []
        run.append((offset + start, offset + end, match))
        done = end
    yield from [run] if run else []
    yield from _swift.fields(offset, text, done)


class _Rows(Builder):
    """A message being built whose blocks of one name are taken out of it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def ends_before(self, item: Field | list[Row]) -> bool:
        """Whether an item begins the next message."""
        if isinstance(item, list):
            return self.message.is_ended and self.is_another(OPEN, self.name)
        return item.key in (HEADER, OPEN) and self.is_another(item.key, item.text)

    def rows(self, item: Field | list[Row]) -> list[Row]:
        """Add one item to the message; the rows that it is or makes whole."""
        if isinstance(item, list):
            self.stretch(item[0][0], item[-1][1])
            return item if self._takes_rows() else []
        self.take(item)
        return self._closed(item) if item.key == CLOSE else []

    def _closed(self, item: Field) -> list[Row]:
        """The row that a border ends, if any; the message does not keep it."""
        blocks = self.stack[-1].blocks
        if not blocks or blocks[-1].end != item.end:
            return []
        block = blocks[-1]
        if block.name != self.name or not self._takes_rows():
            return []
        blocks.pop()
        return [(block.start, block.end, block)]

    def _takes_rows(self) -> bool:
        """Whether no row is around one that stands here; the blocks around it have rows then."""
        is_inside = any(block.name == self.name for block in self.stack)
        for block in [] if is_inside else self.stack:
            block.has_rows = True
        return not is_inside
