"""The valued book: exact to the cent, doubt marked, nothing unknown worth zero."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.book.reconciled_positions import reconciled_positions
from fo_platform.contracts.book import Cash, Positions, ReconciledPositions, ReconciliationBreaks
from fo_platform_tests.book import frames
from fo_platform_tests.book.frames import DAY, PREVIOUS

D = Decimal
CLOSES = {"KO": "60.005", "NESN": "100", "UST": "101.5"}


def _held(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    usual = {
        "account_id": "foundation_us",
        "currency": "USD",
        "quantity_pending": 0,
        "quantity_unsettled": 0,
        "quantity_stated": "100",
        "quantity_book": "100",
        "accrued_local": 0,
        "statement_basis": "trade",
        "statement_date": PREVIOUS,
        "is_stale": False,
        "source": "us_custodian",
    }
    return Positions.frame([{**usual, **row} for row in rows])


def _money(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    usual = {"account_id": "foundation_us", "cash_pending": 0, "is_stale": False, "statement_date": PREVIOUS}
    return Cash.frame([{**usual, "statement_basis": "trade", "source": "us_custodian", **row} for row in rows])


def _valued(
    held: Iterable[Mapping[str, object]] = (),
    money: Iterable[Mapping[str, object]] = (),
    *,
    breaks: Iterable[Mapping[str, object]] = (),
    prices: pd.DataFrame | None = None,
    fx_rates: pd.DataFrame | None = None,
) -> pd.DataFrame:
    return reconciled_positions(
        _held(held),
        _money(money),
        ReconciliationBreaks.frame(breaks),
        frames.instruments(),
        frames.accounts(),
        prices=frames.prices(CLOSES) if prices is None else prices,
        fx_rates=frames.fx_rates() if fx_rates is None else fx_rates,
        limits=frames.limits(),
        price_rules=frames.price_rules(),
        day=DAY,
    )


def _row(rows: pd.DataFrame, *names: str) -> tuple[object, ...]:
    (row,) = rows.to_dict("records")
    return tuple(row[name] for name in names)


def test_a_share_in_francs_is_worth_its_book_quantity_times_price_times_rate() -> None:
    rows = _valued([{"instrument_id": "NESN", "quantity_book": "50", "quantity_stated": "49", "currency": "CHF"}])
    names = ("quantity", "market_value_local", "fx_rate", "market_value_base", "currency", "asset_class", "entity_id")
    assert _row(rows, *names) == (D(50), D(5000), D("1.05"), D("5250.00"), "CHF", "intl_equity", "foundation")


def test_a_bond_is_priced_per_cent_of_face_and_carries_its_accrued_interest() -> None:
    rows = _valued([{"instrument_id": "UST", "quantity_book": "100000", "accrued_local": "312.50"}])
    names = ("market_value_local", "accrued_local", "accrued_base", "market_value_base")
    assert _row(rows, *names) == (D(101500), D("312.50"), D("312.50"), D("101812.50"))


def test_half_a_cent_goes_to_the_even_one() -> None:
    assert _row(_valued([{"instrument_id": "KO", "quantity_book": "1"}]), "market_value_local") == (D("60.00"),)
    assert _row(_valued([{"instrument_id": "KO", "quantity_book": "3"}]), "market_value_local") == (D("180.02"),)


def test_cash_is_our_own_book_at_a_price_of_one() -> None:
    rows = _valued(money=[{"currency": "CHF", "cash_book": "-10.50", "cash_stated": "0"}])
    names = (
        "instrument_id",
        "asset_class",
        "quantity",
        "price_local",
        "market_value_local",
        "market_value_base",
        "is_priced",
    )
    assert _row(rows, *names) == ("CASH.CHF", "cash", D("-10.5"), D(1), D("-10.50"), D("-11.02"), True)


def test_what_has_no_price_or_no_rate_is_unpriced_and_never_worth_zero() -> None:
    no_price = _valued([{"instrument_id": "KO"}], prices=frames.prices({"NESN": "1"}))
    no_rate = _valued([{"instrument_id": "NESN"}], fx_rates=frames.fx_rates().head(0))
    no_name = _valued([{"instrument_id": "UNKNOWN.X", "quantity_stated": "7", "quantity_book": "0"}])
    for rows in (no_price, no_rate, no_name):
        assert not rows["is_priced"].any()
        assert rows["market_value_base"].isna().all()
    assert _row(no_name, "quantity", "asset_class") == (D(7), "unknown")


def test_a_price_of_tomorrow_is_never_used_and_an_old_one_is_stale() -> None:
    tomorrow = frames.prices({"KO": "99"}, price_date="2022-06-16")
    old = frames.prices({"KO": "50"}, price_date="2022-06-09")
    rows = _valued([{"instrument_id": "KO"}], prices=pd.concat([old, tomorrow]))
    assert _row(rows, "price_local", "price_date", "is_stale") == (D(50), pd.Timestamp("2022-06-09"), True)
    recent = _valued([{"instrument_id": "KO"}], prices=frames.prices({"KO": "50"}, price_date="2022-06-10"))
    assert not recent["is_stale"].any()


def test_a_class_may_have_an_age_of_its_own() -> None:
    for price_date, is_stale in (("2022-06-06", False), ("2022-06-05", True)):
        rows = _valued([{"instrument_id": "UST"}], prices=frames.prices({"UST": "98"}, price_date=price_date))
        assert _row(rows, "is_stale") == (is_stale,)


def test_of_a_price_delivered_twice_the_later_delivery_counts() -> None:
    both = pd.concat([frames.prices({"KO": "50"}), frames.prices({"KO": "51"})])
    assert _row(_valued([{"instrument_id": "KO"}], prices=both), "price_local") == (D(51),)


def test_a_break_marks_its_own_row_and_a_doubtful_price_marks_none() -> None:
    found = {"account_id": "foundation_us", "break_class": "QUANTITY", "severity": "warn"}
    breaks = [
        {**found, "break_id": "1", "instrument_id": "KO"},
        {**found, "break_id": "2", "instrument_id": "UST", "break_class": "PRICE", "severity": "info"},
        {**found, "break_id": "3", "instrument_id": "NESN", "account_id": "trust_swiss"},
    ]
    rows = _valued([{"instrument_id": name} for name in ("KO", "NESN", "UST")], breaks=breaks)
    assert rows.loc[rows["has_break"], "instrument_id"].tolist() == ["KO"]


def test_an_empty_line_goes_unless_a_break_is_open_on_it() -> None:
    empty = {"quantity_book": "0", "quantity_stated": "0"}
    found = {"break_id": "1", "account_id": "foundation_us", "instrument_id": "KO", "severity": "warn"}
    rows = _valued([{"instrument_id": "KO", **empty}, {"instrument_id": "UST", **empty}], breaks=[found])
    assert rows["instrument_id"].tolist() == ["KO"]


def test_the_table_holds_its_contract() -> None:
    rows = _valued([{"instrument_id": "KO"}, {"instrument_id": "X"}], [{"currency": "USD", "cash_book": 0}])
    pd.testing.assert_frame_equal(ReconciledPositions.validate(rows), rows)
    assert _valued().empty


@settings(max_examples=4, deadline=None)
@given(st.lists(st.decimals(0, 10**6, places=4, allow_nan=False), min_size=2, max_size=6))
def test_the_value_of_every_line_is_the_product_rounded_once_at_each_step(quantities: list[Decimal]) -> None:
    held = [
        {"instrument_id": "NESN", "quantity_book": q + 1, "account_id": account, "currency": "CHF"}
        for q, account in zip(quantities, ("foundation_us", "trust_swiss"), strict=False)
    ]
    for row in _valued(held).to_dict("records"):
        cents = (row["quantity"] * D(100)).quantize(D("0.000001")).quantize(D("0.01"))
        assert row["market_value_local"] == cents
        assert row["market_value_base"] == (cents * D("1.05")).quantize(D("0.01"))
