"""What is held in the end once more, by walking every path."""

from collections import defaultdict

import pandas as pd

from fo_platform_tests.analytics.second._leaves import held, known_lines, oldest, paths


def second(read) -> pd.DataFrame:
    """Value, weight, depth and report of every leaf that has any value."""
    lines = known_lines(read)
    values, nav = held(read)
    rows = []
    for (scope, name), value in values.items():
        parts, depths = defaultdict(float), defaultdict(int)
        for leaf, part, depth in paths(name, lines):
            parts[leaf] += part
            depths[leaf] = max(depths[leaf], depth)
        dated = oldest(name, lines) if name in lines else pd.NaT
        rows += [
            (scope, name, leaf, value * part, value * part / nav[scope], depths[leaf], dated)
            for leaf, part in parts.items()
            if value * part
        ]
    columns = ["scope", "held_instrument_id", "leaf_id", "value_base", "weight", "depth", "report_date"]
    return pd.DataFrame(rows, columns=columns)
