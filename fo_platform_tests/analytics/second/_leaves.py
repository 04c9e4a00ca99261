"""Funds looked through once more, path by path."""

from collections import defaultdict
from hashlib import sha256

import pandas as pd


def known_lines(read):
    """Lines of every fund that is an instrument of ours: fund -> list of (leaf, weight, row)."""
    lines = defaultdict(list)
    for row in read("reference.fund_holdings").itertuples():
        if not pd.isna(row.fund_instrument_id):
            lines[row.fund_instrument_id].append((_leaf(row), row.weight, row))
    return dict(lines)


def paths(name, lines, depth=0):
    """Every way down from a fund or leaf: (leaf, part of the whole, funds between, oldest report of the way)."""
    if name not in lines:
        yield name, 1.0, depth
        return
    for leaf, weight, _ in lines[name]:
        for end, part, deep in paths(leaf, lines, depth + 1):
            yield end, weight * part, deep
    yield f"REST.{name}", 1 - sum(weight for _, weight, _ in lines[name]), depth + 1


def oldest(name, lines):
    """Day of the oldest report below a fund."""
    own = [row.report_date for _, _, row in lines[name]]
    return min([*own, *(oldest(leaf, lines) for leaf, _, _ in lines[name] if leaf in lines)])


def held(read):
    """Value by scope and instrument, and each scope's NAV."""
    values = defaultdict(float)
    nav = {row.entity_id: row.nav_base for row in read("book.net_worth").itertuples()}
    for scope, row in valued(read):
        values[scope, row.instrument_id] += row.market_value_base
    return values, nav


def valued(read):
    """Every valued holding under its entity and under the office."""
    rows = read("book.holdings").dropna(subset=["market_value_base"]).itertuples()
    return [(scope, row) for row in rows for scope in (row.entity_id, "office")]


def _leaf(row):
    if not pd.isna(row.instrument_id):
        return row.instrument_id
    if not pd.isna(row.isin):
        return f"ISIN.{row.isin}"
    if not pd.isna(row.cusip):
        return f"CUSIP.{row.cusip}"
    said = [("" if pd.isna(part) else part).encode() for part in (row.description, row.lei, row.country)]
    return f"NAME.{sha256(b''.join(len(part).to_bytes(8, 'big') + part for part in said)).hexdigest()[:16]}"
