"""Scenarios say something of nearly everything owned. What they say belongs to the office's policy."""

from fo_platform.checks._check import Check

COVERAGE_MIN = 0.9

CHECK = Check(
    table="analytics.stress_losses",
    name="scenarios_reach_most_lines",
    description=f"At least {COVERAGE_MIN:.0%} of a scope's gross value maps to a shock of every scenario.",
    find=lambda frame: frame[frame["coverage_share"] < COVERAGE_MIN],
)
