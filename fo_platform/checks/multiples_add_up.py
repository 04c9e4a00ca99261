"""What was paid out and what remains make total value to paid in. The multiples themselves belong to analytics."""

from fo_platform.checks._check import Check

ROUNDING = 1e-9

CHECK = Check(
    table="analytics.private_performance",
    name="multiples_add_up",
    description="DPI and RVPI sum to TVPI, and one internal rate is stated exactly where there is one root.",
    find=lambda frame: frame[
        ((frame["dpi"] + frame["rvpi"] - frame["tvpi"]).abs() > ROUNDING)
        | (frame["irr_annual"].notna() != (frame["irr_flag"] == "one_root"))
    ],
)
