"""Attribution of what markets earned and what currencies earned, apart. Exposures and rates do not belong here.

A foreign asset earns a premium over the cash of its own currency, and that cash earns its return in base currency;
logarithms of the two add up. The first is the choice of markets, the second that of currencies, which hedges change
without touching a market (Karnosky and Singer 1994, "Global Asset Management and Performance Attribution"). Linking
over time does not belong here.
"""

from typing import NamedTuple

import numpy as np

from fo_platform.analytics.brinson import Array, Effects, brinson


class Grid(NamedTuple):
    """One side by segment: weights, and logarithmic returns or premia; days x segments x portfolios."""

    weights: Array
    log_returns: Array


def log_premium(local_return: Array, local_cash_return: Array) -> Array:
    """What an asset earned over the cash of its own currency, continuously compounded; both are simple returns."""
    return np.asarray(np.log1p(local_return) - np.log1p(local_cash_return))


def log_cash_return(fx_return: Array, local_cash_return: Array) -> Array:
    """What a currency's cash earned in base currency, continuously compounded; both are simple returns."""
    return np.asarray(np.log1p(fx_return) + np.log1p(local_cash_return))


def grid_effects(portfolio: Grid, benchmark: Grid) -> Effects:
    """Allocation and selection of one grid, in logarithms; selection includes interaction.

    Of markets, with premia over local cash: market allocation and security selection. Of currencies, with net exposures
    (assets, cash and both legs of hedges, which sum to one) and the base-currency return of each one's cash: currency
    allocation and hedge selection.
    """
    return brinson(portfolio.weights, benchmark.weights, portfolio.log_returns, benchmark.log_returns)
