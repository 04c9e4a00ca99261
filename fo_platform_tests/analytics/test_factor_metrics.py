"""The three tables of the factor model agree with one another and with the model behind them."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from fo_platform.analytics.covariance import ledoit_wolf
from fo_platform.analytics.metrics.factor_covariances import factor_covariances
from fo_platform.analytics.metrics.factor_loadings import factor_loadings
from fo_platform.analytics.metrics.specific_risks import specific_risks
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import FactorCovariances, FactorLoadings, SpecificRisks
from fo_platform.errors import DataError


@pytest.fixture
def tables(frames: SimpleNamespace, day: pd.Timestamp) -> dict[str, object]:
    """A dollar share with beta 1.5, a franc share that only follows its currency, one without prices."""
    factors = frames.noise(80, "MKT", "CHF")
    levels = pd.DataFrame({"US": frames.levels(factors * 1.5)["MKT"], "CH": 100.0})
    return {
        "instruments": frames.instruments("US", "CH", "NEW", asset_class=["us_equity", "intl_equity", "us_equity"]),
        "net_worth": inexact(frames.net_worth(frames.positions(("trust", "US", "us_equity", 1)))),
        "prices": frames.prices(levels, CH="CHF"),
        "fx_rates": frames.fx_rates(frames.levels(factors[["CHF"]], 1.0)),
        "factor_returns": frames.factor_returns(factors),
        "day": day,
    }


def test_loadings_are_those_of_base_currency_returns(tables: dict[str, object]) -> None:
    loadings = FactorLoadings.validate(factor_loadings(**tables)).set_index(["instrument_id", "factor"])
    assert loadings["loading"].unstack().round(3).to_dict("index") == {
        "CASH.CHF": {"CHF": 1.0, "MKT": 0.0},
        "CASH.USD": {"CHF": 0.0, "MKT": 0.0},
        "CH": {"CHF": 1.0, "MKT": 0.0},
        "NEW": {"CHF": 0.0, "MKT": 1.5},
        "US": {"CHF": 0.0, "MKT": 1.5},
    }
    assert loadings.xs("MKT", level="factor")["observations"].to_dict() == {
        "CASH.CHF": 80, "CASH.USD": 80, "CH": 80, "NEW": 0, "US": 80,
    }  # fmt: skip


def test_specific_risks_name_the_same_instruments_as_loadings(tables: dict[str, object]) -> None:
    risks = SpecificRisks.validate(specific_risks(**tables)).set_index("instrument_id")
    assert set(risks.index) == set(factor_loadings(**tables)["instrument_id"])
    assert risks["is_proxy"].to_dict() == {name: name == "NEW" for name in risks.index}
    assert (risks["specific_volatility_annual"] < 1e-4).all()


def test_covariances_are_the_annual_shrunk_ones_of_complete_dates(frames: SimpleNamespace, day: pd.Timestamp) -> None:
    factors = frames.noise(60, "MKT", "CHF", "EUR")
    factors.iloc[5, 1] = np.nan
    long = FactorCovariances.validate(factor_covariances(frames.factor_returns(factors), day))
    square = long.pivot(index="factor_1", columns="factor_2", values="covariance_annual")
    expected, _ = ledoit_wolf(factors.dropna()[["CHF", "EUR", "MKT"]].to_numpy())
    np.testing.assert_allclose(square, expected * 252, rtol=1e-12)
    assert long["observations"].eq(59).all()


@pytest.mark.parametrize(("observations", "rows"), [(0, 0), (35, 0), (36, 4)])
def test_too_few_dates_state_no_covariance(
    frames: SimpleNamespace, day: pd.Timestamp, observations: int, rows: int
) -> None:
    factors = frames.factor_returns(frames.noise(observations, "MKT", "CHF"))
    assert len(FactorCovariances.validate(factor_covariances(factors, day))) == rows


def test_entities_that_report_in_different_currencies_are_refused(tables: dict[str, object]) -> None:
    two = pd.concat([tables["net_worth"], tables["net_worth"].assign(base_currency="EUR")])
    with pytest.raises(DataError, match=r"2 base currencies \(USD, EUR\)"):
        factor_loadings(**tables | {"net_worth": two})
