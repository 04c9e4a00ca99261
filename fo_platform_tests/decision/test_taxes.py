"""Who bears which tax, netting worked by hand, and the solver's bound held against the exact tax."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.decision.model import Taxpayers
from fo_platform.decision.taxes import entity_taxpayers, owners_on, tax_bound, tax_due, taxpayer_shares
from fo_platform.errors import PolicyError

OWNERSHIP = pd.DataFrame(
    {
        "owned_id": ["llc", "llc", "trust", "llc", "llc"],
        "owner_id": ["trust", "member", "family", "trust", "member"],
        "valid_from": pd.to_datetime(["2015-01-01", "2015-01-01", "2010-01-01", "2023-01-01", "2023-01-01"]),
        "ownership_share": [0.6, 0.4, 1.0, 0.5, 0.5],
    }
)
TAXPAYERS = {"family", "member"}


def shares(entity_id: str, day: str, *, is_exempt: bool = False) -> dict[str, float]:
    return taxpayer_shares(entity_id, owners_on(OWNERSHIP, pd.Timestamp(day)), TAXPAYERS, is_exempt=is_exempt)


def test_gains_of_a_pass_through_reach_taxpayers_through_the_trust_that_owns_it():
    assert shares("llc", "2022-06-14") == {"family": 0.6, "member": 0.4}


def test_shares_are_those_of_the_day():
    assert shares("llc", "2023-01-01") == {"family": 0.5, "member": 0.5}


def test_a_foundation_without_taxpayer_is_untaxed_and_any_other_entity_is_refused():
    assert shares("foundation", "2022-06-14", is_exempt=True) == {}
    with pytest.raises(PolicyError, match=r"bear 0\.0000% of the gains of orphan"):
        shares("orphan", "2022-06-14")


def test_an_entity_that_owns_itself_is_refused():
    with pytest.raises(PolicyError, match="owns itself"):
        taxpayer_shares("a", {"a": {"b": 1.0}, "b": {"a": 1.0}}, set(), is_exempt=False)


def test_a_past_loss_serves_only_the_entity_its_taxpayer_holds_most_of(owner, make_inputs, day):
    inputs = make_inputs(owner(entity_id="trust", legal_form="trust"))
    entities = pd.concat([inputs.entities, inputs.entities.assign(entity_id="llc", legal_form="llc")])
    payers = pd.concat(
        [inputs.taxpayers.assign(taxpayer_id=name, carry_forward_base=9.0) for name in ("family", "member")]
    )
    office = replace(inputs, entities=entities, taxpayers=payers, ownership=OWNERSHIP)
    assert entity_taxpayers("trust", office, day).carry_forward.tolist() == [9.0]
    assert entity_taxpayers("llc", office, day).carry_forward.tolist() == [0.0, 9.0]


def one_payer(**changes: float) -> Taxpayers:
    figures = {"share": 1.0, "rate_short": 0.4, "rate_long": 0.2, "phi": 0.0, "carry_forward": 0.0} | changes
    return Taxpayers(names=("payer",), **{name: np.array([figure]) for name, figure in figures.items()})


def due(make_problem, short: float, long: float, **changes: float) -> float:
    """Tax on a short and a long gain, per 100 of sales in each of two lots."""
    problem = make_problem(1, instruments=2, lots=1, accounts=1)
    lots = replace(problem.lots, gain=np.array([short, long]) / 100, is_long_term=np.array([False, True]))
    return float(tax_due(replace(problem, lots=lots, taxpayers=one_payer(**changes)), np.array([100.0, 100.0])).sum())


@pytest.mark.parametrize(
    ("short", "long", "expected"),
    [
        (10, 10, 6.0),  # each at its own rate
        (10, -4, 2.4),  # a long loss leaves 6 of short gain
        (-4, 10, 1.2),  # a short loss leaves 6 of long gain
        (-20, 10, 0.0),  # losses beyond gains pay nothing now
        (-1, -1, 0.0),
    ],
)
def test_short_and_long_are_netted(make_problem, short, long, expected):
    assert due(make_problem, short, long) == pytest.approx(expected)


def test_a_past_loss_is_netted_as_a_long_one(make_problem):
    assert due(make_problem, 10, 10, carry_forward=15.0) == pytest.approx(0.4 * 5)


@given(st.integers(0, 40))
def test_the_solvers_tax_is_never_below_the_exact_one(make_problem, seed: int):
    problem = make_problem(seed)
    sales = np.random.default_rng(seed).uniform(0, 1, len(problem.lots.value)) * problem.lots.value
    rate, credit = tax_bound(problem.lots, problem.taxpayers)
    bound = np.maximum(rate @ sales - credit, 0)
    assert (tax_due(problem, sales) <= bound + 1e-6).all()
