"""Accounts once more, holding by holding."""

from collections import defaultdict

import pandas as pd


def second(read) -> pd.DataFrame:
    """Value and both weights of every class of every account."""
    nav = {row.entity_id: row.nav_base for row in read("book.net_worth").itertuples()}
    values = defaultdict(float)
    for row in read("book.holdings").itertuples():
        if not pd.isna(row.market_value_base):
            values[row.entity_id, row.account_id, row.asset_class] += row.market_value_base
    rows = [(*key, value, value / nav[key[0]], value / nav["office"]) for key, value in values.items()]
    names = ["entity_id", "account_id", "asset_class", "market_value_base", "weight", "weight_office"]
    return pd.DataFrame(rows, columns=names)
