"""What a scope holds in the end sums to its net asset value. How funds are looked through belongs to analytics."""

from fo_platform.checks._check import Check
from fo_platform.checks._sums import not_summing_to_one

CHECK = Check(
    table="analytics.look_through",
    name="look_through_sums_to_one",
    description="What every scope holds in the end sums to its net asset value.",
    find=lambda frame: not_summing_to_one(frame, "weight"),
)
