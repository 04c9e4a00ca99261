"""Gains of trades over the close: bought, sold out, and what is not counted."""

import pandas as pd
import pytest

from fo_platform.analytics.trading_effect import trading_gains
from fo_platform.contracts import book, reference
from fo_platform.contracts._base import inexact

DAY = pd.Timestamp("2022-06-14")
PLACE = {"file_sha256": "0" * 64, "line": 1, "byte_offset": 0}


def held(*lines: tuple[str, float, float | None], rate: float = 1.0) -> pd.DataFrame:
    """Holdings of one account from (instrument, quantity, price), beside its cash."""
    rows = [{"instrument_id": name, "quantity": quantity, "price_local": price} for name, quantity, price in lines]
    frame = pd.DataFrame([*rows, {"instrument_id": "CASH", "quantity": 1, "price_local": 1}])
    return inexact(book.Holdings.frame(frame.assign(
        market_value_base=frame["quantity"] * frame["price_local"] * rate, account_id="a", entity_id="trust",
        asset_class="equity", currency="EUR", fx_rate=rate, accrued_local=0, holding_kind="security",
        is_priced=True, is_stale=False, has_break=False,
    )))  # fmt: skip


def traded(*moves: tuple[str, str, float, float]) -> pd.DataFrame:
    """Movements from (kind, instrument, quantity, cash)."""
    frame = pd.DataFrame(moves, columns=["transaction_kind", "instrument_id", "quantity", "cash_local"])
    return inexact(book.Transactions.frame(frame.assign(
        transaction_id=[str(number) for number in range(len(frame))], account_id="a", currency="EUR", source="bank",
        trade_date=DAY, statement_date=DAY, **PLACE,
    )))  # fmt: skip


def gain(today: pd.DataFrame, before: pd.DataFrame, moves: pd.DataFrame, **prices: float) -> float:
    frame = pd.DataFrame({"instrument_id": list(prices), "price_local": list(prices.values())})
    quoted = inexact(reference.Prices.frame(frame.assign(price_date=DAY, currency="EUR", price_source="t", **PLACE)))
    found = trading_gains(holdings=today, holdings_previous=before, transactions=moves, prices=quoted)
    return float(found["trading_base"].sum())


def test_what_is_bought_below_the_close_gains_and_costs_are_part_of_it() -> None:
    moves = traded(("buy", "A", 10, -95.5))
    assert gain(held(("A", 30, 10.0), rate=2.0), held(("A", 20, 9.0), rate=1.9), moves) == pytest.approx(2 * 4.5)


def test_what_is_sold_below_the_close_loses() -> None:
    assert gain(held(("A", 5, 10.0)), held(("A", 20, 9.0)), traded(("sell", "A", -15, 140.0))) == pytest.approx(-10.0)


def test_a_line_sold_out_is_held_against_the_price_of_the_close() -> None:
    moves = traded(("sell", "A", -20, 190.0))
    assert gain(held(rate=2.0), held(("A", 20, 9.0), rate=1.9), moves, A=10.0) == pytest.approx(2 * (190 - 200))
    assert gain(held(), held(("A", 20, 9.0)), moves) == 0


def test_a_new_line_is_worth_its_close() -> None:
    assert gain(held(("A", 2, 10.0)), held(), traded(("buy", "A", 2, -21.0))) == pytest.approx(-1.0)


def test_deliveries_are_no_trades_and_a_delivery_beside_a_trade_does_not_hide_it() -> None:
    moves = traded(("transfer_in", "A", 5, 0.0), ("buy", "A", 10, -95.0))
    assert gain(held(("A", 35, 10.0)), held(("A", 20, 9.0)), moves) == pytest.approx(5.0)
    assert gain(held(("A", 25, 10.0)), held(("A", 20, 9.0)), moves.iloc[:1]) == 0


NOT_COUNTED = {
    "a trade that does not explain the change": (held(("A", 20, 10.0)), held(("A", 20, 9.0))),
    "a line without a value": (held(("A", 30, None)), held(("A", 20, 9.0))),
    "an account that was not there": (held(("A", 10, 10.0)), held().iloc[:0]),
}


@pytest.mark.parametrize("case", NOT_COUNTED)
def test_what_cannot_be_said_stays_in_selection(case: str) -> None:
    today, before = NOT_COUNTED[case]
    assert gain(today, before, traded(("buy", "A", 10, -95.0))) == 0
