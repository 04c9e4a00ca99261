"""The paper broker: honest fills, a lost acknowledgement, and one book however often it starts."""

import csv
import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.brokers._base import Quote
from fo_platform.brokers._paper_fills import PaperTerms, Turn, fill_order
from fo_platform.errors import BrokerError, BrokerUnreachableError
from fo_platform.lots import instructed

SESSION, NEXT = date(2022, 6, 14), date(2022, 6, 15)


def quantity_of(executions) -> Decimal:
    return sum((execution.quantity for execution in executions), Decimal(0))


@pytest.fixture
def place(make_order):
    """`place(broker, quantity=Decimal(5))`: submit an order, taking the loss of its acknowledgement lightly."""

    def submit(broker, **changes):
        try:
            broker.submit(make_order(**changes), possible_resend=False)
        except BrokerUnreachableError:
            assert broker.terms.lose_ack

    return submit


def test_an_order_fills_in_two_or_three_executions_above_mid(open_paper, place):
    broker = open_paper()
    place(broker)
    fills = broker.trade(SESSION)
    assert quantity_of(fills) == 1000
    assert len(fills) in (2, 3)
    assert all(Decimal("132.76") < fill.price_local <= 140 for fill in fills)
    assert all(fill.quantity == int(fill.quantity) > 0 for fill in fills)
    assert [fill.executed_at for fill in fills] == sorted(fill.executed_at for fill in fills)
    assert {(fill.settlement_date, fill.price_source) for fill in fills} == {(date(2022, 6, 16), "skfolio")}
    assert broker.query("o1").status == "FILLED"


def test_a_sale_fills_below_mid(open_paper, place):
    broker = open_paper()
    place(broker, side="SELL", limit_price_local=Decimal(100))
    assert all(fill.price_local < Decimal("132.76") for fill in broker.trade(SESSION))


def test_an_order_takes_its_share_of_the_volume_and_goes_on_the_next_day(open_paper, place, write_tape):
    """A tenth of 5,000 is 500 shares a session."""
    broker = open_paper()
    write_tape(NEXT)
    place(broker, instrument_id="MSFT", quantity=Decimal(700), limit_price_local=Decimal(300))
    assert quantity_of(broker.trade(SESSION)) == 500
    assert broker.query("o1").status == "PARTIALLY_FILLED"
    assert quantity_of(broker.trade(NEXT)) == 200
    assert broker.query("o1").status == "FILLED"


def test_orders_in_one_instrument_share_its_volume_in_the_order_of_arrival(open_paper, place):
    broker = open_paper()
    for order, side in (("o1", "BUY"), ("o2", "SELL")):
        place(
            broker,
            client_order_id=order,
            instrument_id="MSFT",
            side=side,
            quantity=Decimal(400),
            limit_price_local=Decimal(300 if side == "BUY" else 200),
        )
    broker.trade(SESSION)
    assert (broker.query("o1").cum_quantity, broker.query("o2").cum_quantity) == (400, 100)


def test_beyond_the_limit_nothing_is_filled(open_paper, place):
    broker = open_paper()
    place(broker, limit_price_local=Decimal("132.70"))
    place(broker, client_order_id="o2", side="SELL", limit_price_local=Decimal("132.80"))
    assert broker.trade(SESSION) == []


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "AAPL,nan,2,1000,x\n",
        "AAPL,0,2,1000,x\n",
        "AAPL,-1,2,1000,x\n",
        "AAPL,,2,1000,x\n",
        "AAPL,100,2,0,x\n",
        "AAPL,100,-1,1000,x\n",
        "AAPL,inf,2,1000,x\n",
    ],
)
def test_a_line_without_sound_numbers_fills_nothing(open_paper, place, write_tape, lines):
    broker = open_paper()
    write_tape(lines=lines)
    place(broker)
    assert broker.trade(SESSION) == []
    assert broker.quote("AAPL", SESSION) is None


def test_yesterdays_tape_fills_nothing_today(open_paper, place):
    broker = open_paper()
    place(broker)
    assert broker.trade(NEXT) == []
    assert broker.query("o1").status == "ACKED"


def test_the_rest_of_an_order_expires_at_the_end_of_its_validity(open_paper, place, write_tape):
    broker = open_paper()
    write_tape(NEXT)
    place(broker, instrument_id="MSFT", quantity=Decimal(700), limit_price_local=Decimal(300), valid_until_date=SESSION)
    broker.trade(SESSION)
    report = broker.query("o1")
    assert (report.status, report.cum_quantity, report.leaves_quantity) == ("EXPIRED", 500, 0)
    assert broker.trade(NEXT) == []


def test_an_order_that_is_worked_too_late_only_expires(open_paper, place, write_tape):
    broker = open_paper()
    write_tape(NEXT)
    place(broker, valid_until_date=SESSION)
    assert broker.trade(NEXT) == []
    assert broker.query("o1").status == "EXPIRED"


def test_a_canceled_order_is_not_worked(open_paper, place):
    broker = open_paper()
    place(broker)
    broker.cancel("o1")
    assert broker.trade(SESSION) == []


def test_a_filled_order_cannot_be_canceled(open_paper, place):
    broker = open_paper()
    place(broker)
    broker.trade(SESSION)
    with pytest.raises(BrokerError):
        broker.cancel("o1")


def test_trading_a_session_again_changes_nothing_and_works_only_what_came_since(open_paper, place):
    broker = open_paper()
    place(broker)
    first = broker.trade(SESSION)
    assert open_paper().trade(SESSION) == first
    place(broker, client_order_id="o2", quantity=Decimal(10))
    assert broker.trade(SESSION)[: len(first)] == first
    assert broker.query("o2").status == "FILLED"


def test_two_brokers_with_one_seed_and_the_same_orders_do_the_same_and_another_seed_differs(
    open_paper, place, write_tape, tmp_path
):
    results = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_tape(folder=tmp_path / name)
        place(open_paper(tmp_path / name, seed=seed))
        results.append(open_paper(tmp_path / name, seed=seed).trade(SESSION))
    assert results[0] == results[1] != results[2]


def test_exactly_the_first_acknowledgement_of_a_session_is_lost_and_its_order_is_there(open_paper, make_order):
    broker = open_paper(lose_ack=True)
    with pytest.raises(BrokerUnreachableError):
        broker.submit(make_order(), possible_resend=False)
    assert open_paper(lose_ack=True).query("o1").status == "ACKED"
    assert broker.submit(make_order(client_order_id="o2"), possible_resend=False).status == "ACKED"
    assert broker.submit(make_order(), possible_resend=True).is_duplicate
    with pytest.raises(BrokerUnreachableError):
        broker.submit(make_order(client_order_id="o3", trade_date=NEXT), possible_resend=False)


def test_the_drop_copy_holds_every_execution_of_its_session_once(open_paper, place, tmp_path):
    broker = open_paper()
    place(broker)
    fills = broker.trade(SESSION)
    broker.trade(SESSION)
    with (tmp_path / "drop_copy/2022-06-14.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["exec_id"] for line in lines] == [fill.exec_id for fill in fills]
    assert sum(Decimal(line["quantity"]) for line in lines) == 1000
    assert lines[0]["trade_date"] == "2022-06-14"
    assert not list(tmp_path.glob("drop_copy/*.part"))


def test_executions_follow_a_cursor(open_paper, place, write_tape):
    broker = open_paper()
    write_tape(NEXT)
    place(broker)
    first = broker.trade(SESSION)
    place(broker, client_order_id="o2", trade_date=NEXT)
    second = broker.trade(NEXT)
    assert broker.executions_since(0) == first + second
    assert broker.executions_since(first[-1].sequence) == second


def test_the_commission_is_a_share_of_the_money(open_paper, place):
    """Half a basis point of quantity x price x scale, each execution rounded to the cent."""
    broker = open_paper(commission_bps=Decimal("0.5"))
    place(broker, price_scale=Decimal("0.01"))
    scaled = broker.trade(SESSION)
    exact = sum(f.quantity * f.price_local for f in scaled) * Decimal("0.01") * Decimal("0.00005")
    assert abs(sum(f.fee_local for f in scaled) - exact) <= Decimal("0.015")


def test_in_ideal_mode_money_is_quantity_times_mid_to_the_cent(open_paper, place):
    broker = open_paper(mode="ideal")
    place(broker, instrument_id="MSFT", quantity=Decimal(4999), limit_price_local=Decimal(300))
    (fill,) = broker.trade(SESSION)
    assert fill.quantity * fill.price_local == 4999 * Decimal("244.49")
    assert fill.fee_local == 0


QUOTE = Quote(Decimal(100), Decimal(10), Decimal(10_000), "x")


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    leaves=st.integers(1, 5000),
    used=st.integers(0, 2000),
    lot=st.sampled_from([1, 10, 100]),
    side=st.sampled_from(["BUY", "SELL"]),
    distance=st.integers(-100, 100),
)
def test_no_fill_exceeds_the_order_the_volume_or_the_limit(make_order, seed, leaves, used, lot, side, distance):
    limit = Decimal(100) + Decimal(distance) / 100
    order = make_order(side=side, quantity=Decimal(leaves), limit_price_local=limit, lot_size=Decimal(lot))
    turn = Turn(order, SESSION, Decimal(leaves), Decimal(used), SESSION + timedelta(days=2))
    fills = fill_order(turn, QUOTE, PaperTerms(seed=seed))
    assert quantity_of(fills) <= min(leaves, max(1000 - used, 0))
    assert all(fill.quantity > 0 for fill in fills)
    assert len({fill.exec_id for fill in fills}) == len(fills)
    assert all(fill.price_local <= limit if side == "BUY" else fill.price_local >= limit for fill in fills)


def test_executions_share_out_the_lots_that_the_order_names(make_order):
    order = make_order(side="SELL", quantity=Decimal(100), limit_price_local=Decimal(1), lots='[["b","30"],["a","60"]]')
    half = Turn(order, SESSION, Decimal(50), Decimal(0), SESSION)
    relieved = [instructed(fill.lots) for fill in fill_order(half, QUOTE, PaperTerms(seed=1))]
    assert sum(sum(lots.values()) for lots in relieved) == 40, "fifty are done, of which thirty were of lot b"
    assert {lot_id for lots in relieved for lot_id in lots} == {"a"}


def test_a_larger_order_pays_more(make_order):
    def worst(quantity: int) -> Decimal:
        order = make_order(quantity=Decimal(quantity))
        turn = Turn(order, SESSION, order.quantity, Decimal(0), SESSION)
        return max(f.price_local for f in fill_order(turn, QUOTE, PaperTerms(seed=1)))

    assert worst(10) < worst(1000)


def test_a_broker_killed_after_recording_an_order_still_knows_it(open_paper, tmp_path):
    """The acknowledgement dies with the process; the book does not."""
    script = (
        "import os, signal, sys\n"
        "from datetime import date; from decimal import Decimal as D; from pathlib import Path\n"
        "from fo_platform.brokers._base import Order; from fo_platform.brokers._paper_fills import PaperTerms\n"
        "from fo_platform.brokers.paper import PaperBroker\n"
        "broker = PaperBroker(Path(sys.argv[1]), PaperTerms(seed=1, lose_ack=False), lambda i, d: d)\n"
        "day = date(2022, 6, 14)\n"
        "broker.submit(Order('o1', 'a', 'AAPL', 'BUY', D(10), D(140), 'USD', day, day), possible_resend=False)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], env={**os.environ}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert open_paper().query("o1").status == "ACKED"
