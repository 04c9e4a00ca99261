"""Holdings: stated, pending, and our own book rolled forward."""

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.book.positions import positions
from fo_platform.contracts.book import Positions
from fo_platform_tests.book import frames
from fo_platform_tests.book.frames import DAY, PREVIOUS, SWISS, position

D = Decimal
NEXT = pd.Timestamp("2022-06-16")
AFTER = pd.Timestamp("2022-06-17")


def _on(
    day: pd.Timestamp,
    records: Iterable[frames.Row] = (),
    previous: pd.DataFrame | None = None,
    *,
    fills: Iterable[frames.Row] = (),
    transactions: Iterable[frames.Row] = (),
    identifiers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The positions of a day, whose previous session is the weekday before it."""
    return positions(
        frames.raw(records),
        frames.identifiers() if identifiers is None else identifiers,
        frames.accounts(),
        Positions.frame() if previous is None else previous,
        frames.transactions(transactions),
        fills_known=frames.fills(fills),
        day=day,
        previous_session=day - pd.offsets.BDay(1),
    )


def _cells(rows: pd.DataFrame, *names: str) -> dict[str, tuple[object, ...]]:
    return {row["instrument_id"]: tuple(row[name] for name in names) for row in rows.to_dict("records")}


def test_the_first_statement_of_an_account_opens_our_book() -> None:
    rows = _on(DAY, [position("KO", "100"), position("UST", "-50000", of=SWISS)])
    assert _cells(rows, "quantity_stated", "quantity_book") == {"KO": (D(100), D(100)), "UST": (D(-50000), D(-50000))}
    assert not rows["is_stale"].any()


def test_an_account_opened_after_our_first_trade_opens_with_what_is_still_pending() -> None:
    rows = _on(DAY, [position("KO", "100", of=SWISS)], fills=[{"account_id": "trust_swiss", "quantity": "10"}])
    assert _cells(rows, "quantity_stated", "quantity_pending", "quantity_book") == {"KO": (D(100), D(10), D(110))}


def test_a_day_without_a_statement_carries_yesterday_s_as_stale_and_our_fills_as_pending() -> None:
    opened = _on(DAY, [position("KO", "100")])
    bought = [{"quantity": "10", "trade_date": DAY, "settlement_date": "2022-06-17"}]
    rows = _on(NEXT, (), opened, fills=bought)
    assert _cells(rows, "quantity_stated", "quantity_pending", "quantity_book") == {"KO": (D(100), D(10), D(110))}
    assert rows["statement_date"].tolist() == [PREVIOUS]
    assert rows["is_stale"].all()
    assert rows["line"].tolist() == opened["line"].tolist()


def test_a_late_older_statement_never_replaces_a_newer_one() -> None:
    opened = _on(DAY, [position("KO", "100")])
    rows = _on(NEXT, [position("KO", "7", statement="2022-06-10")], opened)
    assert _cells(rows, "quantity_stated", "statement_date") == {"KO": (D(100), PREVIOUS)}


def test_a_statement_dated_today_or_later_waits_for_its_day() -> None:
    rows = _on(DAY, [position("KO", "100"), position("KO", "7", statement=DAY, file=2)])
    assert _cells(rows, "quantity_stated") == {"KO": (D(100),)}


def test_what_a_statement_leaves_out_is_stated_as_zero_while_our_book_has_it() -> None:
    opened = _on(DAY, [position("KO", "100"), position("NESN", "5")])
    rows = _on(NEXT, [position("KO", "100", statement=DAY)], opened)
    assert _cells(rows, "quantity_stated", "quantity_book")["NESN"] == (D(0), D(5))
    assert rows["file_sha256"].nunique() == 1


def test_a_sold_holding_disappears_once_nobody_states_it() -> None:
    opened = _on(DAY, [position("KO", "100"), position("NESN", "5")])
    sale = [{"side": "SELL", "instrument_id": "NESN", "quantity": "5", "trade_date": DAY, "settlement_date": AFTER}]
    sold = _on(NEXT, [position("KO", "100", statement=DAY)], opened, fills=sale)
    assert _cells(sold, "quantity_book", "quantity_unsettled")["NESN"] == (D(0), D(-5))
    settled = _on(pd.Timestamp("2022-06-20"), [position("KO", "100", statement=AFTER)], sold, fills=sale)
    assert settled["instrument_id"].tolist() == ["KO"]


def test_an_account_sold_down_to_nothing_stays_open_so_that_a_stranger_is_not_adopted() -> None:
    opened = _on(DAY, [position("KO", "100")])
    sale = [{"side": "SELL", "quantity": "100", "trade_date": DAY}]
    empty = _on(NEXT, [frames.position("KO", "0", statement=DAY)], opened, fills=sale)
    rows = _on(AFTER, [position("NESN", "9", statement=NEXT)], empty)
    assert _cells(rows, "quantity_stated", "quantity_book")["NESN"] == (D(9), D(0))


def test_a_settlement_dated_statement_leaves_a_fill_pending_until_it_settles() -> None:
    opened = _on(DAY, [position("KO", "100", of=SWISS)])
    fill = [{"account_id": "trust_swiss", "quantity": "10", "trade_date": DAY, "settlement_date": NEXT}]
    unsettled = _on(NEXT, [position("KO", "100", of=SWISS, statement=DAY)], opened, fills=fill)
    settled = _on(AFTER, [position("KO", "110", of=SWISS, statement=NEXT)], unsettled, fills=fill)
    names = ("quantity_stated", "quantity_pending", "quantity_book")
    assert _cells(unsettled, *names) == {"KO": (D(100), D(10), D(110))}
    assert _cells(settled, *names) == {"KO": (D(110), D(0), D(110))}


def test_a_file_that_states_both_is_trade_dated_and_keeps_the_settled_quantity_beside() -> None:
    opened = _on(DAY, [position("KO", "100", quantity_settled="100")])
    fill = [{"quantity": "10", "trade_date": DAY, "settlement_date": "2022-06-17"}]
    rows = _on(NEXT, [position("KO", "110", quantity_settled="100", statement=DAY)], opened, fills=fill)
    names = ("quantity_stated", "quantity_pending", "quantity_settled", "quantity_unsettled", "quantity_book")
    assert _cells(rows, *names) == {"KO": (D(110), D(0), D(100), D(10), D(110))}


def test_transfers_in_kind_move_our_book_and_a_custodian_s_own_purchase_does_not() -> None:
    opened = _on(DAY, [position("KO", "100")])
    reported = [
        {"transaction_kind": "transfer_in", "instrument_id": "KO", "quantity": "30"},
        {"transaction_kind": "transfer_out", "instrument_id": "KO", "quantity": "-5"},
        {"transaction_kind": "buy", "instrument_id": "KO", "quantity": "1000"},
    ]
    rows = _on(NEXT, [position("KO", "125", statement=DAY)], opened, transactions=reported)
    assert _cells(rows, "quantity_book") == {"KO": (D(125),)}


def test_one_holding_in_two_places_counts_as_their_sum_and_a_restated_file_as_itself() -> None:
    twice = [position("KO", "60", market_value="600"), position("KO", "40", market_value="400")]
    assert _cells(_on(DAY, twice), "quantity_stated", "market_value_stated") == {"KO": (D(100), D(1000))}
    restated = [*twice, position("KO", "70", file=2)]
    assert _cells(_on(DAY, restated), "quantity_stated") == {"KO": (D(70),)}


def test_the_file_s_own_arithmetic_is_kept_with_basis_factor_and_sign() -> None:
    bond = {"price": "101.5", "price_basis": "per_100", "factor": "0.5", "accrued": "12.34"}
    rows = _on(DAY, [position("UST", "100000", **bond), position("KO", "10", price="60", side="SHORT")])
    assert _cells(rows, "market_value_implied", "accrued_local") == {
        "UST": (D("50750.00"), D("12.34")),
        "KO": (D("-600.00"), D(0)),
    }


def test_an_amortised_quantity_contains_its_factor() -> None:
    bond = {"price": "101.5", "price_basis": "per_100", "factor": "0.5"}
    rows = _on(DAY, [position("UST", "50000", quantity_type="AMOR", **bond)])
    assert _cells(rows, "market_value_implied") == {"UST": (D("50750.00"),)}


def test_an_unknown_instrument_is_kept_and_found_again_once_it_is_known() -> None:
    opened = _on(DAY, [position("NEW", "9")])
    assert opened["instrument_id"].tolist() == ["UNKNOWN.ISIN-NEW"]
    rows = _on(NEXT, [position("NEW", "9", statement=DAY)], opened, identifiers=frames.identifiers(["NEW"]))
    assert _cells(rows, "quantity_stated", "quantity_book") == {"NEW": (D(9), D(9))}


def test_an_identifier_mistyped_for_a_day_leaves_our_book_alone() -> None:
    opened = _on(DAY, [position("KO", "100")])
    rows = _on(NEXT, [position("K0", "100", statement=DAY)], opened)
    assert _cells(rows, "quantity_stated", "quantity_book") == {"KO": (D(0), D(100)), "UNKNOWN.ISIN-K0": (D(100), D(0))}


def test_a_line_without_currency_does_not_stop_the_day() -> None:
    record = frames.record("position", isin="ISIN-KO", quantity="1")
    assert _on(DAY, [record])["currency"].tolist() == ["XXX"]


def test_a_day_before_any_file_has_no_positions() -> None:
    assert _on(DAY).empty


QUANTITIES = st.decimals(min_value=-(10**6), max_value=10**6, places=4, allow_nan=False)


@settings(max_examples=4, deadline=None)
@given(st.lists(st.tuples(QUANTITIES, st.lists(QUANTITIES, max_size=3)), min_size=4, max_size=8))
def test_today_is_yesterday_plus_our_fills(holdings: list[tuple[Decimal, list[Decimal]]]) -> None:
    names = [f"I{n}" for n in range(len(holdings))]
    opened = [position(name, str(quantity)) for name, (quantity, _) in zip(names, holdings, strict=True)]
    fills = [
        {"instrument_id": name, "side": "BUY" if q >= 0 else "SELL", "quantity": abs(q), "trade_date": DAY}
        for name, (_, trades) in zip(names, holdings, strict=True)
        for q in trades
    ]
    known = frames.identifiers(names)
    rows = _on(NEXT, (), _on(DAY, opened, identifiers=known), fills=fills, identifiers=known)
    books = {name: cell for name, (cell,) in _cells(rows, "quantity_book").items()}
    expected = {name: q + sum(trades, D(0)) for name, (q, trades) in zip(names, holdings, strict=True)}
    assert {name: books.get(name, D(0)) for name in names} == expected


def test_the_order_of_records_changes_nothing() -> None:
    rows = [position("KO", "1"), position("NESN", "2"), position("UST", "3"), position("KO", "4", of=SWISS)]
    names = ["account_id", "instrument_id", "quantity_stated", "quantity_book"]
    pd.testing.assert_frame_equal(_on(DAY, rows[::-1])[names], _on(DAY, rows)[names])


def test_the_table_holds_its_contract() -> None:
    rows = _on(DAY, [position("KO", "1"), position("X", "2")], fills=[{"account_id": "trust_swiss"}])
    pd.testing.assert_frame_equal(Positions.validate(rows), rows)


def test_moving_a_line_to_another_account_moves_it_and_changes_nothing_else() -> None:
    together = _on(DAY, [position("KO", "100"), position("NESN", "5")])
    apart = _on(DAY, [position("KO", "60"), position("NESN", "5"), position("KO", "40", of=SWISS)])
    sums = [rows.groupby("instrument_id")["quantity_book"].sum().to_dict() for rows in (together, apart)]
    assert sums[0] == sums[1]
