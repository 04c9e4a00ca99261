"""Pictures of exposures: what is on their axes."""

import pandas as pd
import pytest

from fo_platform.pictures import exposures_class, exposures_geography, look_through
from fo_platform.pictures._picture import Picture

DAY = pd.Timestamp("2022-06-14")


def leaf(issuer: str, weight: float, depth: int = 0, scope: str = "office") -> dict[str, object]:
    return {
        "scope": scope, "leaf_id": issuer, "leaf_name": f"{issuer} INC", "issuer_id": issuer, "depth": depth,
        "weight": weight, "business_date": DAY,
    }  # fmt: skip


def place(country: str, basis: str, weight: float) -> dict[str, object]:
    return {"scope": "office", "country_name": country, "country_basis": basis, "weight": weight, "business_date": DAY}


def test_issuers_stand_in_two_parts_the_largest_on_top() -> None:
    rows = [leaf("X", 0.3), leaf("X", 0.1, 2), leaf("Y", 0.5, 1), leaf("CASH.USD", 0.9), leaf("Z", 0.9, scope="llc")]
    [axes] = look_through.draw(pd.DataFrame(rows)).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["X INC", "Y INC"]
    assert [bar.get_width() for bar in axes.patches] == [0.3, 0, pytest.approx(0.1), 0.5]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["held directly", "through funds"]


def test_countries_have_a_bar_by_domicile_and_one_by_risk() -> None:
    rows = [
        place("Ireland", "domicile", 0.2),
        place("United States", "domicile", 0.8),
        place("United States", "risk", 1),
    ]
    [axes] = exposures_geography.draw(pd.DataFrame(rows)).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Ireland", "United States"]
    assert [bar.get_width() for bar in axes.patches] == [0.2, 0.8, 0, 1]


def test_small_countries_are_drawn_as_one() -> None:
    rows = [place(f"C{number}", "risk", 1 / 20) for number in range(20)]
    [axes] = exposures_geography.draw(pd.DataFrame(rows)).axes
    assert {"all others"} < {label.get_text() for label in axes.get_yticklabels()}
    assert sum(bar.get_width() for bar in axes.patches) == pytest.approx(1)


def test_every_class_is_a_line_over_the_sessions() -> None:
    rows = [
        {"scope": "office", "asset_class": name, "weight": weight, "business_date": DAY + pd.Timedelta(days=day)}
        for day, weights in enumerate(({"cash": 0.4, "bonds": 0.6}, {"cash": 0.3, "bonds": 0.8, "liabilities": -0.1}))
        for name, weight in weights.items()
    ]
    [axes] = exposures_class.draw(pd.DataFrame(rows)).axes
    lines = {line.get_label(): list(line.get_ydata()) for line in axes.lines[:-1]}
    assert lines == {"bonds": [0.6, 0.8], "cash": [0.4, 0.3], "liabilities": [0, -0.1]}


@pytest.mark.parametrize("picture", [exposures_class.PICTURE, exposures_geography.PICTURE, look_through.PICTURE])
def test_an_empty_table_gives_an_empty_picture(picture: Picture) -> None:
    text = ["scope", "asset_class", "country_name", "country_basis", "leaf_id", "leaf_name", "issuer_id"]
    kinds = dict.fromkeys(text, "string[pyarrow]") | {"weight": "float64", "depth": "Int64"}
    frame = pd.DataFrame({**{name: pd.Series(dtype=kind) for name, kind in kinds.items()}}).assign(business_date=DAY)
    assert picture.draw(frame).axes
