"""Countries once more, path by path: an instrument's from the master and its ISIN, another leaf's from its report."""

from collections import defaultdict

import pandas as pd

from fo_platform_tests.analytics.second._leaves import held, known_lines, paths

BASES = ("domicile", "risk")


def second(read) -> pd.DataFrame:
    """Value, the part of it through funds, weight and development of every country."""
    lines = known_lines(read)
    values, nav = held(read)
    places, terms = _places(read, lines), _terms(read)
    sums = defaultdict(lambda: [0.0, 0.0])
    ends = [(scope, value * part, *end) for (scope, name), value in values.items() for part, *end in _ends(name, lines)]
    for scope, value, leaf, depth in ends:
        for basis, country in zip(BASES, places.get(leaf, ("XX", "XX")), strict=True):
            cell = sums[scope, basis, country if country in terms else "XX"]
            cell[0] += value
            cell[1] += value if depth else 0.0
    rows = [
        (*key, whole, funds, whole / nav[key[0]], *terms.get(key[2], ("unknown", "unknown")))
        for key, (whole, funds) in sums.items()
    ]
    names = ["scope", "country_basis", "country", "value_base", "value_funds_base", "weight"]
    return pd.DataFrame(rows, columns=[*names, "region", "development_level"])


def _ends(name, lines):
    return [(part, leaf, depth) for leaf, part, depth in paths(name, lines)]


def _places(read, lines):
    """Domicile and country of risk of every leaf that either is known of."""
    isins = {
        row.instrument_id: row.id_value[:2]
        for row in read("reference.identifiers").itertuples()
        if row.id_type == "ISIN"
    }
    places = {}
    for rows in lines.values():
        for leaf, _, row in rows:
            places.setdefault(leaf, (row.country_domicile, row.country))
    for row in read("reference.instruments").itertuples():
        places[row.instrument_id] = (isins.get(row.instrument_id, row.country), row.country)
    return places


def _terms(read):
    rows = read("reference.countries").sort_values("valid_from")
    day = read("reference.prices")["price_date"].max()
    begun = rows[rows["valid_from"] <= day].itertuples()
    return {row.country: (row.region, row.development_level) for row in begun}
