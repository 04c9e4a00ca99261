"""Which lots an order takes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.decision.relief import relieve_cheapest
from fo_platform.decision.taxes import tax_bound


def test_the_lot_with_the_least_tax_goes_first(make_problem):
    problem = make_problem(1, instruments=1, lots=3, accounts=1)
    lots = replace(
        problem.lots,
        cap=np.array([100.0, 100.0, 100.0]),
        gain=np.array([0.5, 0.3, 0.4]),
        is_long_term=np.array([True, False, True]),
    )
    # Tax per unit: 0.5 x 23.8 % = 11.9 %, 0.3 x 40.8 % = 12.2 %, 0.4 x 23.8 % = 9.5 %.
    relieved = relieve_cheapest(replace(problem, lots=lots), np.array([50.0, 50.0, 50.0]))
    assert relieved == pytest.approx([50.0, 0.0, 100.0])


def test_an_untaxed_owner_sells_its_dearest_lots_first(make_problem):
    problem = make_problem(1, instruments=1, lots=2, accounts=1)
    untaxed = replace(problem, taxpayers=replace(problem.taxpayers, share=np.zeros(1)))
    lots = replace(problem.lots, cap=np.array([100.0, 100.0]), gain=np.array([0.2, -0.1]))
    assert relieve_cheapest(replace(untaxed, lots=lots), np.array([30.0, 30.0])) == pytest.approx([0.0, 60.0])


@settings(max_examples=25)
@given(st.integers(0, 1000))
def test_orders_keep_their_size_no_lot_is_oversold_and_no_tax_is_added(make_problem, seed: int):
    problem = make_problem(seed)
    sales = np.random.default_rng(seed).uniform(0, 1, len(problem.lots.cap)) * problem.lots.cap
    relieved = relieve_cheapest(problem, sales)
    by_order = np.arange(len(sales)) // 2
    rate, _ = tax_bound(problem.lots, problem.taxpayers)
    assert np.bincount(by_order, relieved) == pytest.approx(np.bincount(by_order, sales))
    assert (relieved <= problem.lots.cap).all()
    assert (rate @ relieved <= rate @ sales + 1e-6).all()
