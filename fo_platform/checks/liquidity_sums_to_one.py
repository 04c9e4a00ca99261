"""Liquidity buckets of every scope are disjoint and sum to its net asset value. Participation belongs to policy."""

from fo_platform.checks._check import Check
from fo_platform.checks._sums import not_summing_to_one

CHECK = Check(
    table="analytics.liquidity_profile",
    name="liquidity_sums_to_one",
    description="Liquidity buckets of every scope are disjoint and sum to its net asset value.",
    find=lambda frame: not_summing_to_one(frame, "weight_trading"),
)
