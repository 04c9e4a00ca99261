"""What intake caught, as people read it: what happened to which file, where in it, and what to do."""

from datetime import date

import pytest

from fo_platform.contracts.book import ExpectedDeliveries
from fo_platform.ledger import tables
from fo_platform.office import Office, open_office
from fo_platform.operations.caught import absent, caught
from fo_platform.settings import Settings
from fo_platform.warehouse.warehouse import Derivation
from fo_platform_tests.ledger.facts import fact

DAY = date(2022, 6, 14)
PROBLEM = '[{"line": 3, "offset": 90, "what": "PRC price: NaN is no number", "remedy": "Ask for the right value."}]'


@pytest.fixture
def office(settings: Settings) -> Office:
    return open_office(settings)


def _deliver(office: Office, name: str, day: date = DAY, **facts: object) -> None:
    told = {"delivery_id": name, "file_name": name, "source": "bank", "business_date": day, "problems": "[]"}
    told |= {"reason": None, "page": None}
    with office.ledger.transaction("delivery") as entry:
        entry.append(tables.deliveries, [fact(tables.deliveries, **(told | {"supersedes": None} | facts))])


def test_a_row_that_was_left_out_is_told_with_its_line_and_remedy(office: Office) -> None:
    _deliver(office, "prices.csv", verdict="accepted", problems=PROBLEM)
    assert caught(office, DAY) == [
        "2022-06-14 bank noted prices.csv: Line 3: PRC price: NaN is no number. Ask for the right value."
    ]


def test_every_odd_file_of_the_last_sessions_is_told_and_older_ones_are_not(office: Office) -> None:
    for number in range(8):
        _deliver(office, f"{number}.txt", verdict="quarantined", reason="Line 1: torn. Ask again.")
    _deliver(office, "old.txt", date(2022, 6, 1), verdict="quarantined", reason="Line 1: torn. Ask again.")
    _deliver(office, "again.txt", verdict="accepted", supersedes="0.txt")
    told = caught(office, DAY)
    assert len(told) == 9
    assert told[0] == "2022-06-14 bank restated again.txt: It replaces the file before it; both are kept."


def test_a_statement_that_came_out_of_order_is_told(office: Office) -> None:
    _deliver(office, "old.txt", verdict="accepted", reason="It is older than the statement of 2022-06-13.")
    assert caught(office, DAY) == [
        "2022-06-14 bank out_of_order old.txt: It is older than the statement of 2022-06-13."
    ]


def test_a_held_file_says_what_became_of_it(office: Office) -> None:
    _deliver(office, "torn.txt", verdict="quarantined", reason="Line 1: torn.")
    _deliver(office, "whole.txt", delivery_id="other", verdict="accepted", feed="another")
    assert caught(office, DAY) == ["2022-06-14 bank quarantined torn.txt: Line 1: torn."]
    with office.ledger.transaction("delivery") as entry:
        same = {"delivery_id": "third", "file_name": "torn.txt", "source": "bank", "supersedes": None, "reason": None}
        entry.append(tables.deliveries, [fact(tables.deliveries, **same, verdict="accepted", problems="[]")])
    assert caught(office, DAY) == ["2022-06-14 bank quarantined torn.txt: Line 1: torn. Replaced by torn.txt."]


def test_who_has_not_delivered_is_named_with_what_to_do(office: Office) -> None:
    due = {"source": "bank", "feed": "mt535", "expected_date": DAY, "age_sessions": 1, "row_count": 0}
    due |= {"time_zone": "America/New_York"}
    rows = [
        due | {"account_id": "llc_swiss", "coverage_status": "missing", "reason": "Nothing came.", "remedy": "Ask."},
        due | {"account_id": "trust_swiss", "coverage_status": "received"},
    ]
    how = Derivation({}, "code", "run")
    frame = ExpectedDeliveries.validate(ExpectedDeliveries.frame(rows))
    office.warehouse.write(ExpectedDeliveries.name, ExpectedDeliveries, DAY, frame, how)
    assert absent(office, DAY) == ["missing bank mt535 llc_swiss: Nothing came. Ask."]
    assert absent(office, date(2022, 6, 13)) == []
