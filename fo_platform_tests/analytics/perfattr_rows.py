"""Weights and returns as the library perfattr takes them. What it is held against belongs to the tests."""

import pandas as pd

from fo_platform.analytics.brinson import Array


def perfattr_rows(weights: Array, returns: Array) -> pd.DataFrame:
    """Weights and returns, periods x segments, one row a cell, a month a period."""
    days = pd.date_range("2022-01-31", periods=len(weights), freq="ME")
    cells = [(day, number) for day in days for number in range(weights.shape[1])]
    return pd.DataFrame(
        {
            "from_date": [day.replace(day=1) for day, _ in cells],
            "thru_date": [day for day, _ in cells],
            "quantity_of_days": [day.day for day, _ in cells],
            "identifier": [f"S{number}" for _, number in cells],
            "weight": weights.ravel(),
            "return": returns.ravel(),
        }
    )
