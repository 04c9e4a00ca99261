"""What is cash within the horizons sums to net asset value. What can be sold within them has its own check."""

from fo_platform.checks._check import Check
from fo_platform.checks._sums import not_summing_to_one

CHECK = Check(
    table="analytics.liquidity_profile",
    name="liquidity_cash_sums_to_one",
    description="Cash by horizon is disjoint and sums to the net asset value of every scope.",
    find=lambda frame: not_summing_to_one(frame, "weight_cash"),
)
