"""Decimal types at rest and the exact arithmetic on them. Floating-point risk numbers do not belong here."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from functools import reduce

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

QUANTITY = pa.decimal128(28, 10)
PRICE = pa.decimal128(18, 8)
FX = pa.decimal128(14, 8)
MONEY = pa.decimal128(24, 2)
PRODUCT = pa.decimal128(24, 6)
"""quantity x price before it meets an exchange rate."""


def exact(values: Iterable[object] | pd.Series, kind: pa.Decimal128Type) -> pd.Series:
    """Values as an exact decimal column of the given kind, rounded half to even.

    values: Decimals, integers, decimal strings, floats (shortest repr) or a decimal column; None and NaN stay unknown.
    """
    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    index = series.index
    if isinstance(series.dtype, pd.ArrowDtype) and pa.types.is_decimal(series.dtype.pyarrow_dtype):
        return _pandas(_rounded(_arrow(series), kind), index)
    quantum = Decimal(1).scaleb(-kind.scale)
    cells = [_decimal(value, quantum) for value in series]
    return _pandas(pa.array(cells, type=kind), index)


def multiply(*factors: pd.Series, kind: pa.Decimal128Type) -> pd.Series:
    """Exact product of decimal columns, rounded half to even once, at the end, to `kind`."""
    product = reduce(pc.multiply, (_widen(_arrow(factor)) for factor in factors))
    return _pandas(_rounded(product, kind), factors[0].index)


def market_value(quantity: pd.Series, price: pd.Series, *, scale: pd.Series) -> pd.Series:
    """Quantity x price x scale as a (24,6) product; scale is multiplier x factor / price basis, per row."""
    return multiply(quantity, price, scale, kind=PRODUCT)


def convert(amount: pd.Series, fx_rate: pd.Series) -> pd.Series:
    """Local amounts in base currency, MONEY, rounded half to even once."""
    return multiply(amount, fx_rate, kind=MONEY)


def total(values: pd.Series) -> Decimal:
    """Exact sum of a decimal column; unknown cells are skipped and an empty column is zero."""
    result = pc.sum(_arrow(values)).as_py()
    return Decimal(0) if result is None else result


def money(value: Decimal | int | str) -> Decimal:
    """An amount rounded half to even to cents."""
    return Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)


def plain(value: Decimal) -> str:
    """A Decimal as a plain string without exponent or trailing zeros: the form that is signed and hashed."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _decimal(value: object, quantum: Decimal) -> Decimal | None:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN is the one value unequal to itself.
        return None
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    return number.quantize(quantum, rounding=ROUND_HALF_EVEN)


def _arrow(series: pd.Series) -> pa.Array:
    array = pa.array(series)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _widen(array: pa.Array) -> pa.Array:
    """The same numbers as decimal256, whose 76 digits hold a product of quantity, price and scale."""
    return array.cast(pa.decimal256(array.type.precision, array.type.scale))


def _rounded(array: pa.Array, kind: pa.Decimal128Type) -> pa.Array:
    if array.type.scale <= kind.scale:
        return array.cast(kind)
    return pc.round(array, ndigits=kind.scale, round_mode="half_to_even").cast(kind)


def _pandas(array: pa.Array, index: pd.Index) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(array), index=index)
