"""Prices by rank: the best source that is believed, what is held and why, and what carries the last known price."""

from decimal import Decimal

import pandas as pd
import pytest

from fo_platform.contracts import reference
from fo_platform.reference import ranked_prices
from fo_platform_tests.reference import records
from fo_platform_tests.reference.records import CLOSED, DAY, close, held, raw, split

BEFORE = "2022-06-13"
NOTHING = reference.CorporateActions.frame()


def _given(raw_records: pd.DataFrame, previous: pd.DataFrame | None, actions: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        "raw_records": raw_records,
        "identifiers": records.identifiers(),
        "instruments": records.instruments(),
        "corporate_actions": actions,
        "price_rules": records.rules(),
        "prices_previous": reference.Prices.frame() if previous is None else previous,
    }


def priced(
    raw_records: pd.DataFrame, previous: pd.DataFrame | None = None, actions: pd.DataFrame = NOTHING
) -> dict[tuple[str, str], str]:
    """Price by instrument and date."""
    rows = ranked_prices.prices(**_given(raw_records, previous, actions), day=DAY)
    pd.testing.assert_frame_equal(reference.Prices.validate(rows), rows)
    return {
        (row.instrument_id, f"{row.price_date:%Y-%m-%d}"): f"{row.price_local:f}".rstrip("0").rstrip(".")
        for row in rows.itertuples()
    }


def doubted(
    raw_records: pd.DataFrame, previous: pd.DataFrame | None = None, actions: pd.DataFrame = NOTHING
) -> dict[tuple[str, str], str]:
    """Reason by instrument and source of what is held."""
    rows = ranked_prices.held_prices(**_given(raw_records, previous, actions), day=DAY)
    pd.testing.assert_frame_equal(reference.HeldPrices.validate(rows), rows)
    return {(row.instrument_id, row.source): row.held_reason for row in rows.itertuples()}


def bank(*rows: tuple[str, dict[str, str]]) -> pd.DataFrame:
    return raw(rows, file=2, source="bank", account="0001")


def test_of_a_price_stated_twice_the_later_line_and_the_later_file_count() -> None:
    first, second = raw([close("KO", "60.5"), close("KO", "61")]), raw([close("KO", "62")], file=2)
    assert priced(first) == {("KO", CLOSED): "61"}
    for order in ([first, second], [second, first]):
        assert priced(pd.concat(order, ignore_index=True)) == {("KO", CLOSED): "62"}


def test_the_best_ranked_source_counts_and_another_fills_what_it_leaves_out() -> None:
    both = pd.concat([bank(held("KO", "59"), held("VOD", "7")), raw([close("KO", "60")])], ignore_index=True)
    assert priced(both) == {("KO", CLOSED): "60", ("VOD", CLOSED): "7"}
    assert doubted(both) == {}


def test_a_class_has_sources_of_its_own_and_one_that_is_not_ranked_comes_last() -> None:
    administrator = raw([close("FUND", "100")], file=3, source="administrator")
    stranger = raw([close("FUND", "101"), close("KO", "58")], file=4, source="stranger")
    both = pd.concat([stranger, administrator, raw([close("FUND", "102")])], ignore_index=True)
    assert priced(both) == {("FUND", CLOSED): "100", ("KO", CLOSED): "58"}


def test_a_custodian_s_price_is_put_on_the_instrument_s_basis() -> None:
    assert priced(bank(held("BOND", "0.985"))) == {("BOND", CLOSED): "98.5"}
    assert priced(bank(held("BOND", "98.5", basis="per_100"))) == {("BOND", CLOSED): "98.5"}
    assert priced(bank(held("KO", "6050", basis="per_100"))) == {("KO", CLOSED): "60.5"}


def test_a_custodian_s_price_of_nothing_known_or_of_nothing_is_left_out() -> None:
    assert priced(bank(held("STRANGE", "5"), held("KO", "0"))) == {}


@pytest.mark.parametrize("name", ["GBX", "GBp"])
def test_pence_become_pounds(name: str) -> None:
    rows = ranked_prices.prices(**_given(bank(held("VOD", "123.5", currency=name)), None, NOTHING), day=DAY)
    assert rows[["price_local", "currency"]].to_numpy().tolist() == [[Decimal("1.235"), "GBP"]]


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        ("599", ""),
        ("600", ""),
        ("601", "10.0 times above the last known price"),
        ("900", "15.0 times above the last known price"),
        ("6", ""),
        ("5.9", "10.2 times below the last known price"),
        ("4799", "80.0 times above the last known price"),
        ("4800", "looks like pence"),
        ("6000", "looks like pence"),
        ("7500", "looks like pence"),
        ("7501", "125.0 times above the last known price"),
        ("0.6", "looks like pence"),
    ],
)
def test_a_price_far_from_the_last_known_one_is_held_and_that_one_used(price: str, reason: str) -> None:
    previous = records.prices(("KO", BEFORE, "60"))
    given = raw([close("KO", price)])
    assert doubted(given, previous) == ({("KO", "market_data"): reason} if reason else {})
    assert priced(given, previous) == ({("KO", BEFORE): "60"} if reason else {("KO", CLOSED): price})


def test_a_class_may_be_stricter() -> None:
    previous = records.prices(("FUND", BEFORE, "100"))
    assert doubted(raw([close("FUND", "301")]), previous) == {
        ("FUND", "market_data"): "3.0 times above the last known price"
    }
    assert doubted(raw([close("FUND", "299")]), previous) == {}


def test_a_held_price_names_the_last_known_one() -> None:
    previous = records.prices(("KO", "2022-06-10", "58"), ("KO", BEFORE, "60"))
    rows = ranked_prices.held_prices(**_given(raw([close("KO", "6000")]), previous, NOTHING), day=DAY)
    assert rows[["price_local", "price_last_local"]].to_numpy().tolist() == [[Decimal(6000), Decimal(60)]]
    assert rows["price_last_date"].tolist() == [pd.Timestamp(BEFORE)]


def test_where_the_best_source_is_held_the_next_is_asked() -> None:
    previous = records.prices(("KO", BEFORE, "60"))
    both = pd.concat([raw([close("KO", "6000")]), bank(held("KO", "61"))], ignore_index=True)
    assert priced(both, previous) == {("KO", CLOSED): "61"}
    assert doubted(both, previous) == {("KO", "market_data"): "looks like pence"}


def test_a_split_explains_a_step_and_explains_no_other() -> None:
    previous = records.prices(("KO", BEFORE, "1200"))
    given = raw([close("KO", "60")])
    assert doubted(given, previous) == {("KO", "market_data"): "20.0 times below the last known price"}
    assert doubted(given, previous, split("KO", "20", "1")) == {}
    assert priced(given, previous, split("KO", "20", "1")) == {("KO", CLOSED): "60"}
    assert doubted(given, previous, split("KO", "1", "20")) == {
        ("KO", "market_data"): "400.0 times below the last known price"
    }
    assert doubted(given, previous, split("KO", "20", "1", ex_date=BEFORE)) != {}
    assert doubted(given, previous, split("VOD", "20", "1")) != {}


def test_a_split_that_the_price_does_not_follow_is_doubted() -> None:
    previous = records.prices(("KO", BEFORE, "60"))
    held_back = doubted(raw([close("KO", "60")]), previous, split("KO", "20", "1"))
    assert held_back == {("KO", "market_data"): "20.0 times above the last known price"}


def test_within_one_delivery_each_price_is_judged_by_the_last_believed_one() -> None:
    days = [("60", "2022-06-09"), ("6100", "2022-06-10"), ("61", BEFORE), ("62", CLOSED)]
    given = raw([close("KO", price, day=day) for price, day in days])
    assert priced(given) == {("KO", "2022-06-09"): "60", ("KO", BEFORE): "61", ("KO", CLOSED): "62"}
    assert doubted(given) == {("KO", "market_data"): "looks like pence"}


def test_an_instrument_without_a_price_today_keeps_its_last_one_with_its_date() -> None:
    previous = records.prices(("KO", "2022-05-02", "60"), ("VOD", BEFORE, "7"), ("VOD", "2022-06-10", "6"))
    assert priced(raw([close("BOND", "99")]), previous) == {
        ("BOND", CLOSED): "99", ("KO", "2022-05-02"): "60", ("VOD", BEFORE): "7",
    }  # fmt: skip
    assert priced(raw([]), previous) == {("KO", "2022-05-02"): "60", ("VOD", BEFORE): "7"}


def test_a_late_price_of_an_older_date_stands_beside_the_newer_one() -> None:
    previous = records.prices(("KO", BEFORE, "60"))
    assert priced(raw([close("KO", "58", day="2022-06-10")]), previous) == {
        ("KO", "2022-06-10"): "58", ("KO", BEFORE): "60",
    }  # fmt: skip


def test_a_correction_of_a_known_date_replaces_it_unless_it_is_doubted() -> None:
    previous = records.prices(("KO", CLOSED, "60"))
    assert priced(raw([close("KO", "61")]), previous) == {("KO", CLOSED): "61"}
    assert priced(raw([close("KO", "6100")]), previous) == {("KO", CLOSED): "60"}


def test_no_deliveries_and_no_past_are_an_empty_table() -> None:
    assert (priced(raw([])), doubted(raw([]))) == ({}, {})
