"""The content hash: the same for the same values however they are held, another for any other value."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.warehouse.content import content_hash

TEXTS = st.lists(st.none() | st.text(max_size=4), max_size=6)
MONEY = pa.decimal128(24, 2)


def text(values: list[str | None]) -> pa.Table:
    return pa.table({"text": pa.array(values, pa.string())})


def of(values: object, kind: pa.DataType) -> pa.Table:
    return pa.table({"value": pa.array(values, kind)})


@given(TEXTS, TEXTS)
def test_two_texts_hash_alike_exactly_when_they_are_equal(one: list[str | None], other: list[str | None]) -> None:
    assert (content_hash(text(one)) == content_hash(text(other))) == (one == other)


@given(st.lists(st.none() | st.integers(-(10**20), 10**20), max_size=6), st.integers(0, 6))
def test_chunks_and_slices_do_not_matter(cents: list[int | None], cut: int) -> None:
    values = [None if cent is None else pa.scalar(cent, pa.decimal128(24, 0)).as_py().scaleb(-2) for cent in cents]
    whole = of(values, MONEY)
    cut = min(cut, len(values))
    chunked = pa.concat_tables([whole.slice(0, cut), whole.slice(cut)])
    padded = of([None, *values, None], MONEY).slice(1, len(values))
    assert content_hash(whole) == content_hash(chunked) == content_hash(padded)


def test_what_lies_under_an_unknown_value_does_not_matter() -> None:
    seven, eight = (
        pa.table(
            {"value": pa.Array.from_buffers(pa.int64(), 2, [pa.py_buffer(b"\x01"), pa.py_buffer(np.array([1, junk]))])}
        )
        for junk in (7, 8)
    )
    assert seven.equals(eight)
    assert content_hash(seven) == content_hash(eight)


DIFFERENT = {
    "an unknown value and an empty text": (of([None], pa.string()), of([""], pa.string())),
    "an unknown value and zero": (of([None], pa.int64()), of([0], pa.int64())),
    "an unknown truth and false": (of([None], pa.bool_()), of([False], pa.bool_())),
    "an unknown number and zero": (of([None], pa.float64()), of([0.0], pa.float64())),
    "letters that moved to the next row": (of(["ab", "c"], pa.string()), of(["a", "bc"], pa.string())),
    "rows in another order": (of([1, 2], pa.int64()), of([2, 1], pa.int64())),
    "the same number in another type": (of([1], pa.int64()), of([1], pa.float64())),
    "the same amount with other decimals": (of([1], MONEY), of([1], pa.decimal128(24, 4))),
    "a day and its number": (of([1], pa.date32()), of([1], pa.int64())),
    "another name": (pa.table({"a": [1]}), pa.table({"b": [1]})),
    "columns in another order": (pa.table({"a": [1], "b": [2]}), pa.table({"b": [2], "a": [1]})),
    "no rows and one unknown": (of([], pa.int64()), of([None], pa.int64())),
    "the next float": (of([0.1], pa.float64()), of([np.nextafter(0.1, 1)], pa.float64())),
    "the next microsecond": (of([0], pa.timestamp("us", "UTC")), of([1], pa.timestamp("us", "UTC"))),
}


@pytest.mark.parametrize("difference", DIFFERENT)
def test_a_difference_shows(difference: str) -> None:
    one, other = DIFFERENT[difference]
    assert content_hash(one) != content_hash(other)


def test_minus_zero_is_zero() -> None:
    assert content_hash(of([-0.0], pa.float64())) == content_hash(of([0.0], pa.float64()))


def test_the_hash_is_the_same_on_every_machine_and_day() -> None:
    columns = {
        "currency": ["CHF"],
        "fx_rate": pa.array([1], pa.decimal128(14, 8)),
        "line": pa.array([None], pa.int64()),
    }
    assert content_hash(pa.table(columns)) == "86b6597245393723b8669f0680234eb241899a3ffc922d2543645d0d6bdc4ca1"
