"""Karnosky and Singer's grids: by hand, with hedges, and against another library."""

import math

import numpy as np
import pandas as pd
import perfattr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.currency_attribution import Grid, grid_effects, log_cash_return, log_premium


def column(*values: float) -> np.ndarray:
    """One day and portfolio."""
    return np.array(values)[None, :, None]


def test_a_premium_is_what_an_asset_earns_over_its_own_cash() -> None:
    assert log_premium(np.array([0.12]), np.array([0.01])) == pytest.approx([math.log(1.12 / 1.01)])
    assert log_premium(np.array([0.01]), np.array([0.01])) == 0


rates = st.floats(-0.5, 0.5)


@given(local=rates, cash=rates, fx=rates)
def test_a_premium_and_its_cash_in_base_currency_add_up_to_what_the_asset_earned(
    local: float, cash: float, fx: float
) -> None:
    parts = log_premium(np.array([local]), np.array([cash])) + log_cash_return(np.array([fx]), np.array([cash]))
    assert parts == pytest.approx([math.log((1 + local) * (1 + fx))], abs=1e-14)


def test_a_hedge_back_to_the_benchmark_s_currencies_leaves_no_currency_effect() -> None:
    earned = column(math.log(0.9), 0.0)
    unhedged = grid_effects(Grid(column(0.7, 0.3), earned), Grid(column(0.2, 0.8), earned))
    assert unhedged.allocation.sum() == pytest.approx(0.5 * math.log(0.9))
    hedged = grid_effects(Grid(column(0.7 - 0.5, 0.3 + 0.5), earned), Grid(column(0.2, 0.8), earned))
    assert hedged.allocation.sum() == pytest.approx(0.0, abs=1e-16)
    assert (hedged.selection == 0).all()


@settings(max_examples=5)
@given(st.integers(0, 50))
def test_another_library_finds_the_same_four_effects(seed: int) -> None:
    numbers = np.random.default_rng(seed)
    weights = [each + (1 - each.sum()) / 3 for each in numbers.normal(0.3, 0.5, (4, 3))]
    assets, cash = numbers.normal(0.0, 0.05, (2, 3)), numbers.normal(0.0, 0.01, 3)
    moves = numbers.normal(0.0, 0.03, (2, 3))
    pairs = list(zip(weights[:2], assets, strict=True))
    markets_given = [_rows("market", w, local_asset_return=r, local_cash_return=cash) for w, r in pairs]
    exposures = zip(weights[2:], moves, strict=True)
    currencies_given = [_rows("currency", w, base_currency_cash_return=r) for w, r in exposures]
    theirs = perfattr.calculate_currency_attribution(*markets_given, *currencies_given, base_currency="USD")
    markets = [Grid(column(*w), column(*log_premium(r, cash))) for w, r in pairs]
    currencies = [Grid(column(*w), column(*np.log1p(r))) for w, r in zip(weights[2:], moves, strict=True)]
    expected = {
        "market_allocation": (theirs.market_detail, grid_effects(*markets).allocation),
        "security_selection": (theirs.market_detail, grid_effects(*markets).selection),
        "currency_allocation": (theirs.currency_detail, grid_effects(*currencies).allocation),
        "hedge_selection": (theirs.currency_detail, grid_effects(*currencies).selection),
    }
    for name, (detail, ours) in expected.items():
        np.testing.assert_allclose(ours.ravel(), detail[f"{name}_log_effect"], rtol=0, atol=1e-15)


def _rows(kind: str, weights: np.ndarray, **returns: np.ndarray) -> pd.DataFrame:
    """One month in that library's columns."""
    names = {f"{kind}_identifier": [f"S{number}" for number in range(len(weights))], f"{kind}_weight": weights}
    dates = {"from_date": pd.Timestamp("2022-01-01"), "thru_date": pd.Timestamp("2022-01-31")}
    return pd.DataFrame({**names, **returns}).assign(**dates)[[*dates, *names, *returns]]
