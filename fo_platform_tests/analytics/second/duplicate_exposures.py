"""What is owned more than once, once more: from stored leaves by plain loops, and from paths between funds."""

from collections import defaultdict
from itertools import combinations

import pandas as pd

from fo_platform_tests.analytics.second._leaves import held, known_lines, valued


def second(read) -> pd.DataFrame:
    """Every duplicate with its value, places and overlap."""
    values, nav = held(read)
    leaves = [row for row in read("analytics.look_through").itertuples() if not row.leaf_id.startswith("CASH.")]
    rows = [*_instruments(read), *_issuers(leaves), *_overlaps(leaves), *_hidden(values, known_lines(read))]
    found = [(scope, *rest, value, value / nav[scope], share) for scope, *rest, value, share in rows]
    names = ["scope", "kind", "duplicate_id", "other_instrument_id", "place_count", "value_base", "weight"]
    return pd.DataFrame(found, columns=[*names, "overlap_share"])


def _instruments(read):
    custodian = dict(read("policy.accounts")[["account_id", "custodian"]].itertuples(index=False))
    places, values = defaultdict(set), defaultdict(float)
    for scope, row in valued(read):
        if not row.instrument_id.startswith("CASH."):
            places[scope, row.instrument_id].add(custodian[row.account_id])
            values[scope, row.instrument_id] += row.market_value_base
    return [
        (scope, "same_instrument", name, "", len(found), values[scope, name], None)
        for (scope, name), found in places.items()
        if len(found) > 1
    ]


def _issuers(leaves):
    places, values = defaultdict(set), defaultdict(float)
    for row in leaves:
        if not pd.isna(row.issuer_id):
            places[row.scope, row.issuer_id].add(row.held_instrument_id)
            values[row.scope, row.issuer_id] += row.value_base
    return [
        (scope, "same_issuer", name, "", len(found), values[scope, name], None)
        for (scope, name), found in places.items()
        if len(found) > 1
    ]


def _overlaps(leaves):
    funds, nav = defaultdict(lambda: defaultdict(dict)), defaultdict(float)
    for row in (row for row in leaves if row.depth):
        nav[row.scope, row.held_instrument_id] += row.value_base
        if not row.is_residual:
            funds[row.scope][row.held_instrument_id][row.leaf_id] = row.value_base
    every = [(scope, *pair, owned) for scope, owned in funds.items() for pair in combinations(sorted(owned), 2)]
    for scope, one, other, owned in every:
        both = owned[one].keys() & owned[other].keys()
        pairs = [(a, b) for a, b in ((owned[one][leaf], owned[other][leaf]) for leaf in both) if a > 0 and b > 0]
        share = sum(min(a / nav[scope, one], b / nav[scope, other]) for a, b in pairs)
        if pairs:
            yield scope, "fund_overlap", one, other, 2, sum(min(pair) for pair in pairs), share


def _hidden(values, lines):
    return [
        (scope, "fund_in_fund", inner, name, 2, value * part, None)
        for (scope, name), value in values.items()
        for inner, part in _inside(name, lines).items()
        if (scope, inner) in values
    ]


def _inside(name, lines):
    """Funds below a fund, with the part of it that each is."""
    parts = defaultdict(float)
    for leaf, weight, _ in (line for line in lines.get(name, []) if line[0] in lines):
        parts[leaf] += weight
        for inner, part in _inside(leaf, lines).items():
            parts[inner] += weight * part
    return parts
