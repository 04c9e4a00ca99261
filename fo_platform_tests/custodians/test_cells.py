"""What people write in cells is read in one way only, or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.custodians import _cells as cells
from fo_platform.custodians._cells import Dialect

POINT, COMMA = Dialect(), Dialect(has_decimal_comma=True)
MONTH_FIRST = Dialect(date_order="month")


@pytest.mark.parametrize(
    ("cell", "dialect", "wanted"),
    [
        ("1,234.50", POINT, "1234.5"),
        ("(1,234.50)", POINT, "-1234.5"),
        ("$ (1,234.50)", POINT, None),
        ("($1,234.50)", POINT, "-1234.5"),
        ("-$5", POINT, "-5"),
        ("5 \u20ac", POINT, "5"),
        ("1'234'567.89", POINT, "1234567.89"),
        ("1 234 567,89", COMMA, "1234567.89"),
        ("1.234.567,89", COMMA, "1234567.89"),
        ("-,5", COMMA, "-0.5"),
        ("1.234.567", COMMA, "1234567"),
        ("1.234", COMMA, None),
        ("0.234", COMMA, "0.234"),
        ("12.5", COMMA, "12.5"),
        ("1,234,567", COMMA, None),
        ("1,5", POINT, None),
        ("250-", POINT, "-250"),
        ("\u2212250", POINT, "-250"),
        ("-", POINT, "0"),
        ("\u2013", COMMA, "0"),
        ("(-5)", POINT, None),
        ("()", POINT, None),
        ("", POINT, None),
        ("1E3", POINT, "1000"),
        ("1e999", POINT, None),
        ("NaN", POINT, None),
        ("=1+1", POINT, None),
        ("9" * 65, POINT, None),
        ("\u0664\u0662", POINT, None),
    ],
)
def test_an_amount_is_read_in_one_way_or_refused(cell: str, dialect: Dialect, wanted: str | None) -> None:
    if wanted is None:
        with pytest.raises(ValueError, match=r"number|bracket"):
            cells.amount(cell, dialect)
    else:
        assert cells.amount(cell, dialect) == wanted


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_an_amount_written_in_any_way_is_the_same_amount(number: Decimal) -> None:
    plain = f"{number:,.2f}"
    continental = plain.translate(str.maketrans(",.", ".,"))
    bracketed = f"({plain.removeprefix('-')})" if plain.startswith("-") and number else plain
    ways = [(plain, POINT), (continental, COMMA), (bracketed, POINT), (f"{number:.2f}", POINT)]
    assert {Decimal(cells.amount(cell, dialect)) for cell, dialect in ways} == {number}


@pytest.mark.parametrize(
    ("cell", "dialect", "wanted"),
    [
        ("2022-03-31", POINT, "2022-03-31"),
        ("2022-03-31T00:00:00", POINT, "2022-03-31"),
        ("20220331", POINT, "2022-03-31"),
        ("2022/3/31", POINT, "2022-03-31"),
        ("31.03.2022", COMMA, "2022-03-31"),
        ("31-Mar-2022", POINT, "2022-03-31"),
        ("31 March 2022", POINT, "2022-03-31"),
        ("March 31, 2022", POINT, "2022-03-31"),
        ("Sept 5, 2022", POINT, "2022-09-05"),
        ("3/31/2022", POINT, "2022-03-31"),
        ("31/03/2022", POINT, "2022-03-31"),
        ("05/05/2022", POINT, "2022-05-05"),
        ("03/04/2022", POINT, None),
        ("03/04/2022", MONTH_FIRST, "2022-03-04"),
        ("31/02/2022", POINT, None),
        ("44651", POINT, None),
        ("31 Foo 2022", POINT, None),
        ("Q1 2022", POINT, None),
    ],
)
def test_a_date_is_read_in_one_way_or_refused(cell: str, dialect: Dialect, wanted: str | None) -> None:
    if wanted is None:
        with pytest.raises(ValueError, match=r"."):
            cells.day(cell, dialect)
    else:
        assert cells.day(cell, dialect) == wanted


@pytest.mark.parametrize(
    ("check", "cell", "wanted"),
    [
        (cells.share, "60%", "0.6"),
        (cells.share, "0.6", "0.6"),
        (cells.share, "1", "1"),
        (cells.share, "60", None),
        (cells.share, "101%", None),
        (cells.share, "-0.1", None),
        (cells.percent_share, "60", "0.6"),
        (cells.percent_share, "0.6", None),
        (cells.percent_share, "0.6%", "0.006"),
        (cells.percent_share, "100", "1"),
        (cells.percent, "4.25", "0.0425"),
        (cells.percent, "-4.25%", "-0.0425"),
        (cells.fraction, "-0.009", "-0.009"),
        (cells.fraction, "-0.9%", "-0.009"),
        (cells.fraction, "5.2", None),
    ],
)
def test_a_percentage_and_a_fraction_are_never_mistaken_for_each_other(
    check: cells.Check, cell: str, wanted: str | None
) -> None:
    if wanted is None:
        with pytest.raises(ValueError, match=r"fraction|between"):
            check(cell, POINT)
    else:
        assert check(cell, POINT) == wanted
