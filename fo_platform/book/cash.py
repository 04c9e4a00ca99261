"""Money by account and currency: stated, expected and in our own book. Whether they agree belongs to breaks."""

from decimal import Decimal

import pandas as pd

from fo_platform import units
from fo_platform.book.amounts import ZERO, or_value, or_zero, replaced, sum_by, summed
from fo_platform.book.fills import fill_legs
from fo_platform.book.roll_forward import in_window, joined, outstanding
from fo_platform.book.statements import current_statements, known_accounts, rows_of, standings
from fo_platform.book.value import scale
from fo_platform.contracts.book import Cash
from fo_platform.records import NO_CURRENCY, POINTERS, unpack

KEY = ["account_id", "currency"]

_CELLS = [*KEY, "cash_stated", "is_trade_dated", *POINTERS]


def cash(
    raw_records: pd.DataFrame,
    accounts: pd.DataFrame,
    cash_previous: pd.DataFrame,
    transactions: pd.DataFrame,
    instruments: pd.DataFrame,
    *,
    fills_known: pd.DataFrame,
    day: pd.Timestamp,
    previous_session: pd.Timestamp,
) -> pd.DataFrame:
    """book.Cash of the morning of a day.

    Our cash book is trade-dated: yesterday's, plus the cash of our own fills on their trade date, plus what custodians
    report, save purchases and sales: those are our fills' cash or a break. A current statement is the whole of its
    account: a currency that it leaves out is stated as zero. The first statement of an account opens its book.
    """
    statements = current_statements(raw_records, accounts, cash_previous, kind="cash", day=day)
    cells = _cells(_stated(raw_records, accounts, statements), cash_previous, statements)
    bases = _with_basis(standings(accounts, statements, cash_previous), cells)
    legs = cash_legs(fill_legs(fills_known, day), instruments)
    moved = _moved(in_window(legs, previous_session, day), transactions)
    known = [
        summed(cash_previous, KEY, column="cash_book", name="cash_before"),
        summed(moved, KEY, column="cash_local", name="cash_moved"),
        summed(outstanding(legs, bases), KEY, column="cash_local", name="cash_pending"),
    ]
    rows = joined(cells, KEY, known).merge(
        bases, how="inner", on="account_id", validate="many_to_one", suffixes=("", "_statement")
    )
    return Cash.frame(_booked(rows, previous_session)[list(Cash.fields())])


def cash_legs(legs: pd.DataFrame, instruments: pd.DataFrame) -> pd.DataFrame:
    """Fill legs with their money: paid for purchases, received for sales, less the fee; rounded once a leg."""
    scaled = legs.merge(scale(instruments), how="left", on="instrument_id", validate="many_to_one")
    scales = or_value(scaled["scale"], Decimal(1))
    gross = units.exact(units.market_value(scaled["quantity"], scaled["price_local"], scale=scales), units.MONEY)
    return scaled.assign(cash_local=units.exact(-(gross + scaled["fee_local"]), units.MONEY))


def _stated(raw_records: pd.DataFrame, accounts: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Balances of the current statements; trade-dated where a file gives both."""
    records = known_accounts(unpack(raw_records, "cash"), accounts)
    rows = rows_of(records.assign(currency=records["currency"].fillna(NO_CURRENCY)), statements, KEY)
    stated = rows.assign(
        cash_stated=rows["amount"].fillna(rows["amount_settled"]),
        is_trade_dated=rows["amount"].notna() & rows["amount_settled"].notna(),
    )
    return sum_by(stated[_CELLS], KEY, ["cash_stated"])


def _cells(stated: pd.DataFrame, previous: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """What each account's statement says by currency: today's, or yesterday's carried where none is current."""
    is_carried = ~previous["account_id"].isin(statements["account_id"]) & previous["cash_stated"].notna()
    carried = previous.assign(is_trade_dated=(previous["statement_basis"] == "trade").astype("bool"))
    return pd.concat([stated, carried.loc[is_carried, _CELLS]], ignore_index=True)


def _with_basis(accounts_standing: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """The basis that each account's statement is on: trade, if it gives both."""
    both = cells.loc[cells["is_trade_dated"].astype("bool"), "account_id"]
    basis = accounts_standing["statement_basis"].mask(accounts_standing["account_id"].isin(both), "trade")
    return accounts_standing.assign(statement_basis=basis)


def _moved(legs: pd.DataFrame, transactions: pd.DataFrame) -> pd.DataFrame:
    """Money that came and went since yesterday's book: of our fills, and of everything reported but trades."""
    others = transactions[~transactions["transaction_kind"].isin(("buy", "sell"))]
    columns = [*KEY, "cash_local"]
    return pd.concat([legs[columns], others[columns]], ignore_index=True)


def _booked(rows: pd.DataFrame, previous_session: pd.Timestamp) -> pd.DataFrame:
    is_absent, has_statement = rows["cash_stated"].isna(), rows["statement_date"].notna()
    stated = replaced(rows["cash_stated"], is_absent & has_statement, ZERO)
    pending = or_zero(rows["cash_pending"])
    rolled = units.exact(or_zero(rows["cash_before"]) + or_zero(rows["cash_moved"]), units.MONEY)
    opened = units.exact(or_zero(stated) + pending, units.MONEY)
    return rows.assign(
        cash_stated=stated,
        cash_pending=pending,
        cash_book=opened.where(rows["is_opening"], rolled),
        is_stale=~(rows["statement_date"] >= previous_session),
        file_sha256=rows["file_sha256"].fillna(rows["file_sha256_statement"]),
    )
