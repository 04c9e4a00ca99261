"""No byte that goes missing or wrong makes a parser raise, or point outside of what it read."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fo_platform.custodians.parse import FAILED, parse
from fo_platform.custodians.records import Parsed

HERE = Path(__file__).parent
GOOD = {
    name: (HERE / name / file).read_bytes()
    for name, file in {
        "ibkr_flex": "two_accounts.xml",
        "market_csv": "first_delivery.csv",
        "mt535": "two_pages.fin",
        "mt940": "dialects.sta",
        "us_custodian_fixed": "full.txt",
    }.items()
}
NAMES = st.sampled_from(sorted(GOOD))
EVIL = st.sampled_from(
    [bytes([byte]) for byte in b"\x00\xff\r\n\"'<&:N,."]
    + [b"", b"-}", b":16R:", b"\n:20:", b"\n:60F:", b"9" * 50, b"NaN"]
)


def prove_sound(data: bytes, parsed: Parsed) -> None:
    """Whatever was read: a verdict with a reason, offsets inside the data, lines that tell where, and a document."""
    assert (parsed.verdict == "clean") == (parsed.reason == "")
    assert not any(FAILED in problem.what for problem in parsed.problems)
    for record in parsed.records:
        assert 0 <= record.offset < record.offset + record.length <= len(data)
        assert record.line == data.count(b"\n", 0, record.offset) + 1
    for problem in parsed.problems:
        assert 0 <= problem.offset <= max(0, len(data) - 1)
        assert problem.line == data.count(b"\n", 0, problem.offset) + 1
        assert problem.what
        assert problem.remedy
    assert json.dumps(parsed.document())


def read_both_ways(name: str, data: bytes) -> None:
    for feed in (None, name):
        prove_sound(data, parse(data, feed))


@given(NAMES, st.floats(0, 1))
@settings(max_examples=300)
def test_a_delivery_that_breaks_off_anywhere_is_never_clean_with_less_in_it(name: str, at: float) -> None:
    data = GOOD[name][: int(at * len(GOOD[name]))]
    read_both_ways(name, data)
    whole, found = parse(GOOD[name]), parse(data, name)
    assert found.verdict != "clean" or len(found.records) == len(whole.records) or name == "mt940"


@given(NAMES, st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), EVIL), min_size=1, max_size=4))
@settings(max_examples=500)
@example("ibkr_flex", [(0.5, 12, b"")])
def test_bytes_that_are_lost_or_replaced_never_raise(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    data = GOOD[name]
    for place, lost, new in edits:
        at = int(place * len(data))
        data = data[:at] + new + data[at + lost :]
    read_both_ways(name, data)


@given(NAMES, st.binary(max_size=200))
@settings(max_examples=200)
def test_random_bytes_behind_a_good_beginning_never_raise(name: str, noise: bytes) -> None:
    read_both_ways(name, GOOD[name][:300] + noise)


@pytest.mark.parametrize("name", ["market_csv", "mt940", "us_custodian_fixed"])
def test_a_lost_line_is_noticed_or_holds_no_money(name: str) -> None:
    lines = GOOD[name].splitlines(keepends=True)
    whole = figures(parse(GOOD[name]))
    for number in range(len(lines)):
        data = b"".join(lines[:number] + lines[number + 1 :])
        found = parse(data, name)
        prove_sound(data, found)
        assert found.verdict != "clean" or figures(found) == whole, lines[number]


def figures(parsed: Parsed) -> list[object]:
    """What counts: whose it is, how much, how often."""
    names = ("quantity", "cost", "amount", "price_local", "fx_rate", "return_1d")
    return [(r.kind, r.account, *(r.fields.get(name) for name in names)) for r in parsed.records]


@pytest.mark.slow
@given(NAMES, st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), EVIL | st.binary(max_size=8)), max_size=12))
@settings(max_examples=10_000)
def test_many_edits_never_raise(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    data = GOOD[name]
    for place, lost, new in edits:
        at = int(place * len(data))
        data = data[:at] + new + data[at + lost :]
    read_both_ways(name, data)
