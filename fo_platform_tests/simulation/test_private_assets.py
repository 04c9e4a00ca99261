"""What the demo's administrators, books and owners deliver holds together, and is read as it was meant."""

import io
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import openpyxl
import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed
from fo_platform.simulation.private_assets import (
    ACCOUNTING,
    ADMINISTRATOR,
    DEBTS,
    FUNDS,
    OWNER,
    PERFORMANCE,
    PRIVATE_ACCOUNTS,
    SOURCES,
    PrivateAssets,
)
from fo_platform.simulation.writers.workbook import workbook

DAYS = [date(2021, 1, 1) + timedelta(days=n) for n in range(729)]
FEEDS = {
    "capital_accounts": "ilpa_capital_account",
    "notices": "ilpa_notice",
    "appraisals": "appraisal",
    "trial_balance": "trial_balance",
    "performance": "performance_export",
    "owner_workbook": "owner_workbook",
}


@pytest.fixture(scope="module")
def assets() -> PrivateAssets:
    return PrivateAssets()


@pytest.fixture(scope="module")
def delivered(assets: PrivateAssets) -> list[tuple[date, str, str, Parsed]]:
    """Day, source and file with what is read of it; of the daily ones every tenth."""
    return [
        (day, source, name, parse(content, FEEDS[name.rsplit("_", 1)[0]]))
        for day in DAYS
        for source, files in assets.files_of(day).items()
        for name, content in files.items()
        if source in (ADMINISTRATOR, OWNER) or day.day % 10 == 5
    ]


def test_everything_that_is_delivered_is_read_without_a_question(
    delivered: list[tuple[date, str, str, Parsed]],
) -> None:
    assert {(parsed.verdict, parsed.reason, parsed.problems) for *_, parsed in delivered} == {("clean", "", ())}
    assert Counter(source for _, source, *_ in delivered).keys() == set(SOURCES)


def test_every_account_that_is_stated_is_one_of_its_source(delivered: list[tuple[date, str, str, Parsed]]) -> None:
    stated = {(source, record.account) for _, source, _, parsed in delivered for record in parsed.records}
    known = {(row.source, row.account_id_source) for row in PRIVATE_ACCOUNTS.values()}
    assert stated - {(PERFORMANCE, None)} == known


def test_most_mornings_bring_books_and_returns_and_nothing_else(assets: PrivateAssets) -> None:
    counts = Counter(tuple(source for source, files in assets.files_of(day).items() if files) for day in DAYS)
    assert counts[()] == sum(day.weekday() >= 5 for day in DAYS)
    assert counts[ACCOUNTING, PERFORMANCE] > 400


def test_the_same_seed_delivers_the_same_bytes_and_another_seed_others() -> None:
    day = next(day for day in DAYS if PrivateAssets().files_of(day).get(OWNER))
    first, again, other = PrivateAssets(3), PrivateAssets(3), PrivateAssets(4)
    assert first.files_of(day) == again.files_of(day)
    assert first.files_of(day)[PERFORMANCE] != other.files_of(day)[PERFORMANCE]


def test_what_was_read_of_capital_accounts_is_what_happened(
    assets: PrivateAssets, delivered: list[tuple[date, str, str, Parsed]]
) -> None:
    read = {
        (r.fields["fund_id_source"], r.fields["nav_date"]): (r.fields["nav_end"], r.fields["unfunded"], day)
        for day, *_, parsed in delivered
        for r in parsed.records
        if r.kind == "capital_account" and "nav_end" in r.fields
    }
    happened = [period for period in assets.history.periods if period.published <= DAYS[-1]]
    assert len(read) == len(happened) == 35
    for period in happened:
        nav, unfunded, day = read[period.fund.fund_id, str(period.end)]
        assert (Decimal(nav), Decimal(unfunded), day) == (period.nav_end, period.unfunded, period.published)


def test_quarters_chain_and_are_published_a_month_and_a_half_to_three_months_later(assets: PrivateAssets) -> None:
    for fund in FUNDS:
        own = [period for period in assets.history.periods if period.fund is fund]
        assert all(before.nav_end == after.nav_begin for before, after in pairwise(own))
        assert all(45 <= (period.published - period.end).days <= 90 for period in own)
        assert all(period.unfunded >= 0 for period in own)


def test_notices_chain_and_what_they_call_is_in_the_capital_accounts(assets: PrivateAssets) -> None:
    for fund in FUNDS:
        notices = [notice for notice in assets.history.notices if notice.fund is fund]
        assert all(before.unfunded_after == after.unfunded_before for before, after in pairwise(notices))
        assert all(notice.due_date > notice.notice_date for notice in notices)
        last = [period for period in assets.history.periods if period.fund is fund][-1]
        assert last.unfunded == notices[-1].unfunded_after


def test_what_was_read_of_debts_is_what_is_owed(delivered: list[tuple[date, str, str, Parsed]]) -> None:
    owed = {row.debt_id: row for row in DEBTS}
    found = [r for *_, parsed in delivered for r in parsed.records if r.kind == "liability" and r.statement_date]
    assert {record.fields["liability_id_source"] for record in found} == set(owed)
    for record in found:
        row = owed[record.fields["liability_id_source"]]
        assert record.statement_date is not None
        assert Decimal(record.fields["amount"]) == row.balance(record.statement_date)
        assert Decimal(record.fields["interest_rate"]) == row.rate


def test_a_workbook_that_we_write_is_one_that_another_reader_opens() -> None:
    cells = [["Name & <sign>", Decimal("1234567.89"), date(2022, 3, 31)], [], [None, Decimal(0)]]
    book = openpyxl.load_workbook(io.BytesIO(workbook({"One": cells, 'Two "&"': [["x"]]})))
    assert book.sheetnames == ["One", 'Two "&"']
    first, _, third = book["One"].iter_rows(values_only=True)
    assert (first[0], first[1], first[2].date()) == ("Name & <sign>", 1234567.89, date(2022, 3, 31))
    assert third[:2] == (None, 0)
