"""Every holding has a price and a rate. An unpriced one is left out of the value and shown, never zero."""

from fo_platform.checks._check import Check

CHECK = Check(
    table="book.holdings",
    name="everything_is_priced",
    description="Every holding has a price and an exchange rate.",
    find=lambda frame: frame[~frame["is_priced"]],
)
