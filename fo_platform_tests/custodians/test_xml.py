"""However XML is cut into runs and slices, the same elements are found on the same bytes as a whole parse finds."""

import re
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from fo_platform.custodians import _xml
from fo_platform.custodians._draft import Draft, HaltError
from fo_platform.custodians._xml import Plan, Row, Span, walk
from fo_platform.custodians._xml_plain import Element, Stated, stated
from fo_platform.custodians.records import Parsed

PARTS = st.sampled_from(
    [
        "<row>1</row>", "<row>2<deep><row>3</row></deep></row>", "<row/>", "<row a='/>'>4</row>", "<row >5</row>",
        "<row>6</row >", "<!-- <row>7</row> -->", "<row><!-- </row> -->8</row>", "<row><![CDATA[</row>]]>9</row>",
        "<!-- --><row>10</row>", "<?row <row>?>", "<other>11</other>", "<row>&lt;12</row>", "text", "\n", "  \r\n",
        "<row>13</row><row>14</row><row>15</row>", "<row><!-- a - b --><x>16</x></row>", "<box><row>17</row></box>",
        "<p:row>18</p:row>", "<row xmlns='u'>19</row>", "<row><p:x>20</p:x></row>", "<!-- <row> -->",
        "<row>21</row><!-- </row><row> --><row>22</row>", "<row><row>23</row></row>", "<rows>24</rows>",
    ]
)  # fmt: skip


class Found:
    """The elements that a walk takes, with their bytes."""

    def __init__(self, data: bytes) -> None:
        """Nothing yet, of a document."""
        self.data = data
        self.rows: list[tuple[str, bytes]] = []
        self.draft = Draft("xml", data)
        enter = dict.fromkeys(("root", "box"), lambda *_: None)
        self.plan = Plan(
            frozenset({"root"}), enter, {f"{box}/{name}": self.take for box in enter for name in ("row", "other")}
        )

    def take(self, element: Element, span: Span) -> None:
        start, end = span
        self.rows.append((shown(element), self.data[start:end]))

    def walk(self) -> Parsed:
        """The verdict on the document."""
        with suppress(HaltError):
            walk(self.draft, self.plan)
        return self.draft.parsed()


def shown(element: Element) -> str:
    """An element as text, without prefixes, comments and instructions, which no format looks at."""
    inner = "".join(f"({shown(child)}){(child.tail or '').strip()}" for child in element if isinstance(child.tag, str))
    return f"{etree.QName(element).localname}:{(element.text or '').strip()}{inner}"


def document(parts: list[str]) -> bytes:
    return f"<root xmlns:p='u'>{''.join(parts)}</root>".encode()


def expected(data: bytes) -> list[str]:
    """What the other parser finds in the whole."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    root = etree.fromstring(data, parser)
    places = [root, *root.findall("box")]
    rows = [row for row in root.iter() if row.getparent() in places and etree.QName(row).localname in ("row", "other")]
    return [shown(row) for row in rows]


@given(st.lists(PARTS, max_size=40))
@settings(max_examples=400)
@example(["<row>1</row>", "<row/>", "<row><row>2</row></row>", "<row>1</row>"])
@example(["<row>1</row>", "<row><!-- </row> <row> --></row>", "<row/><row>2</row>"])
@example(["<row>1</row>", "<!-- <row>", "<row>2</row>", "--><row>3</row>"])
def test_every_element_is_found_once_and_stands_on_its_own_bytes(parts: list[str]) -> None:
    data = document(parts)
    try:
        wanted = expected(data)
    except etree.XMLSyntaxError:
        assert Found(data).walk().verdict == "quarantined"
        return
    found = Found(data)
    assert found.walk().verdict == "clean"
    assert [row for row, _ in found.rows] == wanted
    for row, source in found.rows:
        parser = etree.XMLParser(remove_comments=True, remove_pis=True)
        (alone,) = etree.fromstring(b"<r xmlns:p='u'>%b</r>" % source, parser)
        assert shown(alone) == row
        assert re.fullmatch(rb"<.*>", source, re.DOTALL)


@given(st.lists(PARTS, min_size=20, max_size=60), st.integers(16, 400))
@settings(max_examples=200)
def test_the_size_of_slices_does_not_matter(parts: list[str], size: int) -> None:
    data = document(parts)
    whole = Found(data)
    verdict = whole.walk().verdict
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_xml, "SLICE", size)
        patch.setattr(_xml, "GAP", size)
        sliced = Found(data)
        assert sliced.walk().verdict == verdict
    assert verdict != "clean" or sliced.rows == whole.rows


def test_runs_are_cut_out_of_a_long_document() -> None:
    """What is fast is taken: the parser of the whole sees few of the rows."""
    data = document(["<row><a>1</a></row>\n"] * 50_000)
    found, seen = Found(data), 0
    with pytest.MonkeyPatch.context() as patch:
        starts = _xml._Walker._start

        def counted(self: _xml._Walker, tag: str, attributes: dict[str, str]) -> None:
            nonlocal seen
            seen += 1
            starts(self, tag, attributes)

        patch.setattr(_xml._Walker, "_start", counted)
        assert found.walk().verdict == "clean"
    assert len(found.rows) == 50_000
    assert seen < 10_000


def test_an_element_that_nobody_knows_is_reported_once() -> None:
    found = Found(document(["<new>1</new>", "<row>1</row>", "<new>2</new>"]))
    parsed = found.walk()
    assert ["root/new" in problem.what for problem in parsed.problems] == [True]
    assert len(found.rows) == 1


ANY = re.compile(".+")
ROWS = st.sampled_from(
    [
        '<row><a>1</a><b c="2">3</b></row>', "<row><a> 4\n</a><a/><a>5</a></row>", "<row><a>6 &amp; &lt;7</a></row>",
        '<row><a>8<!-- > --></a><b c="&quot;9"/></row>', "<row><a>&#49;0</a></row>", "<row><a><![CDATA[11]]></a></row>",
        "<row><a>1 > 2</a></row>", "<row><a b='13'>\r\n14</a></row>", '<row><a b="15\n16"/><a b=">"/></row>', "<row/>",
        '<row><p:a p:b="17">18</p:a></row>', "<row><a xmlns='u'>19</a></row>", "<row><a>\u00e9\u20ac</a></row>",
        '<row><a b="<!-- -->"/></row>', "<row><a>< </a></row>", "<row><a></b></a></row>", "<!-- <row> -->", "\n ",
        "<row><row><a>20</a></row></row>", '<row a="21"><b>22</b></row>', "<row>text<a>23</a>text</row>",
    ]
)  # fmt: skip


@given(st.lists(ROWS, max_size=30))
@settings(max_examples=300)
@example(['<row><a b="1"/></row>'] * 2 + ['<row><a b="<!-- -->1"/></row>'])
def test_rows_state_the_same_whichever_way_they_are_read(parts: list[str]) -> None:
    data = document(parts).replace(b"'u'", b"'p'")
    rows: list[Stated] = []
    plan = Plan(
        frozenset({"root"}), {"root": lambda *_: None}, {}, rows={"root/row": Row(lambda row, _: rows.append(row), ANY)}
    )
    draft = Draft("xml", data)
    walk(draft, plan)
    try:
        root = etree.fromstring(data, etree.XMLParser(remove_comments=True, remove_pis=True))
    except etree.XMLSyntaxError:
        assert draft.faults
        return
    for element in root.iter():
        element.tag = etree.QName(element).localname
    assert rows == [stated(row, ANY) for row in root.iterchildren("row")]
    assert not draft.faults
