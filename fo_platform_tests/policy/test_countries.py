"""Countries as declared: every one of ISO 3166 has a region, a name and a level; a fault names its line."""

from pathlib import Path

import pandas as pd
import pycountry
import pytest

from fo_platform.contracts.reference import Countries
from fo_platform.errors import PolicyError
from fo_platform.policy.world import load_countries

ROOT = Path(__file__).parents[2]

DECLARED = """
regions:
  Europe: [{europe}]
  Africa: [{africa}]
levels:
  - {{valid_from: 2000-01-01, level: emerging, countries: [{named}]}}
"""


def declared(folder: Path, europe: str = "HR", africa: str = "ZA", named: str = "HR, ZA") -> pd.DataFrame:
    text = DECLARED.format(europe=europe, africa=africa, named=named)
    (folder / "countries.yaml").write_text(text, encoding="utf-8")
    return load_countries(folder)


def test_every_country_of_iso_3166_has_one_region_and_a_level_from_one_day_on() -> None:
    countries = Countries.validate(load_countries(ROOT / "resources/reference"))
    assert set(countries["country"]) == {country.alpha_2 for country in pycountry.countries}
    assert countries.groupby("country")["region"].nunique().eq(1).all()
    assert countries.groupby("country")["valid_from"].min().nunique() == 1
    changes = countries[countries["country"] == "HR"]["development_level"].tolist()
    assert changes == ["emerging", "developed"]


def test_a_country_s_name_is_that_of_the_standard(tmp_path: Path) -> None:
    assert declared(tmp_path)[["country", "country_name"]].values.tolist() == [
        ["HR", "Croatia"],
        ["ZA", "South Africa"],
    ]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"europe": "HR, ZA"}, "ZA must lie in exactly one region"),
        ({"named": "HR, US"}, "US must lie in exactly one region"),
        ({"europe": "QQ", "named": "QQ"}, "QQ is no country of ISO 3166"),
    ],
)
def test_a_country_that_is_declared_wrongly_is_refused_by_name(
    tmp_path: Path, files: dict[str, str], sentence: str
) -> None:
    with pytest.raises(PolicyError, match=sentence):
        declared(tmp_path, **files)
