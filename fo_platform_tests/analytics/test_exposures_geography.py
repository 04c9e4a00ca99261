"""Exposure by country after look-through, with regions and development levels of the day."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.metrics.exposures_geography import exposures_geography
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import ExposuresGeography
from fo_platform.contracts.reference import Countries
from fo_platform_tests.analytics import funds

COUNTRIES = Countries.frame(
    pd.DataFrame(
        [
            ("US", "1993-05-01", "United States", "Northern America", "developed"),
            ("IE", "1993-05-01", "Ireland", "Europe", "developed"),
            ("HR", "1993-05-01", "Croatia", "Europe", "emerging"),
            ("HR", "2023-04-01", "Croatia", "Europe", "developed"),
        ],
        columns=list(Countries.fields()),
    )
)


def geography(
    frames: SimpleNamespace, held: pd.DataFrame, instruments: pd.DataFrame, owned: pd.DataFrame, day: str = "2022-06-14"
) -> pd.DataFrame:
    """The trust's exposures by basis and country."""
    looked = funds.looked(held, frames.net_worth(held), instruments, owned)
    found = ExposuresGeography.validate(exposures_geography(looked, COUNTRIES, pd.Timestamp(day)))
    return found[found["scope"] == "trust"].set_index(["country_basis", "country"])


def test_a_fund_counts_where_what_it_owns_is_seated_and_where_its_fortunes_lie(frames: SimpleNamespace) -> None:
    instruments = frames.instruments("A", "X", country=["US", "HR"], instrument_type=["etf", "share"])
    held = frames.positions(("trust", "A", "us_equity", 100), ("trust", "X", "us_equity", 100))
    owned = funds.fund_holdings(("A", "ISIN.IE1", 0.5), ("A", "ISIN.US1", 0.4), country_domicile=["IE", "US"])
    found = geography(frames, held, instruments, owned)
    assert found.loc["domicile", "weight"].to_dict() == pytest.approx({"HR": 0.5, "IE": 0.25, "US": 0.2, "XX": 0.05})
    assert found.loc["risk", "weight"].to_dict() == pytest.approx({"HR": 0.5, "US": 0.45, "XX": 0.05})
    assert found.loc[("risk", "US"), "value_funds_base"] == pytest.approx(90)
    assert found.loc[("risk", "XX"), ["country_name", "region", "development_level"]].tolist() == ["unknown"] * 3


def test_a_country_is_as_developed_as_it_was_on_the_day(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "X", "us_equity", 100))
    levels = [
        geography(frames, held, frames.instruments("X", country="HR"), funds.fund_holdings(), day).loc[
            ("risk", "HR"), "development_level"
        ]
        for day in ("2023-03-31", "2023-04-01")
    ]
    assert levels == ["emerging", "developed"]


def test_a_country_that_is_not_declared_is_unknown(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "X", "us_equity", 60), ("trust", "STRAY", "us_equity", 40))
    found = geography(frames, held, frames.instruments("X", country="QQ"), funds.fund_holdings())
    assert found["weight"].to_dict() == {("domicile", "XX"): 1.0, ("risk", "XX"): 1.0}


@settings(max_examples=15, deadline=None)
@given(cents=st.lists(st.integers(-(10**8), 10**10), min_size=3, max_size=3), weight=st.floats(-0.5, 1.5))
def test_countries_of_a_scope_sum_to_its_net_asset_value(
    frames: SimpleNamespace, cents: list[int], weight: float
) -> None:
    rows = [("trust", name, "us_equity", value / 100) for name, value in zip("AXY", cents, strict=True)]
    held = frames.positions(*rows, ("trust", "CASH.USD", "cash", 10**8))
    found = geography(frames, held, frames.instruments("A", "X", "Y"), funds.fund_holdings(("A", "X", weight)))
    sums = inexact(found).groupby("country_basis")["value_base"].sum()
    assert sums.tolist() == pytest.approx([float(held["market_value_base"].sum())] * 2, rel=1e-12)


def test_an_office_without_holdings_is_nowhere(frames: SimpleNamespace) -> None:
    assert geography(frames, frames.positions(), frames.instruments(), funds.fund_holdings()).empty
