"""Of every fee is known where it was paid, so that returns deduct it once. How that is found belongs to book."""

from fo_platform.checks._check import Check

CHECK = Check(
    table="book.fees",
    name="fees_are_placed",
    description="Of every fee is known where it was paid; one that is undecided is not deducted from net returns.",
    find=lambda frame: frame[frame["fee_standing"] == "undecided"],
)
