"""Seeded schedules of crashes, lost messages and second processes around the order path; no invariant may break.

Each schedule plans three orders and lets processes plan, send and collect; then everything heals.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest

from fo_platform import crash
from fo_platform.brokers._base import Ack, Execution, Order, OrderReport
from fo_platform.errors import BrokerError, BrokerUnreachableError
from fo_platform.execution.order_states import order_states
from fo_platform.ledger import tables, verify
from fo_platform_tests.faults.order_path import DAY, ORDERS, QUANTITY, facts, send_and_collect

pytestmark = pytest.mark.usefixtures("stubbed")

USUAL = (0, 1, 2, 3, 49)
"""A few schedules, and one that once caught a query without an answer taken for an order that is not there."""

SEEDS = [*USUAL, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(300) if seed not in USUAL)]


class CrashedError(BaseException):
    """The process is gone: nothing in it may catch this."""


@dataclass
class Venue:
    """A venue that loses messages, and knows or does not know a repeated identifier."""

    rng: np.random.Generator
    knows_duplicates: bool
    is_healed: bool = False
    name: str = "paper"
    placed: list[Order] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)

    def submit(self, order: Order, *, possible_resend: bool) -> Ack:
        self._lose()
        is_known = order.client_order_id in {placed.client_order_id for placed in self.placed}
        if is_known and self.knows_duplicates and not possible_resend:
            raise BrokerError("Duplicate.")
        if not (is_known and self.knows_duplicates):
            self.placed.append(order)
        self._lose()
        return Ack(order.client_order_id, "ACKED", is_duplicate=is_known)

    def query(self, client_order_id: str) -> OrderReport | None:
        self._lose()
        if client_order_id not in {placed.client_order_id for placed in self.placed}:
            return None
        done = self.executed(client_order_id)
        return OrderReport(client_order_id, "PARTIALLY_FILLED" if done else "ACKED", done, QUANTITY - done)

    def executions_since(self, cursor: int) -> list[Execution]:
        """Everything when healed; before, some of it, in any order, some of it twice."""
        self._lose()
        if self.is_healed or not self.executions:
            return list(self.executions)
        return [self.executions[i] for i in self.rng.integers(0, len(self.executions), size=len(self.executions))]

    def quote(self, instrument_id: str, session: date) -> None:
        self._lose()

    def trade(self, session: date) -> None:
        """Fill a part of every order that has something left."""
        for order in self.placed:
            part = min(QUANTITY - self.executed(order.client_order_id), Decimal(int(self.rng.integers(0, 60))))
            if part > 0:
                self.executions.append(self._execution(order, part))

    def executed(self, client_order_id: str) -> Decimal:
        ours = (e.quantity for e in self.executions if e.client_order_id == client_order_id)
        return sum(ours, Decimal(0))

    def _execution(self, order: Order, quantity: Decimal) -> Execution:
        number = len(self.executions) + 1
        what = (order.account_id, order.instrument_id, order.side, quantity, Decimal(100), "USD", Decimal(1))
        when = (DAY, DAY + timedelta(days=2), "trade", None, datetime(2022, 6, 14, 15, tzinfo=UTC))
        return Execution(number, f"e{number}", order.client_order_id, *what, *when, "simulated")

    def _lose(self) -> None:
        if not self.is_healed and self.rng.random() < 0.3:
            raise BrokerUnreachableError("No answer.")


@dataclass
class World:
    """One schedule: its ledger, its venue and its dice."""

    office: SimpleNamespace
    venue: Venue
    rng: np.random.Generator
    is_second: bool = False

    def pass_point(self, name: str) -> None:
        """The process dies, or a second one does all the same work at this moment, or nothing happens."""
        draw = 1.0 if self.venue.is_healed or self.is_second else self.rng.random()
        if draw < 0.15:
            raise CrashedError(name)
        if draw < 0.30 and name != "fills.before_commit":
            self.is_second = True
            self.run()
            self.is_second = False

    def run(self) -> None:
        """One process from planning to collecting, however it ends."""
        with suppress(BrokerError):
            send_and_collect(self.office, self.venue)

    def suffer(self, runs: int) -> None:
        """Processes that may die."""
        for _ in range(runs):
            with suppress(CrashedError):
                self.run()

    def heal(self) -> None:
        """The network is back and no process dies."""
        self.venue.is_healed = True
        for _ in range(3):
            send_and_collect(self.office, self.venue)

    def set_kill_switch(self, status: str, step: int) -> None:
        with self.office.ledger.transaction("kill") as entry:
            row = {"step": step, "status": status, "signer": "ann", "at": entry.known_at, "reason": "drill"}
            entry.append(tables.kill_switch, [row])


@pytest.fixture
def world(request: pytest.FixtureRequest, ledger, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A schedule by its seed; odd seeds meet a venue that places a repeated order a second time."""
    rng = np.random.default_rng(request.param)
    made = World(SimpleNamespace(ledger=ledger), Venue(rng, knows_duplicates=request.param % 2 == 0), rng)
    monkeypatch.setattr(crash, "point", made.pass_point)
    return made


@pytest.mark.parametrize("world", SEEDS, indirect=True)
def test_no_order_is_placed_twice_and_no_fill_is_lost_whatever_fails(world, tmp_path):
    world.suffer(4)
    world.heal()
    events, fills = facts(world.office.ledger)
    assert sorted(order.client_order_id for order in world.venue.placed) == sorted(ORDERS)
    assert sorted(fills["exec_id"]) == sorted(execution.exec_id for execution in world.venue.executions)
    assert not fills["is_orphan"].any()
    for order, state in order_states(events, fills).items():
        assert (state.cum_quantity, state.flags) == (world.venue.executed(order), ())
        assert state.status in ("ACKED", "PARTIALLY_FILLED", "FILLED")
    assert verify.verify(world.office.ledger, tmp_path / "archive").ok


@pytest.mark.parametrize("world", SEEDS, indirect=True)
def test_nothing_is_sent_after_the_kill_switch(world):
    world.suffer(1)
    world.set_kill_switch("engaged", 1)
    before = list(world.venue.placed)
    world.suffer(3)
    assert world.venue.placed == before
    world.set_kill_switch("released", 2)
    world.heal()
    assert sorted(order.client_order_id for order in world.venue.placed) == sorted(ORDERS)
