"""Volatility of today's holdings over their own past."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.dispersion import annual_volatility, ewma_volatility
from fo_platform.analytics.metrics.volatility import volatility
from fo_platform.analytics.valued_volatility import own_volatility
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import Volatility
from fo_platform_tests.analytics.test_valued_volatility import quarterly

DAY = pd.Timestamp("2022-06-14")
NO_RATES = pd.DataFrame()


def volatility_of(
    frames: SimpleNamespace,
    held: pd.DataFrame,
    levels: pd.DataFrame,
    rates: pd.DataFrame = NO_RATES,
    *,
    targets: tuple[tuple[object, ...], ...] = (),
    valued: dict[str, pd.Series] | None = None,
    **currencies: str,
) -> pd.DataFrame:
    figures = volatility(
        holdings=inexact(held),
        net_worth=inexact(frames.net_worth(held)),
        allocation_targets=inexact(frames.targets(*targets)),
        valuations=frames.valuations(**valued or {}),
        prices=frames.prices(levels, **currencies),
        fx_rates=frames.fx_rates(rates),
        day=DAY,
    )
    return Volatility.validate(figures).set_index(["scope", "asset_class"])


def test_the_total_is_the_portfolio_s_variance_and_a_class_speaks_of_itself(frames: SimpleNamespace) -> None:
    returns = frames.noise(100, "A", "B", "C")
    held = frames.positions(("trust", "A", "equity", 50), ("trust", "B", "equity", 30), ("trust", "C", "bond", 20))
    figures = volatility_of(frames, held, frames.levels(returns).round(8)).loc["trust"]
    covariance = np.cov(returns, rowvar=False) * 252
    total, equity = np.array([0.5, 0.3, 0.2]), np.array([0.625, 0.375, 0])
    assert figures.loc["total", "volatility_annual"] == pytest.approx(np.sqrt(total @ covariance @ total), rel=1e-6)
    assert figures.loc["equity", "volatility_annual"] == pytest.approx(np.sqrt(equity @ covariance @ equity), rel=1e-6)
    assert figures.loc["bond", "volatility_annual"] == pytest.approx(returns["C"].std() * 252**0.5, rel=1e-6)
    assert figures["observations"].eq(100).all()
    assert figures["coverage_share"].eq(1).all()


def test_the_annual_figure_is_the_published_one(cases: dict[str, dict[str, object]]) -> None:
    case = cases["annual_volatility-01"]
    returns = pd.DataFrame({"a": pd.Series(case["input"]["returns"], dtype="float64")})
    assert annual_volatility(returns)["a"] == pytest.approx(case["expected"], abs=case["atol"])


def test_exponential_weights_are_riskmetrics_recursion_divided_by_their_sum(frames: SimpleNamespace) -> None:
    returns = frames.noise(50, "A")
    variance = 0.0
    for value in returns["A"]:
        variance = 0.94 * variance + 0.06 * value**2
    expected = np.sqrt(variance / (1 - 0.94**50) * 252)
    assert ewma_volatility(returns)["A"] == pytest.approx(expected, rel=1e-12)
    with_gap = pd.concat([returns.iloc[:20], returns.iloc[:1] * np.nan, returns.iloc[20:]], ignore_index=True)
    assert ewma_volatility(with_gap)["A"] == pytest.approx(expected, rel=1e-12)


def test_foreign_cash_moves_with_its_rate_and_cash_in_base_does_not(frames: SimpleNamespace) -> None:
    returns = frames.noise(80, "CHF")
    held = frames.positions(("trust", "CASH.CHF", "franc", 50, 50, "CHF"), ("trust", "CASH.USD", "dollar", 50))
    levels = pd.DataFrame({"ANY": 1.0}, index=frames.levels(returns).index)
    figures = volatility_of(frames, held, levels, frames.levels(returns, 1.0).round(8)).loc[
        "trust", "volatility_annual"
    ]
    assert figures["franc"] == pytest.approx(returns["CHF"].std() * 252**0.5, rel=1e-4)
    assert figures["dollar"] == 0
    assert figures["total"] == pytest.approx(figures["franc"] / 2)


@pytest.mark.parametrize(("observations", "stated"), [(35, False), (36, True)])
def test_fewer_than_thirty_six_observations_state_nothing(
    frames: SimpleNamespace, observations: int, *, stated: bool
) -> None:
    held = frames.positions(("trust", "A", "equity", 50))
    figures = volatility_of(frames, held, frames.levels(frames.noise(observations, "A")))
    assert figures["observations"].eq(observations).all()
    assert figures[["volatility_annual", "volatility_ewma_annual"]].notna().all(axis=None) == stated


def test_what_has_no_history_is_missing_from_the_coverage_and_not_a_zero(frames: SimpleNamespace) -> None:
    returns = frames.noise(100, "A", "NEW")
    returns.loc[returns.index[:30], "NEW"] = np.nan
    levels = frames.levels(returns).mask(frames.levels(returns).isna())
    held = frames.positions(
        ("trust", "A", "equity", 60), ("trust", "NEW", "equity", 30), ("trust", "PRIVATE", "private", 10)
    )
    figures = volatility_of(frames, held, levels).loc["trust"]
    alone = returns["A"].std() * 252**0.5
    assert figures.loc["equity", "volatility_annual"] == pytest.approx(alone, rel=1e-6)
    assert figures.loc["equity", "coverage_share"] == pytest.approx(2 / 3)
    assert figures.loc["total", "coverage_share"] == pytest.approx(0.6)
    assert figures.loc["private", "coverage_share"] == 0
    assert pd.isna(figures.loc["private", "volatility_annual"])


def test_a_date_that_one_holding_lacks_is_left_out(frames: SimpleNamespace) -> None:
    returns = frames.noise(100, "A", "B")
    levels = frames.levels(returns)
    levels.iloc[50, 1] = np.nan
    held = frames.positions(("trust", "A", "equity", 50), ("trust", "B", "bond", 50))
    observations = volatility_of(frames, held, levels).loc["trust", "observations"]
    assert observations.to_dict() == {"equity": 100, "bond": 99, "total": 99}


@settings(max_examples=10)
@given(part=st.integers(1, 4999), scale=st.integers(1, 1000), seed=st.integers(0, 10))
def test_splitting_permuting_or_scaling_holdings_changes_no_volatility(
    frames: SimpleNamespace, part: int, scale: int, seed: int
) -> None:
    levels = frames.levels(frames.noise(60, "A", "B", seed=seed))
    a, b = ("trust", "A", "equity"), ("trust", "B", "bond")
    figures = volatility_of(frames, frames.positions((*a, 50), (*b, 30)), levels)
    lines = [(*b, 30 * scale), (*a, part * scale / 100), (*a, (5000 - part) * scale / 100)]
    pd.testing.assert_frame_equal(figures, volatility_of(frames, frames.positions(*lines), levels[::-1]), rtol=1e-12)


def test_an_office_without_holdings_or_prices_has_no_volatility(frames: SimpleNamespace) -> None:
    assert volatility_of(frames, frames.positions(), pd.DataFrame()).empty
    unpriced = volatility_of(frames, frames.positions(("trust", "A", "equity", 50)), pd.DataFrame())
    assert unpriced["volatility_annual"].isna().all()
    assert unpriced["coverage_share"].eq(0).all()


def test_a_class_without_prices_shows_its_declared_proxy_and_says_so(frames: SimpleNamespace) -> None:
    held = frames.positions(
        ("trust", "A", "equity", 60), ("trust", "FUND.X", "private", 30), ("trust", "ASSET.Y", "real", 10)
    )
    targets = (("trust", "equity", 0.7, 0, 1), ("trust", "private", 0.3, 0, 1, "equity"))
    figures = volatility_of(frames, held, frames.levels(frames.noise(100, "A")), targets=targets).loc["trust"]
    assert figures.loc["private", "volatility_annual"] == figures.loc["equity", "volatility_annual"]
    assert figures.loc["private", ["coverage_share", "proxy_asset_class"]].tolist() == [0, "equity"]
    assert figures.loc["private", "reason"] == "Too few daily prices of its own; equity stands for it."
    assert figures.loc["real", "reason"] == "Too few daily prices of its own, and no proxy for its class."
    assert figures.loc["equity", ["proxy_asset_class", "reason"]].isna().all()
    assert figures.loc["total", "coverage_share"] == pytest.approx(0.6)


def test_a_stand_in_is_as_volatile_as_an_appraised_asset_s_own_valuations(frames: SimpleNamespace) -> None:
    held = frames.positions(
        ("trust", "A", "equity", 60), ("trust", "ASSET.Y", "real", 30), ("trust", "ASSET.NEW", "real", 10)
    )
    targets = (("trust", "equity", 0.7, 0, 1), ("trust", "real", 0.3, 0, 1, "equity"))
    levels, values = frames.levels(frames.noise(100, "A")), quarterly(40)
    plain = volatility_of(frames, held, levels, targets=targets).loc["trust"]
    found = volatility_of(frames, held, levels, targets=targets, valued={"Y": values, "NEW": values[:36]}).loc["trust"]
    own = own_volatility(values)
    equity = found.loc["equity", "volatility_annual"]
    assert found.loc["real", "volatility_annual"] == pytest.approx(0.75 * own + 0.25 * equity)
    ratio = found.loc["real"] / found.loc["equity"]
    assert ratio["volatility_ewma_annual"] == pytest.approx(ratio["volatility_annual"])
    assert found.loc["real", "reason"] == (
        "Too few daily prices of its own; equity stands for it, as volatile as de-smoothed valuations "
        "where there are 37."
    )
    pd.testing.assert_frame_equal(found.drop("real"), plain.drop("real"), check_exact=True)


def test_a_proxy_that_an_owner_does_not_hold_is_the_office_s(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 60), ("llc", "FUND.X", "private", 30))
    targets = (("trust", "private", 0.3, 0, 1, "equity"),)
    figures = volatility_of(frames, held, frames.levels(frames.noise(100, "A")), targets=targets)
    office = figures.loc[("office", "equity"), "volatility_annual"]
    assert figures.loc[("llc", "private"), "volatility_annual"] == office
    assert pd.isna(figures.loc[("llc", "total"), "volatility_annual"])


def test_a_debt_moves_like_money_so_that_leverage_shows(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 200), ("trust", "DEBT.M", "liabilities", -100))
    owed = held.assign(holding_kind=["security", "liability"])
    figures = volatility_of(frames, owed, frames.levels(frames.noise(100, "A"))).loc["trust", "volatility_annual"]
    assert figures["total"] == pytest.approx(2 * figures["equity"])
    assert figures["liabilities"] == 0


def test_longs_and_shorts_that_cancel_have_no_return_on_their_net_value(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 60), ("trust", "B", "equity", -59), ("trust", "C", "bond", 50))
    figures = volatility_of(frames, held, frames.levels(frames.noise(100, "A", "B", "C"))).loc["trust"]
    assert pd.isna(figures.loc["equity", "volatility_annual"])
    assert figures.loc["equity", "reason"] == "Its long and short positions cancel."
    assert figures.loc["total", "volatility_annual"] > 0


def test_smoothed_prices_are_less_volatile_than_what_they_lag_behind(frames: SimpleNamespace) -> None:
    returns = frames.noise(250, "A", "B")
    smooth = returns.assign(B=0.5 * returns["A"] + 0.5 * returns["A"].shift(1).fillna(0.0))
    held = frames.positions(("trust", "A", "equity", 50), ("trust", "B", "private", 50))
    figures = volatility_of(frames, held, frames.levels(smooth).round(8)).loc["trust"]
    rho = figures.loc["private", "autocorrelation"]
    assert rho == pytest.approx(0.5, abs=0.15)
    ratio = figures["volatility_desmoothed_annual"] / figures["volatility_annual"]
    assert ratio["private"] == pytest.approx(((1 + rho) / (1 - rho)) ** 0.5, rel=0.1)
    robust = figures["volatility_newey_west_annual"] / figures["volatility_annual"]
    assert robust["private"] > 1.15
    assert robust["equity"] == pytest.approx(1, abs=0.2)
