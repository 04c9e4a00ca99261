"""The ledger as frames: only what was known at a link, only the days that a table may see, in the types of frames."""

import json
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from fo_platform.contracts.execution import Fills
from fo_platform.ledger import tables, views
from fo_platform.ledger.ledger import Ledger
from fo_platform_tests.ledger.conftest import Kept
from fo_platform_tests.ledger.facts import fact

DAY = date(2022, 6, 14)
EVE, MORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)
EVERYTHING = 10**6


def record(ledger: Ledger, table: object, *rows: dict[str, object]) -> int:
    """Append rows in one transaction and return its link."""
    with ledger.transaction("test") as entry:
        entry.append(table, rows)  # type: ignore[arg-type]
        return entry.seq


@pytest.mark.parametrize("table", tables.FACTS, ids=lambda table: table.name)
def test_facts_have_the_types_of_frames_with_rows_and_without(kept: Kept, ledger: Ledger, table: object) -> None:
    full = views.facts(kept.ledger, table, EVERYTHING)  # type: ignore[arg-type]
    empty = views.facts(ledger, table, EVERYTHING)  # type: ignore[arg-type]
    assert (len(full), len(empty)) == (2, 0)
    assert full.dtypes.to_dict() == empty.dtypes.to_dict()
    assert "audit_seq" not in full


def test_a_fact_is_unknown_before_its_link(ledger: Ledger) -> None:
    links = [record(ledger, tables.leases, fact(tables.leases, number)) for number in (1, 2)]
    known = [len(views.facts(ledger, tables.leases, seq)) for seq in (0, *links)]
    assert known == [0, 1, 2]


def test_an_instant_is_turned_into_the_last_link_known_then(ledger: Ledger) -> None:
    assert views.seq_at(ledger, pd.Timestamp("2100-01-01", tz="UTC").to_pydatetime()) == 0
    record(ledger, tables.leases, fact(tables.leases, 1))
    first = ledger.last_known_at()
    record(ledger, tables.leases, fact(tables.leases, 2))
    assert first is not None
    assert views.seq_at(ledger, first) == 1
    assert views.seq_at(ledger, first - timedelta(microseconds=1)) == 0
    assert views.seq_at(ledger, ledger.last_known_at()) == 2


def test_facts_come_in_the_order_in_which_they_were_recorded(ledger: Ledger) -> None:
    for number in (2, 1, 3):
        record(ledger, tables.leases, fact(tables.leases, number))
    assert views.facts(ledger, tables.leases, EVERYTHING)["epoch"].tolist() == [2, 1, 3]


def delivery(number: int, **known: object) -> dict[str, object]:
    return fact(tables.deliveries, number, business_date=DAY, **known)


def test_a_delivery_counts_once_for_every_account_that_it_states(ledger: Ledger) -> None:
    stated = [["a", "b"], []]
    record(
        ledger, tables.deliveries, *[delivery(n, accounts=json.dumps(accounts)) for n, accounts in enumerate(stated)]
    )
    record(ledger, tables.deliveries, fact(tables.deliveries, 9, business_date=MORROW))
    frame = views.deliveries(ledger, DAY, EVERYTHING)
    accounts = [None if account is pd.NA else account for account in frame["account_id_source"]]
    assert list(zip(frame["delivery_id"], accounts, strict=True)) == [
        ("delivery_id 0", "a"),
        ("delivery_id 0", "b"),
        ("delivery_id 1", None),
    ]


def test_a_delivery_bears_the_last_verdict_known_at_the_link(ledger: Ledger) -> None:
    first = record(ledger, tables.deliveries, delivery(1, verdict="incomplete", reason="page 2 is missing"))
    judged = fact(
        tables.delivery_verdicts, 1, delivery_id="delivery_id 1", business_date=DAY, verdict="clean", reason=None
    )
    second = record(ledger, tables.delivery_verdicts, judged)
    then, now = (views.deliveries(ledger, DAY, seq).iloc[0] for seq in (first, second))
    assert (then["verdict"], then["reason"]) == ("incomplete", "page 2 is missing")
    assert now["verdict"] == "clean"
    assert now["reason"] is pd.NA


def test_arrivals_are_the_last_whole_statements_of_every_feed_before_the_day(ledger: Ledger) -> None:
    noon = datetime(2022, 6, 13, 12, tzinfo=UTC)
    rows = [
        {"verdict": "incomplete", "received_at": noon},
        {"verdict": "accepted", "received_at": noon + timedelta(hours=1)},
        {"verdict": "accepted", "received_at": noon + timedelta(hours=2), "supersedes": "the first"},
        {"verdict": "duplicate", "received_at": noon + timedelta(hours=3)},
        {"verdict": "accepted", "received_at": noon + timedelta(hours=4), "business_date": DAY},
        {"verdict": "accepted", "received_at": noon, "statement_date": None},
    ]
    usual = {"source": "bank", "feed": "mt535", "statement_date": EVE, "business_date": EVE, "supersedes": None}
    for number, row in enumerate(rows):
        record(ledger, tables.deliveries, fact(tables.deliveries, number, **(usual | row)))
    frame = views.arrivals(ledger, DAY, EVERYTHING)
    assert frame["received_at"].tolist() == [pd.Timestamp(noon + timedelta(hours=1))]
    assert views.arrivals(ledger, DAY, 1)["received_at"].tolist() == [pd.Timestamp(noon)]
    assert views.arrivals(ledger, EVE, EVERYTHING).dtypes.to_dict() == frame.dtypes.to_dict()


def test_a_feed_is_learnt_from_its_last_statements_only(ledger: Ledger) -> None:
    days = [EVE - timedelta(days=n) for n in range(views.ARRIVALS + 5)]
    known = {"source": "bank", "feed": "mt535", "business_date": EVE, "supersedes": None, "verdict": "accepted"}
    rows = [fact(tables.deliveries, n, **known, statement_date=day) for n, day in enumerate(days)]
    record(ledger, tables.deliveries, *rows)
    frame = views.arrivals(ledger, DAY, EVERYTHING)
    assert (len(frame), frame["statement_date"].min().date()) == (views.ARRIVALS, days[views.ARRIVALS - 1])


def test_the_morning_knows_the_fills_of_earlier_sessions_only(ledger: Ledger) -> None:
    for number, day in enumerate((EVE, DAY, MORROW)):
        record(ledger, tables.fills, fact(tables.fills, number, trade_date=day, business_date=day, side="BUY"))
    assert views.fills_known(ledger, DAY, EVERYTHING)["exec_id"].tolist() == ["exec_id 0"]
    assert views.ledger_fills(ledger, DAY, EVERYTHING)["exec_id"].tolist() == ["exec_id 0", "exec_id 1"]
    assert set(views.fills_known(ledger, DAY, EVERYTHING)) == set(Fills.fields())


@pytest.mark.parametrize(
    ("view", "table", "seen"),
    [
        ("order_events_before", tables.order_events, [EVE]),
        ("order_events", tables.order_events, [EVE, DAY]),
        ("ledger_settlements", tables.settlements, [EVE, DAY]),
        ("approvals_known", tables.approvals, [EVE, DAY]),
    ],
)
def test_a_view_of_a_day_ends_with_the_day_or_before_it(
    ledger: Ledger, view: str, table: object, seen: list[date]
) -> None:
    for number, day in enumerate((EVE, DAY, MORROW)):
        record(ledger, table, fact(table, number, business_date=day))  # type: ignore[arg-type]
    frame = views.VIEWS[view](ledger, DAY, EVERYTHING)
    assert [stamp.date() for stamp in frame["business_date"]] == seen


def test_the_policy_of_a_day_is_the_last_one_adopted_up_to_it(ledger: Ledger) -> None:
    assert views.policy_version(ledger, DAY, EVERYTHING) is None
    for number, day in enumerate((EVE, DAY, MORROW)):
        files = json.dumps({"limits.yaml": f"hash {number}"})
        record(ledger, tables.policy_versions, fact(tables.policy_versions, number, business_date=day, files=files))
    assert views.policy_version(ledger, DAY, EVERYTHING) == ("policy_digest 1", {"limits.yaml": "hash 1"})
    assert views.policy_version(ledger, DAY, 1) == ("policy_digest 0", {"limits.yaml": "hash 0"})
