"""The execution tables: the ledger at a day's close. Sending and settling belong to operations, rules to execution."""

import pandas as pd

from fo_platform.contracts import execution as contracts
from fo_platform.defs._table import previous, table_asset, window
from fo_platform.execution import execution_quality as quality
from fo_platform.execution import fills as executions
from fo_platform.execution import order_states, pretrade, reconcile, settle
from fo_platform.limits import OFFICE, limit
from fo_platform.operations.release import collect, release
from fo_platform.operations.settle import record_settlements

SETTLING = 15
"""Sessions back to which a custodian's report of an unsettled trade may lie."""

RECENT = 10
"""Sessions back to which a last price or rate is looked for."""


@table_asset(
    contracts.PretradeChecks,
    before=release,
    follows=("decision.approval", "decision.execution_plan"),
    audience="compliance",
)
def pretrade_checks(order_events: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """What was checked before each order was sent or held."""
    return pretrade.checks_made(order_events, day)


@table_asset(contracts.Orders, follows=("execution.pretrade_checks",))
def orders(order_events: pd.DataFrame, ledger_fills: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Orders that are open or moved."""
    return order_states.orders_at_close(order_events, ledger_fills, day)


@table_asset(contracts.Fills, before=collect, follows=("execution.orders",))
def fills(ledger_fills: pd.DataFrame, order_events: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Executions of the day."""
    return executions.fills_at_close(ledger_fills, order_events, day)


@table_asset(
    contracts.ExecutionQuality,
    reads={"prices": window("prices", RECENT), "fx_rates": window("fx_rates", RECENT)},
    follows=("execution.fills",),
)
def execution_quality(
    order_events: pd.DataFrame,
    ledger_fills: pd.DataFrame,
    prices: pd.DataFrame,
    instruments: pd.DataFrame,
    fx_rates: pd.DataFrame,
    limits: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Cost of every order against arrival and expectation."""
    excess = float(limit(limits, OFFICE, "slippage_excess_bps"))
    return quality.execution_quality(
        order_events, ledger_fills, prices, instruments, fx_rates, day=day, excess_max_bps=excess
    )


@table_asset(contracts.Settlements, before=record_settlements, follows=("execution.fills",))
def settlements(
    ledger_fills: pd.DataFrame,
    ledger_settlements: pd.DataFrame,
    order_events: pd.DataFrame,
    expected_deliveries: pd.DataFrame,
    instruments: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Every fill until it is proved settled."""
    return settle.settlements_at_close(
        ledger_fills, ledger_settlements, order_events, expected_deliveries, instruments, day=day
    )


@table_asset(
    contracts.ReconciliationReport,
    reads={"transactions": window("transactions", SETTLING), "carried": previous("reconciliation_report")},
    follows=("execution.settlements", "execution.execution_quality"),
    audience="compliance",
)
def reconciliation_report(
    ledger_fills: pd.DataFrame,
    ledger_settlements: pd.DataFrame,
    order_events: pd.DataFrame,
    positions: pd.DataFrame,
    cash: pd.DataFrame,
    transactions: pd.DataFrame,
    instruments: pd.DataFrame,
    carried: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Every traded line, expected against the custodian's record."""
    return reconcile.reconciliation_report(
        ledger_fills, ledger_settlements, order_events, positions, cash,
        transactions=transactions, instruments=instruments, carried=carried, day=day,
    )  # fmt: skip
