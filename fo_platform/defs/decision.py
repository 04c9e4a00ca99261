"""The decision tables. What is concluded from which figures belongs to decision."""

import pandas as pd

from fo_platform.contracts import decision as contracts
from fo_platform.decision import approvals, plan, proposal, trade_or_wait
from fo_platform.decision.document import Stored
from fo_platform.defs._table import table_asset, window

WASH_SALE_SESSIONS = 30
"""Sessions of movements that purchases and loss sales are held against; more than the thirty days of the rule."""

TRADES = {"transactions": window("transactions", WASH_SALE_SESSIONS)}
SOLVER = ("pandas", "cvxpy")

rebalance_evaluation = table_asset(
    contracts.RebalanceEvaluation, reads=TRADES, exact=False, kinds=SOLVER, audience="family"
)(trade_or_wait.rebalance_evaluation)
rebalance_proposal = table_asset(
    contracts.RebalanceProposal, reads=TRADES, exact=False, kinds=SOLVER, audience="family"
)(proposal.rebalance_proposal)


@table_asset(contracts.ExecutionPlan)
def execution_plan(
    rebalance_evaluation: pd.DataFrame,
    rebalance_proposal: pd.DataFrame,
    entities: pd.DataFrame,
    limits: pd.DataFrame,
    approvers: pd.DataFrame,
    reconciled_positions: pd.DataFrame,
    accounts: pd.DataFrame,
    content_hashes: dict[str, str],
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Orders that a signature would allow."""
    unplanned = contracts.ExecutionPlan.frame()
    stored = Stored(rebalance_evaluation, rebalance_proposal, unplanned, entities, limits, approvers)
    return plan.execution_plan(stored, reconciled_positions, accounts, inputs=content_hashes, day=day)


approval = table_asset(contracts.Approval, follows=("decision.execution_plan",), audience="compliance")(
    approvals.approval
)
