"""What was due from every source on the day and what came of it. What deliveries hold does not belong here."""

import pandas as pd

from fo_platform.calendars import sessions_between
from fo_platform.contracts.book import ExpectedDeliveries

KEY = ["source", "feed", "account_id"]
_READ = ("accepted", "duplicate", "superseded")
_REFUSED = ("quarantined", "incomplete", "unknown")
_STATUSES = {3: "received", 2: "quarantined", 1: "late"}
_ASK = "Ask the source for the file; the last good statement is carried until it comes."


def expected_deliveries(
    sources: pd.DataFrame,
    deliveries: pd.DataFrame,
    expected_deliveries_previous: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    previous_session: pd.Timestamp,
) -> pd.DataFrame:
    """book.ExpectedDeliveries of a day, one row a source, feed and account that the office declares.

    received: a statement of the previous session, or a later one, was read; quarantined: a file came that cannot be
    used; late: only older statements came; missing: nothing came. statement_date is that of the newest statement ever
    read, and age_sessions how far it is behind the previous session; where none was ever read, how often it has failed.
    sources: source, feed, account_id. deliveries: the ledger's of the day in the order received, one row an account;
    one that names no account, or no feed, speaks for every one of its source.
    """
    due = sources.merge(
        accounts[["account_id", "account_id_source"]], how="left", on="account_id", validate="many_to_one"
    )
    heard = _heard(due, deliveries, previous_session)
    before = expected_deliveries_previous[[*KEY, "statement_date", "age_sessions"]]
    rows = due.merge(heard, how="left", on=KEY, validate="one_to_one").merge(
        before, how="left", on=KEY, validate="one_to_one", suffixes=("", "_before")
    )
    return ExpectedDeliveries.frame(_judged(rows, previous_session)[list(ExpectedDeliveries.fields())])


def _heard(due: pd.DataFrame, deliveries: pd.DataFrame, previous_session: pd.Timestamp) -> pd.DataFrame:
    """The delivery of the day that says most about each thing due, with the rows of all its pages."""
    known = _typed(deliveries)
    pairs = due.merge(known, how="inner", on="source", validate="many_to_many", suffixes=("", "_sent"))
    is_same = (pairs["feed_sent"] == pairs["feed"]) | pairs["feed_sent"].isna()
    names = pairs[["account_id_source", "account_id_source_sent"]]
    is_for = is_same & ((names.nunique(axis=1) < 2) | names["account_id_source"].isna())
    found = pairs[is_for.astype("bool")]
    weighed = found.assign(weight=_weights(found, previous_session)).sort_values("weight", kind="stable")
    last = weighed.drop_duplicates(KEY, keep="last")
    pages = weighed.merge(last[[*KEY, "weight"]], how="inner", on=[*KEY, "weight"], validate="many_to_one")
    counts = pages.drop_duplicates([*KEY, "page"], keep="last").groupby(KEY)["row_count"].sum().rename("row_count_all")
    columns = [*KEY, "weight", "statement_date", "received_at", "file_sha256", "reason", "remedy"]
    return last[columns].merge(counts.reset_index(), how="left", on=KEY, validate="one_to_one")


def _typed(deliveries: pd.DataFrame) -> pd.DataFrame:
    names = ["source", "feed", "account_id_source", "file_sha256", "verdict", "reason", "remedy"]
    text = deliveries[names].astype(pd.StringDtype("pyarrow"))
    return text.assign(
        statement_date=pd.to_datetime(deliveries["statement_date"]).astype("datetime64[ns]"),
        received_at=pd.to_datetime(deliveries["received_at"], utc=True),
        row_count=deliveries["row_count"].astype("int64"),
        page=_optional(deliveries, "page"),
    )


def _weights(deliveries: pd.DataFrame, previous_session: pd.Timestamp) -> pd.Series:
    """What a delivery says about what was due: 3 it came, 2 it cannot be used, 1 it is an older one, 0 nothing."""
    is_read = deliveries["verdict"].isin(_READ)
    is_due = deliveries["statement_date"].isna() | (deliveries["statement_date"] >= previous_session)
    refused = deliveries["verdict"].isin(_REFUSED).astype("int64") * 2
    return refused.mask(is_read, 1).mask(is_read & is_due, 3)


def _judged(rows: pd.DataFrame, previous_session: pd.Timestamp) -> pd.DataFrame:
    """What came of each thing due. rows: with the delivery that says most, and with yesterday's date and age."""
    status = rows["weight"].map(_STATUSES).fillna("missing")
    is_read = status.isin(("received", "late"))
    dates = pd.concat([rows["statement_date_before"], rows["statement_date"].where(is_read)], axis=1).max(axis=1)
    is_refused = (status == "quarantined") & rows["remedy"].notna()
    return rows.assign(
        expected_date=previous_session,
        statement_date=dates,
        coverage_status=status,
        age_sessions=_ages(dates, rows["age_sessions"], previous_session),
        row_count=rows["row_count_all"].where(is_read, 0),
        reason=_reasons(status, rows, previous_session),
        remedy=pd.Series(_ASK, rows.index).where(status != "received").mask(is_refused, rows["remedy"]),
    )


def _reasons(status: pd.Series, rows: pd.DataFrame, previous_session: pd.Timestamp) -> pd.Series:
    older = "Only the statement of " + rows["statement_date"].dt.strftime("%Y-%m-%d") + " came."
    refused = rows["reason"].where(status == "quarantined").astype("object")
    return refused.mask(status == "late", older).mask(
        status == "missing", f"Nothing came for {previous_session:%Y-%m-%d}."
    )


def _ages(dates: pd.Series, ages_before: pd.Series, previous_session: pd.Timestamp) -> list[int]:
    """Sessions between the newest statement ever read and the one due; where none ever was, one more than yesterday."""
    pairs = zip(dates, ages_before.fillna(0), strict=True)
    return [1 + int(age) if pd.isna(date) else max(0, sessions_between(date, previous_session)) for date, age in pairs]


def _optional(deliveries: pd.DataFrame, name: str) -> pd.Series:
    cells = deliveries[name] if name in deliveries else pd.Series(pd.NA, index=deliveries.index)
    return cells.astype(pd.StringDtype("pyarrow"))
