"""Loadings of instruments once more."""

import pandas as pd

from fo_platform_tests.analytics.second._instruments import fitted


def second(read) -> pd.DataFrame:
    """Every instrument's loading on every factor."""
    names, found = fitted(read)
    rows = [
        (name, factor, loadings[place], explained, count, is_proxy)
        for name, (loadings, explained, _, count, is_proxy) in found.items()
        for place, factor in enumerate(names)
    ]
    return pd.DataFrame(rows, columns=["instrument_id", "factor", "loading", "r_squared", "observations", "is_proxy"])
