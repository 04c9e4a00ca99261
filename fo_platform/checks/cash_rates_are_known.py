"""What cash of every currency that counts earns is known. Which rates are declared belongs to policy."""

from fo_platform.checks._check import Check

CHECK = Check(
    table="analytics.return_attribution",
    name="cash_rates_are_known",
    description="The cash rate of every currency that is held or that policy weighs is known.",
    find=lambda frame: frame[
        (frame["span"] == "1d")
        & (frame["level"] == "currency")
        & (frame["reason"] == "no_cash_rate")
        & frame[["weight", "weight_benchmark"]].ne(0).any(axis=1)
    ],
)
