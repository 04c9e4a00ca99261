"""SWIFT settlement files that are made to hurt, and edits of good ones: a verdict, bounded, and nothing raised."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.custodians.parse import parse
from fo_platform_tests.custodians.test_parser_fuzz import prove_sound

HERE = Path(__file__).parent
GOOD = {
    name: (HERE / name / file).read_bytes()
    for name, file in {
        "mt536": "two_instruments.fin",
        "mt537": "penalties.fin",
        "mt54x": "confirmation_of_a_sale.fin",
        "mt564": "dividend_with_options.fin",
        "mt942": "interim.sta",
    }.items()
}
NAMES = st.sampled_from(sorted(GOOD))
EVIL = st.sampled_from(
    [bytes([byte]) for byte in b"\x00\xff\r\n\"'<&:N,./"]
    + [b"", b"-}", b":16R:", b":16S:", b"\n:19A::", b"\n:98A::SETT//", b"\n:61:", b"9" * 50, b"NaN", b"{2:I541"]
)
HEADS = {name: data[: data.index(b"{4:") + 4] for name, data in GOOD.items()}


def hostile(head: bytes) -> dict[str, bytes]:
    """Files behind a good header, by what is wrong with them."""
    opened = head + b":16R:GENL\n"
    return {
        "blocks in blocks": head + b":16R:FIN\n" * 20_000,
        "ends without beginnings": head + b":16S:FIN\n" * 20_000,
        "a field of a megabyte": opened + b":70E::HOLD//" + b"A" * 2**20 + b"\n:16S:GENL\n-}\n",
        "empty lines": opened + b"\n" * 300_000 + b":16S:GENL\n-}\n",
        "zero bytes": opened + b"\x00" * 50_000 + b"\n:16S:GENL\n-}\n",
        "digits": opened + b":19A::SETT//CHF" + b"9" * 50_000 + b",\n:90D:" + b"9" * 50_000 + b"\n:16S:GENL\n-}\n",
        "headers only": head * 5_000,
        "qualifiers": opened + b"".join(b":20C::A%03d//X\n" % at for at in range(1000)) + b":16S:GENL\n-}\n",
        "slashes": opened + b":35B:" + b"/" * 100_000 + b"\n:69A::STAT//" + b"/" * 100_000 + b"\n:16S:GENL\n-}\n",
        "ends of messages": head + b"-}\n" * 20_000,
        "a page of many digits": opened + b":28E:" + b"1" * 5 + b"/MORE\n:16S:GENL\n-}\n",
        "latin letters": opened + "Ä".encode("latin-1") * 50_000 + b"\n:16S:GENL\n-}\n",
    }


CASES = [(name, what) for name in sorted(GOOD) for what in hostile(b"")]


@pytest.mark.parametrize(("name", "what"), CASES, ids=str)
def test_a_hostile_file_is_refused_and_costs_no_memory(name: str, what: str) -> None:
    data = hostile(HEADS[name])[what]
    tracemalloc.start()
    try:
        parsed = parse(data, name)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    prove_sound(data, parsed)
    assert peak < 40 * 2**20 + 20 * len(data)
    assert not any(record.kind == "transaction" for record in parsed.records)
    assert parsed.verdict in ("quarantined", "incomplete") or not parsed.records or name in ("mt54x", "mt564")


@pytest.mark.parametrize("name", sorted(GOOD))
def test_many_messages_are_read_in_order(name: str) -> None:
    data = GOOD[name] * 200
    parsed = parse(data, name)
    prove_sound(data, parsed)
    assert len(parsed.records) == 200 * len(parse(GOOD[name]).records)


def read_both_ways(name: str, data: bytes) -> None:
    for feed in (None, name):
        prove_sound(data, parse(data, feed))


@given(NAMES, st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), EVIL), min_size=1, max_size=4))
@settings(max_examples=400)
def test_bytes_that_are_lost_or_replaced_never_raise(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    data = GOOD[name]
    for place, lost, new in edits:
        at = int(place * len(data))
        data = data[:at] + new + data[at + lost :]
    read_both_ways(name, data)


@given(NAMES, st.floats(0, 1))
@settings(max_examples=300)
def test_a_delivery_that_breaks_off_anywhere_is_never_clean_with_less_in_it(name: str, at: float) -> None:
    data = GOOD[name][: int(at * len(GOOD[name]))]
    read_both_ways(name, data)
    whole, found = parse(GOOD[name]), parse(data, name)
    assert found.verdict != "clean" or [r.fields for r in found.records] == [r.fields for r in whole.records]


@given(NAMES, st.binary(max_size=200))
@settings(max_examples=150)
def test_random_bytes_behind_a_good_beginning_never_raise(name: str, noise: bytes) -> None:
    read_both_ways(name, GOOD[name][:300] + noise)
