"""What was due, what came of it, and when it usually comes."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import pytest

from fo_platform.book.expected_deliveries import expected_deliveries
from fo_platform.contracts.book import ExpectedDeliveries
from fo_platform_tests.book import frames
from fo_platform_tests.book.frames import DAY, PREVIOUS

NAMES = ["source", "feed", "account_id"]
FEEDS = [("market", "market_csv", "*"), ("swiss_bank", "mt535", "trust_swiss"), ("swiss_bank", "mt940", "trust_swiss")]
TERMS = {
    "calendar": "XNYS", "frequency": "daily", "lag_days": 1, "expected_by": "07:30:00", "time_zone": "America/New_York",
}  # fmt: skip
SOURCES = pd.DataFrame(FEEDS, columns=NAMES, dtype="string[pyarrow]").assign(**TERMS)
COLUMNS = [
    "source", "feed", "file_name", "file_sha256", "received_at", "business_date", "account_id_source", "statement_date",
    "verdict", "reason", "remedy", "row_count", "page", "supersedes",
]  # fmt: skip
ARRIVALS = ["source", "feed", "statement_date", "received_at"]
NO_ARRIVALS = pd.DataFrame(columns=ARRIVALS)
MT535 = {"source": "swiss_bank", "feed": "mt535", "account_id_source": "0835"}


def _came(
    rows: Iterable[Mapping[str, object]],
    before: pd.DataFrame | None = None,
    *,
    day: pd.Timestamp = DAY,
    arrivals: pd.DataFrame = NO_ARRIVALS,
    **terms: object,
) -> dict[tuple[str, str], Any]:
    """Coverage of the day by source and feed. terms: what is declared of every feed."""
    usual = {"verdict": "accepted", "statement_date": PREVIOUS, "row_count": 10, "file_sha256": "a" * 64}
    seconds = [pd.Timestamp("2022-06-15T11:00Z") + pd.Timedelta(seconds=n) for n in range(20)]
    received = [{**usual, "received_at": at, **row} for at, row in zip(seconds, rows, strict=False)]
    table = expected_deliveries(
        SOURCES.assign(**terms),
        pd.DataFrame(received, columns=COLUMNS),
        arrivals,
        ExpectedDeliveries.frame() if before is None else before,
        frames.accounts(),
        day=day,
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
    row = _came([held])["swiss_bank", "mt535"]
    assert (row["coverage_status"], row["reason"], row["age_sessions"]) == ("incomplete", "Page 1 of several.", 1)
    assert "other pages" in row["remedy"]
    torn = {**MT535, "page": "2/LAST", "verdict": "quarantined"}
    assert _came([held, torn])["swiss_bank", "mt535"]["coverage_status"] == "quarantined"


def test_yesterday_s_file_sent_again_is_a_duplicate_and_another_account_s_file_is_nothing() -> None:
    again = {**MT535, "verdict": "duplicate", "statement_date": pd.Timestamp("2022-06-13"), "reason": "Taken in."}
    row = _came([again], _before("2022-06-13", 0))["swiss_bank", "mt535"]
    assert (row["coverage_status"], row["reason"], row["age_sessions"]) == ("duplicate", "Taken in.", 1)
    assert _came([{**MT535, "account_id_source": "9999"}])["swiss_bank", "mt535"]["coverage_status"] == "missing"


def test_a_copy_beside_the_statement_that_is_due_takes_nothing_from_it() -> None:
    row = _came([MT535, {**MT535, "verdict": "duplicate"}])["swiss_bank", "mt535"]
    assert (row["coverage_status"], row["row_count"]) == ("received", 10)


def test_a_statement_older_than_the_one_that_stands_is_out_of_order_and_does_not_replace_it() -> None:
    row = _came([{**MT535, "statement_date": pd.Timestamp("2022-06-09")}], _before("2022-06-13", 0))
    told = row["swiss_bank", "mt535"]
    assert (told["coverage_status"], told["statement_date"]) == ("out_of_order", pd.Timestamp("2022-06-13"))
    assert told["reason"] == "Only the statement of 2022-06-09 came; the newer one of 2022-06-13 stands."


def test_a_statement_that_is_stated_again_is_restated_and_counts_as_it_was_last() -> None:
    again = {**MT535, "supersedes": "first", "file_sha256": "b" * 64}
    row = _came([MT535, again])["swiss_bank", "mt535"]
    assert (row["coverage_status"], row["file_sha256"], row["age_sessions"]) == ("restated", "b" * 64, 0)
    assert pd.isna(row["remedy"])


def test_a_statement_after_its_cut_off_is_late_though_it_is_here() -> None:
    cut_off, minute = pd.Timestamp("2022-06-15T11:30Z"), pd.Timedelta(minutes=1)
    last, late = (_came([{**MT535, "received_at": at}])["swiss_bank", "mt535"] for at in (cut_off, cut_off + minute))
    assert (last["coverage_status"], late["coverage_status"], late["age_sessions"]) == ("received", "late", 0)
    assert late["expected_by_at"] == cut_off
    zone = "America/New_York"
    assert late["reason"] == f"It came at 2022-06-15 07:31 {zone}, after 2022-06-15 07:30 {zone}."
    assert pd.isna(late["remedy"])


def test_what_came_in_time_and_is_corrected_afterwards_is_not_late() -> None:
    corrected = {**MT535, "received_at": pd.Timestamp("2022-06-15T20:00Z"), "supersedes": "first"}
    assert _came([MT535, corrected])["swiss_bank", "mt535"]["coverage_status"] == "restated"


def test_the_cut_off_is_told_in_the_source_s_own_time() -> None:
    row = _came([MT535], time_zone="Europe/Zurich", expected_by="12:00:00")["swiss_bank", "mt535"]
    assert (row["coverage_status"], row["expected_by_at"]) == ("late", pd.Timestamp("2022-06-15T10:00Z"))


def test_a_holiday_of_the_source_owes_nothing_and_weekdays_keep_no_holiday() -> None:
    tuesday = pd.Timestamp("2022-08-02")
    before = _before("2022-07-29", 0)
    swiss = _came([], before, day=tuesday, calendar="XSWX")["swiss_bank", "mt535"]
    assert (swiss["coverage_status"], swiss["expected_date"]) == ("received", pd.Timestamp("2022-07-29"))
    assert _came([], before, day=tuesday)["swiss_bank", "mt535"]["coverage_status"] == "missing"
    juneteenth = _came([], before, day=pd.Timestamp("2022-06-21"), calendar="weekdays")["swiss_bank", "mt535"]
    assert juneteenth["expected_date"] == pd.Timestamp("2022-06-20")


QUARTERLY = {"frequency": "quarterly", "lag_days": 60}


@pytest.mark.parametrize(
    ("day", "newest", "expected", "status"),
    [
        ("2022-05-27", "2021-12-31", "2021-12-31", "received"),
        ("2022-05-31", "2021-12-31", "2022-03-31", "missing"),
        ("2022-05-31", "2022-03-31", "2022-03-31", "received"),
        ("2022-08-26", "2022-03-31", "2022-03-31", "received"),
        ("2022-08-30", "2022-03-31", "2022-06-30", "missing"),
    ],
)
def test_a_quarterly_statement_is_owed_from_its_cut_off_on_and_not_before(
    day: str, newest: str, expected: str, status: str
) -> None:
    row = _came([], _before(newest, 0), day=pd.Timestamp(day), **QUARTERLY)["swiss_bank", "mt535"]
    assert (row["coverage_status"], row["expected_date"]) == (status, pd.Timestamp(expected))


def test_a_quarterly_statement_that_comes_early_is_received_and_after_its_last_day_late() -> None:
    sent = {**MT535, "statement_date": pd.Timestamp("2022-03-31")}
    before = _before("2021-12-31", 0)
    without = _came(
        [{**sent, "received_at": pd.Timestamp("2022-05-02T12:00Z")}], day=pd.Timestamp("2022-05-02"), **QUARTERLY
    )
    assert without["swiss_bank", "mt535"]["coverage_status"] == "received", "the quarter before never came"
    early, late = (
        _came([{**sent, "received_at": at}], before, day=at.tz_localize(None).normalize(), **QUARTERLY)
        for at in (pd.Timestamp("2022-05-02T12:00Z"), pd.Timestamp("2022-06-01T12:00Z"))
    )
    assert early["swiss_bank", "mt535"]["coverage_status"] == "received"
    assert late["swiss_bank", "mt535"]["coverage_status"] == "late"
    assert late["swiss_bank", "mt535"]["expected_by_at"] == pd.Timestamp("2022-05-31T11:30Z")


def test_an_irregular_feed_is_never_missed_and_still_shows_a_file_that_is_wrong() -> None:
    quiet = _came([], frequency="irregular")["swiss_bank", "mt535"]
    assert (quiet["coverage_status"], quiet["age_sessions"]) == ("received", 0)
    assert pd.isna(quiet["expected_date"])
    torn = _came([{**MT535, "verdict": "quarantined", "reason": "Torn."}], frequency="irregular")
    assert torn["swiss_bank", "mt535"]["coverage_status"] == "quarantined"


def test_a_statement_dated_in_the_future_proves_nothing() -> None:
    row = _came([{**MT535, "statement_date": pd.Timestamp("2023-06-14")}], _before("2022-06-13", 0))
    assert (row["swiss_bank", "mt535"]["coverage_status"], row["swiss_bank", "mt535"]["age_sessions"]) == ("late", 1)


def test_a_rejected_file_leaves_what_was_due_missing_and_says_so() -> None:
    row = _came([{**MT535, "verdict": "rejected", "reason": "Rejected by Ann: a test file."}])["swiss_bank", "mt535"]
    assert (row["coverage_status"], row["row_count"]) == ("missing", 0)
    assert row["reason"] == "Nothing came for 2022-06-14 but a file that was rejected."


def test_bytes_of_no_format_may_be_any_feed_of_their_source() -> None:
    strange = {"source": "swiss_bank", "feed": "unknown", "verdict": "unknown", "reason": "No format."}
    rows = _came([{**strange, "statement_date": None}])
    assert {row["coverage_status"] for key, row in rows.items() if key[0] == "swiss_bank"} == {"quarantined"}
    assert rows["market", "market_csv"]["coverage_status"] == "missing"


def test_when_a_feed_usually_comes_is_learnt_in_its_own_time() -> None:
    hours = ["05:10", "05:20", "05:30", "05:40", "09:00"]
    days = pd.to_datetime(["2022-06-01", "2022-06-02", "2022-06-03", "2022-06-07", "2022-06-08"])
    came = [pd.Timestamp(f"{day + pd.Timedelta(days=1):%Y-%m-%d}T{at}Z") for day, at in zip(days, hours, strict=True)]
    learnt = pd.DataFrame({"source": "swiss_bank", "feed": "mt535", "statement_date": days, "received_at": came})
    rows = _came([], arrivals=learnt, time_zone="Europe/Zurich")
    row = rows["swiss_bank", "mt535"]
    assert (row["arrival_minutes_usual"], row["arrival_minutes_high"]) == (7 * 60 + 30, 11 * 60)
    assert (row["arrival_days_usual"], row["arrival_days_high"]) == (1, 1)
    assert pd.isna(rows["swiss_bank", "mt940"]["arrival_minutes_usual"])


def test_a_source_that_was_never_read_counts_how_often_it_failed() -> None:
    assert _came([], _before(None, 3))["swiss_bank", "mt535"]["age_sessions"] == 4
