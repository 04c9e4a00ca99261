"""Funds are looked through by recent reports. When a report is due belongs to the declared sources."""

from fo_platform.checks._check import Check

AGE_MAX_DAYS = 160
"""A quarter, the sixty days after which its report is public, and a week."""

CHECK = Check(
    table="analytics.look_through",
    name="fund_reports_are_recent",
    description=f"No look-through rests on a fund report that is older than {AGE_MAX_DAYS} days.",
    find=lambda frame: frame[frame["report_age_days"].gt(AGE_MAX_DAYS).fillna(value=False)],
)
