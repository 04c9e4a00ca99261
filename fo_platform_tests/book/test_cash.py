"""Money: stated, pending, and our own trade-dated book."""

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.book.cash import cash
from fo_platform.contracts.book import Cash
from fo_platform_tests.book import frames
from fo_platform_tests.book.frames import DAY, PREVIOUS, SWISS, record

D = Decimal
NEXT = pd.Timestamp("2022-06-16")
AFTER = pd.Timestamp("2022-06-17")
NAMES = ("cash_stated", "cash_pending", "cash_book")


def _on(
    day: pd.Timestamp,
    records: Iterable[frames.Row] = (),
    previous: pd.DataFrame | None = None,
    *,
    fills: Iterable[frames.Row] = (),
    transactions: Iterable[frames.Row] = (),
) -> pd.DataFrame:
    return cash(
        frames.raw(records),
        frames.accounts(),
        Cash.frame() if previous is None else previous,
        frames.transactions(transactions),
        frames.instruments(),
        fills_known=frames.fills(fills),
        day=day,
        previous_session=day - pd.offsets.BDay(1),
    )


def _cells(rows: pd.DataFrame) -> dict[str, tuple[object, ...]]:
    return {row["currency"]: tuple(row[name] for name in NAMES) for row in rows.to_dict("records")}


def _balance(currency: str, amount: str, **more: object) -> frames.Row:
    return record("cash", currency=currency, amount=amount, **more)  # type: ignore[arg-type]


def test_the_first_statement_opens_the_cash_book() -> None:
    assert _cells(_on(DAY, [_balance("USD", "1000.50")])) == {"USD": (D("1000.50"), D(0), D("1000.50"))}


def test_a_fill_moves_our_book_on_its_trade_date_with_its_fee() -> None:
    opened = _on(DAY, [_balance("USD", "1000")])
    fills = [{"quantity": "10", "price_local": "60.005", "fee_local": "1.25", "trade_date": DAY}]
    rows = _on(NEXT, [_balance("USD", "398.70", statement=DAY)], opened, fills=fills)
    assert _cells(rows) == {"USD": (D("398.70"), D(0), D("398.70"))}


def test_a_bond_costs_its_price_per_cent_of_face() -> None:
    opened = _on(DAY, [_balance("USD", "200000")])
    sale = {"side": "SELL", "instrument_id": "UST", "quantity": "100000", "price_local": "101.5", "trade_date": DAY}
    assert _cells(_on(NEXT, (), opened, fills=[sale]))["USD"] == (D(200000), D(101500), D(301500))


def test_a_settled_balance_waits_for_the_money_of_a_fill() -> None:
    opened = _on(DAY, [_balance("USD", "1000", of=SWISS)])
    fill = [{"account_id": "trust_swiss", "trade_date": DAY, "settlement_date": NEXT}]
    pending = _on(NEXT, [_balance("USD", "1000", of=SWISS, statement=DAY)], opened, fills=fill)
    settled = _on(AFTER, [_balance("USD", "400", of=SWISS, statement=NEXT)], pending, fills=fill)
    assert _cells(pending) == {"USD": (D(1000), D(-600), D(400))}
    assert _cells(settled) == {"USD": (D(400), D(0), D(400))}


def test_where_a_file_states_both_the_trade_dated_balance_counts_also_on_the_days_it_is_carried() -> None:
    opened = _on(DAY, [_balance("USD", "400", amount_settled="1000", of=SWISS)], fills=[{"account_id": "trust_swiss"}])
    assert _cells(opened) == {"USD": (D(400), D(0), D(400))}
    assert _cells(_on(NEXT, (), opened, fills=[{"account_id": "trust_swiss"}])) == {"USD": (D(400), D(0), D(400))}


def test_dividends_fees_and_deposits_enter_when_reported_and_a_custodian_s_trade_does_not() -> None:
    opened = _on(DAY, [_balance("USD", "1000")])
    kinds = {"dividend": "12.50", "fee": "-2.50", "deposit": "90", "buy": "-600", "sell": "77"}
    reported = [{"transaction_kind": kind, "cash_local": amount} for kind, amount in kinds.items()]
    rows = _on(NEXT, [_balance("USD", "1100", statement=DAY)], opened, transactions=reported)
    assert _cells(rows) == {"USD": (D(1100), D(0), D(1100))}


def test_a_currency_that_the_statement_leaves_out_is_stated_as_zero() -> None:
    opened = _on(DAY, [_balance("USD", "1000"), _balance("EUR", "50")])
    assert _cells(_on(NEXT, [_balance("USD", "1000", statement=DAY)], opened))["EUR"] == (D(0), D(0), D(50))


def test_a_day_without_a_statement_carries_the_balance_as_stale() -> None:
    rows = _on(NEXT, (), _on(DAY, [_balance("USD", "1000")]))
    assert rows["is_stale"].tolist() == [True]
    assert rows["statement_date"].tolist() == [PREVIOUS]


def test_the_balance_of_a_holdings_file_does_not_speak_for_the_cash_of_another_feed() -> None:
    opened = _on(DAY, [_balance("USD", "1000", of={**SWISS, "feed": "mt940"})])
    rows = _on(NEXT, [frames.position("KO", "1", of=SWISS, statement=DAY)], opened)
    assert _cells(rows) == {"USD": (D(1000), D(0), D(1000))}


@settings(max_examples=4, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 99_999)), min_size=4, max_size=12))
def test_buying_and_selling_the_same_at_one_price_leaves_the_money_as_it_was(
    trades: list[tuple[int, int]],
) -> None:
    fills = [
        {"side": side, "quantity": q, "price_local": D(p) / 1000, "trade_date": DAY}
        for q, p in trades
        for side in ("BUY", "SELL")
    ]
    assert _cells(_on(NEXT, (), _on(DAY, [_balance("USD", "0.01")]), fills=fills))["USD"][2] == D("0.01")


def test_the_table_holds_its_contract() -> None:
    rows = _on(DAY, [_balance("USD", "0.01")], fills=[{"account_id": "trust_swiss", "currency": "EUR"}])
    pd.testing.assert_frame_equal(Cash.validate(rows), rows)
