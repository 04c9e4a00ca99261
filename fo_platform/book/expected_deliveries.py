"""What was due from every source on the day and what came of it. What deliveries hold does not belong here."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fo_platform.book.due_dates import due_dates, usual_arrivals
from fo_platform.calendars import last_period_end, sessions_between
from fo_platform.contracts.book import ExpectedDeliveries

KEY = ["source", "feed", "account_id"]

REJECTED, AGAIN, OLDER, INCOMPLETE, REFUSED, DUE = range(6)
"""What a delivery says about what was due, by weight: the one that says most is the one that counts."""

_WEIGHTS = {
    "rejected": REJECTED, "duplicate": AGAIN, "accepted": OLDER, "incomplete": INCOMPLETE, "quarantined": REFUSED,
    "unknown": REFUSED,
}  # fmt: skip
"""By verdict; an accepted delivery is one of what was due when its statement is no older."""

_ASK = "Ask the source for the file; the last good statement is carried until it comes."
_REMEDIES = {
    "missing": _ASK,
    "late": _ASK,
    "duplicate": _ASK,
    "out_of_order": _ASK,
    "incomplete": "Ask the source for the other pages; the last good statement is carried until they come.",
    "quarantined": _ASK,
}
_HEARD = ["weight", "statement_date", "received_at", "file_sha256", "reason", "remedy"]

Row = Mapping[str, Any]


def expected_deliveries(
    sources: pd.DataFrame,
    deliveries: pd.DataFrame,
    arrivals: pd.DataFrame,
    expected_deliveries_previous: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """book.ExpectedDeliveries of a day, one row a source, feed and account that the office declares.

    received: the statement due is here; restated: and replaced one that came before it; late: it came after its
    cut-off, or only older ones came; quarantined: a file came that cannot be used; incomplete: pages of it are missing;
    duplicate: only what was taken in before came again; out_of_order: only a statement older than the one that stands;
    missing: nothing came. statement_date is that of the newest statement ever read, and age_sessions how far it is
    behind the one due; where none was ever read, how often it has failed.
    sources: `frames.sources`. deliveries: the ledger's of the day in the order received, one row an account; one that
    names no account, or no feed, speaks for every one of its source. arrivals: what `usual_arrivals` learns from.
    """
    named = accounts[["account_id", "account_id_source"]]
    due = sources.merge(named, how="left", on="account_id", validate="many_to_one")
    dated = pd.concat([due, due_dates(due, day)], axis=1)
    zones = dict(zip(sources["source"], sources["time_zone"], strict=True))
    before = expected_deliveries_previous[[*KEY, "statement_date", "age_sessions"]]
    rows = (
        dated.merge(usual_arrivals(arrivals, zones), how="left", on=["source", "feed"], validate="many_to_one")
        .merge(_heard(dated, deliveries, day), how="left", on=KEY, validate="one_to_one")
        .merge(before, how="left", on=KEY, validate="one_to_one", suffixes=("", "_before"))
    )
    return ExpectedDeliveries.frame(_judged(rows, day)[list(ExpectedDeliveries.fields())])


def _heard(due: pd.DataFrame, deliveries: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The delivery of the day that says most about each thing due, with what all files of its statement say."""
    pairs = due.merge(_typed(deliveries), how="inner", on="source", validate="many_to_many", suffixes=("", "_sent"))
    is_same = (pairs["feed_sent"] == pairs["feed"]) | pairs["feed_sent"].isin(_NO_FEED)
    names = pairs[["account_id_source", "account_id_source_sent"]]
    is_for = is_same & ((names.nunique(axis=1) < 2) | names["account_id_source"].isna())
    found = pairs[is_for.astype("bool")]
    order = ["weight", "statement_date"]
    weighed = found.assign(weight=_weights(found, day)).sort_values(order, kind="stable", na_position="first")
    last = weighed.drop_duplicates(KEY, keep="last")
    same = weighed.merge(last[[*KEY, *order]], how="inner", on=[*KEY, *order], validate="many_to_one")
    first = same.groupby(KEY).agg(received_at_first=("received_at", "min"), is_restated=("is_restating", "any"))
    counts = same.drop_duplicates([*KEY, "page"], keep="last").groupby(KEY)["row_count"].sum().rename("row_count_all")
    told = first.join(counts).reset_index()
    return last[[*KEY, *_HEARD]].merge(told, how="left", on=KEY, validate="one_to_one")


_NO_FEED = (pd.NA, "unknown")
"""Feed of bytes that no format claims: it may be any."""


def _typed(deliveries: pd.DataFrame) -> pd.DataFrame:
    names = ["source", "feed", "account_id_source", "file_sha256", "verdict", "reason", "remedy"]
    text = deliveries[names].astype(pd.StringDtype("pyarrow"))
    return text.assign(
        statement_date=pd.to_datetime(deliveries["statement_date"]).astype("datetime64[ns]"),
        received_at=pd.to_datetime(deliveries["received_at"], utc=True),
        row_count=deliveries["row_count"].astype("int64"),
        page=deliveries["page"].astype(pd.StringDtype("pyarrow")),
        is_restating=deliveries["supersedes"].notna(),
    )


def _weights(deliveries: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """A statement that is dated after the day is a mistake and proves nothing."""
    stated, expected = deliveries["statement_date"], deliveries["expected_date"]
    is_due = stated.isna() | expected.isna() | ((stated >= expected) & (stated <= day))
    return deliveries["verdict"].map(_WEIGHTS).mask((deliveries["verdict"] == "accepted") & is_due, DUE)


def _judged(rows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """What came of each thing due. rows: with the delivery that says most, and with yesterday's date and age."""
    cells = [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]
    status = pd.Series([_status(row) for row in cells], rows.index, dtype=object)
    is_read = rows["weight"].isin((OLDER, DUE))
    dates = pd.concat([rows["statement_date_before"], rows["statement_date"].where(is_read)], axis=1)
    newest = dates.where(dates <= day).max(axis=1)
    is_told = status.isin(("quarantined", "incomplete")) & rows["remedy"].notna()
    is_here = status.isin(ExpectedDeliveries.in_hand) | (newest >= rows["expected_date"])
    return rows.assign(
        statement_date=newest,
        coverage_status=status,
        age_sessions=_ages(newest, rows),
        row_count=rows["row_count_all"].where(is_read, 0),
        reason=pd.Series([_reason(name, row) for name, row in zip(status, cells, strict=True)], rows.index, object),
        remedy=status.map(_REMEDIES).mask(is_told, rows["remedy"]).mask(is_here & ~is_told),
    )


def _status(row: Row) -> str:
    expected, before, weight = row["expected_date"], row["statement_date_before"], row["weight"]
    is_in_hand = bool(pd.isna(expected) or before >= expected)
    if weight == DUE:
        is_late = not is_in_hand and _is_of_period(row) and row["received_at_first"] > row["expected_by_at"]
        return "late" if is_late else "restated" if row["is_restated"] else "received"
    if weight in (REFUSED, INCOMPLETE):
        return "quarantined" if weight == REFUSED else "incomplete"
    if is_in_hand:
        return "received"
    if weight == OLDER:
        return "out_of_order" if row["statement_date"] < before else "late"
    return "duplicate" if weight == AGAIN else "missing"


def _is_of_period(row: Row) -> bool:
    """Whether a statement that is here is of the period that was due; one of a later period cannot be late yet."""
    stated = row["statement_date"]
    return pd.isna(stated) or last_period_end(row["frequency"], stated, mic=row["calendar"]) <= row["expected_date"]


def _reason(status: str, row: Row) -> str | None:
    """Why, in a sentence; of what is simply here there is nothing to say."""
    match status:
        case "received":
            reason = None
        case "late" if row["weight"] == DUE:
            reason = f"It came at {_local(row, 'received_at_first')}, after {_local(row, 'expected_by_at')}."
        case "late":
            reason = f"Only the statement of {row['statement_date']:%Y-%m-%d} came."
        case "out_of_order":
            stated, stands = row["statement_date"], row["statement_date_before"]
            reason = f"Only the statement of {stated:%Y-%m-%d} came; the newer one of {stands:%Y-%m-%d} stands."
        case "restated":
            reason = "It replaces the statement that came before it; both are kept."
        case "missing":
            rejected = " but a file that was rejected" if row["weight"] == REJECTED else ""
            reason = f"Nothing came for {row['expected_date']:%Y-%m-%d}{rejected}."
        case _:
            reason = None if pd.isna(row["reason"]) else str(row["reason"])
    return reason


def _local(row: Row, name: str) -> str:
    at = row[name].tz_convert(row["time_zone"])
    return f"{at:%Y-%m-%d %H:%M} {row['time_zone']}"


def _ages(newest: pd.Series, rows: pd.DataFrame) -> list[int]:
    """Sessions between the newest statement ever read and the one due; where none ever was, one more than yesterday."""
    cells = zip(newest, rows["expected_date"], rows["age_sessions"].fillna(0), strict=True)
    return [_age(date, expected, int(before)) for date, expected, before in cells]


def _age(date: pd.Timestamp, expected: pd.Timestamp, before: int) -> int:
    if pd.isna(expected):
        return 0
    return 1 + before if pd.isna(date) else max(0, sessions_between(date, expected))
