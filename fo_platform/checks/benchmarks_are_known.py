"""The benchmark of every scope is known. Which it is belongs to policy."""

from fo_platform.checks._check import Check

CHECK = Check(
    table="analytics.return_attribution",
    name="benchmarks_are_known",
    description="What policy would have earned is known for every scope.",
    find=lambda frame: frame[
        (frame["span"] == "1d")
        & (frame["level"] == "total")
        & frame["effect"].eq("benchmark")
        & frame["reason"].notna()
    ],
)
