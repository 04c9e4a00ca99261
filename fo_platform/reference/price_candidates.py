"""Every price that a source states for an instrument, in its currency and basis. Which counts is ranked elsewhere."""

from decimal import Decimal

import pandas as pd

from fo_platform import units
from fo_platform.identify import identify, is_unknown
from fo_platform.once import once
from fo_platform.records import POINTERS, unpack

MINOR = {"GBX": "GBP", "GBp": "GBP", "ZAC": "ZAR", "ZAc": "ZAR", "ILA": "ILS"}
"""Hundredths that exchanges quote in, under the names that vendors give them, and the currency of each."""

COLUMNS = ["instrument_id", "price_date", "price_local", "currency", "price_source", "source", *POINTERS]

_HUNDREDTH = Decimal("0.01")
_TEXT = pd.StringDtype("pyarrow")


@once
def price_candidates(
    raw_records: pd.DataFrame, identifiers: pd.DataFrame, instruments: pd.DataFrame, day: pd.Timestamp
) -> pd.DataFrame:
    """Prices that market data sources state, and those at which custodians value what they hold; the last received.

    Columns of COLUMNS, one row an instrument, price date and source. A price in hundredths (pence) is converted. A
    custodian's price is of its statement's date; of an instrument that nobody knows it is left out.
    """
    stated = pd.concat([_market(raw_records), _statements(raw_records, identifiers, instruments, day)])
    above_zero = stated[(stated["price_local"] > Decimal(0)).fillna(value=False).astype("bool")]
    return _in_whole_units(above_zero).drop_duplicates(
        ["instrument_id", "price_date", "source"], keep="last", ignore_index=True
    )


def _market(raw_records: pd.DataFrame) -> pd.DataFrame:
    return unpack(raw_records[raw_records["account_id_source"].isna()], "price")[COLUMNS]


def _statements(
    raw_records: pd.DataFrame, identifiers: pd.DataFrame, instruments: pd.DataFrame, day: pd.Timestamp
) -> pd.DataFrame:
    """Prices within custodians' statements, on the basis on which the instrument is quoted."""
    held = unpack(raw_records, "position").rename(columns={"price": "price_local", "statement_date": "price_date"})
    records = held[held["price_local"].notna() & held["price_date"].notna() & held["currency"].notna()]
    if records.empty:
        return pd.DataFrame(columns=COLUMNS).astype({"price_local": pd.ArrowDtype(units.PRICE)})
    named = records.assign(instrument_id=identify(records, identifiers, day), price_source=records["source"])
    basis = instruments[["instrument_id", "price_basis"]]
    known = named[~is_unknown(named["instrument_id"])].merge(
        basis, how="inner", on="instrument_id", validate="many_to_one", suffixes=("_stated", "")
    )
    return known.assign(price_local=_on_basis(known))[COLUMNS]


def _on_basis(rows: pd.DataFrame) -> pd.Series:
    stated, quoted = rows["price_basis_stated"] == "per_100", rows["price_basis"] == "per_100"
    factors = [Decimal(1) if s == q else _HUNDREDTH if s else Decimal(100) for s, q in _pairs(stated, quoted)]
    return units.multiply(rows["price_local"], _exact(factors, rows.index), kind=units.PRICE)


def _pairs(stated: pd.Series, quoted: pd.Series) -> list[tuple[bool, bool]]:
    known = (flags.fillna(value=False).astype("bool") for flags in (stated, quoted))
    return list(zip(*known, strict=True))


def _in_whole_units(rows: pd.DataFrame) -> pd.DataFrame:
    is_minor = rows["currency"].isin(list(MINOR))
    if not is_minor.any():
        return rows
    factors = [_HUNDREDTH if minor else Decimal(1) for minor in is_minor]
    return rows.assign(
        price_local=units.multiply(rows["price_local"], _exact(factors, rows.index), kind=units.PRICE),
        currency=rows["currency"].replace(MINOR).astype(_TEXT),
    )


def _exact(factors: list[Decimal], index: pd.Index) -> pd.Series:
    return units.exact(pd.Series(factors, index=index, dtype=object), units.PRICE)
