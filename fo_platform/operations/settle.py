"""Recording settlements: a fill is settled when the custodian's records prove it. The proof belongs to execution."""

from datetime import date

import pandas as pd

from fo_platform.calendars import add_sessions
from fo_platform.contracts.book import ExpectedDeliveries, Transactions
from fo_platform.contracts.reference import Instruments
from fo_platform.execution.settle import prove_settlements
from fo_platform.ledger import tables
from fo_platform.ledger.views import ledger_fills, ledger_settlements, seq_at
from fo_platform.office import Office
from fo_platform.operations.read import of_day

LOOKBACK_SESSIONS = 15
"""Sessions back to which a custodian's report of an unsettled trade may lie."""


def record_settlements(office: Office, day: date) -> None:
    """Add a row for every fill that the statements known today prove settled and the ledger holds open."""
    seq = seq_at(office.ledger, office.ledger.last_known_at())
    fills = ledger_fills(office.ledger, day, seq)
    if fills.empty:
        return
    first = add_sessions(pd.Timestamp(day), -LOOKBACK_SESSIONS).date()
    transactions = office.warehouse.read(Transactions, office.warehouse.batches(Transactions.name, first, day))
    proved = prove_settlements(
        fills,
        ledger_settlements(office.ledger, day, seq),
        transactions,
        of_day(office, ExpectedDeliveries, day),
        of_day(office, Instruments, day),
        day=pd.Timestamp(day),
    )
    names = [column.name for column in tables.settlements.columns if column.name != "audit_seq"]
    rows = [{name: _fact(row[name]) for name in names} for row in proved.to_dict("records")]
    with office.ledger.transaction("settlement") as entry:
        entry.append(tables.settlements, rows)


def _fact(value: object) -> object:
    """A frame's cell as the ledger takes it."""
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value if isinstance(value, str) else int(str(value))
