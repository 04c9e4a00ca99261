"""The lot-level lines that a TRADE verdict asks for, in whole quantities. Orders and signatures do not belong here."""

from decimal import Decimal

import numpy as np
import pandas as pd

from fo_platform.contracts.decision import RebalanceProposal
from fo_platform.decision.inputs import Inputs
from fo_platform.decision.lines import quotes
from fo_platform.decision.model import Array, Problem, Trades, traded_matrix
from fo_platform.decision.rounding import Quantities, limit_price, trades_in_money, whole_quantities
from fo_platform.decision.taxes import tax_bound, tax_due
from fo_platform.decision.trade_or_wait import Decision, decide
from fo_platform.limits import limit

NEW_LOT = "new"
"""lot_id of a purchase."""

SMALLEST = 1e-12
"""Stands for no tax at all where a share of it is taken."""


def rebalance_proposal(rebalance_evaluation: pd.DataFrame, inputs: Inputs, day: pd.Timestamp) -> pd.DataFrame:
    """Lines of every entity whose verdict TRADE was decided today, as decision.RebalanceProposal.

    inputs: the same tables that the evaluation was made from; equal tables give equal lines.
    """
    is_asked = (rebalance_evaluation["verdict"] == "TRADE") & (rebalance_evaluation["evaluated_date"] == day)
    asked = set(rebalance_evaluation.loc[is_asked, "entity_id"])
    if not asked:
        return RebalanceProposal.frame()
    chosen = [decision for decision in decide(inputs, day) if decision.standing.entity_id in asked]
    return RebalanceProposal.frame([row for decision in chosen for row in proposal_lines(decision, inputs)])


def proposal_lines(decision: Decision, inputs: Inputs) -> list[dict[str, object]]:
    """Lines of one decision's best trade; those that round to nothing are left out."""
    problem = decision.weighed.problem
    facts = _facts(inputs, problem.entity_id)
    quantities = whole_quantities(problem, decision.weighed.best.solution.trades, facts)
    return [*_sales(problem, quantities, facts), *_purchases(problem, quantities, facts)]


def _facts(inputs: Inputs, entity_id: str) -> pd.DataFrame:
    """Price, currency, step and worst prices of every instrument that has a price, by instrument_id."""
    collar = limit(inputs.limits, entity_id, "collar_bps")
    priced = quotes(inputs)[["price_local", "currency"]]
    known = priced.join(inputs.instruments.set_index("instrument_id")[["lot_size"]], how="inner")
    price = [Decimal(str(cell)) for cell in known["price_local"]]
    worst = {side: [float(limit_price(p, side, collar) / p) for p in price] for side in ("BUY", "SELL")}
    return known.assign(worst_purchase=worst["BUY"], worst_sale=worst["SELL"])


def _sales(problem: Problem, quantities: Quantities, facts: pd.DataFrame) -> list[dict[str, object]]:
    lots, money = problem.lots, trades_in_money(problem, quantities)
    tax, cost = _tax_by_lot(problem, money), _cost_share(problem, money)
    return [
        {
            **_line(problem, facts, lots.account_id[i], lots.instrument_id[i]),
            "side": "SELL",
            "lot_id": lots.lot_id[i],
            "quantity": quantities.sales[i],
            "notional_base": money.sales[i],
            "gain_base": lots.gain[i] * money.sales[i],
            "tax_base": tax[i],
            "cost_expected_base": money.sales[i] * cost[lots.asset[i]],
        }
        for i in np.flatnonzero(money.sales)
    ]


def _purchases(problem: Problem, quantities: Quantities, facts: pd.DataFrame) -> list[dict[str, object]]:
    buys, money = problem.purchases, trades_in_money(problem, quantities)
    cost = _cost_share(problem, money)
    return [
        {
            **_line(problem, facts, buys.account_id[i], buys.instrument_id[i]),
            "side": "BUY",
            "lot_id": NEW_LOT,
            "quantity": quantities.purchases[i],
            "notional_base": money.purchases[i],
            "gain_base": 0.0,
            "tax_base": 0.0,
            "cost_expected_base": money.purchases[i] * cost[buys.asset[i]],
        }
        for i in np.flatnonzero(money.purchases)
    ]


def _line(problem: Problem, facts: pd.DataFrame, account_id: str, instrument_id: str) -> dict[str, object]:
    return {
        "entity_id": problem.entity_id,
        "account_id": account_id,
        "instrument_id": instrument_id,
        "price_local": facts.at[instrument_id, "price_local"],
        "currency": facts.at[instrument_id, "currency"],
    }


def _cost_share(problem: Problem, money: Trades) -> Array:
    """Expected cost of every asset as a fraction of what is traded of it."""
    traded: Array = traded_matrix(problem) @ money.amounts
    share: Array = problem.assets.linear + problem.assets.impact * traded**0.5
    return share


def _tax_by_lot(problem: Problem, money: Trades) -> Array:
    """Exact tax of all sales together, laid on the lots with gains in proportion to what each would bear alone."""
    rate, _ = tax_bound(problem.lots, problem.taxpayers)
    alone = np.maximum(rate.sum(axis=0) * money.sales, 0.0)
    due = float(tax_due(problem, money.sales).sum())
    laid: Array = alone * (due / max(float(alone.sum()), SMALLEST))
    return laid
