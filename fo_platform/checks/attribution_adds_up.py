"""Effects sum to the active return, and those of classes to the total's. What an effect is belongs to analytics."""

import pandas as pd

from fo_platform.checks._check import Check

RESIDUAL = 1e-12

EFFECTS = ("allocation", "selection", "currency", "trading", "fees")
"""What sums to the active return."""

OF_CLASSES = EFFECTS[:-1]


def _wrong(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of the total that differ from the sum of their parts; what is unknown sums to nothing."""
    total = frame[frame["level"] == "total"]
    of_total, of_classes = total["effect"].isin(EFFECTS), frame["effect"].isin(OF_CLASSES)
    active = total[of_total].groupby(["scope", "span"])["effect_return"].sum().rename("parts")
    classes = frame[of_classes & (frame["level"] == "asset_class")]
    effects = classes.groupby(["scope", "span", "effect"])["effect_return"].sum().rename("parts")
    sums = [
        total[total["effect"] == "active"].join(active, on=["scope", "span"]),
        total[total["effect"].isin(OF_CLASSES)].join(effects, on=["scope", "span", "effect"]),
    ]
    both = pd.concat(sums)
    return frame.loc[both.index[(both["effect_return"] - both["parts"]).abs() > RESIDUAL]]


CHECK = Check(
    table="analytics.return_attribution",
    name="attribution_adds_up",
    description="Effects sum to the active return, and those of classes to the total's, within 1e-12.",
    find=_wrong,
    is_blocking=True,
)
