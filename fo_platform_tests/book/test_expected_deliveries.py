"""What was due and what came."""

from collections.abc import Iterable, Mapping

import pandas as pd

from fo_platform.book.expected_deliveries import expected_deliveries
from fo_platform.contracts.book import ExpectedDeliveries
from fo_platform_tests.book import frames
from fo_platform_tests.book.frames import PREVIOUS

NAMES = ["source", "feed", "account_id"]
SOURCES = pd.DataFrame(
    [("market", "market_csv", "*"), ("swiss_bank", "mt535", "trust_swiss"), ("swiss_bank", "mt940", "trust_swiss")],
    columns=NAMES,
    dtype="string[pyarrow]",
)
COLUMNS = [
    "source", "feed", "file_name", "file_sha256", "received_at", "business_date", "account_id_source", "statement_date",
    "verdict", "reason", "remedy", "row_count", "page",
]  # fmt: skip
MT535 = {"source": "swiss_bank", "feed": "mt535", "account_id_source": "0835"}


def _came(
    rows: Iterable[Mapping[str, object]], before: pd.DataFrame | None = None
) -> dict[tuple[str, str], Mapping[str, object]]:
    usual = {"verdict": "accepted", "statement_date": PREVIOUS, "row_count": 10, "file_sha256": "a" * 64}
    seconds = [pd.Timestamp("2022-06-15T11:00Z") + pd.Timedelta(seconds=n) for n in range(20)]
    received = [{**usual, "received_at": at, **row} for at, row in zip(seconds, rows, strict=False)]
    table = expected_deliveries(
        SOURCES,
        pd.DataFrame(received, columns=COLUMNS),
        ExpectedDeliveries.frame() if before is None else before,
        frames.accounts(),
        previous_session=PREVIOUS,
    )
    ExpectedDeliveries.validate(table)
    assert len(table) == len(SOURCES)
    return {(row["source"], row["feed"]): row for row in table.to_dict("records")}


def _before(statement_date: object, age_sessions: int) -> pd.DataFrame:
    row = {"source": "swiss_bank", "feed": "mt535", "account_id": "trust_swiss"}
    return ExpectedDeliveries.frame([{**row, "statement_date": statement_date, "age_sessions": age_sessions}])


def test_what_came_is_received_and_the_rest_is_missing_with_a_remedy() -> None:
    rows = _came([MT535, {"source": "market", "feed": "market_csv", "account_id_source": None}])
    assert {key: row["coverage_status"] for key, row in rows.items()} == {
        ("market", "market_csv"): "received",
        ("swiss_bank", "mt535"): "received",
        ("swiss_bank", "mt940"): "missing",
    }
    received, missing = rows["swiss_bank", "mt535"], rows["swiss_bank", "mt940"]
    assert (received["row_count"], received["age_sessions"], received["statement_date"]) == (10, 0, PREVIOUS)
    assert pd.isna(received["reason"])
    assert missing["reason"] == "Nothing came for 2022-06-14."
    assert "Ask the source" in str(missing["remedy"])
    assert missing["age_sessions"] == 1


def test_an_older_statement_is_late_by_as_many_sessions() -> None:
    row = _came([{**MT535, "statement_date": pd.Timestamp("2022-06-10")}])["swiss_bank", "mt535"]
    assert (row["coverage_status"], row["age_sessions"]) == ("late", 2)
    assert row["reason"] == "Only the statement of 2022-06-10 came."


def test_a_refused_file_says_why_and_the_last_good_statement_is_kept() -> None:
    refused = {**MT535, "verdict": "quarantined", "reason": "Line 9: it breaks off.", "remedy": "Ask again."}
    row = _came([refused], _before("2022-06-13", 0))["swiss_bank", "mt535"]
    assert (row["coverage_status"], row["statement_date"], row["age_sessions"]) == (
        "quarantined",
        pd.Timestamp("2022-06-13"),
        1,
    )
    assert (row["reason"], row["remedy"], row["row_count"]) == ("Line 9: it breaks off.", "Ask again.", 0)


def test_a_file_that_nobody_recognises_speaks_for_whatever_else_did_not_come() -> None:
    rows = _came(
        [MT535, {"source": "swiss_bank", "verdict": "unknown", "statement_date": None, "reason": "No format."}]
    )
    assert rows["swiss_bank", "mt535"]["coverage_status"] == "received"
    assert rows["swiss_bank", "mt940"]["coverage_status"] == "quarantined"


def test_a_good_file_after_a_refused_one_is_received_and_pages_are_added_up() -> None:
    pages = [{**MT535, "page": "1/MORE", "row_count": 4}, {**MT535, "page": "2/LAST", "row_count": 3}]
    row = _came([{**MT535, "verdict": "quarantined"}, *pages])["swiss_bank", "mt535"]
    assert (row["coverage_status"], row["row_count"]) == ("received", 7)


def test_half_of_a_statement_s_pages_is_not_a_statement() -> None:
    held = {**MT535, "page": "1/MORE", "verdict": "incomplete", "reason": "Page 1 of several."}
    assert _came([held])["swiss_bank", "mt535"]["coverage_status"] == "quarantined"


def test_yesterday_s_file_sent_again_is_late_and_another_account_s_file_is_nothing() -> None:
    again = {**MT535, "verdict": "duplicate", "statement_date": pd.Timestamp("2022-06-13")}
    assert _came([again])["swiss_bank", "mt535"]["coverage_status"] == "late"
    assert _came([{**MT535, "account_id_source": "9999"}])["swiss_bank", "mt535"]["coverage_status"] == "missing"


def test_a_source_that_was_never_read_counts_how_often_it_failed() -> None:
    assert _came([], _before(None, 3))["swiss_bank", "mt535"]["age_sessions"] == 4
