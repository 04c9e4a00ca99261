"""The order book as the ledger has it: every order up to a day's close. The day's table belongs to execution."""

from datetime import date
from typing import Any

import pandas as pd

from fo_platform.execution.order_states import order_states
from fo_platform.execution.order_terms import order_terms
from fo_platform.ledger.views import ledger_fills, order_events, seq_at
from fo_platform.office import Office


def order_book(office: Office, day: date) -> pd.DataFrame:
    """Every order ever planned up to the close of a day: its terms, state, filled quantity and average price."""
    seq = seq_at(office.ledger, office.ledger.last_known_at())
    events, fills = order_events(office.ledger, day, seq), ledger_fills(office.ledger, day, seq)
    states = order_states(events, fills)
    terms = order_terms(events)
    known = [states[order] for order in terms["client_order_id"]]
    told: dict[str, list[Any]] = {
        "order_status": [state.status for state in known],
        "cum_quantity": [state.cum_quantity for state in known],
        "leaves_quantity": [state.leaves_quantity for state in known],
        "average_price_local": [state.average_price_local for state in known],
        "flags": [" ".join(state.flags) for state in known],
    }
    return terms.assign(**told)
