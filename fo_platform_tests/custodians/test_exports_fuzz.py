"""No byte that goes missing or wrong makes a reader of exports raise, or point outside of what it read."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.custodians.parse import parse
from fo_platform_tests.custodians.test_parser_fuzz import prove_sound

HERE = Path(__file__).parent
GOOD = {
    f"{folder}/{file}": (HERE / folder / file).read_bytes()
    for folder, file in (
        ("alpaca_json", "positions.rest"), ("alpaca_json", "activities.rest"), ("bai2", "two_currencies.bai"),
        ("coinbase_json", "transactions.rest"), ("degiro_csv", "account_dutch.csv"), ("degiro_csv", "transactions.csv"),
        ("etoro_csv", "activity.csv"), ("fidelity_csv", "history.csv"), ("fidelity_csv", "positions.csv"),
        ("fireblocks_json", "one_page.rest"), ("ibkr_activity_csv", "statement.csv"), ("ibkr_csv", "trades.csv"),
        ("ofx", "bank_and_card.qfx"), ("ofx", "broker_sgml.ofx"), ("plaid_json", "holdings.rest"),
        ("saxo_csv", "transactions.csv"), ("schwab_csv", "positions.csv"), ("snaptrade_json", "holdings.rest"),
        ("snaptrade_json", "activities.rest"), ("swissquote_csv", "german_windows.csv"),
        ("vanguard_csv", "holdings_and_transactions.csv"),
    )
}  # fmt: skip
NAMES = st.sampled_from(sorted(GOOD))
EVIL = st.sampled_from(
    [bytes([byte]) for byte in b"\x00\xff\r\n\"'<>&:{}[],;.-"] + [b"", b"</", b"NaN", b"9" * 50, b'""']
)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), EVIL), min_size=1, max_size=4)


def read_both_ways(name: str, data: bytes) -> None:
    for feed in (None, name.partition("/")[0]):
        prove_sound(data, parse(data, feed))


@given(NAMES, EDITS)
@settings(max_examples=600, deadline=None)
def test_bytes_that_are_lost_or_replaced_never_raise(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    data = GOOD[name]
    for place, lost, new in edits:
        at = int(place * len(data))
        data = data[:at] + new + data[at + lost :]
    read_both_ways(name, data)


@given(NAMES, st.floats(0, 1))
@settings(max_examples=300, deadline=None)
def test_a_file_that_breaks_off_never_raises(name: str, at: float) -> None:
    read_both_ways(name, GOOD[name][: int(at * len(GOOD[name]))])


@given(NAMES, st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_random_bytes_behind_a_good_beginning_never_raise(name: str, noise: bytes) -> None:
    read_both_ways(name, GOOD[name][:300] + noise)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_clean_and_claimed_by_one_format(name: str) -> None:
    found = parse(GOOD[name])
    assert (found.format, found.verdict) == (name.partition("/")[0], "clean")
