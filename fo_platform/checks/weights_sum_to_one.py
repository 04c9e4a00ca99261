"""Weights of every scope sum to one. Targets belong to policy."""

from fo_platform.checks._check import Check
from fo_platform.checks._sums import not_summing_to_one

CHECK = Check(
    table="analytics.exposures_class",
    name="weights_sum_to_one",
    description="Weights of every scope sum to one.",
    find=lambda frame: not_summing_to_one(frame, "weight"),
)
