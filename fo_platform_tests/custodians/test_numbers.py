"""Numbers and dates in every style that custodians use, and what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.custodians._numbers import (
    add,
    compact_date,
    flex_date,
    implied_number,
    iso_date,
    number,
    swift_date,
    swift_number,
    total,
)
from fo_platform.units import plain

AMOUNTS = st.decimals(min_value=-(10**15), max_value=10**15, places=6)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("705.00", "705"), ("-0.0", "0"), ("-0", "0"), ("+1.50", "1.5"), ("1,234,567.8", "1234567.8"), (".5", "0.5"),
        ("7.", "7"), ("007", "7"), ("9.51E-4", "0.000951"), ("0E-10", "0"), ("-0.000001655", "-0.000001655"),
    ],
)  # fmt: skip
def test_a_number_has_one_canonical_text(text: str, canonical: str) -> None:
    assert number(text) == canonical


@pytest.mark.parametrize(
    "text", ["NaN", "inf", "-Infinity", "", " 1", "1 ", "1,23", "1.2.3", "--", "0x10", "1e99", "١", "1_000", "9" * 41]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        number(text)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("7,", "7"), ("N990692,", "-990692"), ("0,14528727", "0.14528727"), ("0,000000", "0"), ("N0,", "0"),
        ("1.234.567,80", "1234567.8"), ("1234", "1234"), ("12.3", "12.3"), (",5", "0.5"),
    ],
)  # fmt: skip
def test_a_swift_amount_has_a_decimal_comma_and_n_for_minus(text: str, canonical: str) -> None:
    assert swift_number(text) == canonical


@pytest.mark.parametrize("text", ["", "N", ",", "1.234", "1,2,3", "1.23,4", "NaN", "-1,", "1" * 45])
def test_an_amount_that_may_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        swift_number(text)


@given(AMOUNTS)
def test_every_style_of_a_number_reads_the_same(value: Decimal) -> None:
    wanted = plain(value)
    assert number(f"{value:f}") == number(f"{value:,f}") == wanted
    swift = f"{abs(value):f}".replace(".", ",")
    assert swift_number(f"N{swift}" if value < 0 else swift) == wanted
    assert implied_number(f"{abs(value):f}".replace(".", ""), 6, "-" if value < 0 else "+") == wanted


@given(st.lists(AMOUNTS))
def test_a_total_is_exact_in_any_order(values: list[Decimal]) -> None:
    forwards, backwards = add(values), add(reversed(values))
    assert forwards == backwards == total(plain(value) for value in values)


def test_implied_decimals_need_digits_and_a_sign() -> None:
    assert implied_number("00000012345", 2, "-") == "-123.45"
    for digits, sign in (("12a", "+"), ("", "+"), ("١٢", "+"), ("12", " ")):
        with pytest.raises(ValueError, match="is not a"):
            implied_number(digits, 2, sign)


@pytest.mark.parametrize(
    "text",
    [
        "20130102", "20130102;012514", "20130102 01:25:14", "20130102, 01:25:14", "2013-01-02", "2013-01-02T01:25:14",
        "20130102012514", "02-Jan-13", "2-JAN-2013;012514",
    ],
)  # fmt: skip
def test_a_flex_date_is_read_in_every_style_of_a_query(text: str) -> None:
    assert flex_date(text) == date(2013, 1, 2)


def test_a_slashed_date_is_read_only_when_the_file_tells_its_order() -> None:
    assert flex_date("01/02/2013;012514", "month") == flex_date("02/01/13", "day") == date(2013, 1, 2)
    with pytest.raises(ValueError, match="one way only"):
        flex_date("01/02/2013")


@pytest.mark.parametrize("text", ["", "2013-0102", "20130230", "201301021", "02-Foo-13", "20130102" + ";" * 50])
def test_what_is_no_flex_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day"):
        flex_date(text)


def test_a_swift_day_past_the_months_end_is_its_last_and_years_turn_at_1980() -> None:
    assert swift_date("160230") == date(2016, 2, 29)
    assert swift_date("951016") == date(1995, 10, 16)
    for text in ("161301", "160100", "160132", "16022", "abcdef"):
        with pytest.raises(ValueError, match="YYMMDD"):
            swift_date(text)


def test_compact_and_iso_dates_are_strict() -> None:
    assert compact_date("20220614") == iso_date("2022-06-14") == date(2022, 6, 14)
    for text in ("2022-W24-2", "20220614", "2022-6-14", "2022-02-30"):
        with pytest.raises(ValueError, match=r"date|day"):
            iso_date(text)
    for text in ("2022-06-14", "2022061", "20220231"):
        with pytest.raises(ValueError, match=r"date|day"):
            compact_date(text)
