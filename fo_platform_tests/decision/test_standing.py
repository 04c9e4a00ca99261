"""Triggers, doubts and the digest of targets."""

from dataclasses import replace

import pytest

from fo_platform.contracts import policy
from fo_platform.decision.standing import read_standing, targets_digest


def test_the_class_that_drifted_most_is_named_with_its_sign(owner, make_inputs):
    standing = read_standing(make_inputs(owner()), "foundation")
    assert standing.asset_class == "us_equity"
    assert standing.drift_tradeable == pytest.approx(-0.024, abs=1e-6)
    assert standing.is_due


def test_working_orders_mean_that_nothing_is_due(owner, make_inputs):
    inputs = make_inputs(owner())
    working = inputs.working_orders.assign(entity_id=["foundation"], leaves_notional_base=[1.0])
    assert not read_standing(replace(inputs, working_orders=working), "foundation").is_due


def test_broken_counts_whole_and_stale_by_its_declared_share(owner, make_inputs):
    inputs = make_inputs(owner())
    worth = inputs.net_worth.assign(broken_base=1.2e6, stale_base=12e6)
    assert read_standing(replace(inputs, net_worth=worth), "foundation").uncertainty == pytest.approx(0.01 + 0.1 * 0.02)


def test_doubts_name_accounts_that_are_stale_and_lines_that_break(owner, make_inputs):
    inputs = make_inputs(owner())
    positions = inputs.reconciled_positions
    doubtful = positions.assign(is_stale=True, has_break=positions["instrument_id"] == "KO")
    standing = read_standing(replace(inputs, reconciled_positions=doubtful), "foundation")
    assert standing.doubts == "stale: foundation_us; open breaks: KO in foundation_us"


def test_hard_excess_is_how_far_the_worst_class_lies_outside(owner, make_inputs):
    inputs = make_inputs(owner())
    targets = inputs.allocation_targets
    tight = targets.assign(weight_min=targets["weight_min"].mask(targets["asset_class"] == "us_equity", 0.49))
    standing = read_standing(replace(inputs, allocation_targets=tight), "foundation")
    assert standing.hard_class == "us_equity"
    assert standing.hard_excess == pytest.approx(0.49 - 0.476, abs=1e-6)


def test_the_digest_follows_targets_and_limits_and_nothing_else(owner, make_inputs):
    inputs = make_inputs(owner())
    targets, limits = inputs.allocation_targets, inputs.limits
    digest = targets_digest(targets, limits, "foundation")
    moved = targets.assign(weight_target=targets["weight_target"] + 1e-6)
    tighter = limits.assign(value=limits["value"].mask(limits["limit_name"] == "drift_limit", 0.01))
    assert targets_digest(targets.sample(frac=1, random_state=1), limits.iloc[::-1], "foundation") == digest
    assert targets_digest(targets, policy.Limits.frame(limits), "foundation") == digest
    assert targets_digest(moved, limits, "foundation") != digest
    assert targets_digest(targets, tighter, "foundation") != digest
