"""Drift against target: decided exactly, over the tradeable sleeve, for every entity and the office."""

from decimal import Decimal
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fo_platform.analytics.metrics.allocation_drift import allocation_drift
from fo_platform.contracts.analytics import AllocationDrift
from fo_platform.errors import DataError, PolicyError

CENT = Decimal("0.01")
HALVES = [("trust", "bond", 0.5, 0, 1), ("trust", "equity", 0.5, 0, 1)]
PRIVATE = [
    ("trust", "equity", 0.5, 0, 1),
    ("trust", "bond", 0.3, 0, 1),
    ("trust", "private", 0.2, 0.16, 0.3, "equity"),
]
CENTS = st.integers(10_000, 10**11).map(lambda n: n * CENT)
FEW = settings(max_examples=10)


def drift_of(
    frames: SimpleNamespace, rows: list[tuple[object, ...]], targets: list[tuple[object, ...]], reserve: object = 0
) -> pd.DataFrame:
    """The metric over holdings and targets, validated, indexed by scope and class."""
    positions = frames.positions(*rows)
    limits = frames.limits(("office", "drift_limit", "0.02"), ("office", "reserve", reserve))
    drift = allocation_drift(positions, frames.net_worth(positions), frames.targets(*targets), limits)
    return AllocationDrift.validate(drift).set_index(["scope", "asset_class"])


def test_a_private_write_down_moves_tradeable_targets_through_the_proxy_class(frames: SimpleNamespace) -> None:
    listed = [("trust", "A", "equity", 50), ("trust", "B", "bond", 30)]
    before = drift_of(frames, [*listed, ("trust", "P", "private", 20)], PRIVATE).loc["trust"]
    after = drift_of(frames, [*listed, ("trust", "P", "private", 15)], PRIVATE).loc["trust"]

    assert before["drift_tradeable"].tolist() == [0, 0, 0]
    assert before.loc["equity", "weight_target_tradeable"] == 50 / 80
    # NAV is 95 and the sleeve still 80: equity is wanted at 47.5 and the 4 that private lacks, bonds at 28.5.
    assert after.loc["equity", "weight_target_tradeable"] == pytest.approx(51.5 / 80)
    assert after.loc["bond", "weight_target_tradeable"] == pytest.approx(28.5 / 80)
    assert after.loc["equity", "drift_tradeable"] == pytest.approx(-1.5 / 80)
    assert after.loc["private", "drift_total"] == pytest.approx(15 / 95 - 0.2)
    assert after.loc["private", "drift_tradeable"] == 0
    assert after["is_hard_breach"].to_dict() == {"bond": False, "equity": False, "private": True}


@pytest.mark.parametrize(("cents", "fires"), [(0, False), (1, True)])
@FEW
@given(units=st.integers(1, 10**17))
@example(units=10**17)
def test_exactly_the_limit_does_not_fire_and_one_cent_more_does(
    frames: SimpleNamespace, cents: int, *, fires: bool, units: int
) -> None:
    over, under = units * Decimal("0.52") + cents * CENT, units * Decimal("0.48") - cents * CENT
    drift = drift_of(frames, [("trust", "A", "equity", over), ("trust", "B", "bond", under)], HALVES)
    assert drift["is_breach"].tolist() == [fires] * 4


def test_the_reserve_leaves_the_sleeve_from_cash(frames: SimpleNamespace) -> None:
    targets = [("trust", "cash", 0.1, 0, 1), ("trust", "equity", 0.9, 0, 1)]
    drift = drift_of(frames, [("trust", "CASH.USD", "cash", 10), ("trust", "A", "equity", 90)], targets, reserve=4)
    cash = drift.loc[("trust", "cash")]
    assert cash["sleeve_base"] == 96
    assert cash["weight_tradeable"] == pytest.approx(6 / 96)
    assert cash["drift_tradeable"] == pytest.approx(6 / 96 - 0.1)
    assert cash["is_breach"]
    assert cash["drift_total"] == 0


def test_a_reserve_without_cash_shows_as_cash_that_lacks(frames: SimpleNamespace) -> None:
    drift = drift_of(frames, [("trust", "A", "equity", 100)], [("trust", "equity", 1, 0, 1)], reserve=20)
    assert drift.loc[("trust", "cash"), "weight_tradeable"] == -0.25
    assert drift.loc[("trust", "cash"), "is_breach"]


def test_the_office_is_held_against_the_value_weighted_targets_of_its_entities(frames: SimpleNamespace) -> None:
    rows = [
        ("trust", "A", "equity", 240),
        ("trust", "B", "bond", 60),
        ("llc", "A", "equity", 50),
        ("llc", "B", "bond", 50),
    ]
    targets = [
        ("trust", "equity", 0.8, 0.7, 0.9),
        ("trust", "bond", 0.2, 0.1, 0.3),
        ("llc", "equity", 0.4, 0.3, 0.45),
        ("llc", "bond", 0.6, 0.5, 0.7),
    ]
    equity = drift_of(frames, rows, targets).xs("equity", level="asset_class")
    assert equity["drift_tradeable"].to_dict() == pytest.approx({"trust": 0.0, "llc": 0.1, "office": 10 / 400})
    assert equity.loc["office", ["weight_target", "weight_min", "weight_max"]].tolist() == pytest.approx(
        [0.7, 0.6, 0.7875]
    )
    assert equity["is_breach"].to_dict() == {"trust": False, "llc": True, "office": True}
    assert equity["is_hard_breach"].to_dict() == {"trust": False, "llc": True, "office": False}


def test_a_hard_limit_is_broken_by_one_cent(frames: SimpleNamespace) -> None:
    targets = [("trust", "bond", 0.5, 0.4, 0.6), ("trust", "equity", 0.5, 0.4, 0.6)]
    at = drift_of(frames, [("trust", "A", "equity", "60.00"), ("trust", "B", "bond", "40.00")], targets)
    beyond = drift_of(frames, [("trust", "A", "equity", "60.01"), ("trust", "B", "bond", "39.99")], targets)
    assert not at["is_hard_breach"].any()
    assert beyond["is_hard_breach"].all()


def test_a_class_that_no_target_names_is_wanted_at_nothing_and_has_no_hard_limit(frames: SimpleNamespace) -> None:
    rows = [("trust", "A", "equity", 50), ("trust", "B", "bond", 45), ("trust", "C", "crypto", 5)]
    crypto = drift_of(frames, rows, HALVES).loc[("trust", "crypto")]
    assert crypto["drift_tradeable"] == 0.05
    assert crypto["is_breach"]
    assert not crypto["is_hard_breach"]
    assert pd.isna(crypto["weight_max"])


def test_a_class_that_holds_nothing_drifts_by_its_whole_target(frames: SimpleNamespace) -> None:
    drift = drift_of(frames, [("trust", "A", "equity", 100)], HALVES)
    assert drift.loc[("trust", "bond"), "drift_tradeable"] == -0.5


def test_an_illiquid_excess_never_makes_a_target_negative(frames: SimpleNamespace) -> None:
    rows = [("trust", "A", "equity", 5), ("trust", "B", "bond", 15), ("trust", "P", "private", 80)]
    drift = drift_of(frames, rows, PRIVATE).loc["trust"]
    assert drift["weight_target_tradeable"].to_dict() == {"bond": 1, "equity": 0, "private": 0}
    assert drift.loc["equity", "drift_tradeable"] == 0.25


def test_over_a_sleeve_without_value_fractions_are_unknown_and_the_breach_is_not(frames: SimpleNamespace) -> None:
    drift = drift_of(frames, [("trust", "CASH.USD", "cash", 10)], [("trust", "cash", 1, 0, 1)], reserve=12)
    assert drift["drift_tradeable"].isna().all()
    assert drift["sleeve_base"].tolist() == [-2, -2]
    short = drift_of(frames, [("trust", "A", "equity", 6), ("trust", "B", "bond", 4)], HALVES, reserve=12)
    assert short["is_breach"].all()


@FEW
@given(values=st.lists(CENTS, min_size=4, max_size=4), reserve=CENTS)
def test_weights_and_targets_sum_to_one_and_drifts_to_nothing(
    frames: SimpleNamespace, values: list[Decimal], reserve: Decimal
) -> None:
    names = [("trust", "A", "equity"), ("trust", "B", "bond"), ("trust", "P", "private"), ("trust", "C", "bond")]
    held = [(*name, value) for name, value in zip(names, values, strict=True)]
    cash = ("trust", "CASH.USD", "cash", 2 * reserve)
    sums = drift_of(frames, [*held, cash], PRIVATE, reserve).groupby("scope").sum(numeric_only=True)
    for name, whole in [("weight", 1), ("weight_target", 1), ("weight_tradeable", 1), ("weight_target_tradeable", 1)]:
        assert sums[name].tolist() == pytest.approx([whole, whole], abs=1e-9)
    assert sums[["drift_total", "drift_tradeable"]].abs().max().max() < 1e-9


@FEW
@given(values=st.lists(CENTS, min_size=2, max_size=2), part=st.integers(1, 9999), swap=st.booleans())
def test_splitting_a_line_or_permuting_rows_changes_nothing(
    frames: SimpleNamespace, values: list[Decimal], part: int, *, swap: bool
) -> None:
    rows = [("trust", "A", "equity", values[0]), ("trust", "B", "bond", values[1])]
    split = [("trust", "A", "equity", part * CENT), ("trust", "A", "equity", values[0] - part * CENT), rows[1]]
    ordered = split[::-1] if swap else split
    pd.testing.assert_frame_equal(drift_of(frames, rows, HALVES), drift_of(frames, ordered, HALVES))


def test_an_office_without_holdings_has_no_drift(frames: SimpleNamespace) -> None:
    assert drift_of(frames, [], HALVES).empty


def test_an_entity_s_own_drift_limit_decides(frames: SimpleNamespace) -> None:
    positions = frames.positions(("trust", "A", "equity", 53), ("trust", "B", "bond", 47))
    limits = frames.limits(
        ("office", "drift_limit", "0.02"), ("trust", "drift_limit", "0.04"), ("office", "reserve", 0)
    )
    drift = allocation_drift(positions, frames.net_worth(positions), frames.targets(*HALVES), limits)
    assert drift.groupby("scope")["is_breach"].all().to_dict() == {"office": True, "trust": False}


def test_targets_that_do_not_sum_to_one_are_refused(frames: SimpleNamespace) -> None:
    with pytest.raises(PolicyError, match=r"of trust sum to 0\.98, not to one"):
        drift_of(frames, [("trust", "A", "equity", 1)], [("trust", "equity", 0.98, 0, 1)])


def test_an_entity_with_holdings_and_no_targets_is_refused(frames: SimpleNamespace) -> None:
    with pytest.raises(PolicyError, match="of llc sum to 0"):
        drift_of(frames, [("trust", "A", "equity", 1), ("llc", "A", "equity", 1)], HALVES)


@pytest.mark.parametrize("proxy", ["private", "art"])
def test_an_illiquid_class_whose_proxy_is_not_a_liquid_class_is_refused(frames: SimpleNamespace, proxy: str) -> None:
    targets = [("trust", "equity", 0.8, 0, 1), ("trust", "private", 0.2, 0, 1, proxy)]
    with pytest.raises(PolicyError, match="No liquid class stands for private of trust"):
        drift_of(frames, [("trust", "A", "equity", 1)], targets)


def test_holdings_that_are_not_the_net_worth_are_refused(frames: SimpleNamespace) -> None:
    positions = frames.positions(("trust", "A", "equity", 100))
    stated = frames.net_worth(frames.positions(("trust", "A", "equity", 101)))
    with pytest.raises(DataError, match=r"trust by -1\.00"):
        allocation_drift(positions, stated, frames.targets(*HALVES), frames.limits())
