"""SWIFT FIN text as fields, blocks and messages with where they stand. What a tag means belongs to the formats."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from fo_platform.custodians.delivery import Delivery

HEADER, END, OPEN, CLOSE = "{", "-", "16R", "16S"
"""Keys of a header line, of the end of a message, and of the borders of a block."""
GENERAL = "GENL"
"""The block that a message begins with."""
DEPTH_MAX = 16
PIECE, PIECE_MAX = 2**20, 2**26
_CUTS = ("\n:16R:", "\n:20:", "\n:61:")
"""What pieces of a long text are cut before, so that no field or movement is cut in two."""

BEGIN = r"(?:^|(?<=\{4:)|(?<=@))"
"""Where a field may begin: at the start of a line, or right behind what wraps the text."""
AT_LINE = r":(?<=^:)"
"""A colon at the start of a line; a pattern that begins with it is found faster than one that begins with `^`."""
AT_FIELD = r":(?:(?<=^:)|(?<=@:)|(?<=\{4::))"
"""A colon where a field may begin."""
MORE = r"(?:\n(?:[^:\-{\x01\n]|(?!:[0-9]{2}[A-Z]?:|-(?:\}|XXX|[ \t]*$)|\x01?\{[1-5]:))[^\n]*){0,500}"
"""Further lines of a field: those that begin neither a field nor a header nor the end of a message.

No more than make sense, so that a file of empty lines costs no memory. Possessive, it would lose its group in 3.11.2.
"""

_TOKEN = re.compile(
    rf"""{BEGIN}(?:
      :([0-9]{{2}}[A-Z]?):(?:(?<=[A-Z]:):([A-Z0-9]{{4}})/[A-Z0-9]{{0,8}}/)?([^\n]*{MORE})
    | -(?:\}}[^\n]*|XXX[^\n]*|[ \t]*$)
    | \x01?\{{[1-5]:[^\n]*
    )""",
    re.MULTILINE | re.VERBOSE,
)
_FIRST = re.compile(rb"\n(?::(?:20|16R):|\x01?\{1:)")
_ANYWHERE = re.compile(r"\n:(?:61|86):[^\n@{]*(?=\n)")
"""Movements and texts, with nothing in them that could be the beginning of a field or a header."""
_TYPE = re.compile(r"\{2:[IO]([0-9]{3})")


class Field(NamedTuple):
    """One field: tag with qualifier, such as `93B:AGGR`; text without white space at its end; first and last offset."""

    key: str
    text: str
    start: int
    end: int


@dataclass(slots=True)
class Block:
    """What stands between 16R and 16S: blocks, and the texts of fields by key, each in order."""

    name: str
    start: int
    end: int = 0
    is_closed: bool = False
    fields: dict[str, list[str]] = field(default_factory=dict)
    blocks: list["Block"] = field(default_factory=list)
    has_rows: bool = False
    """Whether blocks inside were taken one by one and are not kept."""

    def first(self, *keys: str) -> str:
        """The first text of the first of these fields that is there, or nothing."""
        for key in keys:
            if key in self.fields:
                return self.fields[key][0]
        return ""

    def named(self, name: str) -> list["Block"]:
        """Blocks of a name directly inside."""
        return [block for block in self.blocks if block.name == name]


@dataclass(slots=True)
class Message:
    """One FIN message: its type where a header gives it, its blocks, and whether it is whole."""

    root: Block
    type: str = ""
    has_header: bool = False
    is_ended: bool = False
    torn: Block | None = None
    """The innermost block that was begun and not ended, if any."""
    stray: int = -1
    """Offset of a border of a block that has no counterpart or is nested beyond sense, or -1."""
    late: dict[str, int] = field(default_factory=dict)
    """Where a field first stands behind rows of its block, by key."""
    open: list[Block] = field(default_factory=list)
    """The message itself and its blocks that are begun and not ended, innermost last."""


def decode(data: bytes) -> str:
    """The bytes as text, one character a byte, so that offsets stay; every line ends in a line feed."""
    text = data.decode("latin-1")
    if data.startswith(BOM_UTF8):
        text = "\n" * len(BOM_UTF8) + text[len(BOM_UTF8) :]
    if "\r" not in text:
        return text
    if text.count("\r") > text.count("\r\n"):
        text = re.sub(r"\r(?!\n)", "\n", text)
    return text.replace("\r\n", " \n")


@lru_cache(maxsize=1)
def beginning(head: bytes) -> str:
    """The beginning of a delivery as text, for all the formats that look at it, without lines that tell none apart."""
    return _ANYWHERE.sub("", decode(head))


@lru_cache(maxsize=1)
def before(head: bytes) -> bytes:
    """What stands before the first message; no table of another format begins behind it."""
    first = _FIRST.search(b"\n" + head)
    return head[: first.start()] if first else head


def pieces(data: Delivery) -> Iterator[tuple[int, str]]:
    """The delivery as text in pieces, each with its offset; a long one is cut before a field that begins something.

    The line feed at a cut is in neither piece: behind a field it would be read as a further, empty line of it.
    """
    start, size = 0, PIECE
    while start < len(data):
        text = decode(data[start : start + size])
        is_last = start + size >= len(data)
        cut = len(text) if is_last else max(text.rfind(mark) for mark in _CUTS)
        if cut < 0 and size < PIECE_MAX:
            size *= 2
            continue
        cut = cut if cut >= 0 else len(text)
        yield start, text[:cut]
        start, size = start + cut + (text[cut : cut + 1] == "\n"), PIECE


def readable(text: str) -> str:
    """Free text as its sender wrote it: UTF-8 where it is that, Latin-1 otherwise, on one line."""
    if not text.isascii():
        raw = text.encode("latin-1")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
    return " ".join(text.split())


def scan(data: Delivery) -> Iterator[Field]:
    """Fields, header lines and ends of messages, in order; lines outside of them are skipped."""
    return chain.from_iterable(fields(offset, text) for offset, text in pieces(data))


def fields(offset: int, text: str, start: int = 0, end: int = PIECE_MAX) -> Iterator[Field]:
    """The same of one piece, from one place in it to before another."""
    for match in _TOKEN.finditer(text, start, end):
        tag, qualifier, value = match.groups()
        start, end = match.start() + offset, match.end() + offset
        if tag:
            body = value.rstrip()
            yield Field(f"{tag}:{qualifier}" if qualifier else tag, body, start, end - len(value) + len(body))
        else:
            yield Field(END if match[0][0] == "-" else HEADER, match[0], start, end)


@lru_cache(maxsize=1)
def message_types(text: str) -> set[str]:
    """The types of FIN message that headers name."""
    return set(_TYPE.findall(text))


def messages(data: Delivery) -> Iterator[Message]:
    """Every message as a tree of blocks; one without a header begins with GENL or where the last one ends."""
    builder = Builder()
    for item in scan(data):
        if item.key in (HEADER, OPEN) and builder.is_another(item.key, item.text):
            yield builder.finish()
            builder = Builder()
        builder.take(item)
    if builder.message.root.end:
        yield builder.finish()


class Builder:
    """The message being built and its blocks that are still open, innermost last."""

    def __init__(self) -> None:
        """A message of which nothing has come."""
        self.message = Message(Block("", -1))
        self.stack = self.message.open = [self.message.root]
        self.special = {HEADER: self._begin, END: self._end, OPEN: self._open, CLOSE: self._close}

    def is_another(self, key: str, text: str) -> bool:
        """Whether a header line or a block begins the next message."""
        root = self.message.root
        has_content = bool(root.blocks or root.fields or root.has_rows)
        return has_content and (
            self.message.is_ended or key == HEADER or (text == GENERAL and root.named(GENERAL) != [])
        )

    def take(self, item: Field) -> None:
        """Add one item to the message."""
        special = self.special.get(item.key)
        if special:
            special(item)
            return
        block = self.stack[-1]
        if item.key in block.fields:
            block.fields[item.key].append(item.text)
            return
        block.fields[item.key] = [item.text]
        if block.has_rows:
            self.message.late.setdefault(item.key, item.start)

    def finish(self) -> Message:
        """The message as far as it came."""
        if len(self.stack) > 1:
            self.message.torn = self.message.torn or self.stack[-1]
        return self.message

    def _begin(self, item: Field) -> None:
        found = _TYPE.search(item.text)
        self.message.type = found[1] if found else self.message.type
        self.message.has_header = True
        self.stretch(item.start, item.end)

    def _end(self, item: Field) -> None:
        self.message.is_ended = True
        self.stretch(item.start, item.end)

    def _open(self, item: Field) -> None:
        self.stretch(item.start, item.end)
        if len(self.stack) > DEPTH_MAX:
            self.message.stray = item.start
            return
        block = Block(item.text, item.start, item.end)
        self.stack[-1].blocks.append(block)
        self.stack.append(block)

    def _close(self, item: Field) -> None:
        """The border of a block; behind the last one some senders write the end of the message in the same line."""
        self.stretch(item.start, item.end)
        text, end, _ = item.text.partition("-}")
        name = text.rstrip()
        self.message.is_ended = self.message.is_ended or bool(end)
        if name not in [block.name for block in self.stack[1:]]:
            self.message.stray = item.start
            return
        while self.stack[-1].name != name:
            self.message.torn = self.message.torn or self.stack[-1]
            self.stack.pop()
        block = self.stack.pop()
        block.is_closed, block.end = True, item.end

    def stretch(self, start: int, end: int) -> None:
        """Let the message reach to the end of what stands there."""
        root = self.message.root
        root.start, root.end = start if root.start < 0 else root.start, end
