"""Holdings by account and instrument: stated, expected and in our own book. Whether they agree belongs to breaks."""

import pandas as pd

from fo_platform import units
from fo_platform.book.amounts import ZERO, is_nonzero, or_zero, replaced, sum_by, summed
from fo_platform.book.fills import fill_legs
from fo_platform.book.holdings import KEY, stated_holdings
from fo_platform.book.roll_forward import in_window, joined, outstanding
from fo_platform.book.statements import current_statements, standings
from fo_platform.contracts.book import Positions
from fo_platform.identify import reidentify
from fo_platform.records import NO_CURRENCY, POINTERS

_VALUES = ["market_value_stated", "market_value_implied", "cost_stated", "accrued_local"]
_STATED = ["quantity_stated", "quantity_settled", *_VALUES]
_OURS = ["quantity_pending", "quantity_unsettled", "quantity_book"]
_CELLS = [*KEY, "currency", *_STATED, "price_stated", *POINTERS]


def positions(
    raw_records: pd.DataFrame,
    identifiers: pd.DataFrame,
    accounts: pd.DataFrame,
    positions_previous: pd.DataFrame,
    transactions: pd.DataFrame,
    *,
    fills_known: pd.DataFrame,
    day: pd.Timestamp,
    previous_session: pd.Timestamp,
) -> pd.DataFrame:
    """book.Positions of the morning of a day.

    A current statement is the whole of its account: what it leaves out is stated as zero. Without one the day carries
    yesterday's, stale when it is older than the previous session. Our book is yesterday's plus transfers in kind plus
    our own fills; a custodian's purchase that is not ours never enters it. The first statement of an account opens it.
    A file that gives trade-dated and settled quantities is stated on trade basis, and proved on both.
    """
    previous = sum_by(reidentify(positions_previous, identifiers, day), KEY, [*_STATED, *_OURS])
    statements = current_statements(raw_records, accounts, previous, kind="position", day=day)
    stated = stated_holdings(raw_records, identifiers, accounts, statements, day)
    cells = _cells(stated, previous, statements)
    bases = _with_basis(standings(accounts, statements, previous), cells)
    legs = fill_legs(fills_known, day)
    moved = _moved(in_window(legs, previous_session, day), transactions)
    known = [
        summed(previous, KEY, column="quantity_book", name="quantity_before"),
        summed(moved, KEY, column="quantity", name="quantity_moved"),
        summed(outstanding(legs, bases), KEY, column="quantity", name="quantity_pending"),
        summed(outstanding(legs, bases, basis="settle"), KEY, column="quantity", name="quantity_unsettled"),
        _currencies(previous, legs, transactions),
    ]
    rows = joined(cells, KEY, known).merge(
        bases, how="inner", on="account_id", validate="many_to_one", suffixes=("", "_statement")
    )
    return Positions.frame(_live(_booked(rows, previous_session))[list(Positions.fields())])


def _cells(stated: pd.DataFrame, previous: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """What each account's statement says line by line: today's, or yesterday's carried where none is current."""
    is_both = stated["quantity_traded"].notna() & stated["quantity_settled"].notna()
    today = stated.assign(
        quantity_stated=stated["quantity_traded"].fillna(stated["quantity_settled"]),
        quantity_settled=stated["quantity_settled"].where(is_both),
    )
    is_carried = ~previous["account_id"].isin(statements["account_id"]) & previous["quantity_stated"].notna()
    return pd.concat([today[_CELLS], previous.loc[is_carried, _CELLS]], ignore_index=True)


def _with_basis(accounts_standing: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """The basis that each account's statement is on: trade, if it gives settled quantities beside the others."""
    both = cells.loc[cells["quantity_settled"].notna(), "account_id"]
    has_both = accounts_standing["account_id"].isin(both)
    basis = accounts_standing["statement_basis"].mask(has_both, "trade")
    return accounts_standing.assign(statement_basis=basis, has_both=has_both)


def _moved(legs: pd.DataFrame, transactions: pd.DataFrame) -> pd.DataFrame:
    """Securities that came and went since yesterday's book: our fills, and transfers in kind that were reported."""
    is_transfer = transactions["transaction_kind"].isin(("transfer_in", "transfer_out"))
    in_kind = transactions[is_transfer & transactions["instrument_id"].notna() & transactions["quantity"].notna()]
    columns = [*KEY, "quantity"]
    return pd.concat([legs[columns], in_kind[columns]], ignore_index=True)


def _currencies(previous: pd.DataFrame, legs: pd.DataFrame, transactions: pd.DataFrame) -> pd.DataFrame:
    """Currency of a line that its statement does not name."""
    named = transactions[transactions["instrument_id"].notna()]
    known = pd.concat([rows[[*KEY, "currency"]] for rows in (previous, legs, named)], ignore_index=True)
    return known.drop_duplicates(KEY).rename(columns={"currency": "currency_known"})


def _booked(rows: pd.DataFrame, previous_session: pd.Timestamp) -> pd.DataFrame:
    is_absent, has_statement = rows["quantity_stated"].isna(), rows["statement_date"].notna()
    stated = replaced(rows["quantity_stated"], is_absent & has_statement, ZERO)
    pending = or_zero(rows["quantity_pending"])
    rolled = units.exact(or_zero(rows["quantity_before"]) + or_zero(rows["quantity_moved"]), units.QUANTITY)
    opened = units.exact(or_zero(stated) + pending, units.QUANTITY)
    return rows.assign(
        quantity_stated=stated,
        quantity_settled=replaced(rows["quantity_settled"], rows["quantity_settled"].isna() & rows["has_both"], ZERO),
        quantity_pending=pending,
        quantity_unsettled=or_zero(rows["quantity_unsettled"]),
        quantity_book=opened.where(rows["is_opening"], rolled),
        accrued_local=or_zero(rows["accrued_local"]),
        currency=rows["currency"].fillna(rows["currency_known"]).fillna(NO_CURRENCY),
        is_stale=~(rows["statement_date"] >= previous_session),
        file_sha256=rows["file_sha256"].fillna(rows["file_sha256_statement"]),
    )


def _live(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that still say something; an account left with nothing keeps its empty ones, which show that it is open."""
    said = ["quantity_stated", "quantity_settled", *_OURS]
    is_live = pd.concat([is_nonzero(rows[name]) for name in said], axis=1).any(axis=1)
    has_live = rows["account_id"].isin(rows.loc[is_live, "account_id"])
    return rows[is_live | ~has_live]
