"""Custodians' movements, each once."""

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from fo_platform.book.transactions import transactions
from fo_platform.contracts.book import Transactions
from fo_platform_tests.book import frames
from fo_platform_tests.book.frames import DAY, record

D = Decimal


def _reported(records: Iterable[frames.Row], window: pd.DataFrame | None = None) -> pd.DataFrame:
    before = Transactions.frame() if window is None else window
    return transactions(frames.raw(records), frames.identifiers(), frames.accounts(), before, day=DAY)


def _fee(file: int = 1, **more: str) -> frames.Row:
    return record(
        "transaction", file=file, **{"kind": "fee", "date": "2022-06-14", "amount": "-5", "currency": "USD", **more}
    )


def test_two_equal_movements_of_one_file_are_two() -> None:
    rows = _reported([_fee(), _fee()])
    assert rows["cash_local"].tolist() == [D(-5), D(-5)]
    assert rows["transaction_id"].is_unique


def test_a_movement_that_a_restated_file_repeats_is_one_on_the_same_day_and_later() -> None:
    first = _reported([_fee(), _fee()])
    assert len(_reported([_fee(), _fee(), _fee(file=2), _fee(file=2)])) == 2
    assert _reported([_fee(file=3), _fee(file=3)], first).empty
    assert len(_reported([_fee(file=3), _fee(file=3), _fee(file=3)], first)) == 1


def test_a_movement_that_differs_in_anything_is_another() -> None:
    changes = [{"amount": "-5.01"}, {"date": "2022-06-13"}, {"reference": "R"}, {"currency": "EUR"}, {"kind": "tax"}]
    assert len(_reported([_fee(), *(_fee(file=2, **change) for change in changes)])) == 1 + len(changes)


def test_quantities_are_signed_by_what_they_do_to_the_account() -> None:
    cases: list[tuple[str, str, str, int]] = [
        ("sell", "10", "600", -10),  # Unsigned, as in a bank's text.
        ("sell", "-10", "600", -10),
        ("sell", "10", "-600", 10),  # Cancelled, with its signs turned.
        ("buy", "10", "-600", 10),
        ("buy", "-10", "600", -10),  # Cancelled.
        ("sell", "10", "0", -10),  # Free of payment.
        ("transfer_out", "10", "0", -10),
        ("transfer_in", "10", "0", 10),
    ]
    records = [
        _fee(kind=k, quantity=q, amount=a, isin="ISIN-KO", reference=str(n)) for n, (k, q, a, _) in enumerate(cases)
    ]
    rows = _reported(records).sort_values("reference_source")
    assert rows["quantity"].tolist() == [D(signed) for *_, signed in cases]
    assert set(rows["instrument_id"]) == {"KO"}


def test_what_is_not_stated_takes_the_nearest_thing_that_is() -> None:
    bare = record("transaction", kind="mystery", quantity="1")
    row = _reported([bare]).iloc[0]
    assert (row["transaction_kind"], row["cash_local"], row["currency"]) == ("other", D(0), "XXX")
    assert row["trade_date"] == row["statement_date"] == frames.PREVIOUS
    assert pd.isna(row["instrument_id"])


def test_movements_of_accounts_that_policy_does_not_know_are_left_to_the_breaks() -> None:
    assert _reported([record("transaction", of={**frames.US, "account": "9999"}, kind="fee", amount="-5")]).empty


def test_the_order_of_records_changes_nothing() -> None:
    rows = [_fee(), _fee(reference="A"), _fee(reference="B")]
    names = ["transaction_id", "reference_source"]
    pd.testing.assert_frame_equal(_reported(rows)[names], _reported(rows[::-1])[names])


def test_the_table_holds_its_contract() -> None:
    rows = _reported([_fee(), _fee(isin="nobody knows", kind="buy", quantity="1")])
    pd.testing.assert_frame_equal(Transactions.validate(rows), rows)
