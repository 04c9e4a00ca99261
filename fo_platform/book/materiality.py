"""What a difference is worth in base currency. Whether there is one belongs to the modules of breaks."""

import pandas as pd

from fo_platform import units
from fo_platform.book.value import last_prices, scale, with_rates


def appraised(
    positions: pd.DataFrame,
    accounts: pd.DataFrame,
    instruments: pd.DataFrame,
    *,
    prices: pd.DataFrame,
    fx_rates: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Positions with what one unit is worth: price_local (the market's, else the custodian's), scale, fx_rate.

    price_market and price_currency are the market's alone; each is unknown where nobody knows it.
    """
    owners = accounts[["account_id", "base_currency", "lot_authority"]]
    owned = positions.merge(owners, how="inner", on="account_id", validate="many_to_one")
    scaled = owned.merge(scale(instruments), how="left", on="instrument_id", validate="many_to_one")
    market = last_prices(prices, day).rename(columns={"price_local": "price_market"})
    priced = scaled.merge(market, how="left", on="instrument_id", validate="many_to_one")
    rated = with_rates(priced.assign(currency=priced["price_currency"].fillna(priced["currency"])), fx_rates, day)
    return rated.assign(currency=priced["currency"], price_local=priced["price_market"].fillna(priced["price_stated"]))


def materiality(rows: pd.DataFrame, difference: pd.Series) -> pd.Series:
    """Absolute worth of a difference in units; where a unit has no known worth the whole stated value counts."""
    stated = units.convert(rows["market_value_stated"].abs(), rows["fx_rate"])
    return worth(rows, difference, rows["price_local"]).fillna(stated)


def worth(rows: pd.DataFrame, quantity: pd.Series, price: pd.Series) -> pd.Series:
    """Absolute worth in base currency of a quantity at a price; unknown where price, scale or rate is."""
    product = units.market_value(units.exact(quantity.abs(), units.QUANTITY), price, scale=rows["scale"])
    return units.convert(units.exact(product, units.MONEY), rows["fx_rate"])
