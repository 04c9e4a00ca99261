"""XML of any size as a stream of small elements with the bytes they stand on. What an element means belongs to formats.

A document is walked by the standard library's parser, which proves it well formed and tells where an element stands.
Elements that come by the thousand are cut out of it as runs and read by their shape, or parsed by the library that
builds trees.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from lxml import etree

from fo_platform.custodians._draft import Draft
from fo_platform.custodians._xml_plain import COMMENT, Element, Shapes, Stated, stated

Span = tuple[int, int]
Enter = Callable[[str, int], None]
"""Takes the namespace of a container and where it begins."""
Take = Callable[[Element, Span], None]


class Row(NamedTuple):
    """Who takes what an element states that comes by the thousand, and the paths of its texts that are wanted."""

    take: Callable[[Stated, Span], None]
    wanted: re.Pattern[str]


Found = tuple[Element | Stated, Span]
Leave = Callable[[], None]

SLICE = 2**16
"""Bytes that are looked at in one go, and of one run of elements."""
GAP = 4096
"""Bytes of white space and comments between two elements of a run."""
ITEM_MAX = 8 * 2**20
TOKEN_MAX = 4 * 2**20
DEPTH_MAX = 100
PREFIXES_MAX = 100

_ENCODING = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([^\"']*)")
_ENCODINGS = {
    b"utf-8": "utf-8", b"utf8": "utf-8", b"us-ascii": "us-ascii", b"ascii": "us-ascii", b"iso-8859-1": "iso-8859-1",
    b"iso-8859-15": "iso-8859-15", b"windows-1252": "windows-1252", b"cp1252": "windows-1252",
}  # fmt: skip
_COMMENT = re.compile(rb"<!--[^-]*(?:-[^-]+)*-->")
_SPACE = b" \t\n\r"
_PREFIX = re.compile(r"xmlns:([A-Za-z_][A-Za-z0-9_.-]{0,60})")
_AGAIN = "Ask for the file again; do not edit it by hand."
_CHANGED = "A file of this kind has none: find out who changed it."
_SIZE = "Find out what the file is; nothing of this kind is so large."


@dataclass(frozen=True)
class Plan:
    """What of a document is looked at: containers, whose children are taken one by one, and those children.

    roots: the containers that may stand anywhere; others stand inside of them. enter: by name of container. leave: by
    name of container, at its end. items: by `container/element`. passed: the same names of elements that may be there
    and say nothing that is wanted; any other element is reported, once. rows: elements that come by the thousand.
    """

    roots: frozenset[str]
    enter: Mapping[str, Enter]
    items: Mapping[str, Take]
    leave: Mapping[str, Leave] = field(default_factory=dict)
    passed: frozenset[str] = frozenset()
    rows: Mapping[str, Row] = field(default_factory=dict)

    def wants(self, path: str) -> bool:
        """Whether an element is taken."""
        return path in self.items or path in self.rows


class _Item(NamedTuple):
    """The child of a container that the document is inside of: its path, its name as written, where it begins."""

    path: str
    tag: str
    start: int


def holds(head: bytes, name: str) -> bool:
    """Whether bytes are the beginning of XML in which an element of this name, with or without prefix, stands."""
    if name.encode() not in head:
        return False
    pattern = rb"<(?:[A-Za-z_][A-Za-z0-9_.-]{0,60}:)?%b[\s/>]" % re.escape(name.encode())
    return head.removeprefix(BOM_UTF8).lstrip().startswith(b"<") and re.search(pattern, head) is not None


def walk(draft: Draft, plan: Plan) -> str | None:
    """Take a document apart by a plan; the namespace of its root.

    A ValueError about an element is a fault of it. Document types, and with them entities, are refused; what stands
    before a break in the XML is taken, and the break is a fault.
    """
    walker = _Walker(draft, plan)
    walker.walk()
    return walker.root_namespace


class _Walker:
    """One pass over one document.

    shift: how many bytes more than the parser the walk has seen, because a run is to the parser one empty element.
    """

    def __init__(self, draft: Draft, plan: Plan) -> None:
        self.draft, self.data, self.plan = draft, draft.data, plan
        self.shift = self.position = _first(draft)
        self.stack: list[str] = []
        self.containers: list[str] = []
        self.namespaces: dict[str, str] = {}
        self.root_namespace: str | None = None
        self.reported: set[str] = set()
        self.item: _Item | None = None
        self.depth = 0
        self.is_run = False
        self.begin = self.end = b""
        self.head: bytes = b"<r>"
        self.foreign: list[bytes] = [b"xmlns"]
        encoding = _encoding(draft)
        self.parser = expat.ParserCreate(encoding)
        if hasattr(self.parser, "SetReparseDeferralEnabled"):
            # Newer parsers may put a tag off until more has come; a run is known by its first tag, at once.
            self.parser.SetReparseDeferralEnabled(False)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.fragments = etree.XMLParser(
            encoding=encoding, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True,
            remove_blank_text=True, collect_ids=False,
        )  # fmt: skip
        self.shapes = {path: Shapes(self._parsed, encoding, row.wanted) for path, row in plan.rows.items()}

    def walk(self) -> None:
        """The whole document."""
        try:
            while self.position < len(self.data):
                self._step()
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            what = f"the XML breaks off or is not well formed ({expat.ErrorString(error.code)})"
            self.draft.fault(self.parser.ErrorByteIndex + self.shift, what, _AGAIN)

    def _step(self) -> None:
        """The rest of an element that is begun; a run of elements like the last one, where there is one; or a slice."""
        sought = f"</{self.item.tag}>".encode() if self.item else self.begin
        found = self.data.find(sought, self.position, self.position + SLICE) if sought else -1
        was_inside = self.item is not None
        self._feed(self.position + SLICE if found < 0 else found + len(sought))
        if was_inside or found < 0:
            return
        if self.item is None or self.item.start != found:
            self._feed(self.position + SLICE)
            return
        spans = self._spans(found)
        shapes = self.shapes.get(self.item.path)
        run = self._rows(shapes, spans) if shapes else self._elements(list(spans))
        if run:
            self._take_run(self.item, run)

    def _feed(self, end: int) -> None:
        end = min(end, len(self.data))
        self.parser.Parse(self.data[self.position : end], False)
        self.position = end
        if end - self._offset() > TOKEN_MAX:
            self.draft.halt(self._offset(), f"a tag or comment is longer than {TOKEN_MAX} bytes", _SIZE)
        if self.item and self.plan.wants(self.item.path) and end - self.item.start > ITEM_MAX:
            self.draft.halt(self.item.start, f"{self.item.path} is longer than {ITEM_MAX} bytes", _SIZE)

    def _offset(self) -> int:
        return self.parser.CurrentByteIndex + self.shift

    def _spans(self, start: int) -> Iterator[Span]:
        """Bytes from each opening tag like the last to its closing tag, with nothing but comments between them."""
        limit = start + SLICE
        while 0 <= start < limit:
            end = self.data.find(self.end, start, start + ITEM_MAX)
            if end < 0:
                break
            after = end + len(self.end)
            yield start, after
            start = self.data.find(self.begin, after, after + GAP)
            gap = self.data[after : max(start, after)].strip(_SPACE)
            if gap and COMMENT.sub(b"", gap).strip(_SPACE):
                break

    def _rows(self, shapes: Shapes, spans: Iterator[Span]) -> list[Found]:
        """What the elements of a run state, up to the first place where a tag need not be a tag."""
        run: list[Found] = []
        for span in spans:
            row = shapes.stated(self.data[span[0] : span[1]])
            found = [(row, span)] if row else self._elements([span])
            if not found:
                break
            run += found
        return run

    def _elements(self, spans: list[Span]) -> list[Found]:
        """The elements of a run, up to the first place where a tag need not be a tag.

        None where the run is not as many elements as it seems to be; the parser then tells what it is.
        """
        if not spans:
            return []
        first = spans[0][0]
        raw = self.data[first : spans[-1][1]]
        end = self._sure(raw)
        sure = [span for span in spans if span[1] - first <= end]
        elements = self._parsed(raw[: sure[-1][1] - first]) if sure else []
        return list(zip(elements, sure, strict=True)) if len(elements) == len(sure) else []

    def _sure(self, raw: bytes) -> int:
        """How many of the bytes hold tags that are tags: those before a section, an instruction, a comment on tags."""
        marks = [b"<![", b"<?"]
        if b"<!--" in raw:
            comments = b"".join(_COMMENT.findall(raw))
            marks += [b"<!--"] if self.begin in comments or self.end in comments else []
        return min((at for at in map(raw.find, marks) if at >= 0), default=len(raw))

    def _take_run(self, item: _Item, run: list[Found]) -> None:
        """To the parser the opening tag of the first of them is followed by the closing tag of the last."""
        last = run[-1][1][1]
        self.is_run, self.shift = True, self.shift + last - len(self.end) - self.position
        self.position = last
        self.parser.Parse(self.end, False)
        self.is_run = False
        for found, span in run if self.plan.wants(item.path) else ():
            self._take(item.path, found, span)

    def _parsed(self, raw: bytes) -> list[Element]:
        """The elements that bytes hold, with local names; none where they are not well formed."""
        try:
            root = etree.fromstring(b"%b%b</r>" % (self.head, raw), self.fragments)
        except etree.XMLSyntaxError:
            return []
        if any(mark in raw for mark in self.foreign):
            for element in root.iter():
                element.tag = etree.QName(element).localname
        return list(root)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.depth or len(self.stack) > DEPTH_MAX:
            self.depth += 1
            if self.depth + len(self.stack) > DEPTH_MAX:
                self.draft.halt(self._offset(), f"elements are nested more than {DEPTH_MAX} deep", _SIZE)
            return
        prefix, _, name = tag.rpartition(":")
        self._declare(attributes)
        namespace = self.namespaces.get(prefix, "")
        if not self.stack:
            self.root_namespace = namespace or None
        if self._is_container(name):
            self.containers.append(name)
            self.plan.enter[name](namespace, self._offset())
        elif self.containers:
            self.item, self.depth = _Item(f"{self.containers[-1]}/{name}", tag, self._offset()), 1
            return
        self.stack.append(name)

    def _is_container(self, name: str) -> bool:
        """Whether a container begins here; one inside of itself, or outside of its message, is out of place."""
        if name not in self.plan.enter:
            return False
        is_placed = name not in self.containers if self.containers else name in self.plan.roots
        if not is_placed:
            self.draft.fault(self._offset(), f"the element {name} stands where it does not belong", _AGAIN)
        return is_placed

    def _end(self, _: str) -> None:
        if self.depth:
            self.depth -= 1
            if self.item and not self.depth:
                self._finish(self.item)
            return
        name = self.stack.pop()
        if self.containers[-1:] != [name]:
            return
        self.containers.pop()
        if name in self.plan.leave:
            self.plan.leave[name]()

    def _finish(self, item: _Item) -> None:
        """End of an item; those that follow and are written like it may make a run."""
        self.item = None
        if self.is_run:
            return
        end = self._offset()
        closing = f"</{item.tag}".encode()
        if self.data[end : end + len(closing)] == closing:
            end = self.data.find(b">", end) + 1
        self.begin, self.end = (
            (f"<{item.tag}>".encode(), f"</{item.tag}>".encode()) if item.tag.isascii() else (b"", b"")
        )
        if self.plan.wants(item.path):
            (element,) = self._parsed(self.data[item.start : end]) or (None,)
            self._take(item.path, element, (item.start, end))
        elif item.path not in self.plan.passed and item.path not in self.reported:
            self.reported.add(item.path)
            remedy = "Find out what it says, and add it to the format."
            self.draft.note(item.start, f"the element {item.path[:80]} is not known to us", remedy)

    def _take(self, path: str, found: Element | Stated | None, span: Span) -> None:
        if found is None:
            self.draft.fault(span[0], f"{path} cannot be read: a prefix in it is not declared", _AGAIN)
            return
        try:
            if path in self.plan.rows:
                take, wanted = self.plan.rows[path]
                take(found if isinstance(found, Stated) else stated(found, wanted), span)
            elif not isinstance(found, Stated):
                self.plan.items[path](found, span)
        except ValueError as error:
            self.draft.fault(span[0], f"{path.rpartition('/')[2]}: {error}", _AGAIN)

    def _declare(self, attributes: Mapping[str, str]) -> None:
        """Namespaces that hold from here on; what an undeclared prefix means is not looked at, only that it is one."""
        for name, uri in attributes.items():
            prefixed = _PREFIX.fullmatch(name)
            if name == "xmlns":
                self.namespaces[""] = uri
            elif prefixed and prefixed[1] not in self.namespaces and len(self.namespaces) < PREFIXES_MAX:
                self.head = self.head[:-1] + f' xmlns:{prefixed[1]}="{prefixed[1]}">'.encode()
                self.foreign.append(f"{prefixed[1]}:".encode())
            if prefixed:
                self.namespaces[prefixed[1]] = uri

    def _refuse_doctype(self, *_: object) -> None:
        self.draft.halt(self._offset(), "the file declares a document type", _CHANGED)


def _first(draft: Draft) -> int:
    """Where the document begins: behind a byte order mark and blank lines, which some banks put there."""
    start = draft.data.find(b"<", 0, SLICE)
    is_blank = not draft.data[: max(start, 0)].removeprefix(BOM_UTF8).strip()
    return start if start > 0 and is_blank else 0


def _encoding(draft: Draft) -> str:
    """The encoding that is declared, if it is one of those accepted; a byte order mark declares UTF-8."""
    declared = _ENCODING.search(draft.data[:1000])
    if declared is None or draft.data.startswith(BOM_UTF8):
        return "utf-8"
    if declared[1].lower() not in _ENCODINGS:
        name = declared[1].decode("ascii", "replace")[:40]
        draft.halt(0, f"the encoding {name} is not accepted", "Ask for UTF-8.")
    return _ENCODINGS[declared[1].lower()]
