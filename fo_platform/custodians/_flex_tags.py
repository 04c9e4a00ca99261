"""The tags of a Flex response with where they stand, one after the other. What a tag means belongs to ibkr_flex.

The standard library's parser proves the file well formed. Rows that follow one it has told of, and have the same
attributes with plain text in them, are as well formed as that one: they are read without it.
"""

import re
from collections.abc import Callable, Iterator
from xml.parsers import expat

from fo_platform.custodians._draft import Draft
from fo_platform.custodians._xml_plain import plain_text, unescaped
from fo_platform.custodians.delivery import Delivery

Start = Callable[[str, dict[str, str]], None]
"""Takes the name of an element and its attributes."""

SLICE = 2**20
"""Bytes that are looked at in one go."""

_ENCODING = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([^\"']*)")
_ENCODINGS = (b"utf-8", b"us-ascii", b"iso-8859-1", b"windows-1252")
_TAG = re.compile(rb"<[^\"'>]*(?:\"[^\"]*\"[^\"'>]*|'[^']*'[^\"'>]*)*>")
_SPACE = b" \t\r\n"
_PLAIN = bytes(range(32, 256))
_AGAIN = "Ask for the statement again; do not edit it by hand."


class Tags:
    """One pass over one response.

    offset: where the tag stands that is being told of. shift: bytes that the parser has not seen.
    """

    def __init__(self, draft: Draft, start: Start) -> None:
        """Document types, and with them entities, are refused, as are encodings that are not known."""
        self.draft, self.data, self.start = draft, draft.data, start
        self.offset = self.shift = 0
        self._end = 0
        self._encoding = _encoding(draft)
        self._root = self._name = ""
        self._names: list[str] = []
        self._form: list[str] | None = None
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._tell
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype

    def walk(self) -> None:
        """Tell of every tag, as far as the file is well formed; a break in it is a fault."""
        try:
            for position, raw in self._pieces():
                self._take(raw, position)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            what = f"the XML breaks off or is not well formed ({expat.ErrorString(error.code)})"
            self.draft.fault(self._parser.ErrorByteIndex + self.shift, what, _AGAIN)

    def _pieces(self) -> Iterator[tuple[int, bytes]]:
        """The file, cut before each opening bracket, and where the pieces begin."""
        position, length = 0, len(self.data)
        while position < length:
            end = self.data.find(b"<", position + 1, position + SLICE)
            end = end if end > 0 else min(position + SLICE, length)
            yield position, self.data[position:end]
            position = end

    def span(self) -> tuple[int, int]:
        """Where the tag begins and ends that is being told of."""
        return self.offset, self._end or _tag_end(self.data, self.offset)

    def _take(self, raw: bytes, position: int) -> None:
        if not (self._form and self._is_row(raw, position)):
            self._feed(raw, position)

    def _is_row(self, raw: bytes, position: int) -> bool:
        """Tell of one more row with the same attributes, if these bytes are one."""
        parts = self._parts(raw)
        if parts[::2] != self._form:
            return False
        values = unescaped(parts[1::2]) if b"&" in raw else parts[1::2]
        self.offset, self._end = position, position + len(raw.rstrip(_SPACE))
        self.shift += len(raw)
        self.start(self._name, dict(zip(self._names, values, strict=True)))
        return True

    def _parts(self, raw: bytes) -> list[str]:
        """A tag, cut at its quotation marks; nothing where not all of it is plain text or a mark has no second one."""
        tag = raw.rstrip(_SPACE)
        text = None if tag.translate(None, _PLAIN) else plain_text(tag, self._encoding)
        parts = text.split('"') if text else []
        return parts if len(parts) % 2 else []

    def _feed(self, raw: bytes, position: int) -> None:
        """To the parser; rows may follow if it tells of one inside of the document."""
        is_inside = self._root != ""
        self._name, self._form = "", None
        self._parser.Parse(raw, False)
        *form, last = self._parts(raw)[::2] or [""]
        if is_inside and self.offset == position and last.strip() == "/>" and form == self._written():
            self._form = [*form, last]

    def _written(self) -> list[str]:
        """How the tag is written that the parser told of last, between the texts of its attributes."""
        first, *others = self._names or [""]
        return [f"<{self._name} {first}=", *(f" {name}=" for name in others)]

    def _tell(self, name: str, attributes: dict[str, str]) -> None:
        self._name, self._names = name, list(attributes)
        self._root = self._root or name
        self.offset, self._end = self._parser.CurrentByteIndex + self.shift, 0
        self.start(name, attributes)

    def _refuse_doctype(self, *_: object) -> None:
        remedy = "A Flex file has none: find out who changed it."
        self.draft.halt(self._parser.CurrentByteIndex, "the file declares a document type", remedy)


def _encoding(draft: Draft) -> str:
    """The encoding that is declared; one that is not known is refused."""
    declared = _ENCODING.search(draft.data[:1000])
    name = declared[1].lower() if declared else _ENCODINGS[0]
    if name not in _ENCODINGS:
        draft.halt(0, f"the encoding {name.decode('ascii', 'replace')[:40]} is not accepted", "Ask for UTF-8.")
    return name.decode()


def _tag_end(data: Delivery, start: int) -> int:
    """Offset behind the tag that starts there; only a quotation mark inside a value needs the slow look."""
    end = data.find(b">", start) + 1
    tag = data[start:end]
    if tag.count(b'"') % 2 == 0 and b"'" not in tag:
        return end
    match = _TAG.match(data[start : start + SLICE])
    return start + match.end() if match else end
