"""Appraised assets with many valuations, which the demo's have not, by both computations."""

from types import SimpleNamespace

import pandas as pd
import pytest

from fo_platform.analytics.metrics.risk_contributions import risk_contributions
from fo_platform.analytics.metrics.volatility import volatility
from fo_platform.contracts._base import inexact
from fo_platform.lineage.recipe import call
from fo_platform_tests.analytics.second import risk_contributions as contributions_again
from fo_platform_tests.analytics.second import volatility as volatility_again
from fo_platform_tests.analytics.test_simulated_loss import market_of, of
from fo_platform_tests.analytics.test_valued_volatility import quarterly

SCHEMAS = {
    "policy": ("allocation_targets",),
    "reference": ("instruments", "prices", "fx_rates"),
    "book": ("holdings", "net_worth", "valuations"),
    "analytics": ("factor_loadings", "factor_covariances", "specific_risks"),
}


@pytest.fixture(scope="module")
def tables(frames: SimpleNamespace) -> dict[str, object]:
    """An owner of a share and of three properties, one of which is new, and a class for them that is declared."""
    held = frames.positions(
        ("trust", "A", "us_equity", 60), ("trust", "ASSET.OLD", "real_assets", 30),
        ("trust", "ASSET.CALM", "real_assets", 20), ("trust", "ASSET.NEW", "real_assets", 10),
    )  # fmt: skip
    targets = frames.targets(("trust", "us_equity", 0.5, 0, 1), ("trust", "real_assets", 0.5, 0, 1, "us_equity"))
    calm = 1e6 + quarterly(50, seed=2) / 10
    known = {"OLD": quarterly(45), "CALM": calm, "NEW": quarterly(12)}
    read = of(frames, held, market_of(frames))
    return read | {"allocation_targets": inexact(targets), "valuations": frames.valuations(**known)}


def reader(tables: dict[str, object]) -> object:
    """How second computations read tables, of whatever day."""
    named = {f"{schema}.{name}": tables[name] for schema, names in SCHEMAS.items() for name in names}
    named["book.net_worth"] = named["book.net_worth"].assign(business_date=tables["day"])
    return lambda name, sessions=1, back=0: named[name]


def test_contributions_of_desmoothed_assets_are_those_of_the_second_computation(tables: dict[str, object]) -> None:
    key = ["scope", "rollup", "asset_class", "instrument_id"]
    ours = call(risk_contributions, tables).set_index(key).sort_index()
    theirs = contributions_again.second(reader(tables)).set_index(key).sort_index()
    basis = theirs.loc[("trust", "position", "real_assets"), "risk_basis"]
    assert basis.to_dict() == {"ASSET.CALM": "desmoothed", "ASSET.NEW": "class_proxy", "ASSET.OLD": "desmoothed"}
    same = [name for name in theirs if theirs[name].dtype == "float64"]
    pd.testing.assert_frame_equal(inexact(ours)[same], theirs[same], check_dtype=False, check_index_type=False)
    assert ours["risk_basis"].dropna().tolist() == theirs["risk_basis"].dropna().tolist()


def test_volatilities_of_sized_classes_are_those_of_the_second_computation(tables: dict[str, object]) -> None:
    key = ["scope", "asset_class"]
    ours = call(volatility, tables).set_index(key).sort_index()
    theirs = volatility_again.second(reader(tables)).set_index(key).sort_index()
    same = [name for name in theirs if theirs[name].dtype == "float64"]
    pd.testing.assert_frame_equal(inexact(ours)[same], theirs[same], check_dtype=False, check_index_type=False)
    figures = ours["volatility_annual"].loc["trust"]
    assert 0 < figures["real_assets"] < 2 * figures["us_equity"]
    assert figures["real_assets"] != pytest.approx(figures["us_equity"], rel=0.05)
