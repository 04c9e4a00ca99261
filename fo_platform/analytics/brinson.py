"""Brinson effects over days, segments and portfolios at once. Where weights and returns come from does not belong here.

An active return is what weighing segments otherwise than the benchmark earned (allocation), and what holding other
things within them earned (selection). Interaction, the product of both, is part of selection: who chooses within a
segment does so with the weight that it was given. Linking over time does not belong here.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

Hurdle = Literal["benchmark", "zero"]

CELLS = 1 << 15
"""Cells of a block of days, few enough to stay in the processor's cache from one product to the next."""


class Effects(NamedTuple):
    """Two arrays, days x segments x portfolios, fractions of the portfolio; selection includes interaction."""

    allocation: Array
    selection: Array


def brinson(
    weights: Array,
    weights_benchmark: Array,
    returns: Array,
    returns_benchmark: Array,
    *,
    hurdle: Hurdle = "benchmark",
) -> Effects:
    """Allocation and selection of every segment; over segments they sum to the active return.

    Arrays are days x segments x portfolios, of one shape or broadcasting to it; weights of a portfolio sum to one.
    hurdle: what a segment must beat for overweighting it to have paid: the benchmark's own return (Brinson and Fachler
    1985) or zero (Brinson, Hood and Beebower 1986). What is unknown makes its segment's effects unknown, and a
    segment of the benchmark the allocation of all.
    """
    inputs = np.broadcast_arrays(weights, weights_benchmark, returns, returns_benchmark)
    effects = Effects(np.empty(inputs[0].shape), np.empty(inputs[0].shape))
    for block in blocks(inputs[0].shape):
        _fill(tuple(array[block] for array in inputs), effects.allocation[block], effects.selection[block], hurdle)
    return effects


def blocks(shape: tuple[int, ...]) -> Iterator[slice]:
    """Days in blocks of at most CELLS cells, but at least a day."""
    days, segments, portfolios = shape
    step = max(CELLS // max(segments * portfolios, 1), 1)
    return (slice(first, first + step) for first in range(0, days, step))


def interaction(weights: Array, weights_benchmark: Array, returns: Array, returns_benchmark: Array) -> Array:
    """The part of selection that is earned on active weight: active weight x active return.

    Source: Brinson, Hood and Beebower (1986), "Determinants of Portfolio Performance".
    """
    return (weights - weights_benchmark) * (returns - returns_benchmark)


def nested(
    weights: Array, weights_benchmark: Array, returns: Array, returns_benchmark: Array, parents: npt.NDArray[np.intp]
) -> Effects:
    """Effects of segments within their parents, bottom up; over the segments of a parent they sum to its selection.

    parents: number of the parent of every segment, 0, 1, ... A segment is held against the part of its parent's weight
    that the benchmark gives it; a parent that the benchmark does not have is divided by nothing, and so unknown.
    """
    member = (parents[:, None] == np.arange(int(parents.max(initial=-1)) + 1)).astype("float64")
    parent_weight, parent_benchmark = (_up(member, each) for each in (weights, weights_benchmark))
    earned = _up(member, weights_benchmark * returns_benchmark)
    with np.errstate(invalid="ignore", divide="ignore"):
        scale, parent_return = parent_weight / parent_benchmark, earned / parent_benchmark
        neutral = weights_benchmark * scale[:, parents]
    allocation = (weights - neutral) * (returns_benchmark - parent_return[:, parents])
    return Effects(allocation, weights * (returns - returns_benchmark))


def _up(member: Array, cells: Array) -> Array:
    """Sums of segments by parent: days x parents x portfolios."""
    return np.asarray(np.einsum("sk,dsp->dkp", member, cells))


def _fill(inputs: tuple[Array, ...], allocation: Array, selection: Array, hurdle: Hurdle) -> None:
    """Write the effects of a block of days in place, without an array in between."""
    weights, weights_benchmark, returns, returns_benchmark = inputs
    if hurdle == "benchmark":
        np.multiply(weights_benchmark, returns_benchmark, out=selection)
        total = selection.sum(axis=1, keepdims=True)
        np.subtract(returns_benchmark, total, out=selection)
    else:
        np.copyto(selection, returns_benchmark)
    np.subtract(weights, weights_benchmark, out=allocation)
    np.multiply(allocation, selection, out=allocation)
    np.subtract(returns, returns_benchmark, out=selection)
    np.multiply(selection, weights, out=selection)
