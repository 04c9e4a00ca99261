"""Securities as the current statements state them, one row an account and instrument. Our book belongs to positions."""

from decimal import Decimal

import pandas as pd

from fo_platform import units
from fo_platform.book.amounts import is_true, or_value, replaced, sum_by
from fo_platform.book.statements import known_accounts, rows_of
from fo_platform.identify import identify
from fo_platform.records import POINTERS, unpack

KEY = ["account_id", "instrument_id"]

ONE = Decimal(1)

_QUANTITIES = ["quantity_traded", "quantity_settled"]
_VALUES = ["market_value_stated", "market_value_implied", "accrued_local", "cost_stated"]


def stated_holdings(
    raw_records: pd.DataFrame,
    identifiers: pd.DataFrame,
    accounts: pd.DataFrame,
    statements: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Holdings of the accounts' current statements; rows of one instrument in several places are added up.

    statements: account_id and statement_date of the statement that counts. Columns account_id, instrument_id, currency,
    quantity_traded and quantity_settled (each unknown where the file does not give it), market_value_stated,
    market_value_implied (quantity x price as the row itself says), accrued_local, cost_stated, price_stated, pointers.
    """
    records = known_accounts(unpack(raw_records, "position"), accounts)
    rows = rows_of(records.assign(instrument_id=identify(records, identifiers, day)), statements, KEY)
    measured = rows.assign(**_amounts(rows)).rename(columns={"price": "price_stated"})
    columns = [*KEY, "currency", *_QUANTITIES, *_VALUES, "price_stated", *POINTERS]
    return sum_by(measured[columns], KEY, [*_QUANTITIES, *_VALUES])


def _amounts(rows: pd.DataFrame) -> dict[str, pd.Series]:
    traded, settled = (_signed(rows[name], rows["side"]) for name in ("quantity", "quantity_settled"))
    quantity, scale = traded.fillna(settled), _scale(rows)
    implied, cost = (_money(quantity, rows[name], scale) for name in ("price", "cost_price"))
    return {
        "quantity_traded": traded,
        "quantity_settled": settled,
        "market_value_stated": rows["market_value"],
        "market_value_implied": implied,
        "accrued_local": rows["accrued"],
        "cost_stated": rows["cost"].fillna(cost),
    }


def _signed(quantity: pd.Series, side: pd.Series) -> pd.Series:
    """A short position is negative however the file writes it."""
    return quantity.mask(is_true(side == "SHORT"), -quantity.abs())


def _scale(rows: pd.DataFrame) -> pd.Series:
    """What quantity x price is multiplied with, as the row itself says: multiplier x factor / price basis.

    An amortised quantity (SWIFT AMOR) is what the factor left of the original face already.
    """
    per_100 = is_true(rows["price_basis"] == "per_100").map({True: "0.01", False: "1"})
    multiplier, stated = (or_value(rows[name], ONE) for name in ("multiplier", "factor"))
    factor = replaced(stated, is_true(rows["quantity_type"] == "AMOR"), ONE)
    return units.multiply(multiplier, factor, units.exact(per_100, units.PRICE), kind=units.PRICE)


def _money(quantity: pd.Series, price: pd.Series, scale: pd.Series) -> pd.Series:
    return units.exact(units.market_value(quantity, price, scale=scale), units.MONEY)
