"""The order state machine against the scenarios of FIX's order state change matrices that our protocol can meet."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import get_args

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.contracts.execution import Orders
from fo_platform.errors import LedgerError
from fo_platform.execution.order_states import (
    TERMINAL,
    TRANSITIONS,
    Status,
    next_status,
    order_state,
    orders_at_close,
)

DAY = pd.Timestamp("2022-06-14")
SENT = ("NEW", "SENDING", "ACKED")


@dataclass(frozen=True)
class Scenario:
    """A row of a matrix: the events and fills (id, type, quantity, reference, hour) of an order of 10,000."""

    name: str
    events: tuple[str, ...]
    fills: tuple[tuple[str, str, int, str | None, int], ...]
    status: str
    cum: int
    leaves: int
    flags: int = field(default=0)


def trade(exec_id: str, quantity: int, hour: int = 14) -> tuple[str, str, int, str | None, int]:
    return exec_id, "trade", quantity, None, hour


def bust(exec_id: str, ref: str, hour: int = 18) -> tuple[str, str, int, str | None, int]:
    return exec_id, "trade_cancel", 0, ref, hour


def correct(exec_id: str, quantity: int, ref: str, hour: int = 18) -> tuple[str, str, int, str | None, int]:
    return exec_id, "trade_correct", quantity, ref, hour


MATRICES = (
    Scenario("A new", SENT, (), "ACKED", 0, 10_000),
    Scenario("A first part", SENT, (trade("B", 2000),), "PARTIALLY_FILLED", 2000, 8000),
    Scenario("A second part", SENT, (trade("B", 2000), trade("C", 3000)), "PARTIALLY_FILLED", 5000, 5000),
    Scenario("A filled", SENT, (trade("B", 2000), trade("C", 8000)), "FILLED", 10_000, 0),
    Scenario("A day order that expires in part", (*SENT, "EXPIRED"), (trade("B", 2000),), "EXPIRED", 2000, 0),
    Scenario("A day order that expires unfilled", (*SENT, "EXPIRED"), (), "EXPIRED", 0, 0),
    Scenario("A several fills at once", SENT, (trade("B", 1), trade("C", 1), trade("D", 9998)), "FILLED", 10_000, 0),
    Scenario("B canceled before any fill", (*SENT, "CANCELED"), (), "CANCELED", 0, 0),
    Scenario("B canceled after a part", (*SENT, "CANCELED"), (trade("B", 5000),), "CANCELED", 5000, 0),
    Scenario(
        "B.1.c filled before the cancel request arrives",
        SENT,
        (trade("B", 2000), trade("C", 8000)),
        "FILLED",
        10_000,
        0,
    ),
    Scenario(
        "B filled whole although canceled: filled wins", (*SENT, "CANCELED"), (trade("B", 10_000),), "FILLED", 10_000, 0
    ),
    Scenario("F rejected", ("NEW", "SENDING", "REJECTED"), (), "REJECTED", 0, 0),
    Scenario(
        "F.1.b resend answered with the status",
        ("NEW", "SENDING", "UNKNOWN", "SENDING", "ACKED"),
        (),
        "ACKED",
        0,
        10_000,
    ),
    Scenario("G unknown order found by its status", ("NEW", "SENDING", "UNKNOWN", "ACKED"), (), "ACKED", 0, 10_000),
    Scenario(
        "G unknown order proved by its fill",
        ("NEW", "SENDING", "UNKNOWN"),
        (trade("B", 1000),),
        "PARTIALLY_FILLED",
        1000,
        9000,
    ),
    Scenario("G unknown and not yet proved", ("NEW", "SENDING", "UNKNOWN"), (), "UNKNOWN", 0, 10_000),
    Scenario("I not filled at once", (*SENT, "EXPIRED"), (trade("B", 1000),), "EXPIRED", 1000, 0),
    Scenario(
        "J busted after filled",
        SENT,
        (trade("B", 1000), trade("C", 9000), bust("D", "B")),
        "PARTIALLY_FILLED",
        9000,
        1000,
    ),
    Scenario(
        "J corrected after filled",
        SENT,
        (trade("B", 1000), trade("C", 9000), correct("D", 8000, "C")),
        "PARTIALLY_FILLED",
        9000,
        1000,
    ),
    Scenario(
        "J corrected, then busted",
        SENT,
        (trade("B", 9000), correct("C", 8000, "B", 16), bust("D", "C", 17)),
        "ACKED",
        0,
        10_000,
    ),
    Scenario("J.1.b busted after canceled", (*SENT, "CANCELED"), (trade("B", 5000), bust("E", "B")), "CANCELED", 0, 0),
    Scenario(
        "J.1.b new fill after that",
        (*SENT, "CANCELED"),
        (trade("B", 5000), bust("E", "B"), trade("F", 4000, 19)),
        "CANCELED",
        4000,
        0,
        1,
    ),
    Scenario("J busted after expired", (*SENT, "EXPIRED"), (trade("B", 5000), bust("E", "B")), "EXPIRED", 0, 0),
    Scenario("ours: late fill after cancel", (*SENT, "CANCELED"), (trade("B", 5000, 19),), "CANCELED", 5000, 0, 1),
    Scenario("ours: overfill", SENT, (trade("B", 9000), trade("C", 2000)), "FILLED", 11_000, 0, 1),
    Scenario(
        "ours: overfill that a bust undoes",
        SENT,
        (trade("B", 9000), trade("C", 2000), bust("D", "C")),
        "PARTIALLY_FILLED",
        9000,
        1000,
    ),
    Scenario(
        "ours: fill of a rejected order",
        ("NEW", "SENDING", "REJECTED"),
        (trade("B", 1000),),
        "PARTIALLY_FILLED",
        1000,
        9000,
        1,
    ),
    Scenario("ours: fill of an order never sent", ("NEW",), (trade("B", 1000),), "PARTIALLY_FILLED", 1000, 9000, 1),
    Scenario("ours: held back before the wire", ("NEW", "HELD"), (), "NEW", 0, 10_000),
    Scenario("ours: held, then sent", ("NEW", "HELD", "SENDING", "ACKED"), (), "ACKED", 0, 10_000),
    Scenario("ours: the process died before the answer", ("NEW", "SENDING"), (), "SENDING", 0, 10_000),
)


@pytest.mark.parametrize("scenario", MATRICES, ids=lambda scenario: scenario.name)
def test_the_state_follows_the_matrix(scenario, make_events, make_fills):
    rows = [
        {
            "exec_id": exec_id,
            "exec_type": kind,
            "quantity": quantity,
            "exec_ref_id": ref,
            "executed_at": f"2022-06-14T{hour}:30Z",
        }
        for exec_id, kind, quantity, ref, hour in scenario.fills
    ]
    state = order_state(make_events("o1", *scenario.events, quantity="10000"), make_fills(*rows))
    assert (state.status, state.cum_quantity, state.leaves_quantity) == (scenario.status, scenario.cum, scenario.leaves)
    assert len(state.flags) == scenario.flags


@pytest.mark.parametrize(
    "events",
    [
        ("SENDING",),
        ("NEW", "ACKED"),
        ("NEW", "NEW"),
        ("NEW", "SENDING", "NEW"),
        (*SENT, "SENDING"),
        (*SENT, "REJECTED"),
        (*SENT, "CANCELED", "ACKED"),
    ],
)
def test_an_impossible_history_is_refused(events, make_events, make_fills):
    with pytest.raises(LedgerError):
        order_state(make_events("o1", *events), make_fills())


def test_every_event_of_the_table_leads_to_a_state_of_the_table():
    for status, events in TRANSITIONS.items():
        assert {next_status(status, event) for event in events} <= set(TRANSITIONS)


def test_the_average_price_weighs_by_quantity(make_events, make_fills):
    fills = make_fills(
        {"exec_id": "B", "quantity": "10", "price_local": "100"},
        {"exec_id": "C", "quantity": "20", "price_local": "101"},
    )
    state = order_state(make_events("o1", *SENT), fills)
    assert state.average_price_local == Decimal("100.66666667")


def test_an_orphan_fill_is_not_counted(make_events, make_fills):
    state = order_state(make_events("o1", *SENT), make_fills({"exec_id": "B", "is_orphan": True}))
    assert state.cum_quantity == 0


ids = st.sampled_from("BCDEFG")
executions = st.lists(
    st.tuples(
        ids, st.sampled_from(["trade", "trade_correct", "trade_cancel"]), st.integers(0, 60), ids, st.integers(10, 23)
    ),
    max_size=6,
    unique_by=lambda execution: execution[0],
)
endings = st.sampled_from(
    [SENT, (*SENT, "CANCELED"), (*SENT, "EXPIRED"), ("NEW", "SENDING", "UNKNOWN"), ("NEW", "SENDING", "REJECTED")]
)


@settings(max_examples=40)
@given(executions=executions, events=endings)
def test_nothing_is_ever_open_below_zero_and_the_state_says_what_the_sums_say(
    make_events, make_fills, executions, events
):
    rows = [
        {
            "exec_id": i,
            "exec_type": kind,
            "quantity": q,
            "exec_ref_id": None if kind == "trade" else ref,
            "executed_at": f"2022-06-14T{hour}:00Z",
        }
        for i, kind, q, ref, hour in executions
    ]
    state = order_state(make_events("o1", *events, quantity="100"), make_fills(*rows))
    counted = [r for r in rows if r["exec_type"] != "trade_cancel"]
    assert state.leaves_quantity >= 0
    assert 0 <= state.cum_quantity <= sum(r["quantity"] for r in counted)
    assert (state.status == "FILLED") == (state.cum_quantity >= 100)
    assert state.leaves_quantity == (0 if state.status in TERMINAL else 100 - state.cum_quantity)


def test_open_orders_are_carried_with_their_age_and_ended_ones_shown_once(make_events, make_fills):
    events = pd.concat(
        [make_events("o1", *SENT), make_events("o2", *SENT, "CANCELED"), make_events("o3", "NEW", day="2022-06-17")]
    )
    fills = make_fills({"exec_id": "B", "quantity": "40"})
    first, later = orders_at_close(events, fills, DAY), orders_at_close(events, fills, pd.Timestamp("2022-06-16"))
    assert list(first["client_order_id"]) == ["o1", "o2"]
    assert list(first["order_status"]) == ["PARTIALLY_FILLED", "CANCELED"]
    assert list(later["client_order_id"]) == ["o1"]
    assert list(later["age_sessions"]) == [2]
    assert list(later["leaves_quantity"]) == [60]
    Orders.validate(first)


def test_the_row_says_why_an_order_waits(make_events, make_fills):
    events = make_events("o1", "NEW", "HELD", bodies={"HELD": {"reason": "The kill switch is engaged."}})
    assert list(orders_at_close(events, make_fills(), DAY)["reason"]) == ["The kill switch is engaged."]


def test_no_orders_make_an_empty_table(make_events, make_fills):
    assert orders_at_close(make_events("o1", "NEW").iloc[:0], make_fills(), DAY).empty


def test_the_contract_knows_every_state():
    assert set(Orders.allowed["order_status"]) == set(get_args(Status))
