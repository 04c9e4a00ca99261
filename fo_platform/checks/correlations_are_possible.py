"""Correlations of a scope belong to one possible matrix. How far it was repaired is told by the table."""

import numpy as np
import pandas as pd

from fo_platform.checks._check import Check

TOLERANCE = 1e-9


def _find(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of every matrix that is not symmetric, has a diagonal other than one or a negative eigenvalue."""
    groups = frame[frame["correlation"].notna()].groupby(["scope", "item_kind"])
    return pd.concat([frame.iloc[:0], *(rows for _, rows in groups if not _is_possible(rows))])


def _is_possible(rows: pd.DataFrame) -> bool:
    matrix = rows.pivot(index="item_1", columns="item_2", values="correlation").to_numpy()
    is_square = matrix.shape[0] == matrix.shape[1] and not np.isnan(matrix).any()
    if not is_square or not np.allclose(matrix, matrix.T, rtol=0, atol=TOLERANCE):
        return False
    is_unit = bool(np.allclose(np.diag(matrix), 1.0, rtol=0, atol=TOLERANCE))
    return is_unit and float(np.linalg.eigvalsh(matrix).min()) >= -TOLERANCE


CHECK = Check(
    table="analytics.correlations",
    name="correlations_are_possible",
    description="Correlations of a scope are symmetric, one with themselves, and positive semi-definite.",
    find=_find,
)
