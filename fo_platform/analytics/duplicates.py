"""How much two funds have in common, by what they own in the end. Which funds are held does not belong here."""

import numpy as np
import pandas as pd


def fund_overlaps(values: pd.DataFrame, nav: pd.Series) -> pd.DataFrame:
    """Every pair of funds with a leaf in common: fund_id, other_id, overlap_share and value_base.

    values: funds x leaves, value of every leaf held through each fund, zero where there is none. nav: value of each
    fund as held, same index. overlap_share sums the lesser of both funds' weights in each leaf, value_base the lesser
    value; what a fund is short of is common with nobody.
    """
    held = values.to_numpy(dtype="float64").clip(min=0.0)
    weights = values.div(nav.where(nav != 0), axis="index").fillna(0.0).to_numpy(dtype="float64").clip(min=0.0)
    count = len(values)
    pairs = [_with_others(weights, held, row) for row in range(count)]
    common = np.concatenate([np.zeros((0, 2)), *pairs])
    first, other = np.triu_indices(count, k=1)
    found = pd.DataFrame(
        {
            "fund_id": values.index.take(first),
            "other_id": values.index.take(other),
            "overlap_share": common[:, 0],
            "value_base": common[:, 1],
        }
    )
    return found[found["overlap_share"] > 0].reset_index(drop=True)


def _with_others(weights: np.ndarray, held: np.ndarray, row: int) -> np.ndarray:
    """Overlap of one fund with each that comes after it, in weight and in value, over the leaves that it has."""
    own = np.flatnonzero(weights[row])
    return np.stack([np.minimum(cells[row, own], cells[row + 1 :, own]).sum(axis=1) for cells in (weights, held)], 1)
