"""The rebalancing problem of one owner as arrays: what is held, may be sold or bought, and at what cost.

How it is read from tables and how it is solved do not belong here.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Assets:
    """Instruments and money held by the owner, summed over accounts; values in base currency.

    exposure: loadings times a root of the factor covariance, so that factor variance is |exposure' x|^2.
    linear: cost as a fraction of what is traded. impact: k of k u^1.5. volume_cap: most that may be traded.
    """

    names: tuple[str, ...]
    value: Array
    target: Array
    class_index: Index
    exposure: Array
    specific: Array
    linear: Array
    impact: Array
    volume_cap: Array


@dataclass(frozen=True)
class Lots:
    """Tax lots: whole value, the most of it that may be sold, and the gain in each unit of value sold."""

    account_id: tuple[str, ...]
    instrument_id: tuple[str, ...]
    lot_id: tuple[str, ...]
    asset: Index
    pocket: Index
    value: Array
    cap: Array
    unit_value: Array
    gain: Array
    is_long_term: Flags


@dataclass(frozen=True)
class Purchases:
    """What may be bought in which account: `cap` is zero where it may not."""

    account_id: tuple[str, ...]
    instrument_id: tuple[str, ...]
    asset: Index
    pocket: Index
    cap: Array
    unit_value: Array


@dataclass(frozen=True)
class Pockets:
    """Money of one account in one currency, and what must stay there, in base currency."""

    account_id: tuple[str, ...]
    currency: tuple[str, ...]
    asset: Index
    cash: Array
    floor: Array


@dataclass(frozen=True)
class Classes:
    """Asset classes with the values that holdings must stay between."""

    names: tuple[str, ...]
    lower: Array
    upper: Array


@dataclass(frozen=True)
class Taxpayers:
    """Who bears the tax of which share of the owner's gains; phi is the deferral credit, carry_forward a past loss."""

    names: tuple[str, ...]
    share: Array
    rate_short: Array
    rate_long: Array
    phi: Array
    carry_forward: Array


@dataclass(frozen=True)
class Problem:
    """One owner's problem, money in base currency.

    sleeve: NAV less what is illiquid or reserved. drift_limit, rearm: class drift at which a decision is due, and at
    which its episode ends. collar: how far a signed limit price may stand from the reference, as a fraction.
    unreachable: classes with a target but nothing that could be bought.
    """

    entity_id: str
    nav: float
    risk_aversion: float
    turnover_cap: float
    ticket_min: float
    sleeve: float
    drift_limit: float
    rearm: float
    collar: float
    assets: Assets
    lots: Lots
    purchases: Purchases
    pockets: Pockets
    classes: Classes
    taxpayers: Taxpayers
    unreachable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trades:
    """Values in base currency to sell of each lot and to spend on each purchase."""

    sales: Array
    purchases: Array

    @property
    def amounts(self) -> Array:
        """Sales, then purchases: the order of the columns of every matrix below."""
        return np.concatenate([self.sales, self.purchases])

    @property
    def is_empty(self) -> bool:
        """Whether nothing is traded."""
        return not self.amounts.any()


def trades_of(problem: Problem, amounts: Array) -> Trades:
    """Sales and purchases from one vector."""
    count = len(problem.lots.lot_id)
    return Trades(amounts[:count], amounts[count:])


def no_trades(problem: Problem) -> Trades:
    """Doing nothing."""
    return trades_of(problem, np.zeros(len(problem.lots.lot_id) + len(problem.purchases.asset)))


def caps(problem: Problem) -> Array:
    """The most of every sale and purchase; zero is not allowed."""
    return np.concatenate([problem.lots.cap, problem.purchases.cap])


def traded_assets(problem: Problem) -> Index:
    """Asset of every sale and purchase."""
    return np.concatenate([problem.lots.asset, problem.purchases.asset])


def effect_matrix(problem: Problem) -> sparse.csr_array:
    """Change of every asset's value per unit of every sale and purchase: money moves by the linear cost as well."""
    sign, asset = _signs(problem), traded_assets(problem)
    money = problem.pockets.asset[_pockets(problem)]
    linear = problem.assets.linear[asset]
    return _matrix(len(problem.assets.names), (asset, sign), (money, -sign - linear))


def worst_cash_matrix(problem: Problem) -> sparse.csr_array:
    """Change of every pocket per unit sold and bought if all orders fill at the worst price of the collar."""
    sign, linear = _signs(problem), problem.assets.linear[traded_assets(problem)]
    return _matrix(len(problem.pockets.account_id), (_pockets(problem), -sign - linear - problem.collar))


def traded_matrix(problem: Problem) -> sparse.csr_array:
    """Value traded of every asset per unit of every sale and purchase: all lines share one day's volume."""
    asset = traded_assets(problem)
    return _matrix(len(problem.assets.names), (asset, np.ones(len(asset))))


def class_matrix(problem: Problem) -> sparse.csr_array:
    """Which asset belongs to which class: classes by assets, ones and zeros."""
    index = problem.assets.class_index
    return _matrix(len(problem.classes.names), (index, np.ones(len(index))))


def values_after(problem: Problem, trades: Trades) -> Array:
    """Value of every asset after the trades; impact is a cost of the objective, not a change of holdings."""
    after: Array = problem.assets.value + effect_matrix(problem) @ trades.amounts
    return after


def forbid(problem: Problem, sales: Flags, purchases: Flags) -> Problem:
    """The same problem with some lots not for sale and some purchases not allowed."""
    lots = replace(problem.lots, cap=np.where(sales, 0.0, problem.lots.cap))
    buys = replace(problem.purchases, cap=np.where(purchases, 0.0, problem.purchases.cap))
    return replace(problem, lots=lots, purchases=buys)


def _signs(problem: Problem) -> Array:
    """Direction of every line: a sale takes from its asset, a purchase adds to it."""
    return np.concatenate([-np.ones(len(problem.lots.asset)), np.ones(len(problem.purchases.asset))])


def _pockets(problem: Problem) -> Index:
    return np.concatenate([problem.lots.pocket, problem.purchases.pocket])


def _matrix(rows: int, *entries: tuple[Index, Array]) -> sparse.csr_array:
    """A matrix with one column per line and the given (row, value) pairs in each column."""
    count = len(entries[0][0])
    row = np.concatenate([index for index, _ in entries])
    column = np.tile(np.arange(count), len(entries))
    return sparse.csr_array((np.concatenate([value for _, value in entries]), (row, column)), shape=(rows, count))
