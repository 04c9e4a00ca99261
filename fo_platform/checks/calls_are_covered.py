"""Cash within each horizon covers the calls and debts that fall due in it. How it is raised belongs to decision."""

from fo_platform.checks._check import Check

CHECK = Check(
    table="analytics.liquidity_coverage",
    name="calls_are_covered",
    description="Cash within each horizon covers the announced calls and the debts that fall due in it.",
    find=lambda frame: frame[frame["shortfall_due_base"] > 0],
)
