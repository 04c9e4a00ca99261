"""What the pre-trade checks look at on the morning of a session, read once. The checks belong to execution."""

from datetime import date

import pandas as pd

from fo_platform.contracts import book, decision, execution, policy, reference
from fo_platform.execution.order_states import orders_at_close
from fo_platform.execution.pretrade import PretradeTables
from fo_platform.ledger.order_queries import is_killed
from fo_platform.ledger.views import ledger_fills, order_events, seq_at
from fo_platform.office import Office
from fo_platform.operations.approve import approval_today, is_policy_signed
from fo_platform.operations.read import of_day, recent


def pretrade_tables(office: Office, day: date) -> PretradeTables:
    """The tables of the morning, the orders as the ledger has them now, the switch and the signatures."""
    seq = seq_at(office.ledger, office.ledger.last_known_at())
    orders = orders_at_close(
        order_events(office.ledger, day, seq), ledger_fills(office.ledger, day, seq), pd.Timestamp(day)
    )
    return PretradeTables(
        day=pd.Timestamp(day),
        orders=execution.Orders.frame(orders),
        execution_plan=recent(office, decision.ExecutionPlan, day),
        approval=approval_today(office, day),
        prices=recent(office, reference.Prices, day),
        reconciled_positions=of_day(office, book.ReconciledPositions, day),
        instruments=of_day(office, reference.Instruments, day),
        accounts=of_day(office, policy.Accounts, day),
        market_liquidity=of_day(office, reference.MarketLiquidity, day),
        limits=of_day(office, policy.Limits, day),
        fills=ledger_fills(office.ledger, day, seq),
        is_killed=is_killed(office.ledger),
        is_policy_signed=is_policy_signed(office, day),
    )
