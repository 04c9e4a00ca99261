"""What `fo run` must have done: one owner traded, one waited, two defects were caught, nothing is left open."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa

from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger
from fo_platform_tests.chain.conftest import LAST, TRIGGER, Home

Played = tuple[Home, dict[str, Any]]


def _ledger(home: Home) -> Ledger:
    return Ledger.open(f"sqlite:///{home.fo / 'ledger.sqlite'}")


def _rows(home: Home, table: str, day: str, columns: str) -> list[tuple[Any, ...]]:
    """Expressions over the newest batch of a table and day, straight from its file."""
    batch = tables.batches.c
    query = sa.select(batch.path).where(batch.asset == table, batch.business_date == date.fromisoformat(day))
    path = _ledger(home).rows(query.order_by(batch.known_at.desc()).limit(1))[0].path
    return duckdb.read_parquet(str(home.fo / "lake" / path)).filter("not is_deleted").project(columns).fetchall()


def test_the_foundation_trades_and_the_trust_waits(played: Played) -> None:
    assert played[1]["verdicts"] == {"foundation": "TRADE", "llc": "WAIT", "trust": "WAIT"}


def test_the_foundation_decided_on_the_trigger_day_by_drift(demo_home: Home) -> None:
    rows = _rows(demo_home, "decision.rebalance_evaluation", TRIGGER, "entity_id, verdict, trigger")
    assert ("foundation", "TRADE", "drift") in rows


def test_every_order_is_filled_settled_and_reconciled(played: Played) -> None:
    status = played[1]
    assert status["orders"] > 0
    assert status["fills"] > status["orders"], "orders fill in several executions"
    assert (status["settled"], status["pending"]) == (status["fills"], 0)
    report = _rows(played[0], "execution.reconciliation_report", LAST, "report_status")
    assert set(report) == {("reconciled",)}


def test_the_custodian_relieved_exactly_the_lots_that_were_signed(demo_home: Home) -> None:
    columns = "account_id, instrument_id, lot_id, quantity"
    signed = _rows(demo_home, "decision.rebalance_proposal", TRIGGER, f"{columns}, side")
    before, after = (
        {
            row[:3]: row[3]
            for row in _rows(demo_home, "book.tax_lots", day, f"{columns}, lot_authority")
            if row[4] == "custodian"
        }
        for day in (TRIGGER, LAST)
    )
    sold = {row[:3]: row[3] for row in signed if row[4] == "SELL" and row[:3] in before}
    shrunk = {lot: before[lot] - after.get(lot, Decimal(0)) for lot in before if before[lot] != after.get(lot)}
    assert sold
    assert shrunk == sold


def test_a_lost_acknowledgement_was_queried_and_no_order_was_sent_twice(demo_home: Home) -> None:
    events = _ledger(demo_home).rows(
        sa.select(tables.order_events).order_by(tables.order_events.c.client_order_id, tables.order_events.c.seq)
    )
    by_order: dict[str, list[str]] = {}
    for event in events:
        by_order.setdefault(event.client_order_id, []).append(event.event)
    assert ["NEW", "SENDING", "UNKNOWN", "ACKED"] in by_order.values()
    assert all(path.count("SENDING") == 1 for path in by_order.values())


def test_bills_of_the_ledger_were_paid_outside_and_what_funds_charge_inside_their_values(demo_home: Home) -> None:
    payees: dict[str, set[str | None]] = {}
    for payee, standing in _rows(demo_home, "book.fees", TRIGGER, "description, fee_standing"):
        payees.setdefault(standing, set()).add(payee)
    funds = {row[0] for row in _rows(demo_home, "book.private_capital", TRIGGER, "fund_name")}
    assert payees == {"account": {None}, "outside": {"House bank", "Books & Co"}, "fund": funds}


def test_no_break_is_left_and_both_defects_were_caught(played: Played) -> None:
    assert played[1]["breaks"] == {"open": 0, "critical": 0}
    delivered = tables.deliveries
    query = sa.select(delivered).where(delivered.c.business_date > date.fromisoformat(TRIGGER))
    rows = _ledger(played[0]).rows(query)
    assert [row.source for row in rows if row.verdict == "quarantined"] == ["swiss_bank"]
    assert [row.source for row in rows if row.supersedes] == ["interactive_brokers"]


def test_every_day_of_history_answers_and_holdings_change(demo_home: Home) -> None:
    batch = tables.batches.c
    query = (
        sa.select(batch.business_date).where(batch.asset == "book.net_worth").distinct().order_by(batch.business_date)
    )
    days = [str(row.business_date) for row in _ledger(demo_home).rows(query)]
    assert len(days) == 64
    worths = [tuple(sorted(_rows(demo_home, "book.net_worth", day, "entity_id, nav_base"))) for day in days]
    assert len(set(worths)) == len(days)
    positions = [
        _rows(demo_home, "book.positions", day, "sum(quantity_book), sum(market_value_stated)")[0] for day in days
    ]
    assert len({value for _, value in positions}) == len(days)
    assert len({quantity for quantity, _ in positions}) == 3, "as opened, after a gift in kind, after the rebalance"


@pytest.mark.parametrize("day", ["2022-03-18", "2022-05-02", TRIGGER, LAST])
def test_status_equals_a_query_of_the_warehouse(demo_home: Home, day: str) -> None:
    status = demo_home.json("status", "--day", day)
    worth = dict(_rows(demo_home, "book.net_worth", day, "entity_id, nav_base"))["office"]
    drifts = _rows(demo_home, "analytics.allocation_drift", day, "scope, abs(drift_tradeable)")
    drift = max(size for scope, size in drifts if scope == "office")
    breaks = len(_rows(demo_home, "book.reconciliation_breaks", day, "break_id"))
    assert Decimal(status["net_worth"]) == worth
    assert float(status["drift_tradeable"]) == pytest.approx(drift, abs=5e-7)
    assert status["breaks"]["open"] == breaks
    assert (status["cost_of_trading"] is None) == (status["verdicts"] == {}), "what nobody evaluated is unknown"
    assert status["business_date"] == day
