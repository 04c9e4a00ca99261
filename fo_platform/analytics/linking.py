"""Linking effects of single days into one sum over many (Carino). The effects themselves do not belong here.

Effects of a day add up to its active return, but active returns of days do not add up to the active return over them.
Carino scales every effect to a part of a logarithm, adds, and scales the sum back: effects stay sums of parts, and the
order of days does not matter. Such sums can be carried from day to day, and any window is the difference of two of
them. Effects that multiply do not belong here.
"""

import numpy as np

from fo_platform.analytics.brinson import Array, Effects, blocks, brinson


def smoothing(returns: Array) -> Array:
    """ln(1 + r) / r, which makes an additive part of a return one of its logarithm; one where r is zero, its limit.

    Unknown at a loss of everything and beyond, where there is no logarithm.
    """
    values = np.asarray(returns, dtype="float64")
    with np.errstate(invalid="ignore", divide="ignore"):
        known = np.where(values > -1, np.log1p(values) / np.where(values == 0, 1.0, values), np.nan)
    return np.where(values == 0, 1.0, known)


def log_ratio(returns: Array, returns_benchmark: Array) -> Array:
    """Carino's k: (ln(1 + r) - ln(1 + b)) / (r - b), with its limit 1 / (1 + b) where the two are equal.

    It is taken from the relative return x = (r - b) / (1 + b), as log1p(x) / x / (1 + b): exact however close the two
    are, where the difference of two logarithms would keep no digit.
    Source: Carino (1999), "Combining Attribution Effects Over Time".
    """
    growth = 1 + np.asarray(returns_benchmark, dtype="float64")
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = (np.asarray(returns, dtype="float64") - returns_benchmark) / growth
        return np.where(growth > 0, smoothing(relative) / growth, np.nan)


def carino_coefficients(returns: Array, returns_benchmark: Array) -> Array:
    """What every period's effects are multiplied by so that they sum to the active return over all periods.

    Both arrays: simple returns of the periods along the first axis.
    """
    total, benchmark = (np.expm1(np.log1p(each).sum(axis=0)) for each in (returns, returns_benchmark))
    return np.asarray(log_ratio(returns, returns_benchmark) / log_ratio(total, benchmark))


def linked(log_effect: Array, log_growth: Array, log_growth_benchmark: Array) -> Array:
    """Linked effects of a window from sums over its days: of k x effect, and of ln(1 + return) of both sides.

    The sums of a window are those carried to its end less those carried to its beginning.
    """
    return np.asarray(log_effect / log_ratio(np.expm1(log_growth), np.expm1(log_growth_benchmark)))


def linked_effects(weights: Array, weights_benchmark: Array, returns: Array, returns_benchmark: Array) -> Effects:
    """Brinson effects linked over all days, segments x portfolios: what a window of stored days comes to.

    Arrays are days x segments x portfolios, of one shape or broadcasting to it. Over segments both effects sum to the
    active return of the window. Effects of single days are made block by block and not kept.
    """
    inputs = np.broadcast_arrays(weights, weights_benchmark, returns, returns_benchmark)
    sums = Effects(np.zeros(inputs[0].shape[1:]), np.zeros(inputs[0].shape[1:]))
    log_growth = np.zeros((2, 1, inputs[0].shape[2]))
    for block in blocks(inputs[0].shape):
        w_p, w_b, r_p, r_b = (array[block] for array in inputs)
        earned = [np.einsum("dsp,dsp->dp", *side) for side in ((w_p, r_p), (w_b, r_b))]
        coefficients = log_ratio(*earned)
        for total, effect in zip(sums, brinson(w_p, w_b, r_p, r_b), strict=True):
            np.add(total, np.einsum("dp,dsp->sp", coefficients, effect), out=total)
        log_growth[:, 0] += [np.log1p(side).sum(axis=0) for side in earned]
    return Effects(*(linked(total, *log_growth) for total in sums))
