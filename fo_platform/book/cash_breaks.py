"""Money that differs from our cash book. Securities belong to holding_breaks."""

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

import pandas as pd

from fo_platform import units
from fo_platform.book.amounts import is_true
from fo_platform.book.value import with_rates
from fo_platform.identify import CASH

CASH_TOLERANCE_LOCAL = Decimal("5.00")
"""Largest difference of money that is rounding: fills are rounded each for itself, custodians' totals once."""


def cash_breaks(cash: pd.DataFrame, accounts: pd.DataFrame, fx_rates: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Balances where stated plus pending is further from our cash book than rounding explains."""
    owners = accounts[["account_id", "base_currency"]]
    owned = cash.merge(owners, how="inner", on="account_id", validate="many_to_one")
    difference = units.exact(owned["cash_stated"] + owned["cash_pending"] - owned["cash_book"], units.MONEY)
    compared = owned.assign(cash_difference=difference, instrument_id=CASH + owned["currency"])
    is_broken = is_true(difference.abs() > CASH_TOLERANCE_LOCAL)
    rows = with_rates(compared[is_broken].reset_index(drop=True), fx_rates, day)
    return rows.assign(
        break_class="CASH",
        materiality_base=units.convert(rows["cash_difference"].abs(), rows["fx_rate"]),
        explanation=[_sentence(row) for row in rows.to_dict("records")],
    )


def _sentence(row: dict[Hashable, Any]) -> str:
    stated, pending, book = (units.plain(row[name]) for name in ("cash_stated", "cash_pending", "cash_book"))
    return (
        f"The custodian states {stated} {row['currency']} with {pending} pending where our book has {book}: "
        "find the movement that only one of us has booked."
    )
