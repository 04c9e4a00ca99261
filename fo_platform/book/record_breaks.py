"""Records of a custodian that disagree with one another, with the market or with our fills while the quantity agrees.

Differences of quantity belong to holding_breaks, of money to cash_breaks.
"""

from decimal import Decimal

import pandas as pd

from fo_platform import units
from fo_platform.book.amounts import constant, is_nonzero, is_true, or_zero, replaced, sum_by, summed
from fo_platform.book.fills import fill_legs
from fo_platform.book.holdings import KEY
from fo_platform.book.materiality import materiality, worth
from fo_platform.records import POINTERS

VALUE_MINIMUM_LOCAL = Decimal("1.00")
"""Least difference of a stated value that is looked at: files round each row to cents and prices to four decimals."""

PRICE_MINIMUM_BASE = Decimal(10_000)
"""Least worth of a difference of prices that is looked at: vendors differ by closing times and exchanges."""


def lot_breaks(positions: pd.DataFrame, tax_lots: pd.DataFrame) -> pd.DataFrame:
    """Holdings whose custodian's lots sum to neither the trade-dated nor the settled quantity that it states."""
    sums = summed(tax_lots, KEY, column="quantity", name="quantity_lots")
    theirs = positions[(positions["lot_authority"] == "custodian") & positions["quantity_stated"].notna()]
    both = theirs.merge(sums, how="left", on=KEY, validate="one_to_one")
    lots = or_zero(both["quantity_lots"])
    difference = units.exact(lots - both["quantity_stated"], units.QUANTITY)
    is_broken = is_nonzero(difference) & ~is_true(lots == both["quantity_settled"])
    rows = both.assign(quantity_lots=lots, quantity_difference=difference)[is_broken]
    sentence = "The custodian's lots sum to {0} where it states {1}: ask the custodian to mend the lots."
    worth_base = materiality(rows, rows["quantity_difference"])
    return _broken(rows, "LOT", worth_base, sentence, ("quantity_lots", "quantity_stated"))


def trade_breaks(
    positions: pd.DataFrame, transactions: pd.DataFrame, fills_known: pd.DataFrame, day: pd.Timestamp
) -> pd.DataFrame:
    """Trades of ours that a custodian on trade basis reports with another quantity than our fills have.

    A trade that we know nothing of is not compared: it shows as a difference of holding or of cash. Nor can one be on
    settlement basis, where the money is reported alone.
    """
    key = [*KEY, "trade_date"]
    is_trade = transactions["transaction_kind"].isin(("buy", "sell")) & transactions["quantity"].notna()
    if not is_trade.any():
        return positions.head(0)
    ours = summed(fill_legs(fills_known, day), key, column="quantity", name="quantity_filled")
    reported = sum_by(transactions.loc[is_trade, [*key, "quantity", *POINTERS]], key, ["quantity"])
    both = reported.merge(ours, how="inner", on=key, validate="one_to_one")
    differing = both[is_nonzero(both["quantity"] - both["quantity_filled"])].drop_duplicates(KEY)
    trade_dated = positions[positions["statement_basis"] == "trade"].drop(columns=list(POINTERS))
    rows = trade_dated.merge(differing, how="inner", on=KEY, validate="one_to_one")
    gap = units.exact(rows["quantity"] - rows["quantity_filled"], units.QUANTITY)
    sentence = (
        "The custodian reports a trade of {0} where our fills are {1}: compare the confirmations and correct one."
    )
    rows = rows.assign(quantity_difference=gap)
    return _broken(rows, "TRADE", materiality(rows, gap), sentence, ("quantity", "quantity_filled"))


def value_breaks(positions: pd.DataFrame, tolerance: Decimal) -> pd.DataFrame:
    """Rows whose stated value is not their own quantity x price, with or without accrued interest."""
    stated, implied = positions["market_value_stated"], positions["market_value_implied"]
    allowed = units.multiply(stated.abs(), constant(tolerance, stated.index, units.PRICE), kind=units.MONEY)
    allowed = replaced(allowed, is_true(allowed < VALUE_MINIMUM_LOCAL), VALUE_MINIMUM_LOCAL)
    is_clean_off = (stated - implied).abs() > allowed
    is_dirty_off = (stated - implied - positions["accrued_local"]).abs() > allowed
    rows = positions[is_true(is_clean_off & is_dirty_off)]
    gap = units.exact((rows["market_value_stated"] - rows["market_value_implied"]).abs(), units.MONEY)
    sentence = "The custodian states a value of {0} where its own quantity and price give {1}: ask which is wrong."
    return _broken(
        rows, "VALUE", units.convert(gap, rows["fx_rate"]), sentence, ("market_value_stated", "market_value_implied")
    )


def price_breaks(positions: pd.DataFrame, tolerance: Decimal) -> pd.DataFrame:
    """Stated prices that are off the market's of the same day by more than the tolerance, and matter."""
    market, stated = positions["price_market"], positions["price_stated"]
    is_comparable = (positions["currency"] == positions["price_currency"]) & (
        positions["statement_date"] == positions["price_date"]
    )
    gap = units.exact((stated - market).abs(), units.PRICE)
    allowed = units.multiply(market, constant(tolerance, market.index, units.PRICE), kind=units.PRICE)
    worth_base = worth(positions, positions["quantity_book"], gap)
    is_off = is_true((gap > allowed) & (worth_base > PRICE_MINIMUM_BASE) & is_comparable)
    sentence = "The custodian prices the holding at {0} where the market closed at {1}: check which price is old."
    return _broken(positions[is_off], "PRICE", worth_base[is_off], sentence, ("price_stated", "price_market"))


def _broken(
    rows: pd.DataFrame, break_class: str, materiality_base: pd.Series, sentence: str, numbers: tuple[str, str]
) -> pd.DataFrame:
    pairs = zip(rows[numbers[0]], rows[numbers[1]], strict=True)
    explanations = [sentence.format(units.plain(first), units.plain(second)) for first, second in pairs]
    return rows.assign(break_class=break_class, materiality_base=materiality_base, explanation=explanations)
