"""Concentration once more, issuer by issuer."""

from collections import defaultdict
from math import exp, log

import pandas as pd


def second(read) -> pd.DataFrame:
    """Every measure of every scope."""
    holdings = read("book.holdings")
    debts = set(holdings.loc[holdings["holding_kind"] == "liability", "instrument_id"])
    values, shares, unlooked = (defaultdict(lambda: defaultdict(float)) for _ in range(3))
    for row in read("analytics.look_through").itertuples():
        if row.leaf_id.startswith("CASH.") or row.held_instrument_id in debts:
            continue
        issuer = row.leaf_id if pd.isna(row.issuer_id) else row.issuer_id
        values[row.scope][issuer] += row.value_base
        shares[row.scope][issuer] += row.weight
        unlooked[row.scope][issuer] += row.value_base if row.is_residual else 0.0
    rows = []
    for scope, issuers in values.items():
        gross = sum(map(abs, issuers.values()))
        weights = sorted((abs(value) / gross for value in issuers.values() if value), reverse=True)
        square = sum(weight**2 for weight in weights)
        measures = {
            "hhi_points": 10_000 * square,
            "effective_number": 1 / square,
            "entropy_number": exp(-sum(weight * log(weight) for weight in weights)),
            **{f"top_{count}": sum(weights[:count]) for count in (1, 5, 10)},
            "largest_issuer": max(map(abs, shares[scope].values())),
            "not_looked_through": sum(map(abs, unlooked[scope].values())) / gross,
        }
        rows += [(scope, name, round(value, 8)) for name, value in measures.items()]
    return pd.DataFrame(rows, columns=["scope", "measure", "value"])
