"""Exact columns: sums, zeros and unknowns."""

from decimal import Decimal

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from fo_platform import units
from fo_platform.book.amounts import is_nonzero, or_zero, sum_by, summed

QUANTITIES = st.decimals(min_value=-(10**9), max_value=10**9, places=10)


def _frame(keys: list[str], values: list[Decimal | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {"key": pd.Series(keys, dtype="string[pyarrow]"), "quantity": units.exact(values, units.QUANTITY)}
    )


def test_rows_of_one_key_are_added_up_and_keep_the_first_row_s_words() -> None:
    rows = _frame(["a", "b", "a"], [Decimal("0.1"), Decimal(5), Decimal("0.2")]).assign(word=["first", "other", "last"])
    total = sum_by(rows, ["key"], ["quantity"])
    assert list(total["quantity"]) == [Decimal("0.3"), Decimal(5)]
    assert list(total["word"]) == ["first", "other"]


def test_the_sum_of_unknown_amounts_is_unknown_and_not_zero() -> None:
    total = summed(_frame(["a", "a", "b", "b"], [None, None, None, Decimal(2)]), ["key"], column="quantity", name="sum")
    assert total["sum"].isna().tolist() == [True, False]
    assert or_zero(total["sum"]).tolist() == [Decimal(0), Decimal(2)]


def test_a_tenth_of_a_billionth_is_not_zero() -> None:
    amounts = units.exact(["0.0000000001", "0", None], units.QUANTITY)
    assert is_nonzero(amounts).tolist() == [True, False, False]


@given(st.lists(st.tuples(st.sampled_from("abc"), QUANTITIES), max_size=12))
def test_sums_by_key_add_up_to_the_whole_and_keep_their_type(pairs: list[tuple[str, Decimal]]) -> None:
    rows = _frame([key for key, _ in pairs], [value for _, value in pairs])
    total = sum_by(rows, ["key"], ["quantity"])
    assert units.total(total["quantity"]) == sum((value for _, value in pairs), Decimal(0))
    assert total["key"].is_unique
    assert total["quantity"].dtype == rows["quantity"].dtype
