"""Value and weight by asset class."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.metrics.exposures_class import exposures_class
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import ExposuresClass
from fo_platform.errors import DataError

CENTS = st.integers(-(10**9), 10**11).filter(lambda cents: cents != 0)


def exposures_of(frames: SimpleNamespace, held: pd.DataFrame) -> pd.DataFrame:
    exposures = exposures_class(inexact(held), inexact(frames.net_worth(held)))
    return ExposuresClass.validate(exposures).set_index(["scope", "asset_class"])


def test_classes_are_summed_by_entity_and_for_the_office(frames: SimpleNamespace) -> None:
    held = frames.positions(
        ("trust", "A", "equity", 60),
        ("trust", "A", "equity", 20),
        ("trust", "CASH.USD", "cash", 20),
        ("llc", "B", "bond", 100),
    )
    exposures = exposures_of(frames, held)
    assert exposures["weight"].to_dict() == {
        ("llc", "bond"): 1.0,
        ("office", "bond"): 0.5,
        ("office", "cash"): 0.1,
        ("office", "equity"): 0.4,
        ("trust", "cash"): 0.2,
        ("trust", "equity"): 0.8,
    }
    assert exposures.loc[("trust", "equity"), "market_value_base"] == 80


@settings(max_examples=10)
@given(cents=st.lists(CENTS, min_size=3, max_size=6))
def test_weights_of_a_scope_sum_to_one_and_values_to_nav(frames: SimpleNamespace, cents: list[int]) -> None:
    rows = [("trust", f"I{n}", f"class_{n % 3}", value / 100) for n, value in enumerate(cents)]
    held = frames.positions(*rows, ("trust", "CASH.USD", "cash", 10**8))
    sums = exposures_of(frames, held).groupby("scope").sum()
    assert sums["weight"].tolist() == pytest.approx([1, 1], abs=1e-12)
    assert set(sums["market_value_base"]) == {held["market_value_base"].sum()}


def test_an_unpriced_holding_is_left_out_as_it_is_of_net_worth(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 60), ("trust", "B", "bond", None))
    assert exposures_of(frames, held)["weight"].to_dict() == {("office", "equity"): 1.0, ("trust", "equity"): 1.0}


def test_an_office_without_holdings_has_no_exposure(frames: SimpleNamespace) -> None:
    assert exposures_of(frames, frames.positions()).empty


def test_a_scope_whose_holdings_net_to_nothing_has_no_weights(frames: SimpleNamespace) -> None:
    held = frames.positions(("llc", "A", "equity", 5), ("llc", "CASH.USD", "cash", -5), ("trust", "A", "equity", 10))
    assert set(exposures_of(frames, held).index.unique("scope")) == {"office", "trust"}


def test_holdings_that_are_not_the_net_worth_are_refused(frames: SimpleNamespace) -> None:
    stated = frames.net_worth(frames.positions(("trust", "A", "equity", "100.01")))
    with pytest.raises(DataError, match=r"office by -0\.01, trust by -0\.01.*same book"):
        exposures_class(inexact(frames.positions(("trust", "A", "equity", 100))), inexact(stated))
