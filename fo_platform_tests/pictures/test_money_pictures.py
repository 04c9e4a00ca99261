"""Pictures of drift, liquidity and cash: what stands on the axes is what stands in the tables."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import AllocationDrift, CashForecast, LiquidityProfile
from fo_platform.pictures._picture import picture_of, png

DAYS = pd.bdate_range("2022-06-13", periods=3)


def drawn(table: str, frame: pd.DataFrame) -> Figure:
    picture = picture_of(table)
    assert picture is not None
    figure = picture.draw(frame)
    assert png(figure) == png(picture.draw(frame))
    assert figure.axes[0].get_title()
    return figure


def drifts(scope: str, *values: float) -> pd.DataFrame:
    same = {"scope": scope, "drift_limit": 0.02, "is_breach": False, "is_hard_breach": False}
    rows = [
        AllocationDrift.frame(
            [
                same | {"asset_class": "us_equity", "drift_tradeable": value},
                same | {"asset_class": "cash", "drift_tradeable": -value},
                same | {"asset_class": "private_equity", "drift_tradeable": 0.0},
            ]
        ).assign(business_date=day)
        for day, value in zip(DAYS, values, strict=True)
    ]
    return inexact(pd.concat(rows, ignore_index=True))


def test_drift_is_a_line_a_class_of_the_office_within_its_band() -> None:
    frame = pd.concat([drifts("office", 0.01, 0.02, 0.03), drifts("trust", 0.5, 0.5, 0.5)], ignore_index=True)
    axes = drawn("allocation_drift", frame).axes[0]
    lines = {line.get_label(): list(line.get_ydata()) for line in axes.get_lines()}
    assert lines["us equity"] == [0.01, 0.02, 0.03]
    assert lines["cash"] == [-0.01, -0.02, -0.03]
    assert "private equity" not in lines
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == (-0.02, 0.02)
    assert picture_of("allocation_drift").sessions == 60


def test_liquidity_is_a_ladder_that_reaches_all_of_nav() -> None:
    shares = {"1d": 0.1, "1w": 0.6, "1m": 0.0, "beyond": 0.25, "never": 0.05}
    rows = [
        {"scope": scope, "horizon": h, "weight_cash": w} for scope in ("office", "trust") for h, w in shares.items()
    ]
    axes = drawn("liquidity_profile", inexact(LiquidityProfile.frame(rows)).assign(business_date=DAYS[0])).axes[0]
    ends = [bar.get_x() + bar.get_width() for bar in axes.patches]
    assert sorted(ends)[-2:] == pytest.approx([1.0, 1.0])
    assert [text.get_text() for text in axes.texts].count("60%") == 2
    assert [label.get_text() for label in axes.get_legend().get_texts()][0] == "today"


def test_cash_is_a_fan_around_what_is_expected_above_its_floor() -> None:
    rows = [
        {
            "scope": scope, "month_ahead": month, "flow": flow, "month_end_date": day, "cash_base": 4e6,
            "cash_p05_base": 1e6, "cash_p25_base": 3e6, "cash_p50_base": 4e6, "cash_p75_base": 5e6,
            "cash_p95_base": 7e6, "cash_floor_base": 2e6,
        }
        for month, day in enumerate(DAYS, 1)
        for flow in ("closing", "tax")
        for scope in ("office", "trust")
    ]  # fmt: skip
    axes = drawn("cash_forecast", inexact(CashForecast.frame(rows)).assign(business_date=DAYS[0])).axes[0]
    lines = {line.get_label(): list(line.get_ydata()) for line in axes.get_lines()}
    assert lines == {"expected": [4.0] * 3, "floor": [2.0] * 3}
    outer = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert (outer.min(), outer.max()) == (1.0, 7.0)


@pytest.mark.parametrize(
    ("table", "contract"),
    [
        ("allocation_drift", AllocationDrift),
        ("liquidity_profile", LiquidityProfile),
        ("cash_forecast", CashForecast),
    ],
)
def test_a_day_without_the_office_is_drawn_empty(table: str, contract: type) -> None:
    drawn(table, inexact(contract.frame()).assign(business_date=DAYS[:0]))
