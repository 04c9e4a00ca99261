"""Fills, corrections and cancellations as movements of the day they happened."""

from decimal import Decimal

import pandas as pd

from fo_platform.book.fills import fill_legs
from fo_platform_tests.book import frames

D = Decimal


def _quantities(legs: pd.DataFrame) -> list[tuple[str, Decimal]]:
    return sorted(
        (f"{date:%m-%d}", quantity) for date, quantity in zip(legs["trade_date"], legs["quantity"], strict=True)
    )


def test_a_purchase_adds_and_a_sale_takes_away() -> None:
    legs = fill_legs(frames.fills([{"quantity": "10"}, {"side": "SELL", "quantity": "4"}]), frames.DAY)
    assert _quantities(legs) == [("06-14", D(-4)), ("06-14", D(10))]


def test_a_correction_of_the_same_session_replaces_what_was_said() -> None:
    rows = [
        {"quantity": "10"},
        {"quantity": "8", "exec_type": "trade_correct", "exec_ref_id": "E0", "executed_at": "2022-06-14T16:00Z"},
    ]
    legs = fill_legs(frames.fills(rows), frames.DAY)
    assert sum(legs["quantity"]) == D(8)
    assert legs["root"].unique().tolist() == ["E0"]


def test_a_later_cancellation_takes_back_on_its_own_day_and_leaves_the_day_of_the_fill_alone() -> None:
    cancel = {"exec_type": "trade_cancel", "exec_ref_id": "E0", "executed_at": "2022-06-15T15:00Z"}
    fills = frames.fills([{"quantity": "10", "fee_local": "1.50"}, {**cancel, "quantity": "10"}])
    after = fill_legs(fills, pd.Timestamp("2022-06-16"))
    assert _quantities(after) == [("06-14", D(10)), ("06-15", D(-10))]
    assert sum(after["fee_local"]) == 0
    assert _quantities(fill_legs(fills, frames.DAY)) == [("06-14", D(10))]


def test_a_correction_of_a_correction_may_name_either_of_the_two_before_it() -> None:
    for ref in ("E0", "E1"):
        rows = [
            {"quantity": "10"},
            {"quantity": "8", "exec_type": "trade_correct", "exec_ref_id": "E0", "executed_at": "2022-06-14T16:00Z"},
            {"quantity": "7", "exec_type": "trade_correct", "exec_ref_id": ref, "executed_at": "2022-06-14T17:00Z"},
        ]
        assert sum(fill_legs(frames.fills(rows), frames.DAY)["quantity"]) == D(7)


def test_what_is_taken_back_after_it_settled_settles_when_it_is_taken_back() -> None:
    cancel = {"exec_type": "trade_cancel", "exec_ref_id": "E0", "executed_at": "2022-06-20T15:00Z"}
    legs = fill_legs(frames.fills([{}, cancel]), pd.Timestamp("2022-06-21"))
    assert legs.loc[legs["quantity"] < 0, "settlement_date"].tolist() == [pd.Timestamp("2022-06-20")]


def test_the_order_in_which_fills_are_read_does_not_matter() -> None:
    fills = frames.fills(
        [{}, {"exec_type": "trade_cancel", "exec_ref_id": "E0", "executed_at": "2022-06-14T16:00Z"}, {"quantity": "3"}]
    )
    assert _quantities(fill_legs(fills[::-1], frames.DAY)) == _quantities(fill_legs(fills, frames.DAY))
