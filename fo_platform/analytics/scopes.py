"""Valued holdings under every scope: each entity and the office. What is measured on them does not belong here."""

import pandas as pd

from fo_platform.errors import DataError
from fo_platform.limits import OFFICE
from fo_platform.once import once

CENT = 0.005
"""Holdings and net worth that differ by more are not of one book."""

TEXT = pd.StringDtype("pyarrow")


@once
def in_scopes(holdings: pd.DataFrame, net_worth: pd.DataFrame) -> pd.DataFrame:
    """Every valued holding twice, under its entity and under the office, with columns `scope` and `nav_base`.

    Unpriced holdings are left out, as they are of net worth; so are scopes without NAV, for want of a denominator.
    Holdings that do not sum to NAV are refused: weights over it would not sum to one.
    """
    rows = by_scope(holdings[holdings["market_value_base"].notna()])
    nav = net_worth.set_index("entity_id")["nav_base"]
    _check_sums(rows, nav)
    funded = rows[rows["scope"].isin(nav.index[nav.astype("float64") != 0])]
    return funded.assign(nav_base=nav.reindex(funded["scope"]).set_axis(funded.index))


def by_scope(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of entities twice, under their entity and under the office, in column `scope`."""
    office = pd.Series(OFFICE, index=rows.index, dtype=TEXT)
    return pd.concat([rows.assign(scope=rows["entity_id"]), rows.assign(scope=office)], ignore_index=True)


def is_money(instrument_id: pd.Series) -> pd.Series:
    """Whether instruments are money, CASH.<currency>."""
    return instrument_id.str.startswith("CASH.").astype("bool")


def base_currency(net_worth: pd.DataFrame) -> str:
    """The one currency that every entity reports in."""
    currencies = net_worth["base_currency"].unique()
    if len(currencies) != 1:
        message = f"Net worth is stated in {len(currencies)} base currencies ({', '.join(currencies)}), not in one."
        raise DataError(message, "Declare entities, all with the same base currency.")
    return str(currencies[0])


def _check_sums(rows: pd.DataFrame, nav: pd.Series) -> None:
    held = rows.groupby("scope")["market_value_base"].sum().astype("float64")
    apart = held.sub(nav.astype("float64"), fill_value=0.0)
    wrong = apart[apart.abs() > CENT]
    if len(wrong):
        listed = ", ".join(f"{scope} by {difference:.2f}" for scope, difference in wrong.items())
        raise DataError(f"Holdings do not sum to net asset value: {listed}.", "Make both from the same book.")
