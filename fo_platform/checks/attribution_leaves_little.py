"""Classes and accounts explain all but rounding of what they sum to. Effects themselves belong to analytics."""

from fo_platform.checks._check import Check

LITTLE = 1e-6
"""Of the scope's value: cents of a small scope's segments."""

CHECK = Check(
    table="analytics.return_attribution",
    name="attribution_leaves_little",
    description="Classes and accounts leave less than a hundredth of a basis point unexplained.",
    find=lambda frame: frame[
        (frame["span"] == "1d")
        & frame["level"].isin(["asset_class", "account"])
        & (frame["segment"] == "rest")
        & (frame["effect_return"].abs() > LITTLE)
    ],
)
