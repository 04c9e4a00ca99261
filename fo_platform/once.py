"""Results of pure functions of frames, kept while the frames live. What the functions compute does not belong here."""

import weakref
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

import pandas as pd

P = ParamSpec("P")
R = TypeVar("R")


def once(function: Callable[P, R]) -> Callable[P, R]:
    """Compute a pure function once for the same frames and values, as several tables of a day start alike.

    A frame, also one in a dataclass, is known by its identity, since nobody alters what he is handed; with it goes
    what was computed from it.
    Results are shared, so they are not altered either.
    """
    kept: dict[Hashable, R] = {}

    @wraps(function)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
        values = [part for value in (*args, *kwargs.values()) for part in _parts(value)]
        frames = [value for value in values if isinstance(value, pd.DataFrame)]
        key = (*(id(value) if isinstance(value, pd.DataFrame) else value for value in values), *kwargs)
        if key not in kept:
            kept[key] = function(*args, **kwargs)
            for frame in frames:
                weakref.finalize(frame, kept.pop, key, None)
        return kept[key]

    return remembered


def _parts(value: object) -> list[object]:
    """Fields of a dataclass, such as the frames of a bundle, or the value itself."""
    if not is_dataclass(value):
        return [value]
    return [getattr(value, field.name) for field in fields(value)]
