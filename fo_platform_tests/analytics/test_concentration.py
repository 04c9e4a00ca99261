"""Concentration by issuer, after look-through."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.metrics.concentration import (
    concentration,
    effective_number,
    entropy_number,
    hhi_points,
)
from fo_platform.analytics.scopes import in_scopes
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import Concentration, LookThrough


def leaves_of(frames: SimpleNamespace, held: pd.DataFrame, instruments: pd.DataFrame) -> pd.DataFrame:
    """Look-through of holdings that are no funds."""
    lines = in_scopes(inexact(held), inexact(frames.net_worth(held)))
    keys = ["scope", "instrument_id", "asset_class", "nav_base"]
    sums = lines.groupby(keys, as_index=False)[["market_value_base"]].sum().rename(columns={"market_value_base": "v"})
    issuers = instruments[["instrument_id", "issuer_id"]]
    named = sums.merge(issuers, how="left", on="instrument_id", validate="many_to_one")
    rows = named.assign(
        held_instrument_id=named["instrument_id"], leaf_id=named["instrument_id"], value_base=named["v"],
        weight=named["v"] / named["nav_base"], depth=0, is_residual=False,
    )  # fmt: skip
    return LookThrough.frame(rows.drop(columns=["v", "nav_base"]))


def measured(held: pd.DataFrame, leaves: pd.DataFrame) -> pd.DataFrame:
    long = concentration(inexact(held), inexact(leaves))
    return inexact(Concentration.validate(long)).pivot(index="scope", columns="measure", values="value")


def measures_of(frames: SimpleNamespace, held: pd.DataFrame, instruments: pd.DataFrame) -> pd.DataFrame:
    return measured(held, leaves_of(frames, held, instruments))


def test_lines_of_one_issuer_are_one_holding_and_money_is_none(frames: SimpleNamespace) -> None:
    instruments = frames.instruments("GOOG", "GOOGL", "KO", issuer_id=["ALPHABET", "ALPHABET", "KO"])
    held = frames.positions(
        ("trust", "GOOG", "us_equity", 30),
        ("trust", "GOOGL", "us_equity", 30),
        ("trust", "KO", "us_equity", 20),
        ("trust", "CASH.USD", "cash", 20),
    )
    trust = measures_of(frames, held, instruments).loc["trust"]
    assert trust["hhi_points"] == pytest.approx((0.75**2 + 0.25**2) * 1e4)
    assert trust["effective_number"] == pytest.approx(1 / 0.625)
    assert trust[["top_1", "top_5", "largest_issuer"]].tolist() == [0.75, 1, 0.6]


def test_a_short_adds_to_concentration_by_its_gross_weight(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "us_equity", 60), ("trust", "B", "us_equity", -20))
    trust = measures_of(frames, held, frames.instruments("A", "B")).loc["trust"]
    assert trust["hhi_points"] == pytest.approx((0.75**2 + 0.25**2) * 1e4)
    assert trust["largest_issuer"] == 1.5


def test_an_issuer_counts_with_what_funds_hold_of_it_and_an_unreported_rest_is_its_own(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "KO", "us_equity", 30), ("trust", "FUND", "us_equity", 70))
    direct = leaves_of(frames, held, frames.instruments("KO", "FUND", "PEP")).query("held_instrument_id == 'KO'")
    through = pd.concat(
        [
            direct.assign(
                held_instrument_id="FUND", leaf_id=leaf, issuer_id=issuer, value_base=value, weight=value / 100
            )
            for leaf, issuer, value in (("KO", "KO", 20.0), ("PEP", "PEP", 40.0), ("REST.FUND", pd.NA, 10.0))
        ]
    )
    unlisted = through.assign(is_residual=through["leaf_id"] == "REST.FUND")
    office = measured(held, LookThrough.frame(pd.concat([direct, unlisted]))).loc["office"]
    assert office["hhi_points"] == pytest.approx((0.5**2 + 0.4**2 + 0.1**2) * 1e4)
    assert office[["top_1", "largest_issuer", "not_looked_through"]].tolist() == pytest.approx([0.5, 0.5, 0.1])


def test_a_debt_is_nobody_s_security(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "us_equity", 150), ("trust", "DEBT.M", "liabilities", -50))
    owed = held.assign(holding_kind=["security", "liability"])
    trust = measured(owed, leaves_of(frames, held, frames.instruments("A"))).loc["trust"]
    assert trust[["top_1", "largest_issuer"]].tolist() == [1, 1.5]


def test_ten_equal_issuers_are_ten_by_every_count() -> None:
    equal = pd.Series([0.1] * 10)
    assert effective_number(equal) == pytest.approx(10)
    assert entropy_number(equal) == pytest.approx(10)
    assert entropy_number(pd.Series([0.5, 0.5, 0.0])) == pytest.approx(2)


def test_nothing_is_no_number_of_issuers() -> None:
    assert pd.isna(effective_number(pd.Series([0.0, 0.0])))


def test_an_instrument_outside_the_master_is_its_own_issuer(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "us_equity", 50), ("trust", "STRAY", "us_equity", 50))
    assert measures_of(frames, held, frames.instruments("A")).loc["trust", "effective_number"] == 2


@pytest.mark.parametrize("name", ["hhi_points-01", "hhi_points-03", "hhi_points-05", "effective_number-01"])
def test_measures_are_the_published_ones(cases: dict[str, dict[str, object]], name: str) -> None:
    case = cases[name]
    measure = {"hhi_points": hhi_points, "effective_number": effective_number}[case["function"]]
    assert measure(pd.Series(case["input"]["weights"])) == pytest.approx(case["expected"], abs=case["atol"])


@settings(max_examples=10)
@given(cents=st.lists(st.integers(2, 10**9), min_size=1, max_size=8), first=st.integers(1, 10**9))
def test_measures_lie_within_their_bounds_and_ignore_how_lines_are_split(
    frames: SimpleNamespace, cents: list[int], first: int
) -> None:
    names = [f"I{n}" for n in range(len(cents))]
    rows = [("trust", name, "us_equity", value / 100) for name, value in zip(names, cents, strict=True)]
    part = first % (cents[0] - 1) + 1
    split = [*rows[1:][::-1], (*rows[0][:3], part / 100), (*rows[0][:3], (cents[0] - part) / 100)]
    instruments = frames.instruments(*names)
    whole = measures_of(frames, frames.positions(*rows), instruments)
    pd.testing.assert_frame_equal(whole, measures_of(frames, frames.positions(*split), instruments), atol=1e-7)
    trust = whole.loc["trust"]
    assert 1 - 1e-8 <= trust["effective_number"] <= len(cents) + 1e-7
    assert trust["hhi_points"] * trust["effective_number"] == pytest.approx(1e4, rel=1e-6)
    assert 1 / len(cents) - 1e-8 <= trust["top_1"] <= trust["top_5"] <= trust["top_10"] <= 1 + 1e-8
    assert trust["effective_number"] - 1e-7 <= trust["entropy_number"] <= len(cents) + 1e-7


def test_an_office_that_holds_only_money_has_no_issuers(frames: SimpleNamespace) -> None:
    assert measures_of(frames, frames.positions(("trust", "CASH.USD", "cash", 20)), frames.instruments()).empty
    assert measures_of(frames, frames.positions(), frames.instruments()).empty
