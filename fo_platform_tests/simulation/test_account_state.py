"""Lots, settlement and cash of one account, on movements written here."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.simulation.accounts import ACCOUNTS, Lot, Opening
from fo_platform.simulation.movements import Movement
from fo_platform.simulation.state import Snapshot, account_at

TRADED, SETTLED = date(2022, 6, 14), date(2022, 6, 16)
OPENING = Opening(
    {"KO": [
        Lot("new", date(2020, 5, 5), Decimal(60), Decimal("3000.00")),
        Lot("old", date(2010, 1, 4), Decimal(40), Decimal("1000.00")),
    ]},
    {"USD": Decimal(500)},
)  # fmt: skip


def trade(quantity: int, lots: tuple[tuple[str, Decimal], ...] = ()) -> Movement:
    cash = Decimal(-quantity * 60) - 1
    kind = "buy" if quantity > 0 else "sell"
    return Movement(
        "foundation_us", kind, TRADED, SETTLED, "USD", cash, "EXEC", "", "KO", Decimal(quantity), Decimal(60),
        Decimal(1), lot_choice=lots,
    )  # fmt: skip


def state(day: date, *movements: Movement) -> Snapshot:
    return account_at(ACCOUNTS["foundation_us"], day, movements, OPENING)


def lots(snapshot: Snapshot) -> dict[str, tuple[Decimal, Decimal]]:
    return {lot.lot_id: (lot.quantity, lot.cost) for holding in snapshot.holdings for lot in holding.lots}


def test_a_sale_relieves_the_oldest_lot_first() -> None:
    assert lots(state(TRADED, trade(-50))) == {"new": (Decimal(50), Decimal("2500.00"))}


def test_a_sale_that_names_its_lot_relieves_that_lot() -> None:
    sold = lots(state(TRADED, trade(-50, (("new", Decimal(50)),))))
    assert sold == {"old": (Decimal(40), Decimal("1000.00")), "new": (Decimal(10), Decimal("500.00"))}


def test_a_purchase_opens_a_lot_whose_cost_includes_the_fee() -> None:
    assert lots(state(TRADED, trade(10)))["EXEC"] == (Decimal(10), Decimal("601.00"))


@pytest.mark.parametrize(("day", "quantity", "cash"), [(TRADED, 100, 500), (SETTLED, 50, 3499)])
def test_settled_amounts_follow_on_the_settlement_date(day: date, quantity: int, cash: int) -> None:
    after = state(day, trade(-50))
    assert after.holdings[0].quantity == 50
    assert after.balances["USD"].amount == Decimal(3499)
    assert (after.holdings[0].quantity_settled, after.balances["USD"].amount_settled) == (quantity, cash)


def test_a_position_sold_out_stays_until_it_is_delivered() -> None:
    assert [h.quantity_settled for h in state(TRADED, trade(-100)).holdings] == [Decimal(100)]
    assert state(SETTLED, trade(-100)).holdings == ()


@given(st.integers(min_value=1, max_value=100), st.sampled_from([(), (("new", Decimal(7)),), (("gone", Decimal(9)),)]))
def test_what_is_left_in_lots_is_what_was_held_less_what_was_sold(
    quantity: int, choice: tuple[tuple[str, Decimal], ...]
) -> None:
    left = lots(state(TRADED, trade(-quantity, choice)))
    assert sum(units for units, _ in left.values()) == 100 - quantity
    assert all(units > 0 for units, _ in left.values())
    assert sum(cost for _, cost in left.values()) < 4000
