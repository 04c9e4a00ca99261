"""Transactions: what one link seals, when it is known, and what a failure leaves."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from fo_platform.clock import Clock
from fo_platform.ledger import tables
from fo_platform.ledger.anchor import Anchor
from fo_platform.ledger.ledger import GENESIS, Ledger
from fo_platform.ledger.verify import verify
from fo_platform_tests.databases import Database
from fo_platform_tests.ledger.facts import fact
from fo_platform_tests.processes import together

NOON = datetime(2022, 6, 14, 16, tzinfo=UTC)
WRITES = 15
BURST = f"""
import sys
from pathlib import Path
from fo_platform.ledger import tables
from fo_platform.ledger.anchor import Anchor
from fo_platform.ledger.ledger import Ledger
from fo_platform_tests.ledger.facts import fact
ledger = Ledger.open(sys.argv[1], Anchor(Path(sys.argv[2])))
for step in range({WRITES}):
    with ledger.transaction("burst") as entry:
        entry.append(tables.break_states, [fact(tables.break_states, step, break_id=sys.argv[3])])
"""


def links(ledger: Ledger) -> list[sa.Row[object]]:
    return ledger.rows(sa.select(tables.audit_chain).order_by(tables.audit_chain.c.seq))


def write(ledger: Ledger, number: int = 1) -> None:
    with ledger.transaction("test") as entry:
        entry.append(tables.break_states, [fact(tables.break_states, number)])


def fail_half_way(ledger: Ledger) -> None:
    with ledger.transaction("test") as entry:
        entry.append(tables.leases, [fact(tables.leases)])
        raise RuntimeError("half way")


def test_an_empty_ledger_knows_nothing_and_is_whole(ledger: Ledger, tmp_path: Path) -> None:
    found = verify(ledger, tmp_path)
    assert (found.ok, found.rows, found.head) == (True, 0, GENESIS)
    assert ledger.last_known_at() is None


def test_one_transaction_is_one_link_whatever_it_appends(ledger: Ledger) -> None:
    with ledger.transaction("test") as entry:
        entry.append(tables.break_states, [fact(tables.break_states, 1), fact(tables.break_states, 2)])
        entry.append(tables.leases, [fact(tables.leases)])
    (link,) = links(ledger)
    rows = ledger.rows(sa.select(tables.break_states)) + ledger.rows(sa.select(tables.leases))
    assert [row.audit_seq for row in rows] == [link.seq] * 3 == [1] * 3


def test_a_link_continues_the_one_before(ledger: Ledger) -> None:
    write(ledger, 1)
    write(ledger, 2)
    first, second = links(ledger)
    assert (first.prev_hash, second.prev_hash) == (GENESIS, first.hash)


def test_a_transaction_that_appends_nothing_leaves_nothing(ledger: Ledger) -> None:
    with ledger.transaction("test") as entry:
        entry.append(tables.leases, [])
    assert links(ledger) == []
    assert ledger.anchor is not None
    assert ledger.anchor.read() is None


def test_a_transaction_that_fails_leaves_neither_row_nor_link(ledger: Ledger, tmp_path: Path) -> None:
    write(ledger)
    with pytest.raises(RuntimeError, match="half way"):
        fail_half_way(ledger)
    assert ledger.rows(sa.select(tables.leases)) == []
    assert len(links(ledger)) == 1
    write(ledger, 2)
    assert verify(ledger, tmp_path).ok


def test_a_fact_is_recorded_once(ledger: Ledger) -> None:
    write(ledger)
    with pytest.raises(IntegrityError):
        write(ledger)
    assert len(links(ledger)) == 1


def test_what_is_known_is_ordered_even_when_the_clock_stands_still(ledger: Ledger) -> None:
    ledger.clock = Clock(lambda: NOON)
    for number in range(3):
        write(ledger, number)
    assert [link.known_at - NOON for link in links(ledger)] == [timedelta(microseconds=n) for n in range(3)]
    assert ledger.last_known_at() == NOON + timedelta(microseconds=2)


def test_a_clock_set_back_does_not_set_knowledge_back(ledger: Ledger) -> None:
    times = iter([NOON, NOON - timedelta(days=1)])
    ledger.clock = Clock(lambda: next(times))
    write(ledger, 1)
    write(ledger, 2)
    assert links(ledger)[1].known_at == NOON + timedelta(microseconds=1)


def test_a_simulated_clock_moves_forward_only_and_is_remembered(ledger: Ledger) -> None:
    assert not ledger.clock.is_simulated
    for moved in (NOON, NOON - timedelta(hours=1), NOON):
        ledger.move_clock(moved)
    reopened = Ledger(ledger.engine)
    assert (reopened.clock.is_simulated, reopened.clock.now()) == (True, NOON)
    assert len(ledger.rows(sa.select(tables.clock_moves))) == 1


def test_an_open_ledger_follows_a_clock_that_another_process_moved(ledger: Ledger) -> None:
    ledger.move_clock(NOON)
    other = Ledger(ledger.engine)
    other.move_clock(NOON + timedelta(days=1))
    assert ledger.clock.now() == NOON + timedelta(days=1)


def test_four_processes_build_an_absent_ledger_once_and_write_one_chain_in_which_knowledge_only_grows(
    database: Database, tmp_path: Path
) -> None:
    url = database.new()
    together(BURST, *[[url, str(tmp_path / "audit"), f"process {number}"] for number in range(4)])
    ledger = Ledger.open(url, Anchor(tmp_path / "audit"))
    chain = links(ledger)
    assert len(chain) == 4 * WRITES
    assert all(earlier.known_at < later.known_at for earlier, later in pairwise(chain))
    assert verify(ledger, tmp_path).first_bad is None
    assert ledger.anchor is not None
    assert ledger.anchor.read() == (len(chain), chain[-1].hash)
    ledger.engine.dispose()


DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-(10**20), max_value=10**20)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DECIMALS, min_size=1, max_size=5))
def test_decimals_come_back_digit_by_digit(ledger: Ledger, values: list[Decimal]) -> None:
    before = len(ledger.rows(sa.select(tables.drift_events)))
    rows = [fact(tables.drift_events, before + number, drift=value) for number, value in enumerate(values)]
    with ledger.transaction("test") as entry:
        entry.append(tables.drift_events, rows)
    stored = ledger.rows(sa.select(tables.drift_events.c.drift).order_by(tables.drift_events.c.step))
    assert [row.drift for row in stored[before:]] == values


def test_an_instant_of_any_zone_comes_back_in_utc(ledger: Ledger) -> None:
    east = datetime.fromisoformat("2022-06-14T23:30:00.000001+09:00")
    with ledger.transaction("test") as entry:
        entry.append(tables.leases, [fact(tables.leases, at=east)])
    (row,) = ledger.rows(sa.select(tables.leases))
    assert row.at == east
    assert row.at.isoformat() == "2022-06-14T14:30:00.000001+00:00"
