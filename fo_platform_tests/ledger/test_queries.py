"""Questions about facts: what each counts, in which order it answers, and what an empty ledger says."""

from datetime import date, timedelta

from fo_platform.ledger import order_queries, queries, tables
from fo_platform.ledger.ledger import GENESIS, Ledger
from fo_platform_tests.ledger.facts import fact

DAY = date(2022, 6, 14)
EVE, MORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)


def record(ledger: Ledger, table: object, *rows: dict[str, object]) -> int:
    """Append rows, each in a transaction of its own, and return the last link."""
    for row in rows:
        with ledger.transaction("test") as entry:
            entry.append(table, [row])  # type: ignore[arg-type]
    return entry.seq


def test_an_empty_ledger_answers_every_question(ledger: Ledger) -> None:
    assert queries.count(ledger, tables.batches) == 0
    assert queries.audit_head(ledger) == GENESIS
    assert queries.newest_policy(ledger) is None
    assert not queries.is_delivered(ledger, "d1")
    assert order_queries.newest_epoch(ledger, "release") == 0
    assert not order_queries.is_killed(ledger)


def test_rows_are_counted_of_a_day_up_to_a_day_or_in_all(ledger: Ledger) -> None:
    record(ledger, tables.outbox, *(fact(tables.outbox, n, business_date=d) for n, d in enumerate((EVE, DAY, MORROW))))
    assert queries.count(ledger, tables.outbox, on=DAY) == 1
    assert queries.count(ledger, tables.outbox, until=DAY) == 2
    assert queries.count(ledger, tables.outbox) == 3


def test_a_transaction_is_answered_as_it_stands_inside(ledger: Ledger) -> None:
    with ledger.transaction("test") as entry:
        entry.append(tables.leases, [fact(tables.leases, name="release", epoch=7)])
        assert order_queries.newest_epoch(entry, "release") == 7
        assert order_queries.newest_epoch(ledger, "release") == 0
    assert order_queries.newest_epoch(ledger, "release") == 7
    assert order_queries.newest_epoch(ledger, "another") == 0


def test_only_pages_that_waited_belong_to_a_statement(ledger: Ledger) -> None:
    statement = {"source": "swiss_bank", "feed": "mt535", "accounts": '["0835"]', "statement_date": DAY}
    pages = [("late", "incomplete", DAY), ("whole", "accepted", DAY), ("other", "incomplete", EVE)]
    for name, verdict, stated in pages:
        row = {**statement, "statement_date": stated, "delivery_id": name, "verdict": verdict}
        record(ledger, tables.deliveries, fact(tables.deliveries, **row))
    assert [row.delivery_id for row in queries.incomplete_deliveries(ledger, statement)] == ["late"]
    rejected = fact(tables.delivery_verdicts, delivery_id="late", verdict="rejected")
    record(ledger, tables.delivery_verdicts, rejected)
    assert queries.incomplete_deliveries(ledger, statement) == []


def test_what_was_not_simply_accepted_is_told_newest_first(ledger: Ledger) -> None:
    kinds = {
        "plain": ("accepted", None, "[]"),
        "restated": ("accepted", "plain", "[]"),
        "torn": ("quarantined", None, "[]"),
        "noted": ("accepted", None, '[{"line": 3}]'),
        "late": ("accepted", None, "[]"),
    }
    for name, (verdict, supersedes, problems) in kinds.items():
        told = {"delivery_id": name, "verdict": verdict, "supersedes": supersedes, "business_date": DAY}
        told |= {"reason": "It is old." if name == "late" else None}
        record(ledger, tables.deliveries, fact(tables.deliveries, **told, problems=problems))
    assert [row.delivery_id for row in queries.odd_deliveries(ledger, DAY, DAY)] == [
        "late", "noted", "torn", "restated",
    ]  # fmt: skip
    assert queries.odd_deliveries(ledger, EVE, EVE) == []
    assert queries.verdict_counts(ledger, DAY) == {"accepted": 4, "quarantined": 1}


def test_a_rejection_counts_from_the_link_after_it_was_asked_about(ledger: Ledger) -> None:
    link = record(ledger, tables.approvals, fact(tables.approvals, entity_id="trust", decision="reject"))
    assert queries.rejections_since(ledger, "trust", link - 1) == 1
    assert queries.rejections_since(ledger, "trust", link) == 0
    assert queries.rejections_since(ledger, "llc", link - 1) == 0


def test_the_last_step_of_the_kill_switch_is_the_one_that_holds(ledger: Ledger) -> None:
    steps = [fact(tables.kill_switch, step=n, status=s) for n, s in enumerate(("engaged", "released", "engaged"))]
    for is_killed, step in zip((True, False, True), steps, strict=True):
        record(ledger, tables.kill_switch, step)
        assert order_queries.is_killed(ledger) is is_killed
