"""Open tax lots: the custodian's where it is the authority, else ours. Which to sell belongs to decision."""

import pandas as pd

from fo_platform import ids
from fo_platform.book.amounts import or_zero, sum_by
from fo_platform.book.cash import cash_legs
from fo_platform.book.fills import fill_legs
from fo_platform.book.holdings import KEY
from fo_platform.book.office_lots import LOT_KEY, ORIGIN, office_lots
from fo_platform.book.roll_forward import in_window
from fo_platform.book.statements import current_statements, known_accounts, rows_of
from fo_platform.contracts.book import TaxLots
from fo_platform.identify import identify, reidentify
from fo_platform.lots import UNNUMBERED
from fo_platform.records import NO_CURRENCY, unpack


def tax_lots(
    raw_records: pd.DataFrame,
    identifiers: pd.DataFrame,
    accounts: pd.DataFrame,
    tax_lots_previous: pd.DataFrame,
    positions: pd.DataFrame,
    *,
    instruments: pd.DataFrame,
    fills_known: pd.DataFrame,
    day: pd.Timestamp,
    previous_session: pd.Timestamp,
) -> pd.DataFrame:
    """book.TaxLots of the morning of a day.

    Custodian's lots are those of the account's current statement, else yesterday's. Ours open at the first statement
    with the cost it states, follow our fills, and always sum to the quantity of our book in `positions`.
    """
    statements = current_statements(raw_records, accounts, positions, kind="position", day=day)
    previous = reidentify(tax_lots_previous, identifiers, day)
    lots = _stated_lots(raw_records, identifiers, accounts, statements, day)
    is_carried = ~previous["account_id"].isin(statements["account_id"])
    theirs = _of_authority(pd.concat([lots, previous.loc[is_carried, lots.columns]]), accounts, "custodian")
    held = _of_authority(_with_basis(positions, day), accounts, "office")
    trades = cash_legs(in_window(fill_legs(fills_known, day), previous_session, day), instruments)
    ours = office_lots(_of_authority(previous, accounts, "office"), trades, held)
    return TaxLots.frame(pd.concat([TaxLots.frame(theirs), ours], ignore_index=True))


def _with_basis(positions: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Positions with what they cost: as the statement says, else what it says that they are worth."""
    return positions.assign(
        basis_quantity=or_zero(positions["quantity_stated"]),
        basis_cost=or_zero(positions["cost_stated"].fillna(positions["market_value_stated"])),
        basis_date=positions["statement_date"].fillna(day),
    )


def _of_authority(rows: pd.DataFrame, accounts: pd.DataFrame, lot_authority: str) -> pd.DataFrame:
    of = accounts.loc[accounts["lot_authority"] == lot_authority, "account_id"]
    return rows[rows["account_id"].isin(of)].assign(lot_authority=lot_authority)


def _stated_lots(
    raw_records: pd.DataFrame,
    identifiers: pd.DataFrame,
    accounts: pd.DataFrame,
    statements: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Lots of the current statements; an unknown date is the statement's, an unknown cost is zero: the dear side."""
    records = known_accounts(unpack(raw_records, "lot"), accounts)
    rows = rows_of(records.assign(instrument_id=identify(records, identifiers, day)), statements, KEY)
    rows = rows.assign(
        acquired_date=rows["acquired_date"].fillna(rows["statement_date"]),
        cost_local=or_zero(rows["cost"]),
        quantity=or_zero(rows["quantity"]),
        currency=rows["currency"].fillna(NO_CURRENCY),
        lot_id=rows["lot_id"].fillna(_made_ids(rows)),
    )
    columns = [*LOT_KEY, "acquired_date", "quantity", "cost_local", *ORIGIN]
    return sum_by(rows[columns], LOT_KEY, ["quantity", "cost_local"])


def _made_ids(rows: pd.DataFrame) -> pd.Series:
    """Identifiers for lots that the custodian does not number, from their order within the holding."""
    number = rows.groupby(KEY).cumcount().astype(str)
    made = [UNNUMBERED + ids.short_id(*row) for row in rows[KEY].assign(number=number).itertuples(index=False)]
    return pd.Series(made, index=rows.index, dtype=rows["lot_id"].dtype)
