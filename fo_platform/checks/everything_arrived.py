"""Every expected delivery was received. Why one was not belongs to intake."""

from fo_platform.checks._check import Check
from fo_platform.contracts.book import ExpectedDeliveries

CHECK = Check(
    table="book.expected_deliveries",
    name="everything_arrived",
    description="Every expected delivery was received.",
    find=lambda frame: frame[~frame["coverage_status"].isin(ExpectedDeliveries.in_hand)],
)
