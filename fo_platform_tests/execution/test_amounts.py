"""Exact quantities and money of fills."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform import units
from fo_platform.execution.amounts import settlement_cash, signed_cash


def test_a_purchase_pays_price_and_fee_and_a_sale_receives_price_less_fee(make_fills, instruments):
    fills = make_fills(
        {"exec_id": "B", "quantity": "10", "price_local": "100.005", "fee_local": "1"},
        {"exec_id": "C", "side": "SELL", "quantity": "3", "price_local": "50", "fee_local": "0.5"},
    )
    assert list(settlement_cash(fills, instruments)) == [Decimal("-1001.05"), Decimal("149.50")]


def test_a_bond_in_per_cent_pays_a_hundredth(make_fills, instruments):
    fills = make_fills({"exec_id": "B", "instrument_id": "UST2029", "quantity": "100000", "price_local": "99.5"})
    assert list(signed_cash(fills, instruments)) == [Decimal("-99500.00")]


def test_half_a_cent_rounds_to_even(make_fills, instruments):
    fills = make_fills(
        {"exec_id": "B", "quantity": "1", "price_local": "0.125"},
        {"exec_id": "C", "quantity": "1", "price_local": "0.135"},
    )
    assert list(signed_cash(fills, instruments)) == [Decimal("-0.12"), Decimal("-0.14")]


@settings(max_examples=25)
@given(quantity=st.integers(1, 10**9), cents=st.integers(1, 10**7), fee=st.integers(0, 10**4))
def test_a_purchase_and_a_sale_at_one_price_leave_only_the_fees(make_fills, instruments, quantity, cents, fee):
    same = {"quantity": quantity, "price_local": Decimal(cents) / 100, "fee_local": Decimal(fee) / 100}
    fills = make_fills({"exec_id": "B", **same}, {"exec_id": "C", "side": "SELL", **same})
    assert units.total(settlement_cash(fills, instruments)) == -2 * Decimal(fee) / 100
