"""Prices, rates and scales that turn quantities into money, each as of its day. What is held does not belong here."""

from decimal import Decimal

import pandas as pd

from fo_platform import units
from fo_platform.book.amounts import replaced
from fo_platform.once import once


@once
def scale(instruments: pd.DataFrame) -> pd.DataFrame:
    """What quantity x price is multiplied with to give money, by instrument_id: multiplier / price basis."""
    per_100 = (instruments["price_basis"] == "per_100").astype("bool").map({True: "0.01", False: "1"})
    product = units.multiply(instruments["multiplier"], units.exact(per_100, units.PRICE), kind=units.PRICE)
    return pd.DataFrame({"instrument_id": instruments["instrument_id"], "scale": product})


def last_prices(prices: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Last known price of every instrument on or before a day.

    prices: reference.Prices of several days in the order of delivery; of one price date the last delivery counts.
    Columns instrument_id, price_local, price_date, price_currency.
    """
    known = prices[prices["price_date"] <= day].sort_values("price_date", kind="stable")
    last = known.drop_duplicates("instrument_id", keep="last").rename(columns={"currency": "price_currency"})
    return last[["instrument_id", "price_local", "price_date", "price_currency"]].reset_index(drop=True)


def with_rates(rows: pd.DataFrame, fx_rates: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Rows with the rate from `currency` to `base_currency` and its date; one and the day itself where they are equal.

    fx_rates: reference.FxRates of several days. The last known rate on or before the day counts: never a later one,
    never an interpolated one.
    """
    pair = ["currency", "base_currency"]
    known = fx_rates[fx_rates["rate_date"] <= day].sort_values("rate_date", kind="stable")
    last = known.drop_duplicates(pair, keep="last")[[*pair, "fx_rate", "rate_date"]]
    rated = rows.merge(last, how="left", on=pair, validate="many_to_one")
    is_same = (rated["currency"] == rated["base_currency"]).astype("bool")
    return rated.assign(
        fx_rate=replaced(rated["fx_rate"], is_same, Decimal(1)), rate_date=rated["rate_date"].mask(is_same, day)
    )


def market_value_local(rows: pd.DataFrame) -> pd.Series:
    """Quantity x price x scale in cents, rounded from the exact product; unknown where any of them is."""
    return units.exact(units.market_value(rows["quantity"], rows["price_local"], scale=rows["scale"]), units.MONEY)
