"""What is held in the end, by what it is held through. What is owned twice belongs to duplicate_exposures."""

import pandas as pd

from fo_platform.analytics.leaves import leaf_attributes, oldest_reports, owned_weights, reported
from fo_platform.analytics.look_through import REST, expand_funds, self_owned
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import TEXT, in_scopes, is_money
from fo_platform.contracts.analytics import LookThrough
from fo_platform.identify import in_force

FUND_TYPES = ("etf", "fund")
"""Instrument types of what could be looked through if it reported."""

DEBT = "liability"
"""Holding kind whose currency is the one that its owner bears."""

SILENT = "It reports no holdings."
UNLISTED = "Net assets that the fund's report does not list."
LOOPED = "It owns a part of itself, so its report is not used."

LINE = ["scope", "held_instrument_id"]


def look_through(
    *,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    instruments: pd.DataFrame,
    identifiers: pd.DataFrame,
    fund_holdings: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Every holding under its scopes, funds that report replaced by what they own; the rows of a scope sum to its NAV.

    A leaf that nothing is known of has the class of the holding it is held through. Reports of funds that own
    themselves are left out.
    """
    held = in_scopes(holdings, net_worth).rename(columns={"instrument_id": "held_instrument_id"})
    values = held.groupby(LINE)["market_value_base"].sum()
    terms = held.drop_duplicates(LINE).set_index(LINE)[["nav_base", "asset_class", "currency", "holding_kind"]]
    lines = terms.rename(columns=lambda name: f"held_{name}").assign(value_base=values).reset_index()
    reports = reported(fund_holdings)
    owned = owned_weights(reports)
    looped = self_owned(owned)
    usable = owned[~owned["fund_id"].isin(looped)]
    leaves = expand_funds(lines.assign(instrument_id=lines["held_instrument_id"]), usable, by=LINE)
    known = leaf_attributes(reports, instruments, in_force(identifiers, day))
    rows = leaves.join(known, on="leaf_id").merge(
        lines.drop(columns="value_base"), how="left", on=LINE, validate="many_to_one"
    )
    types = instruments.set_index("instrument_id")["instrument_type"]
    dated = rows["held_instrument_id"].map(oldest_reports(usable)).where(rows["depth"] > 0)
    reason = _reasons(rows, types, looped)
    return LookThrough.frame(
        rows.assign(
            asset_class=rows["asset_class"].fillna(rows["held_asset_class"]),
            currency_risk=rows["currency_risk"].fillna(_own_currency(rows)),
            weight=rows["value_base"] / rows["held_nav_base"],
            report_date=dated,
            report_age_days=(day - dated).dt.days.astype("Int64"),
            is_residual=reason.notna(),
            reason=reason,
        )[list(LookThrough.fields())]
    )


METRIC = Metric(LookThrough, look_through)


def _reasons(rows: pd.DataFrame, types: pd.Series, looped: list[str]) -> pd.Series:
    """Why a row cannot be looked through, unknown where there is nothing to look through."""
    is_fund = rows["leaf_id"].map(types).isin(FUND_TYPES) | (rows["held_holding_kind"] == "private_fund")
    silent = pd.Series(SILENT, rows.index, dtype=TEXT).where(is_fund)
    unlisted = silent.mask(rows["leaf_id"].str.startswith(REST), UNLISTED)
    return unlisted.mask(rows["leaf_id"].isin(looped), LOOPED)


def _own_currency(rows: pd.DataFrame) -> pd.Series:
    """The currency of money and debts that the master does not know."""
    is_own = is_money(rows["leaf_id"]) | (rows["held_holding_kind"] == DEBT)
    return rows["held_currency"].where(is_own & (rows["depth"] == 0))
