"""Exact quantities and money of orders and fills, positive towards us. Which fills count does not belong here."""

import pandas as pd
import pyarrow as pa

from fo_platform import units

SIGN = pa.decimal128(1, 0)


def signed_cash(fills: pd.DataFrame, instruments: pd.DataFrame) -> pd.Series:
    """Money before fees, paid negative, received positive: quantity x price x multiplier / basis, half even to cents.

    fills: instrument_id, side, quantity, price_local. instruments: `reference.instruments`, with every instrument.
    """
    scale = price_scales(instruments).reindex(fills["instrument_id"]).set_axis(fills.index)
    factors = (fills["quantity"], fills["price_local"], scale, _signs(fills, buy=-1))
    return units.multiply(*factors, kind=units.MONEY)


def settlement_cash(fills: pd.DataFrame, instruments: pd.DataFrame) -> pd.Series:
    """Money that moves when the fills settle, fees taken off."""
    return units.exact(signed_cash(fills, instruments) - fills["fee_local"], units.MONEY)


def _signs(fills: pd.DataFrame, *, buy: int) -> pd.Series:
    """One with the sign that `buy` gives purchases, and the other sign for sales."""
    return units.exact(fills["side"].map({"BUY": buy, "SELL": -buy}).astype(object), SIGN)


def price_scales(instruments: pd.DataFrame) -> pd.Series:
    """Money per unit of quantity and price: the multiplier, over 100 for prices in per cent."""
    basis = units.exact(instruments["price_basis"].map({"unit": "1", "per_100": "0.01"}).astype(object), units.PRICE)
    return units.multiply(instruments["multiplier"], basis, kind=units.PRICE).set_axis(instruments["instrument_id"])
