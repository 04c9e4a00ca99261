"""Correlations of the classes and the largest risks of today's holdings."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.correlation import correlate
from fo_platform.analytics.metrics.correlations import correlations
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import Correlations

DAY = pd.Timestamp("2022-06-14")
ITEMS = ["scope", "item_kind", "item_1", "item_2"]


def correlations_of(
    frames: SimpleNamespace, held: pd.DataFrame, levels: pd.DataFrame, *targets: tuple[object, ...]
) -> pd.DataFrame:
    figures = correlations(
        holdings=inexact(held),
        net_worth=inexact(frames.net_worth(held)),
        allocation_targets=inexact(frames.targets(*targets)),
        prices=frames.prices(levels),
        fx_rates=frames.fx_rates(pd.DataFrame()),
        day=DAY,
    )
    return Correlations.validate(figures).set_index(ITEMS)


def test_classes_are_their_weighted_instruments(frames: SimpleNamespace) -> None:
    returns = frames.noise(120, "A", "B", "C")
    held = frames.positions(("trust", "A", "equity", 50), ("trust", "B", "equity", 30), ("trust", "C", "bond", 20))
    figures = correlations_of(frames, held, frames.levels(returns))
    series = pd.DataFrame({"equity": 0.625 * returns["A"] + 0.375 * returns["B"], "bond": returns["C"]})
    expected = correlate(series).set_index(["item_1", "item_2"])
    got = figures.loc[("trust", "asset_class")]
    for column in ("correlation", "correlation_same_day", "correlation_ewma"):
        assert got.loc[("equity", "bond"), column] == pytest.approx(expected.loc[("equity", "bond"), column], abs=1e-9)
        assert got.loc[("bond", "bond"), column] == 1


def test_the_office_s_largest_risks_are_correlated_one_by_one(frames: SimpleNamespace) -> None:
    names = [f"S{n:02}" for n in range(12)]
    held = frames.positions(
        *(("trust", name, "equity", 100 + n) for n, name in enumerate(names)), ("trust", "CASH.USD", "cash", 10_000)
    )
    returns = frames.noise(60, *names)
    figures = correlations_of(frames, held, frames.levels(returns))
    risks = {name: (100 + n) * returns[name].std() for n, name in enumerate(names)}
    largest = sorted(sorted(risks, key=lambda name: -risks[name])[:10])
    instruments = figures.loc[("office", "instrument")]
    assert instruments.index.unique("item_1").tolist() == largest
    assert len(instruments) == 100
    assert ("trust", "instrument") not in figures.index.droplevel(["item_1", "item_2"])


def test_a_class_without_prices_is_its_proxy_and_flagged(frames: SimpleNamespace) -> None:
    held = frames.positions(
        ("trust", "A", "equity", 60), ("trust", "B", "bond", 60), ("trust", "FUND.X", "private", 30)
    )
    levels = frames.levels(frames.noise(100, "A", "B"))
    figures = correlations_of(frames, held, levels, ("trust", "private", 0.3, 0, 1, "equity"))
    classes = figures.loc[("trust", "asset_class")]
    assert classes.loc[("private", "equity"), "correlation"] == pytest.approx(1)
    assert classes["is_proxy"].groupby("item_1").all().to_dict() == {"bond": False, "equity": False, "private": True}
    without = correlations_of(frames, held, levels).loc[("trust", "asset_class")]
    assert pd.isna(without.loc[("private", "equity"), "correlation"])
    assert without.loc[("private", "equity"), "reason"] == "0 common returns, 36 are needed."
    assert without.loc[("bond", "equity"), "correlation"] == classes.loc[("bond", "equity"), "correlation"]


@settings(max_examples=5)
@given(part=st.integers(1, 4999), seed=st.integers(0, 10))
def test_splitting_or_permuting_holdings_changes_no_correlation(frames: SimpleNamespace, part: int, seed: int) -> None:
    levels = frames.levels(frames.noise(60, "A", "B", seed=seed))
    a, b = ("trust", "A", "equity"), ("trust", "B", "bond")
    whole = correlations_of(frames, frames.positions((*a, 50), (*b, 30)), levels)
    lines = frames.positions((*b, 30), (*a, part / 100), (*a, (5000 - part) / 100))
    pd.testing.assert_frame_equal(whole, correlations_of(frames, lines, levels[::-1]), rtol=1e-9, atol=1e-12)


def test_an_office_without_holdings_or_prices_has_no_correlations(frames: SimpleNamespace) -> None:
    assert correlations_of(frames, frames.positions(), pd.DataFrame()).empty
    unpriced = correlations_of(frames, frames.positions(("trust", "A", "equity", 50)), pd.DataFrame())
    assert unpriced["correlation"].isna().all()
    assert np.all(unpriced["observations"] == 0)
