"""What is held in the end, through funds that own funds. Which reports say what funds own does not belong here."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from fo_platform.analytics.scopes import TEXT
from fo_platform.errors import DataError

REST = "REST."
"""How the leaf begins that stands for what a fund does not report: its net assets less what it lists."""


def expand_funds(held: pd.DataFrame, owned: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Value of every leaf by holder: columns `by`, leaf_id, value_base and depth, the funds between by the longest way.

    held: `by`, instrument_id and value_base, any number of rows. owned: fund_id, instrument_id and weight over the
    fund's NAV; weights above one and below zero are kept. Whatever owns nothing is a leaf, and what a fund's weights
    leave of one is its leaf REST.<fund>, so that value is conserved. Funds that own themselves are a DataError.
    Solves X_leaves + X_funds (I-F)^-1 S, with F the funds and S the leaves that funds own, one level of funds a turn.
    """
    if looped := self_owned(owned):
        raise DataError(f"Funds own themselves: {', '.join(looped)}.", "Correct their reports, or leave them unlooked.")
    columns = pd.concat([owned["fund_id"], owned["instrument_id"], held["instrument_id"]], ignore_index=True)
    numbers, names = pd.factorize(columns)
    fund, item, own = np.split(numbers, [len(owned), 2 * len(owned)])
    is_fund = np.isin(np.arange(len(names)), fund)
    weights = _matrix(owned["weight"], np.cumsum(is_fund)[fund] - 1, item, (int(is_fund.sum()), len(names)))
    groups = held.groupby(list(by), sort=True)
    values = _matrix(held["value_base"], groups.ngroup(), own, (groups.ngroups, len(names)))
    leaves = sparse.hstack([weights[:, ~is_fund], sparse.diags_array(1 - weights.sum(axis=1))], format="csr")
    direct = values[:, ~is_fund]
    direct.resize((groups.ngroups, leaves.shape[1]))
    ends = np.append(names[~is_fund], REST + names[is_fund].astype(object))
    return _long(*_descend(direct, values[:, is_fund], weights[:, is_fund], leaves), groups.size().index, ends)


def funds_within(owned: pd.DataFrame) -> pd.DataFrame:
    """Funds inside funds at any depth: fund_id, instrument_id of the fund inside, and its weight over the outer NAV.

    owned: as for `look_through`, without funds that own themselves.
    """
    inside = owned[owned["instrument_id"].isin(owned["fund_id"])]
    numbers, names = pd.factorize(pd.concat([inside["fund_id"], inside["instrument_id"]], ignore_index=True))
    fund, item = np.split(numbers, 2)
    step = _matrix(inside["weight"], fund, item, (len(names), len(names)))
    reached, total = step, step
    while reached.nnz:
        reached = reached @ step
        total = total + reached
    found = total.tocoo()
    return pd.DataFrame(
        {"fund_id": names.take(found.row), "instrument_id": names.take(found.col), "weight": found.data}
    )


def self_owned(owned: pd.DataFrame) -> list[str]:
    """Funds of which each owns a part of itself, at once or through others: what cannot be looked through."""
    numbers, names = pd.factorize(pd.concat([owned["fund_id"], owned["instrument_id"]], ignore_index=True))
    fund, item = np.split(numbers, 2)
    whole = sparse.csr_array((np.ones(len(owned)), (fund, item)), shape=(len(names), len(names)))
    _, ring = connected_components(whole, directed=True, connection="strong") if len(names) else (0, numbers)
    looped = (np.bincount(ring, minlength=1)[ring] > 1) | np.isin(np.arange(len(names)), fund[fund == item])
    return sorted(str(name) for name in names[looped])


def _matrix(cells: pd.Series, rows: object, columns: np.ndarray, shape: tuple[int, int]) -> sparse.csr_array:
    """Cells by row and column, those of one place added."""
    return sparse.csr_array((cells.to_numpy(dtype="float64"), (np.asarray(rows), columns)), shape=shape)


def _descend(
    values: sparse.csr_array, reached: sparse.csr_array, funds: sparse.csr_array, leaves: sparse.csr_array
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Value of every leaf by holder, and one more than the funds between; it ends, as no fund owns itself."""
    depths, level = _constant(values, 1), 1
    while reached.nnz:
        level += 1
        part = reached @ leaves
        part.sort_indices()
        values = values + part
        depths = depths.maximum(_constant(part, level))
        reached = reached @ funds
    return values, depths


def _constant(matrix: sparse.csr_array, number: int) -> sparse.csr_array:
    """One number wherever a matrix has a cell."""
    cells = np.full(matrix.nnz, number, dtype="int64")
    return sparse.csr_array((cells, matrix.indices, matrix.indptr), shape=matrix.shape)


def _long(values: sparse.csr_array, depths: sparse.csr_array, holders: pd.Index, ends: np.ndarray) -> pd.DataFrame:
    """A row a holder and leaf that has any value."""
    found, same = values.tocoo(), _constant(values, 1).multiply(depths).tocoo()
    assert (found.col == same.col).all(), "a value without a depth"
    numbers = holders.to_frame(index=False).take(found.row).reset_index(drop=True)
    leaf = pd.Series(ends, dtype=TEXT).take(found.col).reset_index(drop=True)
    figures = pd.DataFrame({"leaf_id": leaf, "value_base": found.data, "depth": same.data - 1}, copy=False)
    return pd.concat([numbers, figures], axis="columns")
