"""Which fills count, and which belong to a day."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform import units
from fo_platform.execution.fills import active_fills, fills_at_close


def ids_of(fills: pd.DataFrame) -> list[str]:
    return list(fills["exec_id"])


def test_a_cancelled_execution_does_not_count(make_fills):
    fills = make_fills(
        {"exec_id": "B"}, {"exec_id": "C"}, {"exec_id": "D", "exec_type": "trade_cancel", "exec_ref_id": "B"}
    )
    assert ids_of(active_fills(fills)) == ["C"]


def test_a_correction_replaces_what_it_refers_to(make_fills):
    fills = make_fills(
        {"exec_id": "B", "quantity": "10"},
        {"exec_id": "C", "exec_type": "trade_correct", "exec_ref_id": "B", "quantity": "7"},
    )
    assert ids_of(active_fills(fills)) == ["C"]


def test_two_corrections_of_one_execution_leave_the_later_one(make_fills):
    later = {"exec_type": "trade_correct", "exec_ref_id": "B"}
    fills = make_fills(
        {"exec_id": "D", **later, "executed_at": "2022-06-14T17:00Z"},
        {"exec_id": "B"},
        {"exec_id": "C", **later, "executed_at": "2022-06-14T16:00Z"},
    )
    assert ids_of(active_fills(fills)) == ["D"]


def test_a_correction_of_a_correction_ends_the_chain_wherever_it_points(make_fills):
    for points_to in ("B", "C"):
        fills = make_fills(
            {"exec_id": "B"},
            {"exec_id": "C", "exec_type": "trade_correct", "exec_ref_id": "B", "executed_at": "2022-06-14T16:00Z"},
            {"exec_id": "D", "exec_type": "trade_cancel", "exec_ref_id": points_to, "executed_at": "2022-06-14T17:00Z"},
        )
        assert active_fills(fills).empty, points_to


def test_a_cancellation_that_arrives_before_its_execution_still_cancels_it(make_fills):
    cancellation = {"exec_id": "C", "exec_type": "trade_cancel", "exec_ref_id": "B"}
    assert active_fills(make_fills(cancellation)).empty
    assert active_fills(make_fills(cancellation, {"exec_id": "B"})).empty


def test_the_same_execution_number_of_another_account_is_another_execution(make_fills):
    fills = make_fills(
        {"exec_id": "B"},
        {"exec_id": "B", "account_id": "foundation_swiss"},
        {"exec_id": "C", "exec_type": "trade_cancel", "exec_ref_id": "B"},
    )
    assert list(active_fills(fills)["account_id"]) == ["foundation_swiss"]


def test_a_reference_that_goes_in_circles_ends(make_fills):
    fills = make_fills({"exec_id": "B", "exec_type": "trade_correct", "exec_ref_id": "B"})
    assert ids_of(active_fills(fills)) == ["B"]


@settings(max_examples=25)
@given(order=st.permutations(range(5)))
def test_the_order_of_arrival_changes_nothing(make_fills, order):
    fills = make_fills(
        {"exec_id": "B", "quantity": "10"},
        {
            "exec_id": "C",
            "exec_type": "trade_correct",
            "exec_ref_id": "B",
            "quantity": "7",
            "executed_at": "2022-06-14T16:00Z",
        },
        {"exec_id": "D", "quantity": "20"},
        {"exec_id": "E", "exec_type": "trade_cancel", "exec_ref_id": "D", "executed_at": "2022-06-14T16:00Z"},
        {"exec_id": "F", "quantity": "30"},
    )
    arrived = fills.iloc[list(order)].reset_index(drop=True)
    assert units.total(active_fills(arrived)["quantity"]) == 37


def test_a_day_shows_what_became_known_on_it_with_its_owner_and_orphans_without(make_fills, make_events):
    fills = make_fills(
        {"exec_id": "A", "business_date": "2022-06-13"},
        {"exec_id": "B"},
        {"exec_id": "C", "client_order_id": "nobody", "is_orphan": True},
    )
    day = fills_at_close(fills, make_events("o1", "NEW"), pd.Timestamp("2022-06-14"))
    assert ids_of(day) == ["B", "C"]
    assert day["entity_id"].iloc[0] == "foundation"
    assert pd.isna(day["entity_id"].iloc[1])


def test_without_fills_there_are_no_rows(make_fills, make_events):
    assert active_fills(make_fills()).empty
    assert fills_at_close(make_fills(), make_events("o1", "NEW"), pd.Timestamp("2022-06-14")).empty
