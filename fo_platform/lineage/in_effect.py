"""The records that a restated day stands on, of those received for it and later. What they mean belongs to book."""

from collections.abc import Iterable

import pandas as pd

from fo_platform.calendars import previous_session
from fo_platform.ledger.restated import Restated

FILE = ["source", "file_sha256"]
STATEMENT = ["source", "feed", "account_id_source", "statement_date"]


def in_effect(own: pd.DataFrame, later: pd.DataFrame, restated: Restated) -> pd.DataFrame:
    """Records that count on a restated day; a statement that was stated again counts as it was last.

    own, later: raw.Record with `source`, received on the day and on later ones. What the day received of an earlier
    restated day counts there; what was received later and speaks of the day counts here.
    """
    here = own[~_counts_earlier(own, restated)]
    speaks = later[later["statement_date"].between(*restated.speaks_of)]
    late = speaks.merge(restated.late[FILE], how="inner", on=FILE, validate="many_to_one")
    return _standing(pd.concat([here, late], ignore_index=True), restated.deliveries)


def _counts_earlier(own: pd.DataFrame, restated: Restated) -> pd.Series:
    first, _ = restated.speaks_of
    known = own[FILE].merge(restated.deliveries, how="left", on=FILE, validate="many_to_one")
    starts = {day: previous_session(day) for day in known["counts_from"].dropna().unique()}
    start = known["counts_from"].map(starts).astype("datetime64[ns]").set_axis(own.index)
    return (own["statement_date"] >= start) & (own["statement_date"] < first)


def _standing(records: pd.DataFrame, deliveries: pd.DataFrame) -> pd.DataFrame:
    """Records without those of files whose statement a later file states again."""
    stated = records[[*STATEMENT, "file_sha256"]].drop_duplicates()
    ordered = stated.merge(deliveries, how="inner", on=FILE, validate="many_to_one").sort_values("link")
    groups = ordered.groupby([*STATEMENT, "subject"], dropna=False, sort=False)
    gone = [rows[~rows["file_sha256"].isin(_kept(rows))] for _, rows in groups]
    dead = pd.concat([ordered.head(0), *gone])[[*STATEMENT, "file_sha256"]]
    marked = records.merge(dead, how="left", on=[*STATEMENT, "file_sha256"], validate="many_to_one", indicator=True)
    return records[(marked["_merge"] == "left_only").to_numpy()].reset_index(drop=True)


def _kept(files: pd.DataFrame) -> set[str]:
    return kept_files(zip(files["file_sha256"], files["page"].fillna(""), strict=True))


def kept_files(files: Iterable[tuple[str, str]]) -> set[str]:
    """Files that a statement stands on, of all that state it in the order received.

    files: digest and pages, such as `1,2/MORE`, empty for a whole statement. A whole one replaces all before it, a
    page the same page and a whole one, the last page those that came after it in the older version.
    """
    kept: dict[str, set[int]] = {}
    for sha256, page in files:
        text, _, end = page.partition("/")
        numbers = {int(number) for number in text.split(",") if number}
        last = max(numbers, default=0) if end == "LAST" else None
        kept = {name: held for name, held in kept.items() if _stays(held, numbers, last)}
        kept[sha256] = numbers
    return set(kept)


def _stays(held: set[int], numbers: set[int], last: int | None) -> bool:
    is_page_of_both = bool(held) and bool(numbers)
    return is_page_of_both and not held & numbers and (last is None or max(held) < last)
