"""Fees as they were charged over the last year. Where they were paid belongs to fee_standing."""

import pandas as pd

from fo_platform import ids
from fo_platform.book.fee_standing import ACCOUNT, SAME_DAYS, STANDING, stood
from fo_platform.book.statements import known_accounts
from fo_platform.book.value import with_rates
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
    fx_rates: pd.DataFrame,
    cash: pd.DataFrame,
    private_capital: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """book.Fees: what administrators and ledgers list and what custodians took from accounts, each once, for a year.

    A fee that is stated again under its own number replaces the one it corrects. Positive is a cost. Where it was paid
    is decided anew every day, as a payment may be seen after its invoice, until what it is held against may have left.
    """
    columns = list(Fees.fields())
    charged = [_listed(raw_records, accounts), _taken(transactions, accounts)]
    stated = [Fees.frame(rows.reindex(columns=columns)) for rows in (fees_previous, *charged)]
    every = pd.concat(stated, ignore_index=True)
    whole = Fees.complete(every.drop(columns="fee_standing")).join(every["fee_standing"])
    known = whole.drop_duplicates("fee_id", keep="last")
    recent = known[known["charged_date"] > day - pd.Timedelta(days=DAYS)].reset_index(drop=True)
    found = stood(_rated(recent, accounts, fx_rates, day), accounts, cash, private_capital)
    is_kept = (recent["charged_date"] <= day - pd.Timedelta(days=DAYS - 2 * SAME_DAYS)) & recent["fee_standing"].notna()
    return Fees.frame(found.assign(**{name: found[name].mask(is_kept, recent[name]) for name in STANDING}))


def _rated(rows: pd.DataFrame, accounts: pd.DataFrame, fx_rates: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Rows with the day's rate, or else the last one that they had."""
    named = rows.drop(columns="fx_rate").merge(
        accounts[["account_id", "base_currency"]], how="left", on="account_id", validate="many_to_one"
    )
    return rows.assign(fx_rate=with_rates(named, fx_rates, day)["fx_rate"].fillna(rows["fx_rate"]))


def _listed(raw_records: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    names = {"fee_id_source": "reference_source", "amount": "fee_local"}
    records = known_accounts(unpack(raw_records, "fee"), accounts).rename(columns=names)
    dated = records.assign(charged_date=records["charged_date"].fillna(records["statement_date"]))
    return _identified(_owned(dated, accounts))


def _taken(transactions: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Fees among the movements of accounts."""
    moved = transactions[transactions["transaction_kind"] == _CHARGED]
    named = moved.rename(columns={"transaction_id": "fee_id", "trade_date": "charged_date"})
    paid = named.assign(fee_local=-named["cash_local"], fee_kind="custody", fee_standing=ACCOUNT)
    return _owned(paid, accounts)


def _owned(rows: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    return rows.merge(accounts[["account_id", "entity_id"]], how="left", on="account_id", validate="many_to_one")


def _identified(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with an identifier of ours: from the account and the fee's own number, or else from what it says."""
    said = rows[["fee_kind", "charged_date", "currency", "fee_local"]].astype(str).agg("|".join, axis=1)
    named = rows["reference_source"].fillna(said) if len(rows) else rows["reference_source"]
    made = [ids.short_id(*pair) for pair in zip(rows["account_id"], named, strict=True)]
    return rows.assign(fee_id=pd.Series(made, index=rows.index, dtype=pd.StringDtype("pyarrow")))
