"""Elements as their names and texts, and those in plain form read by their shape. What a text means is for formats."""

import re
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import NamedTuple
from xml.sax.saxutils import unescape

from lxml import etree

Element = etree._Element

SHAPES_MAX = 200
SHAPE_MAX = 8000
"""Characters of the tags of an element whose shape is worth keeping."""

COMMENT = re.compile(rb"<!--[\t\n\r -,.-~]*(?:-[\t\n\r -,.-~]+)*-->")
"""A comment in plain characters."""
_ENTITY = re.compile(rb"&(?:amp|lt|gt|quot|apos);")
_QUOTES = {"&quot;": '"', "&apos;": "'"}
_MARK = b"\0"
_PLAIN = bytes(range(32, 256)).translate(None, b"<>") + b"\t\n\r"
_MARKED = _PLAIN + _MARK
_UNUSUAL = re.compile(r"['\t\n!?]|xmlns")
"""What makes a tag more than a name and its attributes in double quotation marks."""


class Stated(NamedTuple):
    """What an element states, by path from it: names of its children and of all elements inside, texts and attributes.

    Paths are like `Sts/Cd` and `Amt@Ccy`; the second of several elements of a name in one place is `Ustrd[2]`. Texts
    are those that are wanted, with no white space around them.
    """

    children: tuple[str, ...]
    elements: frozenset[str]
    texts: dict[str, str]
    attributes: dict[str, str]


def stated(element: Element, wanted: re.Pattern[str]) -> Stated:
    """What an element states in elements and attributes inside of it; wanted: the paths of texts."""
    inside: list[tuple[str, Element]] = []
    _gather(element, "", inside)
    texts = {name: (inner.text or "").strip() for name, inner in inside if wanted.fullmatch(name)}
    attributes = {f"{name}@{key!s}": str(text) for name, inner in inside for key, text in inner.items()}
    names = [name for name, _ in inside]
    return Stated(tuple(name for name in names if "/" not in name), frozenset(names), texts, attributes)


def _gather(element: Element, prefix: str, inside: list[tuple[str, Element]]) -> None:
    """Every element inside of another, in order, with its path."""
    numbers: dict[str, int] = {}
    for child in element:
        name = prefix + str(child.tag)
        numbers[name] = number = numbers.get(name, 0) + 1
        name = f"{name}[{number}]" if number > 1 else name
        inside.append((name, child))
        if len(child):
            _gather(child, f"{name}/", inside)


class _Shape(NamedTuple):
    """Elements that have the same tags: parts cut at brackets and at quotation marks, what they state, where it is."""

    parts: int
    quoted: int
    model: Stated
    places: Callable[[list[str]], tuple[str, ...]]


class Shapes:
    """Shapes of elements that the parser has read once, without their texts.

    An element is its tags and plain text between them and in quotation marks. Any other text in the same places is as
    well formed, so that the parser need not look at it again.
    """

    def __init__(self, parse: Callable[[bytes], list[Element]], encoding: str, wanted: re.Pattern[str]) -> None:
        """parse: the elements that bytes hold, with local names; none where they are not well formed."""
        self._parse, self._encoding, self._wanted = parse, encoding, wanted
        self._shapes: dict[str, _Shape | None] = {}

    def stated(self, raw: bytes) -> Stated | None:
        """What an element states that these bytes are; None where it has no plain form or is none, for the parser."""
        text = self._text(raw)
        if text is None:
            return None
        parts = text.replace("<", ">").split(">")
        tags = ">".join(parts[1::2])
        quoted = tags.split('"')
        shape = None if parts[0] or parts[-1] else self._shape('""'.join(quoted[::2]))
        if shape is None or (shape.parts, shape.quoted) != (len(parts), len(quoted)) or _is_changed(tags):
            return None
        children, elements, named, attributes = shape.model
        texts: Iterable[str] = shape.places(parts)
        values = quoted[1::2]
        if "\0" in text:
            texts = "<".join(texts).replace("\0", "").split("<")
        texts = map(str.strip, texts)
        if "&" in text:
            texts, values = unescaped(texts), unescaped(values)
        stated_texts = dict(zip(named, texts, strict=False))
        return Stated(children, elements, stated_texts, dict(zip(attributes, values, strict=True)))

    def _text(self, raw: bytes) -> str | None:
        """The characters, with a mark for each comment, where they are plain and brackets open and close in turn."""
        is_commented = b"<!--" in raw
        if is_commented and _MARK in raw:
            return None
        raw = COMMENT.sub(_MARK, raw) if is_commented else raw
        brackets = raw.translate(None, _MARKED if is_commented else _PLAIN)
        text = plain_text(raw, self._encoding) if brackets == b"<>" * (len(brackets) // 2) else None
        return text.replace("\r\n", "\n").replace("\r", "\n") if text and "\r" in text else text

    def _shape(self, tags: str) -> _Shape | None:
        if tags in self._shapes:
            return self._shapes[tags]
        if len(tags) > SHAPE_MAX:
            return None
        if len(self._shapes) >= SHAPES_MAX:
            self._shapes.clear()
        self._shapes[tags] = self._proved(tags.split(">"))
        return self._shapes[tags]

    def _proved(self, tags: list[str]) -> _Shape | None:
        """The shape of the element that the tags make without text between them, if it is one to the parser.

        Of the parts of an element, cut at its brackets, the second is its opening tag and the first is empty.
        """
        bare = "><".join(tags)
        is_usual = not _UNUSUAL.search(bare) and '"' not in tags[0]
        elements = self._parse(f"<{bare}>".encode(self._encoding)) if is_usual else []
        if len(elements) != 1 or len(elements[0]) == 0:
            return None
        opened = [0 if tag.endswith("/") else 2 * at + 2 for at, tag in enumerate(tags) if not tag.startswith("/")]
        inside: list[tuple[str, Element]] = []
        _gather(elements[0], "", inside)
        places = [place for (name, _), place in zip(inside, opened[1:], strict=True) if self._wanted.fullmatch(name)]
        model = stated(elements[0], self._wanted)
        return _Shape(2 * len(tags) + 1, 2 * len(model.attributes) + 1, model, itemgetter(*places, 0))


def _is_changed(tags: str) -> bool:
    """Whether a value in quotation marks is not the one that is written, or holds the mark of a comment."""
    return "\n" in tags or "\t" in tags or "\0" in tags


def plain_text(raw: bytes, encoding: str) -> str | None:
    """Bytes without control characters as text; None where only the parser can tell whether XML may have them."""
    if (not raw.isascii() and b"\xef\xbf" in raw) or (b"&" in raw and b"&" in _ENTITY.sub(b"", raw)):
        return None
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def unescaped(texts: Iterable[str]) -> list[str]:
    """Texts with the characters that their entities stand for."""
    return [unescape(text, _QUOTES) if "&" in text else text for text in texts]
