"""Risk is known of most of what every scope holds. Whose risk stands in where it is not belongs to the table."""

from fo_platform.checks._check import Check

KNOWN_MIN = 0.9
"""Part of the gross value below which a scope's volatility says little of it."""

CHECK = Check(
    table="analytics.risk_contributions",
    name="risk_is_mostly_known",
    description="A risk, its own or a declared stand-in's, is known of nine tenths of every scope's gross value.",
    find=lambda frame: frame[(frame["rollup"] == "total") & (frame["coverage_share"] < KNOWN_MIN)],
)
