"""What every broker keeps, whatever its venue. A broker is found by its file and needs an opener here."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from fo_platform.brokers._base import Broker
from fo_platform.errors import BrokerError, BrokerUnreachableError
from fo_platform.registry import discover

BROKERS = discover("fo_platform.brokers", "BROKER")
OPENERS = {"paper": "open_paper"}


@pytest.fixture(params=sorted(BROKERS))
def broker(request: pytest.FixtureRequest) -> Broker:
    """Each broker in turn, against its local venue."""
    return request.getfixturevalue(OPENERS[request.param])()


def test_every_broker_has_a_local_venue_to_be_tested_against():
    assert set(OPENERS) == set(BROKERS)


def test_a_broker_is_named_after_its_file(broker):
    assert BROKERS[broker.name] is type(broker)


def test_a_submitted_order_is_acknowledged_and_known(broker, make_order):
    assert broker.submit(make_order(), possible_resend=False).status == "ACKED"
    report = broker.query("o1")
    assert (report.status, report.cum_quantity, report.leaves_quantity) == ("ACKED", 0, 1000)


def test_an_order_never_submitted_is_definitively_unknown(broker):
    assert broker.query("nobody") is None


def test_the_same_identifier_again_is_a_duplicate_that_is_refused(broker, make_order):
    broker.submit(make_order(), possible_resend=False)
    with pytest.raises(BrokerError) as refusal:
        broker.submit(make_order(), possible_resend=False)
    assert not isinstance(refusal.value, BrokerUnreachableError)


def test_a_possible_resend_of_a_known_order_is_answered_with_its_status(broker, make_order):
    broker.submit(make_order(), possible_resend=False)
    ack = broker.submit(make_order(), possible_resend=True)
    assert (ack.status, ack.is_duplicate) == ("ACKED", True)


def test_a_possible_resend_of_an_unknown_order_places_it(broker, make_order):
    ack = broker.submit(make_order(), possible_resend=True)
    assert (ack.status, ack.is_duplicate) == ("ACKED", False)


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": Decimal(0)},
        {"quantity": Decimal(-5)},
        {"limit_price_local": Decimal(0)},
        {"valid_until_date": None},
    ],
)
def test_an_unsound_order_is_refused_and_leaves_no_trace(broker, make_order, change):
    order = make_order()
    if "valid_until_date" in change:
        change = {"valid_until_date": order.trade_date - timedelta(days=1)}
    with pytest.raises(BrokerError):
        broker.submit(replace(order, **change), possible_resend=False)
    assert broker.query("o1") is None


def test_a_canceled_order_is_closed_and_cannot_be_canceled_again(broker, make_order):
    broker.submit(make_order(), possible_resend=False)
    report = broker.cancel("o1")
    assert (report.status, report.leaves_quantity) == ("CANCELED", 0)
    with pytest.raises(BrokerError):
        broker.cancel("o1")


def test_what_is_unknown_cannot_be_canceled(broker):
    with pytest.raises(BrokerError):
        broker.cancel("nobody")


def test_without_orders_there_are_no_executions(broker):
    assert broker.executions_since(0) == []
