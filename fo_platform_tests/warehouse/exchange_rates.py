"""Small tables of exchange rates for one day. Tests do not belong here."""

from datetime import date

import pandas as pd

from fo_platform.contracts.reference import FxRates
from fo_platform.warehouse.warehouse import Derivation

MONDAY, TUESDAY = date(2022, 6, 13), date(2022, 6, 14)
HOW = Derivation({"raw.market_data": ["b1"]}, "code1", "run1")


def rates(**by_currency: str) -> pd.DataFrame:
    """A validated frame: one row a currency, its rate as text."""
    rows = [
        {
            "currency": currency,
            "rate_date": pd.Timestamp("2022-06-13"),
            "base_currency": "USD",
            "fx_rate": rate,
            "fx_source": "made up",
            "file_sha256": "0" * 64,
            "line": line,
            "byte_offset": 80 * line,
        }
        for line, (currency, rate) in enumerate(by_currency.items(), start=1)
    ]
    return FxRates.validate(FxRates.frame(rows))


def shown(frame: pd.DataFrame) -> dict[str, str]:
    """Rates by currency, as text."""
    return {row.currency: f"{row.fx_rate:.2f}" for row in frame.itertuples()}
