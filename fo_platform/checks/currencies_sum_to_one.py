"""Net currency exposures of every scope sum to its net asset value. Hedges belong to analytics."""

from fo_platform.checks._check import Check
from fo_platform.checks._sums import not_summing_to_one

CHECK = Check(
    table="analytics.exposures_currency",
    name="currencies_sum_to_one",
    description="Net currency exposures of every scope sum to its net asset value.",
    find=lambda frame: not_summing_to_one(frame, "weight"),
)
