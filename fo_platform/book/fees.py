"""Fees as they were charged over the last year. What they ought to have been does not belong here."""

import pandas as pd

from fo_platform import ids
from fo_platform.book.statements import known_accounts
from fo_platform.contracts.book import Fees
from fo_platform.records import unpack

DAYS = 365
_CHARGED = "fee"


def fees(
    raw_records: pd.DataFrame,
    accounts: pd.DataFrame,
    transactions: pd.DataFrame,
    fees_previous: pd.DataFrame,
    *,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """book.Fees: what administrators and ledgers list and what custodians took from accounts, each once, for a year.

    A fee that is stated again under its own number replaces the one it corrects. Positive is a cost.
    """
    columns = list(Fees.fields())
    charged = [_listed(raw_records, accounts), _taken(transactions, accounts)]
    stated = [Fees.frame(rows.reindex(columns=columns)) for rows in (fees_previous, *charged)]
    known = Fees.complete(pd.concat(stated, ignore_index=True)).drop_duplicates("fee_id", keep="last")
    return Fees.frame(known[known["charged_date"] > day - pd.Timedelta(days=DAYS)])


def _listed(raw_records: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    names = {"fee_id_source": "reference_source", "amount": "fee_local"}
    records = known_accounts(unpack(raw_records, "fee"), accounts).rename(columns=names)
    dated = records.assign(charged_date=records["charged_date"].fillna(records["statement_date"]))
    return _identified(_owned(dated, accounts))


def _taken(transactions: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Fees among the movements of accounts."""
    moved = transactions[transactions["transaction_kind"] == _CHARGED]
    named = moved.rename(columns={"transaction_id": "fee_id", "trade_date": "charged_date"})
    return _owned(named.assign(fee_local=-named["cash_local"], fee_kind="custody"), accounts)


def _owned(rows: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    return rows.merge(accounts[["account_id", "entity_id"]], how="left", on="account_id", validate="many_to_one")


def _identified(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with an identifier of ours: from the account and the fee's own number, or else from what it says."""
    said = rows[["fee_kind", "charged_date", "currency", "fee_local"]].astype(str).agg("|".join, axis=1)
    named = rows["reference_source"].fillna(said) if len(rows) else rows["reference_source"]
    made = [ids.short_id(*pair) for pair in zip(rows["account_id"], named, strict=True)]
    return rows.assign(fee_id=pd.Series(made, index=rows.index, dtype=pd.StringDtype("pyarrow")))
