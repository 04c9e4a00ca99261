"""Net exposure by risk currency."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.metrics.exposures_currency import exposures_currency
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import ExposuresCurrency
from fo_platform_tests.analytics import funds
from fo_platform_tests.analytics.second.exposures_currency import second

COLUMNS = ["asset_value_base", "cash_base", "hedge_value_base", "net_value_base", "weight"]


def exposures_of(
    frames: SimpleNamespace, held: pd.DataFrame, instruments: pd.DataFrame, *owned: tuple[object, ...], **more: object
) -> pd.DataFrame:
    looked = funds.looked(held, frames.net_worth(held), instruments, funds.fund_holdings(*owned, **more))
    exposures = exposures_currency(looked, inexact(frames.net_worth(held)), instruments)
    return inexact(ExposuresCurrency.validate(exposures)).set_index(["scope", "currency"])


def test_assets_count_in_their_risk_currency_and_cash_in_its_own(frames: SimpleNamespace) -> None:
    # A fund that trades in dollars and holds Swiss shares exposes its owner to francs.
    instruments = frames.instruments("FUND", "AAPL", currency_risk=["CHF", "USD"])
    held = frames.positions(
        ("trust", "FUND", "equity", 50),
        ("trust", "AAPL", "equity", 20),
        ("trust", "CASH.CHF", "cash", 10, 9, "CHF"),
        ("trust", "CASH.USD", "cash", 20),
    )
    exposures = exposures_of(frames, held, instruments).loc["trust"]
    assert exposures.loc["CHF", COLUMNS].tolist() == [50, 10, 0, 60, 0.6]
    assert exposures.loc["USD", COLUMNS].tolist() == [20, 20, 0, 40, 0.4]


def test_both_legs_of_a_forward_are_a_hedge_in_their_currencies(frames: SimpleNamespace) -> None:
    instruments = frames.instruments(
        "NESN",
        "SELL_CHF",
        "BUY_USD",
        currency_risk=["CHF", "CHF", "USD"],
        instrument_type=["share", "fx_forward", "fx_forward"],
    )
    rows = [
        ("trust", "NESN", "equity", 100),
        ("trust", "SELL_CHF", "forward", -80),
        ("trust", "BUY_USD", "forward", 80),
    ]
    exposures = exposures_of(frames, frames.positions(*rows), instruments).loc["office"]
    assert exposures["net_value_base"].to_dict() == {"CHF": 20, "USD": 80}
    assert exposures["hedge_value_base"].to_dict() == {"CHF": -80, "USD": 80}
    assert exposures.loc["CHF", "hedge_ratio"] == 0.8
    assert pd.isna(exposures.loc["USD", "hedge_ratio"])


def test_a_share_class_hedged_into_francs_is_its_assets_and_both_legs_of_their_hedge(frames: SimpleNamespace) -> None:
    # A class in francs of a fund of dollars and euros: 100 of it, of which 60 are dollars, 30 euros and 10 francs.
    held = frames.positions(("trust", "A", "equity", 100), ("trust", "CASH.USD", "cash", 20))
    owned = [("A", "ISIN.US1", 0.6), ("A", "ISIN.DE1", 0.3), ("A", "ISIN.CH1", 0.1)]
    instruments = frames.instruments("A", instrument_type="fund", currency="CHF", currency_hedged="CHF")
    exposures = exposures_of(frames, held, instruments, *owned, currency_risk=["USD", "EUR", "CHF"]).loc["trust"]
    assert exposures["asset_value_base"].to_dict() == {"CHF": 10, "EUR": 30, "USD": 60}
    assert exposures["hedge_value_base"].to_dict() == {"CHF": 90, "EUR": -30, "USD": -60}
    assert exposures["net_value_base"].to_dict() == {"CHF": 100, "EUR": 0, "USD": 20}
    assert exposures.loc[["EUR", "USD"], "hedge_ratio"].tolist() == [1, 1]
    assert exposures["value_funds_base"].to_dict() == {"CHF": 10, "EUR": 30, "USD": 60}


def test_what_a_hedged_class_does_not_report_is_hedged_too(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "SILENT", "equity", 100), ("trust", "A", "equity", 50))
    instruments = frames.instruments("SILENT", "A", currency_hedged="EUR")
    exposures = exposures_of(frames, held, instruments, ("A", "ISIN.US1", 0.6)).loc["trust"]
    assert exposures["hedge_value_base"].to_dict() == {"EUR": 150, "USD": -130, "XXX": -20}
    assert exposures["net_value_base"].to_dict() == {"EUR": 150, "USD": 0, "XXX": 0}


@pytest.mark.parametrize(("outer", "net"), [(None, {"CHF": 40, "USD": 60}), ("EUR", {"EUR": 100, "USD": 0})])
def test_a_hedged_class_within_a_fund_is_hedged_and_the_hedge_of_what_is_held_comes_last(
    frames: SimpleNamespace, outer: str | None, net: dict[str, float]
) -> None:
    held = frames.positions(("trust", "A", "equity", 100))
    instruments = frames.instruments("A", "B", "C", currency_hedged=[outer, "CHF", None])
    exposures = exposures_of(frames, held, instruments, ("A", "B", 0.4), ("A", "C", 0.6)).loc["trust"]
    assert exposures["net_value_base"].to_dict() == net
    assert exposures["asset_value_base"].sum() == 100


@settings(max_examples=10)
@given(hedged=st.lists(st.sampled_from(["CHF", "EUR", None]), min_size=3, max_size=3), value=st.integers(1, 10**8))
def test_a_second_computation_finds_the_same_hedges(
    frames: SimpleNamespace, hedged: list[str | None], value: int
) -> None:
    held = frames.positions(("trust", "A", "equity", value / 100), ("llc", "B", "equity", 50), ("llc", "C", "bond", -9))
    instruments = frames.instruments("A", "B", "C", currency_risk=["USD", "USD", "EUR"], currency_hedged=hedged)
    owned = [("A", "B", 0.5), ("A", "C", 0.3), ("A", "ISIN.CH1", 0.1)]
    risk = {"currency_risk": ["USD", "EUR", "CHF"]}
    found = exposures_of(frames, held, instruments, *owned, **risk)
    tables = {"book.holdings": inexact(held), "book.net_worth": inexact(frames.net_worth(held))}
    tables |= {"reference.instruments": instruments, "reference.fund_holdings": funds.fund_holdings(*owned, **risk)}
    again = second(tables.__getitem__).set_index(["scope", "currency"]).sort_index()
    assert found.index.tolist() == again.index.tolist()
    np.testing.assert_allclose(found[again.columns], again.astype("float64"), rtol=1e-12, atol=0.02)


def test_a_name_that_says_hedged_is_no_hedge(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 100))
    instruments = frames.instruments("A", instrument_name="WORLD EQUITY CHF HEDGED", currency="CHF")
    exposures = exposures_of(frames, held, instruments).loc["trust"]
    assert exposures[["hedge_value_base", "net_value_base"]].to_numpy().tolist() == [[0, 100]]


def test_a_fund_exposes_its_owner_to_the_currencies_of_what_it_owns(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 100), ("trust", "CASH.USD", "cash", 100))
    owned = [("A", "ISIN.CH1", 0.333333), ("A", "ISIN.XX1", 0.6)]
    instruments = frames.instruments("A", instrument_type="etf")
    exposures = exposures_of(frames, held, instruments, *owned, currency_risk=["CHF", None]).loc["trust"]
    assert exposures["asset_value_base"].to_dict() == {"CHF": 33.33, "USD": 0, "XXX": 66.67}
    assert exposures["value_funds_base"].to_dict() == pytest.approx({"CHF": 33.3333, "USD": 0, "XXX": 66.6667})
    assert exposures["net_value_base"].sum() == 200


def test_a_debt_is_owed_in_its_own_currency_though_no_master_knows_it(frames: SimpleNamespace) -> None:
    held = frames.positions(
        ("trust", "DEBT.M1", "liabilities", -40, -1, "EUR"), ("trust", "FUND.F1", "private_equity", 140, 1, "EUR"),
        holding_kind=["liability", "private_fund"],
    )  # fmt: skip
    exposures = exposures_of(frames, held, frames.instruments()).loc["trust"]
    assert exposures["net_value_base"].to_dict() == {"EUR": -40, "XXX": 140}


def test_francs_at_a_rate_and_dollars_at_its_inverse_are_the_same_exposure(frames: SimpleNamespace) -> None:
    rate = 1.02543877
    held = frames.positions(("trust", "CASH.CHF", "cash", 1000 * rate, 1000, "CHF"), ("trust", "CASH.USD", "cash", 500))
    exposures = exposures_of(frames, held, frames.instruments()).loc["trust"]
    assert exposures.loc["CHF", "net_value_base"] / rate == pytest.approx(1000, abs=0.005)


def test_an_instrument_outside_the_master_is_shown_under_no_currency(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "STRAY", "equity", 30), ("trust", "AAPL", "equity", 70))
    exposures = exposures_of(frames, held, frames.instruments("AAPL"))
    assert exposures.loc[("trust", "XXX"), "net_value_base"] == 30


@settings(max_examples=10)
@given(
    cents=st.lists(st.integers(-(10**8), 10**10), min_size=3, max_size=3),
    split=st.integers(1, 10**6),
    hedged=st.lists(st.sampled_from(["CHF", "USD", None]), min_size=2, max_size=2),
)
def test_net_exposures_sum_to_nav_hedged_or_not_and_splitting_a_line_changes_nothing(
    frames: SimpleNamespace, cents: list[int], split: int, hedged: list[str | None]
) -> None:
    instruments = frames.instruments("A", "B", currency_risk=["CHF", "EUR"], currency_hedged=hedged)
    names = ("A", "B", "CASH.EUR")
    rows = [("trust", name, "class", value / 100, 1, "EUR") for name, value in zip(names, cents, strict=True)]
    usd = ("trust", "CASH.USD", "cash", 10**8)
    held = frames.positions(*rows, usd)
    parts = frames.positions(
        usd, ("trust", "A", "class", (cents[0] - split) / 100), *rows[1:], (*rows[0][:3], split / 100)
    )
    exposures = exposures_of(frames, held, instruments)
    sums = exposures.groupby("scope")[["net_value_base", "weight"]].sum()
    assert sums["net_value_base"].tolist() == pytest.approx([float(held["market_value_base"].sum())] * 2)
    assert sums["weight"].tolist() == pytest.approx([1, 1], abs=1e-12)
    assert exposures.groupby("scope")["hedge_value_base"].sum().tolist() == pytest.approx([0, 0], abs=0.021)
    pd.testing.assert_frame_equal(exposures, exposures_of(frames, parts, instruments))


def test_an_office_without_holdings_has_no_exposure(frames: SimpleNamespace) -> None:
    assert exposures_of(frames, frames.positions(), frames.instruments()).empty
