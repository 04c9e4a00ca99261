"""What an element states is the same by its shape as by the parser, and what is not well formed has no shape."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from fo_platform.custodians._xml_plain import Element, Shapes, stated

ANY = re.compile(".+")
ENTRY = (
    '<Ntry>\n  <Amt Ccy="CHF">10.50</Amt>\r\n  <Sts> BOOK </Sts><Dtls><Tx><!-- one --><Inf>a &amp; b</Inf></Tx>'
    '<Tx><Inf/><Inf a="x" b="">c</Inf></Tx></Dtls>\t</Ntry>'
)


def parsed(raw: bytes) -> list[Element]:
    """The elements of some bytes; none where they are not well formed."""
    try:
        return list(etree.fromstring(b"<r>%b</r>" % raw, etree.XMLParser(remove_comments=True, remove_pis=True)))
    except etree.XMLSyntaxError:
        return []


def shapes(encoding: str = "utf-8", wanted: re.Pattern[str] = ANY) -> Shapes:
    return Shapes(parsed, encoding, wanted)


def test_an_element_states_its_texts_and_attributes_by_their_paths() -> None:
    found = shapes().stated(ENTRY.encode())
    assert found is not None
    assert found.children == ("Amt", "Sts", "Dtls")
    assert found.texts == {
        "Amt": "10.50", "Sts": "BOOK", "Dtls": "", "Dtls/Tx": "", "Dtls/Tx/Inf": "a & b", "Dtls/Tx[2]": "",
        "Dtls/Tx[2]/Inf": "", "Dtls/Tx[2]/Inf[2]": "c",
    }  # fmt: skip
    assert found.attributes == {"Amt@Ccy": "CHF", "Dtls/Tx[2]/Inf[2]@a": "x", "Dtls/Tx[2]/Inf[2]@b": ""}
    assert found.elements == found.texts.keys()


def test_only_texts_that_are_wanted_are_kept() -> None:
    wanted = re.compile("Amt|Dtls/Tx/Inf")
    for found in (shapes(wanted=wanted).stated(ENTRY.encode()), stated(parsed(ENTRY.encode())[0], wanted)):
        assert found is not None
        assert found.texts == {"Amt": "10.50", "Dtls/Tx/Inf": "a & b"}
        assert "Sts" in found.elements


@given(
    st.lists(st.tuples(st.integers(0, len(ENTRY)), st.integers(0, 3), st.sampled_from(
        ["<", ">", '"', "'", "&", "/", "<!--", "-->", "<!-- -->", "<![CDATA[", "]]>", "<?p ?>", "&#65;", "&lt;", "\0",
         "\n", "=", " ", "!", "\u00e9", "\ufffe", "<Tx>", "</Tx>", "<Inf/>", 'a="', ' c="1"', "xmlns", "p:", "A"],
    )), min_size=1, max_size=3)
)  # fmt: skip
@settings(max_examples=1500)
def test_whatever_is_done_to_an_element_its_shape_says_what_the_parser_says(edits: list[tuple[int, int, str]]) -> None:
    read = shapes()
    assert read.stated(ENTRY.encode()) is not None
    text = ENTRY
    for at, length, new in edits:
        text = text[:at] + new + text[at + length :]
    raw = text.encode()
    found = read.stated(raw)
    assert found is None or [found] == [stated(element, ANY) for element in parsed(raw)]


@pytest.mark.parametrize(
    "raw",
    [
        b"<a><b>1</b>", b"<a><b>1</a></b>", b"<a><b>1 > 2</b></a>", b"<a><b>1 < 2</b></a>", b"<a><b>> <</b></a>",
        b'<a><b c="<!-- -->1"/></a>', b"<a><b>\x01</b></a>", b"<a><b>\xff</b></a>", b"<a><b>\xef\xbf\xbe</b></a>",
        b"<a><b>&made;</b></a>", b"<a><b>&#65;</b></a>", b"<a><b><![CDATA[1]]></b></a>", b'<a><b c="1" c="2"/></a>',
        b'<a><b c="1\n2"/></a>', b"<a><b c='1'/></a>", b'<a><b xmlns="u"/></a>', b"<a><b/></a><a><b/></a>", b"<a/>",
        b'<a><b/></a "1">', b"<a><b>\0<!-- --></b></a>",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_parser(raw: bytes) -> None:
    assert shapes().stated(raw) is None


def test_characters_are_those_of_the_encoding() -> None:
    for encoding in ("utf-8", "iso-8859-15", "windows-1252"):
        found = shapes(encoding).stated("<a><b>\u20ac\u00e9</b></a>".encode(encoding))
        assert found is not None
        assert found.texts == {"b": "\u20ac\u00e9"}
    assert shapes("us-ascii").stated("<a><b>\u00e9</b></a>".encode()) is None


def test_the_parser_sees_a_shape_once() -> None:
    seen: list[bytes] = []

    def counted(raw: bytes) -> list[Element]:
        seen.append(raw)
        return parsed(raw)

    read = Shapes(counted, "utf-8", ANY)
    for number in range(100):
        found = read.stated(b'<a><b c="%d">%d</b></a>' % (number, -number))
        assert found is not None
        assert (found.texts, found.attributes) == ({"b": str(-number)}, {"b@c": str(number)})
    assert seen == [b'<a><b c=""></b></a>']


def test_shapes_without_end_are_not_remembered() -> None:
    read = shapes()
    for number in range(1000):
        assert read.stated(b"<a><b%d>1</b%d></a>" % (number, number)) is not None
    assert len(read._shapes) <= 200
    assert read.stated(b"<a>%b</a>" % (b"<b>1</b>" * 5000)) is None
