"""Lot relief: hand-worked examples, footing to the cent, and sales that cannot be relieved."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.errors import DataError
from fo_platform.lots import (
    Lot,
    average_cost,
    between,
    instructed,
    instruction,
    is_long_term,
    long_term_from,
    merge,
    relieve,
    relieve_specified,
    total_cost,
)


def lot(lot_id: str, day: str, quantity: str, cost: str) -> Lot:
    return Lot(lot_id, date.fromisoformat(day), Decimal(quantity), Decimal(cost))


OLD = lot("old", "2015-03-02", "100", "1000.00")
DEAR = lot("dear", "2019-07-01", "50", "2500.00")
NEW = lot("new", "2022-01-03", "10", "300.00")


def taken(relief) -> dict[str, tuple[str, str]]:
    return {item.lot_id: (str(item.quantity), str(item.cost_local)) for item in relief.taken}


def test_first_in_first_out_takes_the_oldest():
    assert taken(relieve([NEW, OLD, DEAR], Decimal(110), "fifo")) == {
        "old": ("100", "1000.00"),
        "dear": ("10", "500.00"),
    }


def test_highest_cost_takes_the_dearest_unit_first():
    assert taken(relieve([OLD, DEAR, NEW], Decimal(55), "highest_cost")) == {
        "dear": ("50", "2500.00"),
        "new": ("5", "150.00"),
    }


def test_average_cost_gives_every_unit_the_same_cost_and_keeps_dates():
    relief = relieve([OLD, DEAR, NEW], Decimal(100), "average_cost")
    assert taken(relief) == {"old": ("100", "2375.00")}
    assert [item.acquired_date for item in relief.left] == [DEAR.acquired_date, NEW.acquired_date]
    assert total_cost(relief.left) == Decimal("1425.00")


def test_named_lots_are_relieved_as_named():
    relief = relieve_specified([OLD, DEAR], {"dear": Decimal(20)})
    assert taken(relief) == {"dear": ("20", "1000.00")}
    assert {item.lot_id: str(item.quantity) for item in relief.left} == {"old": "100", "dear": "30"}


@pytest.mark.parametrize(
    ("quantities", "message"),
    [({"dear": Decimal(51)}, "lot dear holds 50, not 51"), ({"ghost": Decimal(1)}, "lot ghost holds 0, not 1")],
)
def test_a_lot_cannot_give_more_than_it_holds(quantities, message):
    with pytest.raises(DataError, match=message):
        relieve_specified([OLD, DEAR], quantities)


def test_a_sale_of_more_than_is_held_is_refused():
    with pytest.raises(DataError, match="a sale of 161 cannot be relieved from lots of 160"):
        relieve([OLD, DEAR, NEW], Decimal(161), "fifo")


def test_two_lots_of_one_name_are_refused():
    with pytest.raises(DataError, match="share a lot_id"):
        relieve([OLD, OLD], Decimal(1), "fifo")


def test_a_merged_line_sums_and_keeps_the_oldest_date():
    assert merge([DEAR, OLD], "line") == lot("line", "2015-03-02", "150", "3500.00")


@pytest.mark.parametrize(
    ("acquired", "first_long"),
    [
        ("2021-06-14", "2022-06-15"),
        ("2020-02-29", "2021-03-01"),
        ("2020-02-28", "2021-03-01"),
        ("2019-02-28", "2020-03-01"),
    ],
)
def test_a_lot_is_long_term_from_the_day_after_its_anniversary(acquired: str, first_long: str):
    assert long_term_from(date.fromisoformat(acquired)) == date.fromisoformat(first_long)


def test_a_lot_held_exactly_one_year_is_short_term():
    assert not is_long_term(date(2021, 6, 14), date(2022, 6, 14))


amounts = st.decimals(min_value="0.01", max_value="1000000", places=2)
many_lots = st.lists(
    st.builds(Lot, st.uuids().map(str), st.dates(date(2000, 1, 1), date(2022, 1, 1)), amounts, amounts),
    min_size=1,
    max_size=6,
)


@given(many_lots, st.sampled_from(["fifo", "highest_cost", "average_cost"]), st.decimals("0", "1", places=4))
def test_what_is_taken_and_what_is_left_foot_to_the_cent(lots, method, part):
    held = sum((item.quantity for item in lots), Decimal(0))
    quantity = (held * part).quantize(Decimal("0.0001"))
    relief = relieve(lots, min(quantity, held), method)
    assert sum(item.quantity for item in relief.taken) == min(quantity, held)
    assert sum(item.quantity for item in (*relief.taken, *relief.left)) == held
    assert total_cost(relief.taken) + total_cost(relief.left) == total_cost(lots)


@given(many_lots)
def test_averaging_moves_no_money_in_total(lots):
    assert total_cost(average_cost(lots)) == total_cost(lots)


CHOICES = st.dictionaries(
    st.sampled_from(["a", "20180312;093000", "x:1"]), st.decimals("0.01", "1000", places=2), max_size=3
)


@given(CHOICES)
def test_an_instruction_is_read_as_it_was_written(choice: dict[str, Decimal]):
    assert list(instructed(instruction(choice)).items()) == list(choice.items())


@given(CHOICES, st.lists(st.decimals("0.01", "500", places=2), max_size=6))
def test_executions_relieve_the_chosen_lots_in_order_and_never_more_than_was_chosen(
    choice: dict[str, Decimal], executions: list[Decimal]
):
    done, relieved = Decimal(0), dict.fromkeys(choice, Decimal(0))
    for quantity in executions:
        taken = between(choice, done, done + quantity)
        relieved = {lot_id: relieved[lot_id] + taken.get(lot_id, Decimal(0)) for lot_id in choice}
        done += quantity
    assert sum(relieved.values()) == min(done, sum(choice.values()))
    assert all(relieved[lot_id] <= choice[lot_id] for lot_id in choice)
    begun = [lot_id for lot_id in choice if relieved[lot_id]]
    assert all(relieved[lot_id] == choice[lot_id] for lot_id in begun[:-1])
