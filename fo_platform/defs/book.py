"""The book's tables, each one pure function of book. What is read how stands here, the rules stand in book."""

import pandas as pd

from fo_platform.book import (
    appraisals,
    breaks,
    capital_notices,
    cash,
    fees,
    liabilities,
    net_worth,
    owned,
    positions,
    private_capital,
    reconciled_positions,
    tax_lots,
    transactions,
    valuations,
)
from fo_platform.book import expected_deliveries as coverage
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
    deliveries_in_effect: pd.DataFrame,
    arrivals: pd.DataFrame,
    expected_deliveries_previous: pd.DataFrame,
    accounts: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """What was due and what came of it."""
    due = frames.sources(policy)
    return coverage.expected_deliveries(
        due, deliveries_in_effect, arrivals, expected_deliveries_previous, accounts, day=day
    )


OFFICE_READS = {"raw_records": RAW, "fx_rates": MARKET["fx_rates"]}

BOOK_ASSETS = [
    table_asset(
        contracts.Transactions, reads={"raw_records": RAW, "transactions_window": previous("transactions", REPEATED)}
    )(transactions.transactions),
    table_asset(contracts.Positions, reads={"raw_records": RAW})(positions.positions),
    table_asset(contracts.Cash, reads={"raw_records": RAW})(cash.cash),
    table_asset(contracts.TaxLots, reads={"raw_records": RAW})(tax_lots.tax_lots),
    table_asset(
        contracts.ReconciliationBreaks,
        reads={"raw_records": RAW, "break_history": previous("reconciliation_breaks"), **MARKET},
        after=record_breaks,
    )(breaks.reconciliation_breaks),
    table_asset(contracts.ReconciledPositions, reads=MARKET, audience="family")(
        reconciled_positions.reconciled_positions
    ),
    table_asset(contracts.CapitalNotices, reads=OFFICE_READS)(capital_notices.capital_notices),
    table_asset(contracts.PrivateCapital, reads=OFFICE_READS, audience="family")(private_capital.private_capital),
    table_asset(contracts.Appraisals, reads=OFFICE_READS, audience="family")(appraisals.appraisals),
    table_asset(contracts.Valuations, reads={"raw_records": RAW}, audience="family")(valuations.valuations),
    table_asset(contracts.Liabilities, reads=OFFICE_READS, audience="family")(liabilities.liabilities),
    table_asset(contracts.Fees, reads=OFFICE_READS)(fees.fees),
    table_asset(contracts.Holdings, audience="family")(owned.holdings),
    table_asset(contracts.NetWorth, audience="family")(net_worth.net_worth),
]
