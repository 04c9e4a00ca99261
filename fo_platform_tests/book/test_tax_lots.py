"""Tax lots of both authorities over several days."""

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from fo_platform.book.positions import positions
from fo_platform.book.tax_lots import tax_lots
from fo_platform.contracts.book import Positions, TaxLots
from fo_platform_tests.book import frames
from fo_platform_tests.book.frames import DAY, PREVIOUS, SWISS, lot, position

D = Decimal
NEXT = pd.Timestamp("2022-06-16")
Book = tuple[pd.DataFrame, pd.DataFrame]


def _on(
    day: pd.Timestamp,
    records: Iterable[frames.Row] = (),
    before: Book | None = None,
    fills: Iterable[frames.Row] = (),
) -> Book:
    """Positions and lots of a day."""
    held, lots = before or (Positions.frame(), TaxLots.frame())
    known = frames.raw(records), frames.identifiers(), frames.accounts()
    common = {"fills_known": frames.fills(fills), "day": day, "previous_session": day - pd.offsets.BDay(1)}
    today = positions(*known, held, frames.transactions(), **common)
    return today, tax_lots(*known, lots, today, instruments=frames.instruments(), **common)


def _cells(lots: pd.DataFrame) -> list[tuple[object, ...]]:
    names = ["instrument_id", "quantity", "cost_local", "acquired_date"]
    return sorted(tuple(row) for row in lots[names].itertuples(index=False))


def test_the_custodian_s_lots_are_taken_as_stated_and_carried_without_a_statement() -> None:
    first = _on(DAY, [position("KO", "100"), lot("KO", "L1", "60", cost="600"), lot("KO", "L2", "40", cost="500")])
    second = _on(NEXT, (), first)
    assert _cells(first[1]) == [
        ("KO", D(40), D(500), pd.Timestamp("2020-01-02")),
        ("KO", D(60), D(600), pd.Timestamp("2020-01-02")),
    ]
    pd.testing.assert_frame_equal(first[1], second[1])
    assert set(second[1]["lot_authority"]) == {"custodian"}


def test_a_new_statement_replaces_all_lots_of_its_account() -> None:
    first = _on(DAY, [position("KO", "100"), lot("KO", "L1", "100")])
    _, lots = _on(NEXT, [position("KO", "100", statement=DAY), lot("KO", "L9", "100", statement=DAY)], first)
    assert lots["lot_id"].tolist() == ["L9"]


def test_a_lot_stated_twice_is_added_up_and_one_without_number_or_date_is_kept_on_the_dear_side() -> None:
    bare = frames.record("lot", isin="ISIN-NESN", quantity="5", currency="CHF")
    _, lots = _on(DAY, [position("KO", "9"), lot("KO", "L1", "4"), lot("KO", "L1", "5"), bare, bare])
    assert _cells(lots) == [
        ("KO", D(9), D(20), pd.Timestamp("2020-01-02")),
        ("NESN", D(5), D(0), PREVIOUS),
        ("NESN", D(5), D(0), PREVIOUS),
    ]


def test_our_lots_open_at_the_cost_that_the_statement_gives_in_total_or_per_unit_or_not_at_all() -> None:
    records = [
        position("KO", "10", of=SWISS, cost="444.00"),
        position("UST", "100000", of=SWISS, cost_price="98.5", price_basis="per_100"),
        position("NESN", "5", of=SWISS, market_value="550.00", currency="CHF"),
    ]
    held, lots = _on(DAY, records)
    assert _cells(lots) == [
        ("KO", D(10), D("444.00"), PREVIOUS),
        ("NESN", D(5), D("550.00"), PREVIOUS),
        ("UST", D(100000), D("98500.00"), PREVIOUS),
    ]
    assert lots["line"].tolist() == held["line"].tolist()


def test_our_lots_follow_our_fills_and_sum_to_our_book() -> None:
    opened = _on(DAY, [position("KO", "10", of=SWISS, cost="440.00"), position("NESN", "5", of=SWISS, cost="100")])
    swiss = {"account_id": "trust_swiss", "trade_date": DAY, "settlement_date": "2022-06-17"}
    bought = {**swiss, "quantity": "4", "price_local": "60", "fee_local": "1.50"}
    sold = {**swiss, "instrument_id": "NESN", "side": "SELL", "quantity": "2", "currency": "CHF"}
    held, lots = _on(NEXT, (), opened, [bought, sold])
    assert _cells(lots) == [
        ("KO", D(4), D("241.50"), DAY),
        ("KO", D(10), D("440.00"), PREVIOUS),
        ("NESN", D(3), D("60.00"), PREVIOUS),
    ]
    sums = lots.groupby("instrument_id")["quantity"].sum()
    assert sums.to_dict() == dict(zip(held["instrument_id"], held["quantity_book"], strict=True))
    assert set(lots["lot_authority"]) == {"office"}
    pd.testing.assert_frame_equal(TaxLots.validate(lots), lots)


def test_a_fill_taken_back_the_same_day_leaves_our_lots_alone() -> None:
    opened = _on(DAY, [position("KO", "10", of=SWISS, cost="440.00")])
    swiss = {"account_id": "trust_swiss", "trade_date": DAY, "side": "SELL", "quantity": "4"}
    back = {**swiss, "exec_type": "trade_cancel", "exec_ref_id": "E0", "executed_at": "2022-06-15T16:00Z"}
    _, lots = _on(NEXT, (), opened, [swiss, back])
    assert _cells(lots) == _cells(opened[1])


def test_lots_of_an_instrument_named_at_last_keep_their_cost() -> None:
    opened = _on(DAY, [position("KO", "10", of=SWISS, cost="440.00")])
    nameless = opened[1].assign(instrument_id=pd.Series(["UNKNOWN.ISIN-KO"], dtype="string[pyarrow]"))
    _, lots = _on(NEXT, (), (opened[0], nameless))
    assert _cells(lots) == _cells(opened[1])


def test_a_day_without_anything_has_no_lots() -> None:
    assert _on(DAY)[1].empty
