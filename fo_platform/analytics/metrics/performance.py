"""Time-weighted return of owners, accounts and asset classes. Private funds' own figures do not belong here."""

import pandas as pd

from fo_platform.analytics.line_flows import line_flows
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.outside_fees import outside_fees
from fo_platform.analytics.scopes import TEXT, by_scope
from fo_platform.analytics.time_weighted import is_large
from fo_platform.analytics.track_record import CARRIED, linked_records, session_returns
from fo_platform.calendars import previous_session
from fo_platform.contracts.analytics import Performance

TOTAL = "total"

LARGE_FLOW = 0.1
"""Part of the value at the start above which a flow is large, as composites usually declare under GIPS."""

_SUMMED = [
    "start_base", "end_base", "flow_base", "fee_base", "fee_outside_base", "local_gain_base", "is_unpriced",
    "is_undecided",
]  # fmt: skip
_TYPES = dict.fromkeys(Performance.key, TEXT) | dict.fromkeys(_SUMMED, "float64") | {"is_stale": "bool"}
_NAMES = {
    "start_base": "start_value_base",
    "end_base": "end_value_base",
    "is_unpriced": "unpriced_count",
    "flow_base": "external_flow_base",
    "fee_base": "fee_paid_base",
    "is_undecided": "undecided_count",
}


def performance(
    *,
    holdings: pd.DataFrame,
    holdings_previous: pd.DataFrame,
    transactions: pd.DataFrame,
    private_capital: pd.DataFrame,
    private_capital_previous: pd.DataFrame,
    fees: pd.DataFrame,
    fees_previous: pd.DataFrame,
    performance_previous: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Return of the last session by owner, account and asset class, linked to those before.

    The book of a day's morning is of the close before it, which is close_date: months and years are the close's.
    External flows are those of the segment itself: what is internal to it cancels, see `line_flows`. Net returns are
    net of fees that accounts paid, and those of owners and the office of fees that were paid elsewhere as well, see
    `outside_fees`.
    """
    lines = line_flows(
        holdings=holdings,
        holdings_previous=holdings_previous,
        transactions=transactions,
        private_capital=private_capital,
        private_capital_previous=private_capital_previous,
    )
    begun = performance_previous[performance_previous["level"] == TOTAL].set_index("scope")["inception_date"]
    outside = outside_fees(fees, fees_previous, begun, previous_session(day))
    sums = _segments(lines, outside)
    before = performance_previous[[*Performance.key, *CARRIED]].astype(CARRIED)
    renamed = before.rename(columns={name: f"{name}_before" for name in CARRIED})
    rows = sums.join(session_returns(sums)).merge(renamed, how="left", on=list(Performance.key), validate="one_to_one")
    stated = rows.join(linked_records(rows, previous_session(day)))
    flagged = stated.assign(is_large_flow=is_large(rows["flow_base"], rows["start_base"], LARGE_FLOW)).rename(
        columns=_NAMES
    )
    return Performance.frame(flagged[list(Performance.fields())])


METRIC = Metric(Performance, performance)


def _segments(lines: pd.DataFrame, outside: pd.DataFrame) -> pd.DataFrame:
    """Sums of lines by scope, level and segment: every owner and the office, their classes, and owners' accounts.

    Outside fees are of no class and no account, and so of totals only.
    """
    owners = by_scope(lines)
    accounts = lines.assign(scope=lines["entity_id"], level="account", segment=lines["account_id"])
    levels = [
        owners.assign(level=TOTAL, segment=TOTAL),
        by_scope(outside).assign(level=TOTAL, segment=TOTAL, is_stale=False),
        owners.assign(level="asset_class", segment=owners["asset_class"]),
        accounts,
    ]
    every = pd.concat(levels, ignore_index=True).astype(_TYPES)
    groups = every.groupby(list(Performance.key))
    return groups[_SUMMED].sum().join(groups["is_stale"].any()).reset_index()
