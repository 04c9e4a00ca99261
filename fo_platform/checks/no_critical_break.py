"""No open break is critical. Finding breaks belongs to book."""

from fo_platform.checks._check import Check

CHECK = Check(
    table="book.reconciliation_breaks",
    name="no_critical_break",
    description="No open break is critical.",
    find=lambda frame: frame[frame["severity"] == "critical"],
)
