"""XML made to harm, or broken by accident, is refused with a reason, in bounded memory and time."""

import re
from pathlib import Path
from typing import Any, SupportsIndex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.custodians import _xml
from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed
from fo_platform_tests.custodians.test_parser_fuzz import EVIL, prove_sound

HERE = Path(__file__).parent
GOOD = {
    name: (HERE / name / file).read_bytes()
    for name, file in {
        "camt053": "two_accounts.xml",
        "sec_nport": "fund.xml",
        "semt002": "two_pages.xml",
        "semt017": "posted.xml",
        "sese025": "confirmed.xml",
    }.items()
}
NAMES = st.sampled_from(sorted(GOOD))
ROWS = {"camt053": b"Ntry", "sec_nport": b"invstOrSec", "semt002": b"BalForAcct", "semt017": b"Tx"}
MEBIBYTE = 2**20


def refused(data: bytes, name: str = "camt053") -> Parsed:
    found = parse(data, name)
    prove_sound(data, found)
    assert found.verdict == "quarantined", found.verdict
    return found


def body(name: str) -> bytes:
    """A good delivery without its declaration."""
    return re.sub(rb"^\s*<\?xml[^>]*>\s*", b"", GOOD[name])


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_document_type_is_refused_before_its_entities_mean_anything(name: str) -> None:
    bomb = b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    outside = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    for declaration in (bomb, outside, b"<!DOCTYPE d>"):
        found = refused(declaration + body(name).replace(b"2022", b"&c;", 1), name)
        assert "document type" in found.reason
        assert not found.records


@pytest.mark.parametrize("name", sorted(GOOD))
def test_an_entity_that_nobody_declared_is_refused(name: str) -> None:
    refused(GOOD[name].replace(b"2022-06", b"&year;-06"), name)


def test_depth_is_bounded_inside_and_outside_of_a_record() -> None:
    deep = b"<a>" * 200_000
    assert "nested more than" in refused(GOOD["camt053"].replace(b"<NtryDtls>", deep + b"<NtryDtls>")).reason
    assert "nested more than" in refused(b"<Envelope>" * 200 + body("camt053")).reason
    nested = refused(b"<BkToCstmrStmt>" + b"<Stmt>" * 200_000)
    assert any("nested more than" in problem.what for problem in nested.problems)


def test_a_record_without_end_is_refused_before_it_fills_memory() -> None:
    filler = b"<x>y</x>" * (_xml.ITEM_MAX // 4)
    found = refused(GOOD["camt053"].replace(b"<AcctSvcrRef>B3", filler + b"<AcctSvcrRef>B3"))
    assert "is longer than" in found.reason


@pytest.mark.parametrize("opening", [b"<!-- ", b"<Ntry a='", b"<![CDATA[", b"<?x "])
def test_a_tag_or_comment_without_end_is_refused_in_time(opening: bytes) -> None:
    data = GOOD["camt053"].replace(b"<Stmt>\n<Id>C2", b"<Stmt>" + opening + b"x" * (6 * MEBIBYTE))
    refused(data)


def test_many_beginnings_without_ends_do_not_take_the_square_of_time() -> None:
    """Each of them alone would have the rest of the file looked through."""
    head, tail = GOOD["camt053"].split(b"</Stmt>", 1)
    for filler in (b"<!-- <Ntry>", b"<!--<!--", b"<!-- - ", b"</Ntry>", b"<Ntry>", b"<![CDATA[<Ntry>"):
        refused(head + filler * (MEBIBYTE // len(filler)) + tail)


def test_a_comment_full_of_tags_is_read_in_time_and_means_nothing() -> None:
    comment = b"<!--" + b"<Ntry></Ntry> <Ntry>" * 100_000 + b"-->"
    data = GOOD["camt053"].replace(b"<Ntry>", comment + b"<Ntry>", 3)
    found = parse(data)
    assert found.verdict == "clean", found.reason
    assert len(found.records) == len(parse(GOOD["camt053"]).records)


def test_thousands_of_names_are_not_remembered_without_end() -> None:
    strange = b"".join(b"<N%d/>" % number for number in range(20_000))
    assert "rows have problems" in refused(GOOD["camt053"].replace(b"<Ntry>", strange + b"<Ntry>", 1)).reason
    prefixes = b"".join(b' xmlns:p%d="u"' % number for number in range(20_000))
    assert parse(GOOD["camt053"].replace(b"<BkToCstmrStmt>", b"<BkToCstmrStmt%b>" % prefixes)).verdict == "clean"


def test_a_number_without_end_is_refused() -> None:
    for digits in (b"9" * 100_000, b"1e9", b"NaN", b"INF", b"0x10", b"1_000", b"\xd9\xa1"):
        found = refused(GOOD["camt053"].replace(b">150.00<", b">" + digits + b"<", 1))
        assert len(found.reason) < 500


def test_bytes_that_are_no_text_of_the_encoding_are_refused() -> None:
    for byte in (b"\x00", b"\xff\xfe", b"\x1b", b"\xc0\x80"):
        refused(GOOD["camt053"].replace(b"Account fee", b"Account" + byte + b"fee"))
    assert "EBCDIC" in refused(GOOD["camt053"].replace(b'encoding="UTF-8"', b'encoding="EBCDIC"')).reason


def test_a_prefix_that_is_not_declared_is_refused() -> None:
    found = refused(GOOD["sese025"].replace(b"<s:Pmt>FREE</s:Pmt>", b"<z:Pmt>FREE</z:Pmt>"), "sese025")
    assert "prefix" in found.reason


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_row_in_a_comment_or_another_document_is_no_row(name: str) -> None:
    tag = ROWS[name]
    data, end = GOOD[name], b"</%b>" % tag
    start = data.find(b"<%b>" % tag)
    row = data[start : data.find(end, start) + len(end)]
    whole = parse(data, name)
    for hidden in (b"<!--" + row + b"-->", b"<![CDATA[" + row + b"]]>", b"<SplmtryData>" + row + b"</SplmtryData>"):
        found = parse(data[:start] + hidden + data[start:], name)
        assert [r.fields for r in found.records] == [r.fields for r in whole.records]


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_delivery_that_breaks_off_anywhere_is_never_clean_with_less_in_it(name: str) -> None:
    data = GOOD[name]
    whole = len(parse(data, name).records)
    for end in range(1, len(data), 7):
        found = parse(data[:end], name)
        prove_sound(data[:end], found)
        assert found.verdict != "clean" or len(found.records) == whole


@given(NAMES, st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), EVIL), min_size=1, max_size=4))
@settings(max_examples=500)
def test_bytes_that_are_lost_or_replaced_never_raise(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    data = GOOD[name]
    for place, lost, new in edits:
        at = int(place * len(data))
        data = data[:at] + new + data[at + lost :]
    for feed in (None, name):
        prove_sound(data, parse(data, feed))


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_lost_row_is_noticed_or_nothing_states_how_many_there_are(name: str) -> None:
    """Where the delivery states a total, no row of money can go missing."""
    tag, data = ROWS[name], GOOD[name]
    rows = [m.span() for m in re.finditer(rb"<%b>.*?</%b>" % (tag, tag), data, re.DOTALL)]
    verdicts = [parse(data[:start] + data[end:], name).verdict for start, end in rows]
    proved = {"camt053": rows[:4], "semt002": rows, "semt017": rows[:2], "sec_nport": []}[name]
    assert verdicts[: len(proved)] == ["quarantined"] * len(proved)


@pytest.mark.parametrize(
    ("name", "inner"),
    [("camt053", b"Stmt"), ("semt002", b"SctiesBalCtdyRpt"), ("semt017", b"FinInstrmDtls"), ("sec_nport", b"formData")],
)
def test_a_part_of_a_message_inside_of_itself_or_outside_of_it_is_out_of_place(name: str, inner: bytes) -> None:
    opening, closing = b"<%b>" % inner, b"</%b>" % inner
    twice = body(name).replace(opening, opening * 2, 1).replace(closing, closing * 2, 1)
    assert f"{inner.decode()} stands where it does not belong" in refused(twice, name).reason
    if name != "semt002":
        outside = b"<x>%b%b%b</x>" % (opening, closing, body(name))
        assert f"{inner.decode()} stands where it does not belong" in refused(outside, name).reason


def test_no_format_claims_the_files_of_another() -> None:
    for name, data in GOOD.items():
        assert parse(data).format == name
        assert parse(data.replace(b"\n", b"\r\n")).format == name
        assert parse(b"\xef\xbb\xbf" + data.lstrip()).format == name


class Watched(bytes):
    """A delivery that notes the longest part that is asked of it."""

    longest = 0

    def __getitem__(self, part: SupportsIndex | slice, /) -> Any:
        """Some of it."""
        found = super().__getitem__(part)
        if isinstance(found, bytes):
            self.longest = max(self.longest, len(found))
        return found


def test_a_long_delivery_is_never_looked_at_in_more_than_small_parts() -> None:
    head, tail = GOOD["camt053"].split(b"<Ntry>", 1)
    entry, rest = (b"<Ntry>" + tail).split(b"</Ntry>", 1)
    noise = (entry + b"</Ntry>").replace(b"BOOK", b"INFO")
    data = Watched(head + noise * 10_000 + entry + b"</Ntry>" + rest)
    found = parse(data)
    assert found.totals()["cash_transactions"] == 4
    assert "INFO are not booked and not counted: 10000" in found.problems[0].what
    assert 0 < data.longest <= 2 * _xml.SLICE
