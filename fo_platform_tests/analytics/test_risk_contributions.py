"""What every holding adds to volatility."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.metrics.risk_contributions import risk_contributions, volatility_contributions
from fo_platform.analytics.risk_book import Held
from fo_platform.analytics.valued_volatility import own_volatility
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import FactorCovariances, FactorLoadings, RiskContributions, SpecificRisks
from fo_platform_tests.analytics.test_valued_volatility import quarterly

LOADINGS = {"A": (1.0, 0.0), "B": (0.5, 1.0), "C": (-0.2, 0.3), "CASH.USD": (0.0, 0.0)}
SPECIFIC = {"A": 0.2, "B": 0.1, "C": 0.3, "CASH.USD": 0.0}
COVARIANCE = np.array([[0.04, 0.006], [0.006, 0.09]])
FACTORS = ["MKT", "RATES"]
SHARE, ANNUAL = "volatility_contribution_share", "volatility_contribution_annual"


def model(*, known: list[str], short: tuple[str, ...] = ()) -> dict[str, pd.DataFrame]:
    """The three tables of the factor model for some instruments."""
    told = {name: {"observations": 0 if name in short else 100, "is_proxy": name in short} for name in known}
    loadings = [
        {"instrument_id": name, "factor": factor, "loading": loading, **told[name]}
        for name in known
        for factor, loading in zip(FACTORS, LOADINGS[name], strict=True)
    ]
    pairs = [(i, j) for i in range(2) for j in range(2)] if known else []
    covariances = [
        {"factor_1": FACTORS[i], "factor_2": FACTORS[j], "covariance_annual": COVARIANCE[i, j], "observations": 100}
        for i, j in pairs
    ]
    risks = [{"instrument_id": n, "specific_volatility_annual": SPECIFIC[n], **told[n]} for n in known]
    return {
        "factor_loadings": FactorLoadings.frame(loadings),
        "factor_covariances": FactorCovariances.frame(covariances),
        "specific_risks": SpecificRisks.frame(risks),
    }


def contributions_of(
    frames: SimpleNamespace,
    held: pd.DataFrame,
    *targets: tuple[object, ...],
    valued: dict[str, pd.Series] | None = None,
    **tables: pd.DataFrame,
) -> pd.DataFrame:
    read = Held(
        holdings=inexact(held),
        net_worth=inexact(frames.net_worth(held)),
        instruments=frames.instruments("A", "B", "C", asset_class=["equity", "equity", "bond"]),
        allocation_targets=inexact(frames.targets(*targets)),
        valuations=frames.valuations(**valued or {}),
        **(tables or model(known=list(LOADINGS))),
    )
    return RiskContributions.validate(risk_contributions(read)).set_index(
        ["scope", "rollup", "asset_class", "instrument_id"]
    )


def dense() -> np.ndarray:
    """The whole covariance of A, B and C."""
    loadings = np.array([LOADINGS[name] for name in "ABC"])
    return loadings @ COVARIANCE @ loadings.T + np.diag([SPECIFIC[name] ** 2 for name in "ABC"])


def test_two_independent_risks_add_their_variances() -> None:
    volatility, marginal = volatility_contributions(
        np.array([0.6, 0.4]), np.zeros((2, 1)), np.eye(1), np.array([0.05, 0.10])
    )
    assert volatility == pytest.approx(0.05)
    np.testing.assert_allclose(np.array([0.6, 0.4]) * marginal / volatility, [0.36, 0.64])


def test_contributions_are_those_of_the_whole_covariance(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 50), ("trust", "B", "equity", 30), ("trust", "C", "bond", 20))
    figures = contributions_of(frames, held)
    weights = np.array([0.5, 0.3, 0.2])
    variance = weights @ dense() @ weights
    positions = figures.loc[("trust", "position")].droplevel("asset_class").loc[list("ABC")]
    np.testing.assert_allclose(positions[SHARE], weights * (dense() @ weights) / variance, rtol=1e-12)
    np.testing.assert_allclose(positions["volatility_marginal_annual"], dense() @ weights / variance**0.5, rtol=1e-12)
    total = figures.loc[("trust", "total", "total", "total")]
    assert total[ANNUAL] == pytest.approx(variance**0.5)
    assert total[[SHARE, "coverage_share"]].tolist() == pytest.approx([1, 1])
    assert figures.loc[("trust", "class", "equity", "total"), SHARE] == pytest.approx(positions[SHARE][:2].sum())


def test_a_marginal_risk_is_what_a_little_more_weight_adds() -> None:
    loadings, specific = np.array([LOADINGS[name] for name in "ABC"]), np.array([SPECIFIC[name] for name in "ABC"])
    weights, step = np.array([0.5, 0.3, 0.2]), 1e-6
    base, marginal = volatility_contributions(weights, loadings, COVARIANCE, specific)
    for line in range(3):
        more, _ = volatility_contributions(weights + step * np.eye(3)[line], loadings, COVARIANCE, specific)
        assert (more - base) / step == pytest.approx(marginal[line], rel=1e-4)


def test_what_is_unknown_is_outside_and_what_has_a_proxy_is_its_class(frames: SimpleNamespace) -> None:
    held = frames.positions(
        ("trust", "A", "equity", 50), ("trust", "FUND.X", "private", 30), ("trust", "ASSET.Y", "real", 20)
    )
    figures = contributions_of(frames, held, ("trust", "private", 0.3, 0, 1, "equity")).loc["trust"]
    fund = figures.loc[("position", "private", "FUND.X")]
    assert fund[["risk_basis", "proxy_asset_class", "coverage_share"]].tolist() == ["class_proxy", "equity", 1]
    asset = figures.loc[("position", "real", "ASSET.Y")]
    assert asset[["risk_basis", "coverage_share"]].tolist() == ["unknown", 0]
    assert pd.isna(asset[SHARE])
    assert asset["reason"] == "No risk is known of it, and no proxy declared for its class."
    assert figures.loc[("class", "real", "total"), "coverage_share"] == 0
    assert figures.loc[("total", "total", "total"), "coverage_share"] == pytest.approx(0.8)
    assert figures.loc["position", SHARE].sum() == pytest.approx(1)
    median, high = np.array([0.75, 0.5]), 0.175
    fund_alone = 0.3 * (0.75 * (COVARIANCE @ (0.5 * np.array(LOADINGS["A"]) + 0.3 * median))[0])
    fund_alone += 0.3 * 0.5 * (COVARIANCE @ (0.5 * np.array(LOADINGS["A"]) + 0.3 * median))[1] + (0.3 * high) ** 2
    variance = (figures.loc[("total", "total", "total"), ANNUAL]) ** 2
    assert fund[SHARE] == pytest.approx(fund_alone / variance)


def test_an_appraised_asset_is_as_volatile_as_its_valuations_and_moves_like_its_class(frames: SimpleNamespace) -> None:
    values, target = quarterly(40), ("trust", "real", 1, 0, 1, "equity")
    alone = contributions_of(frames, frames.positions(("trust", "ASSET.Y", "real", 20)), target, valued={"Y": values})
    row = alone.loc[("trust", "position", "real", "ASSET.Y")]
    assert row[ANNUAL] == pytest.approx(own_volatility(values))
    assert row[["risk_basis", "proxy_asset_class"]].tolist() == ["desmoothed", "equity"]
    held = frames.positions(("trust", "ASSET.Y", "real", 1), ("trust", "A", "equity", 10**7))
    marginal = [
        contributions_of(frames, held, target, valued=valued).loc[("trust", "position", "real", "ASSET.Y")]
        for valued in ({"Y": values}, {"Y": values[:36]})
    ]
    proxy = (np.array([0.75, 0.5]) @ COVARIANCE @ np.array([0.75, 0.5]) + 0.175**2) ** 0.5
    change = "volatility_marginal_annual"
    assert marginal[0][change] / marginal[1][change] == pytest.approx(own_volatility(values) / proxy, rel=1e-4)
    assert marginal[1]["risk_basis"] == "class_proxy"


def test_a_debt_is_money_and_a_short_history_says_so(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 150), ("trust", "DEBT.M", "liabilities", -50))
    owed = held.assign(holding_kind=["security", "liability"])
    figures = contributions_of(frames, owed, **model(known=list(LOADINGS), short=("A",))).loc["trust"]
    assert figures.loc[("position", "liabilities", "DEBT.M"), ["risk_basis", SHARE]].tolist() == ["money", 0]
    assert figures.loc[("position", "equity", "A"), "risk_basis"] == "short_history"
    expected = 1.5 * (0.04 + 0.2**2) ** 0.5
    assert figures.loc[("total", "total", "total"), ANNUAL] == pytest.approx(expected)


def test_money_alone_has_no_volatility_to_share(frames: SimpleNamespace) -> None:
    figures = contributions_of(frames, frames.positions(("trust", "CASH.USD", "cash", 50)))
    assert figures[SHARE].isna().all()
    assert figures["reason"].eq("Nothing that is covered ever moves.").all()


def test_more_debts_than_assets_are_no_base_for_a_weight(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 50), ("trust", "DEBT.M", "liabilities", -60))
    owed = held.assign(holding_kind=["security", "liability"])
    figures = contributions_of(frames, owed)
    assert figures[ANNUAL].isna().all()
    assert figures["reason"].eq("Net asset value is not positive.").all()


def test_without_a_model_nothing_is_covered_and_without_holdings_there_is_nothing(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 50))
    figures = contributions_of(frames, held, **model(known=[]))
    assert figures["coverage_share"].eq(0).all()
    assert figures[SHARE].isna().all()
    assert contributions_of(frames, frames.positions()).empty


@settings(max_examples=10)
@given(values=st.tuples(*[st.integers(-(10**6), 10**6).filter(bool)] * 3), part=st.integers(1, 99))
def test_shares_sum_to_one_scale_with_nothing_and_ignore_how_lines_are_split(
    frames: SimpleNamespace, values: tuple[int, ...], part: int
) -> None:
    rows = [("trust", name, kind, value) for name, kind, value in zip("ABC", ("e", "e", "b"), values, strict=True)]
    rows.append(("trust", "CASH.USD", "cash", 4 * 10**6))
    whole = contributions_of(frames, frames.positions(*rows))
    positions = whole.loc[("trust", "position")]
    assert positions[SHARE].sum() == pytest.approx(1)
    assert positions[ANNUAL].sum() == pytest.approx(whole.loc[("trust", "total", "total", "total"), ANNUAL])
    classes = whole.loc[("trust", "class"), SHARE]
    assert classes.sum() == pytest.approx(1)
    first = (*rows[0][:3], values[0] * part / 100)
    rest = (*rows[0][:3], values[0] * (100 - part) / 100)
    split = contributions_of(frames, frames.positions(*rows[1:][::-1], rest, first))
    pd.testing.assert_frame_equal(whole, split, rtol=1e-9)
    doubled = contributions_of(frames, frames.positions(*((*row[:3], 2 * row[3]) for row in rows)))
    pd.testing.assert_frame_equal(
        whole.drop(columns="market_value_base"), doubled.drop(columns="market_value_base"), rtol=1e-9
    )
