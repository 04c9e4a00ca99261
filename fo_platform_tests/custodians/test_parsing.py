"""Which format bytes are of, and what is refused before any format reads them."""

import gc
from pathlib import Path

import pytest

from fo_platform.custodians import parse as module
from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians.parse import formats, parse, sniff
from fo_platform.errors import PolicyError

HERE = Path(__file__).parent


def first_clean(name: str) -> str:
    """The first delivery of a format that is read as clean, by name."""
    clean = (path for path in sorted((HERE / name).glob("*.expected.json")) if '"verdict": "clean"' in path.read_text())
    stem = next(clean).name.removesuffix(".expected.json")
    return next(path.name for path in (HERE / name).glob(f"{stem}.*") if not path.name.endswith(".expected.json"))


GOOD = {name: first_clean(name) for name in formats()}
TEXTS = [name for name in GOOD if not GOOD[name].endswith(".xlsx")]


def good(name: str) -> bytes:
    return (HERE / name / GOOD[name]).read_bytes()


@pytest.mark.parametrize("name", GOOD)
def test_a_delivery_looks_like_its_own_format_only(name: str) -> None:
    assert [other for other, candidate in formats().items() if candidate.sniff(good(name))] == [name]
    assert parse(good(name)).format == parse(good(name), name).format == name


@pytest.mark.parametrize("name", GOOD)
def test_an_empty_delivery_is_quarantined_with_a_remedy(name: str) -> None:
    for data in (b"", b"\xef\xbb\xbf", b" \r\n\n"):
        found = parse(data, name)
        assert (found.format, found.verdict) == (name, "quarantined")
        assert found.reason == "Line 1: the file is empty. Ask the custodian to send it again."


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_delivery_in_a_wide_encoding_is_quarantined_and_not_misread(name: str, encoding: str) -> None:
    data = good(name).decode("latin-1").encode(encoding)
    for feed in (None, name):
        found = parse(data, feed)
        assert (found.format, found.verdict) == (name, "quarantined")
        assert "encoded in UTF-" in found.reason
        assert found.records == ()


@pytest.mark.parametrize("name", GOOD)
def test_a_delivery_of_another_format_than_declared_is_quarantined(name: str) -> None:
    other = next(feed for feed in GOOD if feed != name)
    found = parse(good(name), other)
    assert found.verdict == "quarantined"
    assert f"this is not the beginning of {other}: it looks like {name}" in found.reason


def test_bytes_of_no_format_are_unknown_and_for_a_declared_feed_quarantined() -> None:
    for data in (b"PK\x03\x04" + bytes(200), b"Date;Amount\n1;2\n", bytes(range(256)) * 4):
        assert sniff(data) is None
        assert parse(data).verdict == "unknown"
        assert parse(data, "mt940").verdict == "quarantined"


def test_a_feed_that_is_no_format_is_a_fault_of_the_declaration() -> None:
    with pytest.raises(PolicyError, match="No format is called mt999"):
        parse(good("mt940"), "mt999")


def test_a_delivery_above_the_size_limit_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SIZE_MAX", 100)
    found = parse(good("mt535"), "mt535")
    assert found.verdict == "quarantined"
    assert "more than 100 bytes" in found.reason


BROKEN = {
    "ibkr_flex": b'<FlexQueryResponse><FlexStatement accountId="U1">%s</FlexStatement></FlexQueryResponse>',
    "mt535": b"{1:F01X}{2:I535X}{4:\n:16R:GENL\n:98A::STAT//20220613\n:97A::SAFE//1\n:16S:GENL\n%s-}\n",
    "mt940": b":20:1\n:25:1\n:28C:1\n:60F:C220613CHF0,\n%s:62F:C220613CHF0,\n",
    "us_custodian_fixed": b"BOFUSCUST   20220613\n%s",
}
FAULTY_ROW = {
    "ibkr_flex": b'<OpenPosition conid="1" position="NaN"/>',
    "mt535": b":16R:FIN\n:35B:ISIN CH0038863350\n:16S:FIN\n",
    "mt940": b":61:22061X\n",
    "us_custodian_fixed": b"X\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_reading_stops_after_a_hundred_faults(name: str) -> None:
    found = parse(BROKEN[name] % (FAULTY_ROW[name] * 1000), name)
    assert found.verdict == "quarantined"
    assert len(found.problems) == 100


def test_a_reader_that_fails_costs_its_file_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(draft: Draft) -> None:
        raise KeyError(draft.format)

    broken = Format("mt940", formats()["mt940"].sniff, fail, "fails")
    monkeypatch.setattr(module, "formats", lambda: {"mt940": broken})
    found = parse(good("mt940"))
    assert (found.verdict, found.problems[0].what) == ("quarantined", f"the reader of mt940 {module.FAILED}")
    assert gc.isenabled()


def test_a_verdict_never_depends_on_what_was_read_before() -> None:
    assert parse(good("mt940")) == parse(good("mt940"))
