"""JSON walked value by value over the delivery's bytes, exact and bounded. What members mean does not belong here."""

import json
import re
from collections.abc import Generator, Iterator
from typing import NamedTuple, NoReturn

from fo_platform.custodians._draft import Draft
from fo_platform.custodians.delivery import Delivery

Members = dict[str, object]
"""An object whose numbers are text, as they stand in the file."""

DEPTH_MAX = 32
ITEM_MAX = 2**22
"""Bytes of the largest value that is looked at as one."""

_WINDOW = 2**14
_SPACE = b" \t\r\n"
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["{}\[\]]', re.DOTALL)
_STEPS = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}
_NAME = re.compile(rb'"((?:[^"\\]|\\.){0,200})"[ \t\r\n]*:')
_SCALAR = re.compile(rb"[^,\]}\s]{1,400}")
_AGAIN = "Ask the custodian to send the file again."


class Value(NamedTuple):
    """One value of the file: the name of the member that it is, which element of it, and where its bytes stand."""

    name: str
    is_element: bool
    start: int
    end: int


def values(draft: Draft) -> Iterator[Value]:
    """Members of the object that the file is, those that are arrays element by element; or elements of its array.

    What is no whole JSON halts the delivery where it breaks.
    """
    start = _after_space(draft.data, 3 if draft.data.startswith(b"\xef\xbb\xbf") else 0)
    opening = draft.data[start : start + 1]
    try:
        if opening == b"{":
            end = yield from _members(draft.data, start)
        elif opening == b"[":
            end = yield from elements(draft.data, start)
        else:
            raise JsonError(start, "it does not begin with an object or an array")
        if _after_space(draft.data, end) < len(draft.data):
            raise JsonError(_after_space(draft.data, end), "something stands after its end")
    except JsonError as error:
        draft.halt(error.offset, f"the JSON is not whole: {error.what}", _AGAIN)


class JsonError(ValueError):
    """Where and why something is no JSON."""

    def __init__(self, offset: int, what: str) -> None:
        """The byte that it breaks at, and the words for it."""
        super().__init__(what)
        self.offset, self.what = offset, what


def elements(data: Delivery, start: int, name: str = "") -> Generator[Value, None, int]:
    """Elements of the array that begins there; its generator returns where the array ends."""
    at = _after_space(data, start + 1)
    if data[at : at + 1] == b"]":
        return at + 1
    while True:
        end = _value_end(data, at)
        yield Value(name, True, at, end)
        at = _after_space(data, end)
        mark = data[at : at + 1]
        at = _after_space(data, at + 1)
        if mark == b"]":
            return at
        if mark != b",":
            raise JsonError(at, "a comma between two elements is missing" if mark else "it breaks off")


def parsed_value(data: Delivery, start: int, end: int) -> object:
    """A value whose numbers are exact text; a name twice in an object, NaN and infinities are a ValueError."""
    text = data[start:end].decode("utf-8")
    return json.loads(
        text, parse_float=str, parse_int=str, parse_constant=_refuse_constant, object_pairs_hook=_unambiguous
    )


def parsed_object(data: Delivery, start: int, end: int) -> Members:
    """A value that has to be an object."""
    found = parsed_value(data, start, end)
    if not isinstance(found, dict):
        raise ValueError("it is no object")
    return found


def member_start(data: Delivery, value: Value, name: str) -> int:
    """Where the value of a member of an object begins."""
    return next((v.start for v in _plain_members(data, value.start) if v.name == name), -1)


def text_of(members: Members, *names: str) -> str:
    """The first of the members that is stated as text or number; empty without any."""
    for name in names:
        found = members.get(name)
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""


def _members(data: Delivery, start: int) -> Generator[Value, None, int]:
    """Members of the object that begins there, arrays by element; its generator returns where the object ends."""
    seen: set[str] = set()
    for value in (walk := _Walk(data, start)):
        if value.name in seen:
            raise JsonError(value.start, f"the name {value.name[:40]!r} stands twice")
        seen.add(value.name)
        if data[value.start : value.start + 1] == b"[":
            walk.at = yield from elements(data, value.start, value.name)
        else:
            yield value
    return walk.at


def _plain_members(data: Delivery, start: int) -> Iterator[Value]:
    walk = _Walk(data, start)
    for value in walk:
        yield value
        walk.at = _value_end(data, value.start)


class _Walk:
    """Through the members of an object; who walks says in `at` where an array ended that was walked apart."""

    def __init__(self, data: Delivery, start: int) -> None:
        self.data, self.at, self.is_first = data, start + 1, True

    def __iter__(self) -> Iterator[Value]:
        while True:
            self.at = _after_space(self.data, self.at)
            mark = self.data[self.at : self.at + 1]
            if mark == b"}":
                self.at += 1
                return
            if mark == b"," and not self.is_first:
                self.at = _after_space(self.data, self.at + 1)
            elif not self.is_first or not mark:
                raise JsonError(self.at, "a comma between two members is missing" if mark else "it breaks off")
            self.is_first = False
            yield self._member()

    def _member(self) -> Value:
        match = _NAME.match(self.data[self.at : self.at + 2000])
        if match is None:
            raise JsonError(self.at, "a member has no name")
        start = _after_space(self.data, self.at + match.end())
        end = start if self.data[start : start + 1] == b"[" else _value_end(self.data, start)
        self.at = end
        return Value(match[1].decode("utf-8", "replace"), False, start, end)


def _after_space(data: Delivery, at: int) -> int:
    """The next byte that is no white space."""
    while True:
        window = data[at : at + 64]
        rest = window.lstrip(_SPACE)
        if rest or not window:
            return at + len(window) - len(rest)
        at += len(window)


def _value_end(data: Delivery, start: int) -> int:
    """Where the value that begins there ends."""
    opening = data[start : start + 1]
    if opening not in (b"{", b"[", b'"'):
        match = _SCALAR.match(data[start : start + 401])
        if match is None:
            raise JsonError(start, "a value is missing")
        return start + match.end()
    size = _WINDOW
    while True:
        end = _closed(data[start : start + size], start)
        if end > 0:
            return end
        if start + size >= len(data):
            raise JsonError(start, "a value that begins here does not end")
        if size >= ITEM_MAX:
            raise JsonError(start, f"a value is longer than {ITEM_MAX} bytes")
        size *= 4


def _closed(window: bytes, start: int) -> int:
    """Offset behind the value that the window begins with; 0 when the window does not hold all of it."""
    depth = 0
    for match in _TOKEN.finditer(window):
        mark = match[0]
        if mark == b'"':
            return 0
        depth += _STEPS.get(mark, 0)
        if depth > DEPTH_MAX:
            raise JsonError(start + match.start(), f"values are nested deeper than {DEPTH_MAX}")
        if depth <= 0:
            return start + match.end()
    return 0


def _unambiguous(pairs: list[tuple[str, object]]) -> Members:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
