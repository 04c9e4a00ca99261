"""Factors are distinct enough for each to have its own loading. Which factors there are belongs to their source."""

from fo_platform.checks._check import Check

INFLATION_MAX = 10.0
"""Variance inflation above which a loading is hardly the factor's own."""

CHECK = Check(
    table="analytics.exposures_factor",
    name="factors_are_distinct",
    description="No factor is so much like the others that its loading cannot be told from theirs.",
    find=lambda frame: frame[frame["variance_inflation"] > INFLATION_MAX],
)
