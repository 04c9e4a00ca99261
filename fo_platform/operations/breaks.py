"""Recording breaks: each opens and closes by evidence, as events under its identity. Finding breaks belongs to book."""

from datetime import date

from fo_platform.contracts.book import ReconciliationBreaks
from fo_platform.ledger import tables
from fo_platform.ledger.queries import break_history
from fo_platform.office import Office


def record_breaks(office: Office, day: date) -> None:
    """Open what the day's table shows and the ledger does not, close what the ledger holds open and the table lacks."""
    name = ReconciliationBreaks.name
    breaks = office.warehouse.read(ReconciliationBreaks, office.warehouse.batches(name, day, day))
    found = dict(zip(breaks["break_id"], breaks["explanation"], strict=True))
    with office.ledger.transaction("breaks") as entry:
        last = {row.break_id: row for row in break_history(entry)}
        is_open = {break_id for break_id, row in last.items() if row.status == "open"}
        opened = [(b, "open", found[b]) for b in sorted(found.keys() - is_open)]
        closed = [(b, "closed", "The records agree again.") for b in sorted(is_open - found.keys())]
        rows = [
            {
                "break_id": b,
                "step": last[b].step + 1 if b in last else 1,
                "status": status,
                "business_date": day,
                "reason": reason,
            }
            for b, status, reason in opened + closed
        ]
        entry.append(tables.break_states, rows)
