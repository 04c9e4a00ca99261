"""Release against the paper broker: what each answer leads to, and a real kill at every crash point of the path."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from fo_platform.crash import CRASH_POINTS, VARIABLE
from fo_platform.errors import BrokerError, BrokerUnreachableError, LedgerError
from fo_platform.execution.order_states import order_states
from fo_platform.operations import release
from fo_platform.operations.order_log import LeaseLostError, append_event, require_lease, take_lease
from fo_platform_tests.faults.order_path import DAY, ORDERS, facts, paper, send_and_collect, signed_lines

pytestmark = pytest.mark.usefixtures("stubbed")

FIRST = ORDERS[0]


@pytest.fixture
def office(ledger) -> SimpleNamespace:
    return SimpleNamespace(ledger=ledger)


def events_of(office: SimpleNamespace, order: str = FIRST) -> list[str]:
    events, _ = facts(office.ledger)
    return list(events.loc[events["client_order_id"] == order, "event"])


def states(office: SimpleNamespace) -> list[str]:
    return [state.status for state in order_states(*facts(office.ledger)).values()]


def test_a_lost_acknowledgement_is_queried_and_every_order_fills_once(office, tmp_path):
    send_and_collect(office, paper(tmp_path / "paper"))
    assert events_of(office) == ["NEW", "SENDING", "UNKNOWN", "ACKED"]
    assert states(office) == ["FILLED"] * 3
    _, fills = facts(office.ledger)
    assert fills.groupby("client_order_id")["quantity"].sum().astype(int).tolist() == [100] * 3


def test_doing_everything_again_records_nothing(office, tmp_path):
    broker = paper(tmp_path / "paper")
    send_and_collect(office, broker)
    seq = office.ledger.last_known_at()
    send_and_collect(office, broker)
    assert office.ledger.last_known_at() == seq


def test_the_price_at_release_is_recorded_with_the_checks(office, tmp_path):
    send_and_collect(office, paper(tmp_path / "paper"))
    events, _ = facts(office.ledger)
    body = json.loads(events.loc[events["event"] == "SENDING", "body"].iloc[0])
    assert body["arrival_price_local"] == "100"
    assert {check["check_result"] for check in body["checks"]} == {"pass"}


def test_a_refusal_is_believed_when_the_broker_lacks_the_order(office, tmp_path, monkeypatch):
    broker = paper(tmp_path / "paper")

    def refuse(order, *, possible_resend):
        raise BrokerError("No such market.")

    monkeypatch.setattr(broker, "submit", refuse)
    send_and_collect(office, broker)
    assert states(office) == ["REJECTED"] * 3


def test_a_refusal_of_a_duplicate_means_that_the_order_is_there(office, tmp_path):
    broker = paper(tmp_path / "paper", lose_ack=False)
    release.plan_orders(office, DAY)
    broker.submit(release._wire(office, {"client_order_id": FIRST}), possible_resend=False)
    send_and_collect(office, broker)
    assert events_of(office) == ["NEW", "SENDING", "ACKED"]


def test_an_order_that_nobody_can_ask_about_waits_and_blocks_its_account(office, tmp_path, monkeypatch):
    broker = paper(tmp_path / "paper")

    def vanish(client_order_id):
        raise BrokerUnreachableError("No answer.")

    release.plan_orders(office, DAY)
    monkeypatch.setattr(broker, "query", vanish)
    for _ in range(2):
        release.send_session(office, broker, DAY)
    assert states(office) == ["UNKNOWN", "NEW", "NEW"]
    assert events_of(office, ORDERS[1]) == ["NEW", "HELD"]
    monkeypatch.undo()


def test_an_order_whose_approval_has_ended_expires_unsent(office, tmp_path):
    broker = paper(tmp_path / "paper")
    release.plan_orders(office, DAY)
    release.send_session(office, broker, DAY + timedelta(days=1))
    assert broker.query(FIRST) is None
    seen, fills = facts(office.ledger, DAY + timedelta(days=1))
    assert [state.status for state in order_states(seen, fills).values()] == ["EXPIRED"] * 3


@pytest.mark.parametrize(
    "change", [{"client_order_id": "nobody"}, {"account_id": "trust_ib"}, {"side": "SELL"}, {"instrument_id": "MSFT"}]
)
def test_an_execution_that_fits_no_order_is_kept_as_an_orphan(office, tmp_path, monkeypatch, change):
    broker = paper(tmp_path / "paper", lose_ack=False)
    send_and_collect(office, broker)
    stray = replace(broker.executions_since(0)[0], exec_id="stray", **change)
    monkeypatch.setattr(broker, "executions_since", lambda cursor: [stray])
    assert release.collect_fills(office, broker, DAY) == 1
    _, fills = facts(office.ledger)
    assert list(fills.loc[fills["is_orphan"], "exec_id"]) == ["stray"]
    assert states(office) == ["FILLED"] * 3


def test_orders_that_the_broker_gave_up_end_once(office, tmp_path):
    broker = paper(tmp_path / "paper", lose_ack=False)
    (tmp_path / f"paper/tape/{DAY}.csv").write_text("instrument_id,mid_price,spread_bps,volume,price_source\n")
    for _ in range(2):
        send_and_collect(office, broker)
    assert events_of(office) == ["NEW", "SENDING", "ACKED", "EXPIRED"]


def test_who_lost_the_lease_writes_nothing_more(office):
    earlier = take_lease(office.ledger)
    later = take_lease(office.ledger)
    with office.ledger.transaction("x") as entry:
        require_lease(entry, later)
        with pytest.raises(LeaseLostError):
            require_lease(entry, earlier)


def test_an_event_that_the_order_may_not_take_is_refused(office):
    release.plan_orders(office, DAY)
    with pytest.raises(LedgerError), office.ledger.transaction("x") as entry:
        append_event(entry, FIRST, "ACKED", {}, day=DAY, epoch=1)
    assert events_of(office) == ["NEW"]


POINTS = [name for name, module in CRASH_POINTS if module == release.__name__]


@pytest.mark.parametrize("point", POINTS)
def test_a_process_killed_at_a_crash_point_is_made_good_by_the_next(office, tmp_path, point):
    command = [
        sys.executable,
        "-m",
        "fo_platform_tests.faults.order_path",
        str(tmp_path / "ledger.sqlite"),
        str(tmp_path / "paper"),
    ]
    killed = subprocess.run(command, env={**os.environ, VARIABLE: point}, check=False)
    assert killed.returncode == -signal.SIGKILL
    broker = paper(tmp_path / "paper")
    send_and_collect(office, broker)
    assert states(office) == ["FILLED"] * 3
    _, fills = facts(office.ledger)
    assert sorted(fills["exec_id"]) == sorted(execution.exec_id for execution in broker.executions_since(0))


def test_an_order_held_over_waits_for_the_release_of_its_new_session(office, tmp_path, monkeypatch):
    release.plan_orders(office, DAY)
    monkeypatch.setattr(release, "released_lines", lambda office, day: signed_lines().iloc[:0])
    release.send_session(office, paper(tmp_path), DAY)
    assert events_of(office) == ["NEW"]
    monkeypatch.setattr(release, "released_lines", lambda office, day: signed_lines())
    release.send_session(office, paper(tmp_path), DAY)
    assert events_of(office)[:2] == ["NEW", "SENDING"]
