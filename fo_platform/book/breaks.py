"""Open differences between custodians and our book, one a line, aged and weighed. Mending them does not belong here."""

from decimal import Decimal

import pandas as pd

from fo_platform import ids
from fo_platform.book.account_breaks import account_breaks
from fo_platform.book.cash_breaks import cash_breaks
from fo_platform.book.holding_breaks import holding_breaks
from fo_platform.book.holdings import KEY
from fo_platform.book.materiality import appraised
from fo_platform.book.record_breaks import lot_breaks, price_breaks, trade_breaks, value_breaks
from fo_platform.calendars import sessions_between
from fo_platform.contracts.book import ReconciliationBreaks
from fo_platform.limits import OFFICE, limit

TOPICS = {"CASH": "cash", "TRADE": "trade", "LOT": "lot", "VALUE": "value", "PRICE": "price"}
"""What a break's identity says of its class: every other class is one of the holding and may change from day to day."""


def reconciliation_breaks(
    positions: pd.DataFrame,
    cash: pd.DataFrame,
    tax_lots: pd.DataFrame,
    transactions: pd.DataFrame,
    raw_records: pd.DataFrame,
    *,
    identifiers: pd.DataFrame,
    accounts: pd.DataFrame,
    instruments: pd.DataFrame,
    prices: pd.DataFrame,
    fx_rates: pd.DataFrame,
    limits: pd.DataFrame,
    fills_known: pd.DataFrame,
    break_history: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """book.ReconciliationBreaks of a day: at most one row an account and instrument, or account and currency.

    Where several records of a line differ the first cause counts: the holding, then our trade, the lots, the value, the
    price. prices, fx_rates: several days, in the order of delivery. break_history: break_id and first_seen_date of
    breaks that are still open.
    """
    lines = appraised(positions, accounts, instruments, prices=prices, fx_rates=fx_rates, day=day)
    tolerance = limit(limits, OFFICE, "price_tolerance")
    causes = [
        holding_breaks(lines),
        trade_breaks(lines, transactions, fills_known, day),
        lot_breaks(lines, tax_lots),
        value_breaks(lines, tolerance),
        price_breaks(lines, tolerance),
        cash_breaks(cash, accounts, fx_rates, day),
        account_breaks(raw_records, identifiers, accounts, fx_rates, day),
    ]
    columns = list(ReconciliationBreaks.fields())
    found = pd.concat([cause.reindex(columns=columns).astype("object") for cause in causes], ignore_index=True)
    first = found.drop_duplicates(KEY, ignore_index=True)
    severities = _severities(first, limit(limits, OFFICE, "break_critical"))
    identified = first.assign(break_id=_break_ids(first), severity=severities)
    return ReconciliationBreaks.frame(_aged(identified, break_history, day))


def _break_ids(breaks: pd.DataFrame) -> list[str]:
    """Identifiers that stay the same from day to day, as long as the same thing differs in the same place."""
    topics = breaks["break_class"].map(TOPICS).fillna("holding")
    return [ids.short_id(*row) for row in zip(breaks["account_id"], breaks["instrument_id"], topics, strict=True)]


def _severities(breaks: pd.DataFrame, critical: Decimal) -> list[str]:
    """A doubtful price is information; a difference of unknown worth is as bad as a large one."""
    pairs = zip(breaks["break_class"], breaks["materiality_base"], strict=True)
    return [
        "info" if break_class == "PRICE" else "critical" if pd.isna(worth) or worth >= critical else "warn"
        for break_class, worth in pairs
    ]


def _aged(breaks: pd.DataFrame, break_history: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    known = break_history.drop_duplicates("break_id").set_index("break_id")["first_seen_date"]
    seen = pd.to_datetime(breaks["break_id"].map(pd.to_datetime(known))).fillna(day)
    return breaks.assign(first_seen_date=seen, age_sessions=[sessions_between(first, day) for first in seen])
