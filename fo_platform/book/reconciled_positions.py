"""The book that every figure stands on: securities and cash, valued, doubt marked. Exposures belong to analytics."""

from decimal import Decimal

import pandas as pd

from fo_platform import units
from fo_platform.book.amounts import ZERO, constant, is_nonzero, or_zero
from fo_platform.book.holdings import KEY
from fo_platform.book.value import last_prices, market_value_local, scale, with_rates
from fo_platform.contracts.book import ReconciledPositions
from fo_platform.identify import CASH, is_unknown
from fo_platform.limits import OFFICE, limit
from fo_platform.records import POINTERS

UNKNOWN_CLASS = "unknown"
"""Asset class of a holding whose instrument is not known: a visible bucket."""

_CARRIED = [*KEY, "currency", "quantity", "accrued_local", "statement_date", "is_stale", *POINTERS]


def reconciled_positions(
    positions: pd.DataFrame,
    cash: pd.DataFrame,
    reconciliation_breaks: pd.DataFrame,
    instruments: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    prices: pd.DataFrame,
    fx_rates: pd.DataFrame,
    limits: pd.DataFrame,
    price_rules: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """book.ReconciledPositions: our own book's quantity and money, each with its price, rate and their age.

    A holding of an unknown instrument counts with what the custodian states. What has no price or rate keeps unknown
    values and is_priced false: it is never worth zero. prices, fx_rates: several days, in the order of delivery.
    """
    owners = accounts[["account_id", "entity_id", "base_currency"]]
    held = pd.concat([_priced(_securities(positions), instruments, prices, day), _money(cash)], ignore_index=True)
    owned = held.merge(owners, how="inner", on="account_id", validate="many_to_one")
    valued = _valued(with_rates(owned, fx_rates, day))
    marked = valued.assign(
        has_break=_has_break(valued, reconciliation_breaks),
        is_stale=valued["is_stale"] | _is_old(valued, limits, price_rules, day),
    )
    is_kept = is_nonzero(marked["quantity"]) | marked["has_break"] | (marked["asset_class"] == "cash")
    return ReconciledPositions.frame(marked.loc[is_kept, list(ReconciledPositions.fields())])


def _securities(positions: pd.DataFrame) -> pd.DataFrame:
    nameless = is_unknown(positions["instrument_id"])
    quantity = positions["quantity_book"].mask(nameless, or_zero(positions["quantity_stated"]))
    return positions.assign(quantity=quantity)[_CARRIED]


def _priced(rows: pd.DataFrame, instruments: pd.DataFrame, prices: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Rows with class, scale and last price; the price's currency is the one that the holding is valued in."""
    master = instruments[["instrument_id", "asset_class"]].merge(
        scale(instruments), how="left", on="instrument_id", validate="one_to_one"
    )
    known = rows.merge(master, how="left", on="instrument_id", validate="many_to_one")
    priced = known.merge(last_prices(prices, day), how="left", on="instrument_id", validate="many_to_one")
    return priced.assign(
        asset_class=priced["asset_class"].fillna(UNKNOWN_CLASS),
        currency=priced["price_currency"].fillna(priced["currency"]),
    ).drop(columns="price_currency")


def _money(cash: pd.DataFrame) -> pd.DataFrame:
    one = constant(Decimal(1), cash.index, units.PRICE)
    rows = cash.assign(
        instrument_id=CASH + cash["currency"],
        quantity=units.exact(cash["cash_book"], units.QUANTITY),
        accrued_local=constant(ZERO, cash.index, units.MONEY),
        asset_class=pd.Series("cash", cash.index, dtype=cash["currency"].dtype),
        price_date=pd.Series(pd.NaT, cash.index, dtype="datetime64[ns]"),
    )
    return rows[[*_CARRIED, "asset_class", "price_date"]].assign(price_local=one, scale=one)


def _valued(rows: pd.DataFrame) -> pd.DataFrame:
    local = market_value_local(rows)
    with_accrued = units.exact(local + rows["accrued_local"], units.MONEY)
    base = units.convert(with_accrued, rows["fx_rate"])
    return rows.assign(
        market_value_local=local,
        market_value_base=base,
        accrued_base=units.convert(rows["accrued_local"], rows["fx_rate"]),
        is_priced=base.notna(),
    )


def _is_old(rows: pd.DataFrame, limits: pd.DataFrame, price_rules: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Whether the price or the rate is older than policy allows; what is missing is not old but unpriced.

    A class of instruments may have an age of its own; for the others, and for rates, the office's limit holds.
    """
    age_max_days = float(limit(limits, OFFICE, "price_age_max_days"))
    by_class = price_rules.drop_duplicates("asset_class").set_index("asset_class")["price_age_max_days"]
    ages = rows["asset_class"].map(by_class).astype("float64").fillna(age_max_days)
    oldest = day - pd.to_timedelta(ages, unit="D")
    return (rows["price_date"] < oldest) | (rows["rate_date"] < day - pd.Timedelta(days=age_max_days))


def _has_break(rows: pd.DataFrame, reconciliation_breaks: pd.DataFrame) -> pd.Series:
    """Whether a break that matters is open on the row; a doubtful price alone is for information."""
    open_breaks = reconciliation_breaks[reconciliation_breaks["severity"] != "info"]
    broken = pd.MultiIndex.from_frame(open_breaks[KEY])
    return pd.Series(pd.MultiIndex.from_frame(rows[KEY]).isin(broken), index=rows.index)
