"""Our lots of one holding: they follow our trades and always sum to our book."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from fo_platform.book.own_lots import Basis, moved_lots
from fo_platform.lots import Lot, total_cost

D = Decimal
OPENED = date(2022, 3, 17)
BASIS = Basis(D(100), D("1000.00"), OPENED)
QUANTITIES = st.decimals(min_value=-1000, max_value=1000, places=4, allow_nan=False)


def _lot(lot_id: str, quantity: str, cost: str, acquired: date = OPENED) -> Lot:
    return Lot(lot_id, acquired, D(quantity), D(cost))


def test_an_opening_becomes_one_lot_at_the_stated_cost() -> None:
    (lot,) = moved_lots([], [], D(100), BASIS)
    assert (lot.quantity, lot.cost_local, lot.acquired_date) == (D(100), D("1000.00"), OPENED)


def test_a_purchase_is_a_lot_of_its_own_with_its_own_date() -> None:
    bought = _lot("fill", "10", "150.00", date(2022, 6, 14))
    assert moved_lots([_lot("old", "100", "1000")], [bought], D(110), BASIS) == [_lot("old", "100", "1000"), bought]


def test_a_sale_relieves_the_oldest_lots_at_the_average_cost() -> None:
    held = [_lot("new", "50", "900", date(2022, 5, 2)), _lot("old", "50", "300")]
    (lot,) = moved_lots(held, [_lot("sale", "-60", "0")], D(40), BASIS)
    assert (lot.lot_id, lot.quantity, lot.cost_local) == ("new", D(40), D("480.00"))


def test_securities_that_came_in_kind_open_a_lot_at_the_average_that_is_stated() -> None:
    lots = moved_lots([_lot("old", "70", "1")], [], D(100), BASIS)
    assert [(lot.quantity, lot.cost_local) for lot in lots] == [(D(70), D(1)), (D(30), D("300.00"))]


def test_securities_that_left_in_kind_are_relieved_like_a_sale() -> None:
    assert total_cost(moved_lots([_lot("old", "100", "1000")], [], D(25), BASIS)) == D("250.00")


def test_a_sale_of_more_than_is_held_shows_as_a_short_lot() -> None:
    (lot,) = moved_lots([_lot("old", "10", "100")], [_lot("sale", "-15", "0")], D(-5), BASIS)
    assert (lot.quantity, lot.cost_local) == (D(-5), D("-50.00"))


def test_a_holding_of_unknown_cost_cost_nothing() -> None:
    assert total_cost(moved_lots([], [], D(5), Basis(D(0), D(0), OPENED))) == 0


@given(held=st.lists(QUANTITIES, max_size=4), trades=st.lists(QUANTITIES, max_size=4), book=QUANTITIES)
def test_lots_always_sum_to_our_book(held: list[Decimal], trades: list[Decimal], book: Decimal) -> None:
    lots = [Lot(f"held{n}", OPENED, q, D(7)) for n, q in enumerate(held)]
    moved = [Lot(f"trade{n}", OPENED, q, D(9)) for n, q in enumerate(trades) if q]
    after = moved_lots(lots, moved, book, BASIS)
    assert sum((lot.quantity for lot in after), D(0)) == book
    assert len({lot.lot_id for lot in after}) == len(after)
