"""Everything owned and owed as lines of one table. How each kind is valued belongs to its own table."""

from decimal import Decimal

import pandas as pd

from fo_platform import units
from fo_platform.book.amounts import ZERO, constant, replaced
from fo_platform.contracts.book import Holdings
from fo_platform.identify import CASH
from fo_platform.records import POINTERS

FUND, ASSET, DEBT = "FUND.", "ASSET.", "DEBT."
"""How instrument_id begins for what has no instrument: a private fund, an appraised asset, a liability."""

CLASSES = {"private_fund": "private_equity", "appraised_asset": "real_assets", "liability": "liabilities"}
"""Asset class of each kind, unless the instrument master knows the line."""

AGE_MAX_DAYS = {"private_fund": 200, "appraised_asset": 400, "liability": 35}
"""Days after which a value is stale, unless policy states an age for the class: a quarterly statement comes up to
ninety days late, appraisals are yearly, debts are booked monthly."""

_COMMON = ["account_id", "entity_id", "currency", "fx_rate", *POINTERS]


def holdings(
    reconciled_positions: pd.DataFrame,
    private_capital: pd.DataFrame,
    appraisals: pd.DataFrame,
    liabilities: pd.DataFrame,
    *,
    instruments: pd.DataFrame,
    price_rules: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """book.Holdings: reconciled positions, and what no custodian holds at its last stated value with its age.

    A value in a currency without a rate is unknown, never zero, and the line is not priced.
    """
    kinds = reconciled_positions["instrument_id"].str.startswith(CASH).map({True: "cash", False: "security"})
    lines = [
        _lines(private_capital, FUND, "fund_id", local=private_capital["nav_local"], dated="nav_date"),
        _lines(appraisals, ASSET, "asset_id", local=_owned_part(appraisals), dated="appraisal_date"),
        _lines(liabilities, DEBT, "liability_id", local=_negated(liabilities), dated="statement_date"),
    ]
    named = zip(CLASSES, lines, strict=True)
    unquoted = pd.concat([rows.assign(holding_kind=kind) for kind, rows in named], ignore_index=True)
    valued = _valued(_classified(unquoted, instruments), price_rules, day)
    return Holdings.frame(pd.concat([reconciled_positions.assign(holding_kind=kinds), valued], ignore_index=True))


def _lines(rows: pd.DataFrame, prefix: str, name: str, *, local: pd.Series, dated: str) -> pd.DataFrame:
    """Rows of one kind by our identifier, with the value in local currency and the day it speaks of."""
    return rows[_COMMON].assign(
        instrument_id=prefix + rows[name], market_value_local=local, price_date=rows[dated], statement_date=rows[dated]
    )


def _owned_part(appraisals: pd.DataFrame) -> pd.Series:
    shares = units.exact(appraisals["ownership_share"], units.FX)
    return units.convert(appraisals["market_value_local"], shares)


def _negated(liabilities: pd.DataFrame) -> pd.Series:
    return units.exact(-liabilities["liability_local"], units.MONEY)


def _classified(rows: pd.DataFrame, instruments: pd.DataFrame) -> pd.DataFrame:
    master = instruments[["instrument_id", "asset_class"]]
    known = rows.merge(master, how="left", on="instrument_id", validate="many_to_one")
    return known.assign(asset_class=known["asset_class"].fillna(known["holding_kind"].map(CLASSES)))


def _valued(rows: pd.DataFrame, price_rules: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    local = rows["market_value_local"]
    is_owed = rows["holding_kind"] == "liability"
    one = constant(Decimal(1), rows.index, units.QUANTITY)
    size = units.exact(local.abs(), units.PRICE)
    base = units.convert(local, rows["fx_rate"])
    nothing = constant(ZERO, rows.index, units.MONEY)
    by_class = price_rules.drop_duplicates("asset_class").set_index("asset_class")["price_age_max_days"]
    oldest = rows["asset_class"].map(by_class).astype("float64").fillna(rows["holding_kind"].map(AGE_MAX_DAYS))
    return rows.assign(
        quantity=replaced(one, is_owed, Decimal(-1)),
        price_local=size.where(size > 0),
        accrued_local=nothing,
        accrued_base=nothing.where(base.notna()),
        market_value_base=base,
        is_priced=base.notna(),
        is_stale=(day - rows["price_date"]).dt.days > oldest,
        has_break=False,
    )
