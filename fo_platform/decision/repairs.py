"""What convexity cannot say, by forbidding lines and solving again: minimum tickets and wash sales inside one proposal.

The convex optimum bounds what the repairs lose. The convex program itself does not belong here.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from fo_platform.decision.model import Array, Flags, Problem, Trades, forbid
from fo_platform.decision.optimise import Solution, solve
from fo_platform.decision.program import Program
from fo_platform.decision.relief import relieve_cheapest
from fo_platform.decision.wash_sales import conflicted_lots

ROUNDS = 20
"""More than enough: every round forbids at least one line, and half of those that are too small."""


def optimise(program: Program, problem: Problem, horizon_years: float) -> Solution:
    """The optimum whose every order is at least the minimum ticket and washes no loss of its own, from few lots.

    Where dropping small orders leaves a hard limit unmet, the small orders stay.
    """
    solution = _solve(program, problem, horizon_years)
    for _ in range(ROUNDS):
        narrower = _narrowed(problem, solution.trades)
        if not solution.is_solved or narrower is None:
            return solution
        problem, repaired = narrower, _solve(program, narrower, horizon_years)
        if not repaired.is_solved and not conflicted_lots(problem, solution.trades).any():
            return solution
        solution = repaired
    return solution


def _solve(program: Program, problem: Problem, horizon_years: float) -> Solution:
    solution = solve(program, problem, horizon_years)
    trades = solution.trades
    return replace(solution, trades=Trades(relieve_cheapest(problem, trades.sales), trades.purchases))


def _narrowed(problem: Problem, trades: Trades) -> Problem | None:
    """The problem without what the trades may not do; nothing when they may do all of it."""
    washed = conflicted_lots(problem, trades)
    if washed.any():
        return forbid(problem, washed, np.zeros(len(trades.purchases), dtype=bool))
    small_sales, small_purchases = _small_lines(problem, trades)
    if small_sales.any() or small_purchases.any():
        return forbid(problem, small_sales, small_purchases)
    return None


def _small_lines(problem: Problem, trades: Trades) -> tuple[Flags, Flags]:
    """Lots and purchases of the smaller half of the orders that are below the minimum ticket."""
    lots, buys = problem.lots, problem.purchases
    sold = _order_sizes(trades.sales, lots.account_id, lots.instrument_id)
    bought = _order_sizes(trades.purchases, buys.account_id, buys.instrument_id)
    sizes = np.unique(np.concatenate([sold[trades.sales > 0], bought[trades.purchases > 0]]))
    small = sizes[sizes < problem.ticket_min]
    largest = small[(len(small) - 1) // 2] if len(small) else 0.0
    return (trades.sales > 0) & (sold <= largest), (trades.purchases > 0) & (bought <= largest)


def _order_sizes(amounts: Array, account_id: tuple[str, ...], instrument_id: tuple[str, ...]) -> Array:
    """Value of the whole order that every line belongs to."""
    lines = pd.DataFrame({"account_id": account_id, "instrument_id": instrument_id, "amount": amounts})
    return lines.groupby(["account_id", "instrument_id"])["amount"].transform("sum").to_numpy(float)
