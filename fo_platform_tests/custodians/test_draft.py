"""The line of a byte does not depend on the order in which lines are asked for."""

from hypothesis import given
from hypothesis import strategies as st

from fo_platform.custodians._draft import Draft


@given(st.binary(max_size=200).map(lambda data: data.replace(b"a", b"\n")), st.lists(st.integers(0, 200), max_size=20))
def test_a_line_is_counted_from_wherever_is_nearest(data: bytes, offsets: list[int]) -> None:
    draft = Draft("any", data)
    for offset in offsets:
        assert draft.line(offset) == 1 + data[:offset].count(b"\n")


def test_the_third_line_begins_behind_the_second_break() -> None:
    draft = Draft("any", b"a\nb\nc")
    assert [draft.line(offset) for offset in (4, 0, 2, 3)] == [3, 1, 2, 2]


def test_counting_goes_on_from_a_line_that_a_reader_counted_to_itself() -> None:
    draft = Draft("any", b"a\nb\nc\nd")
    draft.counted(4, 3)
    assert [draft.line(offset) for offset in (6, 4, 0)] == [4, 3, 1]
