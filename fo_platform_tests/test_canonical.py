"""Canonical JSON: equal to an independent writer of RFC 8785, and nothing that has two spellings gets in."""

from datetime import date
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.canonical import INTEGER_MAX, canonical, content_digest

TEXT = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=20)
LEAF = st.none() | st.booleans() | TEXT | st.integers(-INTEGER_MAX + 1, INTEGER_MAX - 1)
BODY = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))


@given(BODY)
def test_it_writes_the_bytes_of_rfc_8785(body: object) -> None:
    assert canonical(body) == rfc8785.dumps(body)


def test_decimals_and_dates_are_plain_strings() -> None:
    body = {"quantity": Decimal("1200.500"), "day": date(2022, 6, 14), "big": Decimal("1E+3")}
    assert canonical(body) == b'{"big":"1000","day":"2022-06-14","quantity":"1200.5"}'


def test_equal_numbers_have_one_digest() -> None:
    assert content_digest([Decimal("0.20")]) == content_digest([Decimal("0.2")]) != content_digest([Decimal("0.21")])


@pytest.mark.parametrize("body", [0.5, float("nan"), INTEGER_MAX, {1, 2}, b"bytes", {"deep": [0.5]}])
def test_what_has_no_single_spelling_is_refused(body: object) -> None:
    with pytest.raises(TypeError, match="canonical JSON holds no"):
        canonical(body)
