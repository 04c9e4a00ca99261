"""Specific risks of instruments once more."""

import pandas as pd

from fo_platform_tests.analytics.second._instruments import fitted


def second(read) -> pd.DataFrame:
    """What the factors leave of every instrument's volatility."""
    _, found = fitted(read)
    rows = [(name, risk, count, is_proxy) for name, (_, _, risk, count, is_proxy) in found.items()]
    return pd.DataFrame(rows, columns=["instrument_id", "specific_volatility_annual", "observations", "is_proxy"])
