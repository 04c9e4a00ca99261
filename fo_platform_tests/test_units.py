"""Exact arithmetic: rounding half to even once, and products that do not overflow."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform import units

CENTS = st.decimals(-(10**12), 10**12, places=2)


def test_a_float_is_read_as_its_shortest_decimal() -> None:
    assert units.exact([0.1, 2.675, None], units.MONEY).tolist()[:2] == [Decimal("0.10"), Decimal("2.68")]


def test_halves_go_to_the_even_cent() -> None:
    assert units.exact(["0.125", "0.135", "-0.125"], units.MONEY).tolist() == [
        Decimal("0.12"),
        Decimal("0.14"),
        Decimal("-0.12"),
    ]


def test_a_value_in_base_is_rounded_at_each_stated_step() -> None:
    quantity, price = units.exact(["3"], units.QUANTITY), units.exact(["10.005"], units.PRICE)
    value = units.market_value(quantity, price, scale=units.exact(["0.01"], units.PRICE))
    assert value.tolist() == [Decimal("0.300150")]
    assert units.convert(value, units.exact(["1.1"], units.FX)).tolist() == [Decimal("0.33")]


def test_a_product_of_the_largest_book_does_not_overflow() -> None:
    quantity, price = units.exact([10**12], units.QUANTITY), units.exact([10**4], units.PRICE)
    assert units.market_value(quantity, price, scale=units.exact([1], units.PRICE)).tolist() == [Decimal(10**16)]


def test_an_unknown_stays_unknown_and_is_left_out_of_a_total() -> None:
    column = units.exact([None, float("nan"), pd.NA, "2"], units.MONEY)
    assert column.isna().tolist() == [True, True, True, False]
    assert units.total(column) == 2
    assert units.total(column[:0]) == 0


@given(st.lists(CENTS, max_size=20))
def test_a_total_is_the_exact_sum(amounts: list[Decimal]) -> None:
    assert units.total(units.exact(amounts, units.MONEY)) == sum(amounts, Decimal(0))


@pytest.mark.parametrize(
    ("value", "text"), [("1.50", "1.5"), ("100", "100"), ("-0.00", "0"), ("1E-10", "0.0000000001")]
)
def test_a_plain_number_has_no_exponent_and_no_trailing_zero(value: str, text: str) -> None:
    assert units.plain(Decimal(value)) == text
