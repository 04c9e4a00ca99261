"""However the rows of a Flex file are read, the parser of the standard library would have told the same of them."""

from collections.abc import Callable
from contextlib import suppress
from xml.parsers import expat

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fo_platform.custodians import _flex_tags
from fo_platform.custodians._draft import Draft, HaltError
from fo_platform.custodians._flex_tags import Tags

Told = list[tuple[str, dict[str, str], int]]
ROW = '<Row a="%d" b="x &amp; y" c="" />'
FILE = "<R n='1'>\n{}\n</R>\n"
PLAIN = FILE.format("\n".join(ROW % number for number in range(12)))
PARTS = st.sampled_from(
    ["<", ">", '"', "'", "&", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<?p ?>", "&#65;", "&lt;", "\0", "\n", "\t", "=",
     " ", "\u00e9", "\ufffe", "<Row/>", "</Row>", ' a="1"', ' d="1"', "xmlns", "p:", "A", '<Row a="1" b="2" c="3" />',
     '<Row a="/>" b=">" c="\u00e9" />', "<!DOCTYPE R>"]
)  # fmt: skip


def told(data: bytes) -> tuple[Told, int | None]:
    """What the parser of the standard library tells, and where it breaks off."""
    found: Told = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, a: found.append((name, a, parser.CurrentByteIndex))
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return found, parser.ErrorByteIndex
    return found, None


def read(data: bytes, meant: Callable[[Tags], None] = lambda _: None) -> tuple[Told, int | None]:
    """What is told of tags, and where the first fault is."""
    draft, found = Draft("ibkr_flex", data), Told()
    tags = Tags(draft, lambda name, attributes: (found.append((name, attributes, tags.span()[0])), meant(tags))[1])
    with suppress(HaltError):
        tags.walk()
    problems = draft.parsed().problems
    return found, problems[0].offset if problems else None


@given(st.lists(st.tuples(st.integers(0, len(PLAIN)), st.integers(0, 3), PARTS), max_size=4), st.integers(8, 2000))
@settings(max_examples=1000)
@example([(PLAIN.index("<Row"), 0, "<!--"), (len(PLAIN) - 20, 0, "-->")], 2000)
@example([(PLAIN.rindex("</R>") + 5, 0, '<Row a="1" b="2" c="3" />')], 2000)
@example([(0, len(PLAIN), '<Row a="1" b="2" c="3" />' * 3)], 2000)
def test_rows_are_told_as_the_parser_tells_them(edits: list[tuple[int, int, str]], size: int) -> None:
    text = PLAIN
    for at, length, new in edits:
        text = text[:at] + new + text[at + length :]
    data = text.encode()
    wanted, broken = told(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_flex_tags, "SLICE", size)
        found, fault = read(data)
    if "DOCTYPE" in text:
        assert wanted[: len(found)] == found
        return
    assert found == wanted
    assert (fault is None) == (broken is None)
    assert fault is None or broken is None or fault <= broken


def test_a_break_is_where_it_stands_whatever_the_parser_has_not_seen() -> None:
    text = FILE.format("\n".join(ROW % number for number in range(100)))
    for broken in (text.replace('a="90"', 'a="90'), text.replace("</R>", "</S>"), text[:-50], f"{text}<"):
        _, wanted = told(broken.encode())
        assert wanted is not None
        assert read(broken.encode())[1] == min(wanted, len(broken) - 1)


def test_the_parser_sees_one_row_of_many() -> None:
    data = FILE.format("\n".join(ROW % number for number in range(1000))).encode()
    spans: list[tuple[int, int]] = []
    unseen: list[int] = []
    found, fault = read(data, lambda tags: (spans.append(tags.span()), unseen.append(tags.shift))[1])
    assert fault is None
    assert [attributes["a"] for _, attributes, _ in found[1:]] == list(map(str, range(1000)))
    assert {attributes["b"] for _, attributes, _ in found[1:]} == {"x & y"}
    assert all(data[start:end].startswith(b"<Row ") and data[start:end].endswith(b" />") for start, end in spans[1:])
    assert unseen[-1] > 0.9 * len(data)


def test_accents_are_read_in_the_encoding_that_is_declared() -> None:
    for encoding in ("utf-8", "iso-8859-1", "windows-1252"):
        rows = "".join(f'<Row a="\u00e9{number}"/>' for number in range(3))
        data = f'<?xml version="1.0" encoding="{encoding}"?><R>{rows}</R>'.encode(encoding)
        found, fault = read(data)
        assert fault is None
        assert [attributes["a"] for name, attributes, _ in found if name == "Row"] == ["\u00e90", "\u00e91", "\u00e92"]
