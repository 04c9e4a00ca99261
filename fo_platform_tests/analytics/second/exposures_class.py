"""Classes once more, holding by holding."""

from collections import defaultdict

import pandas as pd


def second(read) -> pd.DataFrame:
    """Value and weight of every class of every scope."""
    nav = {row.entity_id: row.nav_base for row in read("book.net_worth").itertuples()}
    values = defaultdict(float)
    for row in read("book.holdings").itertuples():
        if not pd.isna(row.market_value_base):
            values[row.entity_id, row.asset_class] += row.market_value_base
            values["office", row.asset_class] += row.market_value_base
    rows = [(scope, name, value, value / nav[scope]) for (scope, name), value in values.items()]
    return pd.DataFrame(rows, columns=["scope", "asset_class", "market_value_base", "weight"])
