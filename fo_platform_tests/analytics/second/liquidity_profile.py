"""Liquidity buckets once more, line by line and session by session."""

import pandas as pd

from fo_platform_tests.analytics.second._liquidity import BUCKETS, ladder, lines, today


def second(read) -> pd.DataFrame:
    """Disjoint buckets of what is sold and of what is paid; money that is owed later is not free before."""
    day = today(read)
    every = [line for line in lines(read, day) if pd.notna(line["market_value_base"])]
    rows = []
    for scope in {line["entity_id"] for line in every} | {"office"}:
        mine = [line for line in every if scope in (line["entity_id"], "office")]
        sold, paid = (_free(ladder(mine, day, is_paid=is_paid)) for is_paid in (False, True))
        for at, horizon in enumerate(BUCKETS):
            rows.append(
                {
                    "scope": scope,
                    "horizon": horizon,
                    "value_trading_base": sold[at] - (sold[at - 1] if at else 0.0),
                    "value_cash_base": paid[at] - (paid[at - 1] if at else 0.0),
                }
            )
    return pd.DataFrame(rows)


def _free(cumulative):
    return [min(cumulative[at:]) for at in range(len(cumulative))]
