"""The book's tables, each one pure function of book. What is read how stands here, the rules stand in book."""

import pandas as pd

from fo_platform.book import (
    breaks,
)  # fmt: skip
from fo_platform.book import (
    cash as money,
)
from fo_platform.book import (
    expected_deliveries as coverage,
)
from fo_platform.book import (
    net_worth as worth,
)
from fo_platform.book import (
    positions as holdings,
)
from fo_platform.book import (
    reconciled_positions as valued,
)
from fo_platform.book import (
    tax_lots as lots,
)
from fo_platform.book import (
    transactions as movements,
)
from fo_platform.contracts import book as contracts
from fo_platform.defs._table import previous, table_asset, window
from fo_platform.defs.raw import RAW
from fo_platform.operations.breaks import record_breaks
from fo_platform.policy import frames
from fo_platform.policy.office import Policy

RECENT = 10
"""Sessions back to which a last price or rate is looked for."""

REPEATED = 20
"""Sessions for which a movement that is stated again counts as the same one."""

MARKET = {"prices": window("prices", RECENT), "fx_rates": window("fx_rates", RECENT)}


@table_asset(contracts.ExpectedDeliveries)
def expected_deliveries(
    policy: Policy,
    deliveries: pd.DataFrame,
    expected_deliveries_previous: pd.DataFrame,
    accounts: pd.DataFrame,
    previous_session: pd.Timestamp,
) -> pd.DataFrame:
    """What was due and what came of it."""
    due = frames.sources(policy)
    return coverage.expected_deliveries(
        due, deliveries, expected_deliveries_previous, accounts, previous_session=previous_session
    )


transactions = table_asset(
    contracts.Transactions, reads={"raw_records": RAW, "transactions_window": previous("transactions", REPEATED)}
)(movements.transactions)
positions = table_asset(contracts.Positions, reads={"raw_records": RAW})(holdings.positions)
cash = table_asset(contracts.Cash, reads={"raw_records": RAW})(money.cash)
tax_lots = table_asset(contracts.TaxLots, reads={"raw_records": RAW})(lots.tax_lots)
reconciliation_breaks = table_asset(
    contracts.ReconciliationBreaks,
    reads={"raw_records": RAW, "break_history": previous("reconciliation_breaks"), **MARKET},
    after=record_breaks,
)(breaks.reconciliation_breaks)
reconciled_positions = table_asset(contracts.ReconciledPositions, reads=MARKET, audience="family")(
    valued.reconciled_positions
)
net_worth = table_asset(contracts.NetWorth, audience="family")(worth.net_worth)
