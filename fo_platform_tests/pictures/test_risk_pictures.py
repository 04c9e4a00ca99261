"""Pictures of correlations, contributions to risk and factor loadings: what is on their axes."""

import pandas as pd
import pytest

from fo_platform.contracts import analytics
from fo_platform.contracts._base import Table, inexact
from fo_platform.pictures._picture import Picture, picture_of, png

DAY = pd.Timestamp("2022-06-14")


def picture(name: str) -> Picture:
    found = picture_of(name)
    assert found is not None
    return found


def rows(table: type[Table], *cells: dict[str, object], **same: object) -> pd.DataFrame:
    return inexact(table.frame([{**same, **cell} for cell in cells])).assign(business_date=DAY)


def test_the_map_has_every_pair_of_the_office_with_its_number_and_a_star_for_stand_ins() -> None:
    pairs = {("bonds", "bonds"): 1.0, ("bonds", "us_equity"): -0.25, ("us_equity", "us_equity"): 1.0}
    cells = [
        {"scope": "office", "item_1": one, "item_2": other, "correlation": value, "is_proxy": one == other != "bonds"}
        for (a, b), value in pairs.items()
        for one, other in {(a, b), (b, a)}
    ]
    unknown = {"scope": "office", "item_1": "cash", "item_2": "cash", "is_proxy": False}
    other = {"scope": "trust", "item_1": "bonds", "item_2": "bonds", "correlation": 1.0, "is_proxy": False}
    table = rows(analytics.Correlations, *cells, unknown, other, item_kind="asset_class")
    axes = picture("correlations").draw(table).axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["bonds", "us equity *"]
    assert [text.get_text() for text in axes.texts] == ["1.00", "-0.25", "-0.25", "1.00"]
    assert axes.images[0].get_clim() == (-1, 1)
    assert "stand-in" in axes.get_title()


def test_contributions_show_weight_beside_risk_and_what_is_covered() -> None:
    table = rows(
        analytics.RiskContributions,
        {"rollup": "class", "asset_class": "bonds", "weight": 0.4, "volatility_contribution_share": 0.1},
        {"rollup": "class", "asset_class": "us_equity", "weight": 0.6, "volatility_contribution_share": 0.9},
        {"rollup": "position", "asset_class": "us_equity", "weight": 0.6, "volatility_contribution_share": 0.9},
        {"rollup": "total", "weight": 1.0, "volatility_contribution_annual": 0.123, "coverage_share": 0.95},
        scope="office",
    )
    axes = picture("risk_contributions").draw(table).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["bonds", "us equity"]
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([40, 60, 10, 90])
    assert "12.3% a year" in axes.get_title()
    assert "95.0% of value covered" in axes.get_title()


def test_loadings_carry_their_errors() -> None:
    table = rows(
        analytics.ExposuresFactor,
        {"method": "returns", "loading": 0.6, "standard_error": 0.05, "r_squared": 0.93},
        {"method": "holdings", "loading": 0.58},
        scope="office",
        factor="MKT",
    )
    axes = picture("exposures_factor").draw(table).axes[0]
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([0.6, 0.58])
    segments = [segment for lines in axes.collections for segment in lines.get_segments()]
    assert segments[0][:, 0].tolist() == pytest.approx([0.5, 0.7])
    assert "93%" in axes.get_title()


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("correlations", analytics.Correlations),
        ("risk_contributions", analytics.RiskContributions),
        ("exposures_factor", analytics.ExposuresFactor),
    ],
)
def test_a_day_without_figures_is_drawn_and_the_same_rows_are_the_same_bytes(name: str, table: type[Table]) -> None:
    empty = inexact(table.frame()).assign(business_date=DAY)
    assert png(picture(name).draw(empty)) == png(picture(name).draw(empty))
