"""Once: what is computed of a frame again, and what is let go with it."""

import gc
import weakref
from dataclasses import dataclass

import pandas as pd

from fo_platform.once import once


def test_the_same_frames_and_values_are_computed_once_and_others_anew() -> None:
    calls = []

    @once
    def scaled(frame: pd.DataFrame, factor: int, *, name: str) -> pd.DataFrame:
        calls.append((factor, name))
        return frame * factor

    frame = pd.DataFrame({"a": [1, 2]})
    assert scaled(frame, 2, name="x") is scaled(frame, 2, name="x")
    scaled(frame, 3, name="x")
    scaled(frame, 2, name="y")
    scaled(frame.copy(), 2, name="x")
    assert calls == [(2, "x"), (3, "x"), (2, "y"), (2, "x")]


def test_frames_in_a_dataclass_are_known_one_by_one() -> None:
    calls = []

    @dataclass(frozen=True)
    class Pair:
        left: pd.DataFrame
        right: pd.DataFrame

    @once
    def added(pair: Pair) -> pd.DataFrame:
        calls.append(pair)
        return pair.left + pair.right

    one, other = pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]})
    assert added(Pair(one, other)) is added(Pair(one, other))
    added(Pair(other, one))
    assert len(calls) == 2


def test_a_result_goes_with_the_frame_that_it_was_computed_from() -> None:
    @once
    def doubled(frame: pd.DataFrame) -> pd.DataFrame:
        return frame * 2

    frame = pd.DataFrame({"a": [1]})
    result = weakref.ref(doubled(frame))
    gc.collect()
    assert result() is not None
    del frame
    gc.collect()
    assert result() is None
