"""Results of pure functions of frames, kept while the frames live. What the functions compute does not belong here."""

import weakref
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

import pandas as pd

P = ParamSpec("P")
R = TypeVar("R")


def once(function: Callable[P, R]) -> Callable[P, R]:
    """Compute a pure function once for the same frames and values, as several tables of a day start alike.

    A frame is known by its identity, since nobody alters what he is handed; with it goes what was computed from it.
    Results are shared, so they are not altered either.
    """
    kept: dict[Hashable, R] = {}

    @wraps(function)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
        values = [*args, *kwargs.values()]
        frames = [value for value in values if isinstance(value, pd.DataFrame)]
        key = (*(id(value) if isinstance(value, pd.DataFrame) else value for value in values), *kwargs)
        if key not in kept:
            kept[key] = function(*args, **kwargs)
            for frame in frames:
                weakref.finalize(frame, kept.pop, key, None)
        return kept[key]

    return remembered
