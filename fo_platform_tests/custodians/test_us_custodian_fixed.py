"""Columns of the fixed-width file: what a byte in the wrong place does."""

from pathlib import Path

import pytest

from fo_platform.custodians._us_custodian import DETAILS, TRAILER, Column, cut
from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

FULL = (Path(__file__).parent / "us_custodian_fixed/full.txt").read_bytes()
LINES = FULL.splitlines()


def with_column(line: int, column: Column, text: str) -> Parsed:
    """The delivery with one column of one line written anew."""
    old = LINES[line]
    assert len(text) == column.last - column.first + 1
    new = old[: column.first - 1] + text.encode() + old[column.last :]
    return parse(b"\n".join([*LINES[:line], new, *LINES[line + 1 :]]), "us_custodian_fixed")


def column(code: str, name: str) -> Column:
    return next(column for column in DETAILS[code].columns if column.name == name)


@pytest.mark.parametrize("code", DETAILS)
def test_columns_do_not_overlap_and_stay_within_the_record(code: str) -> None:
    taken = [
        at
        for column in DETAILS[code].columns
        for at in [*range(column.first, column.last + 1), *([column.sign] if column.sign else [])]
    ]
    assert len(taken) == len(set(taken))
    assert max(taken) <= 200


def test_the_sign_byte_and_the_implied_decimals_make_the_number() -> None:
    line = " " * 44 + "000000000001250000" + "-" + " " * 137
    assert cut(line, (column("P", "quantity"),)) == {"quantity": "-12.5"}


def test_blank_columns_are_not_stated() -> None:
    parsed = with_column(1, column("P", "price"), " " * 17)
    assert parsed.verdict == "clean"
    assert "price" not in parsed.records[0].fields


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("price", "00000000000000NaN", "columns 83-99 (price): '00000000000000NaN' is not a zero-padded number"),
        ("quantity", " 00000000001050000", "does not fill its columns"),
        ("quantity", " " * 18, "quantity is blank"),
        ("currency", "   ", "currency is blank"),
        ("account", " " * 10, "account is blank"),
        ("price_date", "20221340", "price_date"),
        ("basis", "X", "price basis 'X' is neither U nor C"),
    ],
)
def test_a_column_that_cannot_be_read_is_named(name: str, text: str, what: str) -> None:
    parsed = with_column(1, column("P", name), text)
    assert parsed.verdict == "quarantined"
    assert "Line 2: record P: " in parsed.reason
    assert what in parsed.reason


@pytest.mark.parametrize("name", ["details", "P", "L", "C", "A", "market_value"])
def test_every_figure_of_the_trailer_is_proved(name: str) -> None:
    at = next(column for column in TRAILER if column.name == name)
    parsed = with_column(len(LINES) - 1, at, "7".zfill(at.last - at.first + 1))
    assert parsed.verdict == "quarantined"
    assert f"trailer {name}: the file states" in parsed.reason


def test_a_quantity_that_is_off_by_one_is_for_reconciliation_and_not_a_control() -> None:
    parsed = with_column(1, column("P", "quantity"), "000000000001150000")
    assert parsed.verdict == "clean"
    assert parsed.records[0].fields["quantity"] == "11.5"


def test_trailing_blanks_may_be_cut_off_and_longer_records_are_refused() -> None:
    cut_off = b"\n".join(line.rstrip(b" ") for line in LINES)
    assert [record.fields for record in parse(cut_off).records] == [record.fields for record in parse(FULL).records]
    assert parse(FULL.replace(b"\nP", b"\nP" + b"0" * 200, 1)).verdict == "quarantined"


def test_a_second_header_and_a_header_that_is_neither_full_nor_delta_are_refused() -> None:
    assert "a second header" in parse(FULL.replace(b"EOF", LINES[0] + b"\nEOF")).reason
    assert "does not say REFRESHED" in parse(FULL.replace(b"REFRESHED", b"REFRESHEX")).reason
