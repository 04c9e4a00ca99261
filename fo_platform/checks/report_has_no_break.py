"""Every traded line agrees with the custodian's record or waits for its statement. Matching belongs to execution."""

from fo_platform.checks._check import Check

CHECK = Check(
    table="execution.reconciliation_report",
    name="report_has_no_break",
    description="Every traded line agrees with the custodian's record or waits for its statement.",
    find=lambda frame: frame[frame["report_status"] == "break"],
)
