"""Movements that custodians report, each once. What they do to holdings and cash belongs to positions and cash."""

from decimal import Decimal

import pandas as pd

from fo_platform import ids, units
from fo_platform.book.amounts import ZERO, or_zero
from fo_platform.book.statements import known_accounts
from fo_platform.contracts.book import Transactions
from fo_platform.identify import identify
from fo_platform.records import IDENTIFIERS, NO_CURRENCY, unpack

_CONTENT = ["account_id", "kind", "date", "settle_date", "amount", "currency", "quantity", "reference"]


def transactions(
    raw_records: pd.DataFrame,
    identifiers: pd.DataFrame,
    accounts: pd.DataFrame,
    transactions_window: pd.DataFrame,
    *,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """book.Transactions that were not reported on an earlier day; quantities are signed by what they do to the account.

    transactions_window: the table's earlier days. A movement is known by its content and by how many equal ones stand
    before it in its file: two equal movements of one file are two, the same one in a restated file is one. A kind
    that the vocabulary does not know counts as `other`.
    """
    records = known_accounts(unpack(raw_records, "transaction"), accounts)
    if records.empty:
        return Transactions.frame()
    dated = records.assign(
        date=records["date"].fillna(records["statement_date"]),
        statement_date=records["statement_date"].fillna(records["date"]),
        currency=records["currency"].fillna(NO_CURRENCY),
        kind=records["kind"].where(records["kind"].isin(Transactions.allowed["transaction_kind"]), "other"),
    )
    named = dated.assign(transaction_id=_transaction_ids(dated), instrument_id=_instruments(dated, identifiers, day))
    once = named.drop_duplicates("transaction_id", keep="last")
    new = once[~once["transaction_id"].isin(transactions_window["transaction_id"])]
    return Transactions.frame(_renamed(new)[list(Transactions.fields())])


def _renamed(records: pd.DataFrame) -> pd.DataFrame:
    names = {
        "kind": "transaction_kind",
        "date": "trade_date",
        "settle_date": "settlement_date",
        "amount": "cash_local",
        "reference": "reference_source",
    }
    paid = or_zero(records["amount"])
    return records.assign(quantity=_signed(records, paid), amount=paid).rename(columns=names)


def _signed(records: pd.DataFrame, paid: pd.Series) -> pd.Series:
    """Quantities by what they do to the account: a sale is written with a sign, without, or cancelled with it turned.

    So the money of a trade tells which way the securities went, where there is any.
    """
    kind, size = records["kind"], records["quantity"].abs()
    is_bought = (kind == "buy").mask((paid != ZERO).astype("bool"), paid < ZERO).astype("bool")
    traded = size.where(is_bought, -size)
    signed = records["quantity"].mask(kind.isin(("buy", "sell")), traded)
    return signed.mask(kind == "transfer_out", -size)


def _instruments(records: pd.DataFrame, identifiers: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """The instrument of movements that name one; money alone has none."""
    is_named = records[list(IDENTIFIERS)].notna().any(axis=1)
    return identify(records, identifiers, day).where(is_named)


def _transaction_ids(records: pd.DataFrame) -> pd.Series:
    content = pd.DataFrame({name: _text(records[name]) for name in _CONTENT})
    occurrence = content.assign(file=records["file_sha256"]).groupby([*_CONTENT, "file"], dropna=False).cumcount()
    parts = content.assign(occurrence=occurrence.astype(str))
    made = [ids.short_id(*row) for row in parts.itertuples(index=False)]
    return pd.Series(made, index=records.index, dtype=pd.StringDtype("pyarrow"))


def _text(values: pd.Series) -> list[str]:
    """A column as text that is the same for equal values; unknown is empty."""
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d")
    known = values.notna()
    return [_plain(value) if there else "" for value, there in zip(values, known, strict=True)]


def _plain(value: object) -> str:
    return units.plain(value) if isinstance(value, Decimal) else str(value)
