"""The tables that a decision is made from, as one value. What is concluded from them does not belong here."""

from dataclasses import dataclass, field

import pandas as pd

from fo_platform.contracts import book, decision

WORKING_ORDERS = ("entity_id", "leaves_notional_base")


def _no_working_orders() -> pd.DataFrame:
    return pd.DataFrame(columns=list(WORKING_ORDERS))


@dataclass(frozen=True)
class Inputs:
    """Frames of one business date, decimals as float64; fields are named after their tables.

    transactions: those of the last 30 days at least; without them purchases are not held back by earlier sales.
    rebalance_evaluation_previous: the previous session's own rows. working_orders: entities with live approved orders.
    """

    allocation_drift: pd.DataFrame
    reconciled_positions: pd.DataFrame
    net_worth: pd.DataFrame
    tax_lots: pd.DataFrame
    instruments: pd.DataFrame
    market_liquidity: pd.DataFrame
    factor_loadings: pd.DataFrame
    factor_covariances: pd.DataFrame
    specific_risks: pd.DataFrame
    entities: pd.DataFrame
    accounts: pd.DataFrame
    ownership: pd.DataFrame
    taxpayers: pd.DataFrame
    allocation_targets: pd.DataFrame
    limits: pd.DataFrame
    transactions: pd.DataFrame = field(default_factory=book.Transactions.frame)
    rebalance_evaluation_previous: pd.DataFrame = field(default_factory=decision.RebalanceEvaluation.frame)
    working_orders: pd.DataFrame = field(default_factory=_no_working_orders)
