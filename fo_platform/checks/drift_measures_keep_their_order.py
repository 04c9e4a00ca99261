"""Maximum, length and turnover of one drift stand in the order that they must. Limits on them belong to policy."""

import pandas as pd

from fo_platform.checks._check import Check

TOLERANCE = 1e-7


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of scopes where max <= l2 <= 2 x turnover does not hold, or the largest exceeds what must be traded."""
    wide = frame.assign(value=frame["value"].astype("float64")).pivot(index="scope", columns="measure", values="value")
    wrong = pd.Series(data=False, index=wide.index)
    for basis in ("total", "tradeable"):
        names = [f"{name}_{basis}" for name in ("drift_max", "drift_l2", "turnover_one_way")]
        largest, length, turnover = (wide.reindex(columns=names)[name] for name in names)
        wrong |= (largest > length + TOLERANCE) | (length > 2 * turnover + TOLERANCE) | (largest > turnover + TOLERANCE)
    return frame[frame["scope"].isin(wrong.index[wrong])]


CHECK = Check(
    table="analytics.drift_measures",
    name="drift_measures_keep_their_order",
    description="No drift exceeds its Euclidean length or what must be traded to undo it, and no length their double.",
    find=_wrong,
)
