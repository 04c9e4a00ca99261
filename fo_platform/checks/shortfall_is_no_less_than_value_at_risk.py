"""Expected shortfall is a mean of losses beyond value at risk. How either is simulated belongs to analytics."""

from fo_platform.checks._check import Check
from fo_platform.checks._sums import TOLERANCE

CHECK = Check(
    table="analytics.simulated_loss",
    name="shortfall_is_no_less_than_value_at_risk",
    description="Expected shortfall is at least value at risk.",
    find=lambda frame: frame[
        frame["expected_shortfall_base"] < frame["value_at_risk_base"] - TOLERANCE * frame["value_at_risk_base"].abs()
    ],
)
