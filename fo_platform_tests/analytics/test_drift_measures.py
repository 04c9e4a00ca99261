"""One figure for a drift: by hand, against a covariance of instruments, and where nothing can be said."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.drift import distances
from fo_platform.analytics.metrics.allocation_drift import allocation_drift
from fo_platform.analytics.metrics.drift_measures import drift_measures
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import DriftMeasures, FactorCovariances, FactorLoadings, SpecificRisks

LOADINGS = {"A": (1.0, 0.0), "B": (1.5, 0.2), "C": (0.1, 1.0)}
FACTORS = np.array([[0.04, 0.01], [0.01, 0.09]])
SPECIFIC = {"A": 0.1, "B": 0.3, "C": 0.05}
TARGETS = (
    ("trust", "equity", 0.6, 0, 1), ("trust", "bond", 0.4, 0, 1), ("trust", "private", 0.0, 0, 1, "equity"),
)  # fmt: skip


def measures_of(
    frames: SimpleNamespace, held: pd.DataFrame, targets: tuple[tuple[object, ...], ...] = TARGETS, reserve: int = 0
) -> pd.DataFrame:
    limits = frames.limits(("office", "reserve", reserve), ("office", "drift_limit", "0.02"))
    drift = allocation_drift(held, frames.net_worth(held), frames.targets(*targets), limits)
    square = [{"factor_1": a, "factor_2": b, "covariance_annual": FACTORS[i, j], "observations": 100}
              for i, a in enumerate("XY") for j, b in enumerate("XY")]  # fmt: skip
    measures = drift_measures(
        allocation_drift=inexact(drift),
        allocation_targets=frames.targets(*targets),
        holdings=inexact(held),
        factor_loadings=FactorLoadings.frame(
            {"instrument_id": name, "factor": factor, "loading": value, "observations": 100, "is_proxy": False}
            for name, values in LOADINGS.items()
            for factor, value in zip("XY", values, strict=True)
        ),
        specific_risks=SpecificRisks.frame(
            {"instrument_id": name, "specific_volatility_annual": value, "observations": 100, "is_proxy": False}
            for name, value in SPECIFIC.items()
        ),
        factor_covariances=FactorCovariances.frame(square),
    )
    return inexact(DriftMeasures.validate(measures)).set_index(["scope", "measure"])


def test_distances_by_hand() -> None:
    drift, target = pd.Series({"a": 0.03, "b": -0.04, "c": 0.01}), pd.Series({"a": 0.5, "b": 0.5, "c": 0.0})
    assert distances(drift, target) == pytest.approx(
        {
            "drift_max": 0.04,
            "turnover_one_way": 0.04,
            "drift_l2": 0.0026**0.5,
            "drift_relative_max": 0.08,
            "off_zero_targets": 1,
        }
    )


def test_an_unknown_drift_leaves_no_distance() -> None:
    unknown = distances(pd.Series({"a": np.nan, "b": 0.1}), pd.Series({"a": 0.5, "b": 0.5}))
    assert np.isnan(list(unknown.values())).all()
    assert np.isnan(distances(pd.Series(dtype="float64"), pd.Series(dtype="float64"))["drift_max"])


def test_tracking_error_is_that_of_the_instruments_behind_the_classes(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 30), ("trust", "B", "equity", 40), ("trust", "C", "bond", 30))
    measures = measures_of(frames, held).loc["trust", "value"]
    # Equity drifts by a tenth in A and B as they are held, 3 to 4, out of C.
    active = np.array([0.1 * 3 / 7, 0.1 * 4 / 7, -0.1])
    loadings = np.array(list(LOADINGS.values()))
    covariance = loadings @ FACTORS @ loadings.T + np.diag(np.array(list(SPECIFIC.values())) ** 2)
    assert measures["tracking_error_total"] == pytest.approx(np.sqrt(active @ covariance @ active), abs=1e-8)
    assert measures["tracking_error_coverage_total"] == 1
    assert measures["drift_relative_max_total"] == pytest.approx(0.25)


def test_a_class_without_prices_moves_with_its_proxy_and_the_coverage_says_so(frames: SimpleNamespace) -> None:
    listed = frames.positions(("trust", "A", "equity", 60), ("trust", "C", "bond", 20))
    fund = frames.positions(("trust", "FUND.F", "private", 20), holding_kind="private_fund")
    measures = measures_of(frames, pd.concat([listed, fund], ignore_index=True)).loc["trust", "value"]
    swapped = frames.positions(("trust", "A", "equity", 60), ("trust", "C", "bond", 20), ("trust", "A", "private", 20))
    same = measures_of(frames, swapped).loc["trust", "value"]
    # Specific risk of what stands in is independent of the proxy's own.
    assert measures["tracking_error_total"] == pytest.approx(same["tracking_error_total"], abs=1e-8)
    assert measures["tracking_error_coverage_total"] == pytest.approx(0.5)
    assert measures["off_zero_targets_total"] == 1


def test_a_class_that_nothing_is_known_of_leaves_no_tracking_error_and_a_reason(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 60), ("trust", "UNKNOWN", "bond", 40), ("trust", "C", "odd", 5))
    measures = measures_of(frames, held).loc["trust"]
    assert pd.isna(measures.loc["tracking_error_total", "value"])
    assert measures.loc["tracking_error_total", "reason"].startswith("No risk is known")
    assert measures.loc["drift_max_total", "value"] > 0


def test_a_sleeve_without_value_has_no_tradeable_distance_and_a_reason(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 60), ("trust", "C", "bond", 40))
    measures = measures_of(frames, held, reserve=100).loc["trust"]
    assert measures.loc["drift_max_total", "value"] == 0
    unknown = measures[measures.index.str.endswith("_tradeable")]
    assert unknown["value"].isna().all()
    assert unknown["reason"].eq("Drift is unknown: the sleeve has no value.").all()


def test_an_office_on_its_targets_has_no_distance(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 60), ("trust", "C", "bond", 40))
    measures = measures_of(frames, held).loc["trust"]
    known = measures.drop(index=["tracking_error_coverage_total", "tracking_error_coverage_tradeable"])
    assert known["value"].eq(0).all()
    assert measures.loc["tracking_error_coverage_total", "reason"] == "No class is off its target."


def test_an_office_without_holdings_has_no_measures(frames: SimpleNamespace) -> None:
    assert measures_of(frames, frames.positions()).empty


@settings(max_examples=15)
@given(a=st.integers(1, 900), b=st.integers(1, 900), c=st.integers(1, 900), part=st.integers(1, 9))
def test_measures_keep_their_order_and_splitting_a_line_changes_none(
    frames: SimpleNamespace, a: int, b: int, c: int, part: int
) -> None:
    rows = [("trust", "A", "equity", 10 * a), ("trust", "B", "equity", b), ("trust", "C", "bond", c)]
    measures = measures_of(frames, frames.positions(*rows))["value"]
    cut = [("trust", "A", "equity", a * part), ("trust", "A", "equity", a * (10 - part))]
    assert measures.to_dict() == pytest.approx(
        measures_of(frames, frames.positions(*rows[:0:-1], *cut))["value"].to_dict(), abs=1e-8
    )
    by_name = measures["trust"]
    assert by_name["drift_max_total"] <= by_name["drift_l2_total"] + 1e-8
    assert by_name["drift_l2_total"] <= 2 * by_name["turnover_one_way_total"] + 1e-8
    assert by_name["drift_max_total"] <= by_name["turnover_one_way_total"] + 1e-8
