"""Which custodian's statement of an account the day stands on. What it states belongs to positions and cash."""

import pandas as pd


def known_accounts(raw_records: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Records of accounts that policy knows, with `account_id`; the custodian's own number is dropped."""
    named = accounts[["custodian", "account_id_source", "account_id"]].rename(columns={"custodian": "source"})
    known = raw_records.merge(named, how="inner", on=["source", "account_id_source"], validate="many_to_one")
    return known.drop(columns="account_id_source")


def current_statements(
    raw_records: pd.DataFrame, accounts: pd.DataFrame, previous: pd.DataFrame, *, kind: str, day: pd.Timestamp
) -> pd.DataFrame:
    """The statement of every account that was received for the day and is not older than the one carried.

    kind: the record kind that is stated; a feed that holds such records states all of it for the accounts it names, so
    an account that it names without any has none. previous: rows of the table's previous day with statement_date.
    Columns account_id, statement_date, file_sha256; one row an account.
    """
    feeds = raw_records.loc[raw_records["record_kind"] == kind, ["source", "feed"]].drop_duplicates()
    speaking = raw_records.merge(feeds, how="inner", on=["source", "feed"], validate="many_to_one")
    stated = known_accounts(speaking[speaking["statement_date"] < day], accounts)
    ordered = stated.sort_values(["statement_date", "received_at", "file_sha256"], kind="stable")
    newest = ordered.drop_duplicates("account_id", keep="last")[["account_id", "statement_date", "file_sha256"]]
    carried = carried_dates(previous)
    dated = newest.merge(carried, how="left", on="account_id", validate="one_to_one", suffixes=("", "_carried"))
    is_older = dated["statement_date"] < dated["statement_date_carried"]
    return dated[~is_older].drop(columns="statement_date_carried").reset_index(drop=True)


def carried_dates(previous: pd.DataFrame) -> pd.DataFrame:
    """Date of the statement that every account stood on the day before; accounts never stated are left out."""
    stated = previous.loc[previous["statement_date"].notna(), ["account_id", "statement_date"]]
    return stated.sort_values("statement_date").drop_duplicates("account_id", keep="last", ignore_index=True)


def rows_of(records: pd.DataFrame, statements: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Records that belong to the accounts' current statements; a key that two files state counts as the later one says.

    records: in the order received, with account_id. keys: what names one holding within an account.
    """
    dates = statements[["account_id", "statement_date"]]
    stated = records.merge(dates, how="inner", on=["account_id", "statement_date"], validate="many_to_one")
    last = stated.groupby(keys, sort=False, dropna=False)["file_sha256"].transform("last")
    return stated[stated["file_sha256"] == last].reset_index(drop=True)


def standings(accounts: pd.DataFrame, statements: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    """What every account stands on: its current statement, the one carried, or none.

    Columns account_id, source, statement_basis (declared), statement_date, file_sha256 (of a current statement),
    is_current, is_opening (the first statement ever, which opens our book).
    """
    known = accounts[["account_id", "custodian", "statement_basis"]].rename(columns={"custodian": "source"})
    current = known.merge(statements, how="left", on="account_id", validate="one_to_one")
    carried = carried_dates(previous)
    both = current.merge(carried, how="left", on="account_id", validate="one_to_one", suffixes=("", "_carried"))
    is_current = both["statement_date"].notna()
    return both.drop(columns="statement_date_carried").assign(
        statement_date=both["statement_date"].fillna(both["statement_date_carried"]),
        is_current=is_current,
        is_opening=is_current & both["statement_date_carried"].isna(),
    )
