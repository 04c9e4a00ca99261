"""Currencies once more, path by path; cents that rounding leaves are within the tolerance of money."""

from collections import defaultdict

import pandas as pd

from fo_platform_tests.analytics.second._leaves import held, known_lines, paths


def second(read) -> pd.DataFrame:
    """Assets, cash, hedges and their net by currency of risk."""
    lines = known_lines(read)
    values, nav = held(read)
    currencies, forwards = _currencies(read, lines)
    hedged = _hedged(read)
    sums = defaultdict(lambda: defaultdict(float))
    for (scope, name), value in values.items():
        for leaf, part, depth in paths(name, lines):
            own = currencies.get(leaf, "XXX")
            cell = sums[scope, own]
            kind = "cash" if leaf.startswith("CASH.") else "hedge" if leaf in forwards else "asset"
            cell[kind] += value * part
            cell["funds"] += value * part if depth else 0.0
            into = hedged.get(name, hedged.get(leaf, own))
            cell["hedge"] -= value * part if into != own else 0.0
            sums[scope, into]["hedge"] += value * part if into != own else 0.0
    rows = [
        (*key, *(cell[kind] for kind in ("asset", "cash", "hedge", "funds")), _net(cell), _net(cell) / nav[key[0]])
        for key, cell in sums.items()
    ]
    names = ["asset_value_base", "cash_base", "hedge_value_base", "value_funds_base", "net_value_base"]
    return pd.DataFrame(rows, columns=["scope", "currency", *names, "weight"]).drop(columns="weight")


def _net(cell):
    return cell["asset"] + cell["cash"] + cell["hedge"]


def _hedged(read):
    """Currency that a share class is hedged into, by instrument."""
    master = read("reference.instruments").dropna(subset=["currency_hedged"])
    return dict(zip(master["instrument_id"], master["currency_hedged"], strict=True))


def _currencies(read, lines):
    """Risk currency of every leaf that it is known of, and the leaves that are legs of forwards."""
    found = {}
    for leaf, _, row in (line for rows in lines.values() for line in rows):
        if not pd.isna(row.currency_risk):
            found.setdefault(leaf, row.currency_risk)
    for row in read("book.holdings").itertuples():
        if row.holding_kind in ("cash", "liability"):
            found[row.instrument_id] = row.currency
    master = read("reference.instruments")
    found |= dict(zip(master["instrument_id"], master["currency_risk"], strict=True))
    return found, set(master.loc[master["instrument_type"] == "fx_forward", "instrument_id"])
