"""Every charge is what its tariff leads to. What was agreed belongs to policy."""

from fo_platform.checks._check import Check

WRONG = ("overcharged", "undercharged", "no_tariff")

CHECK = Check(
    table="analytics.fee_analysis",
    name="fees_are_explained",
    description="Every charge has a tariff and is what the tariff leads to.",
    find=lambda frame: frame[frame["fee_status"].isin(WRONG)],
)
