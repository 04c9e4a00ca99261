"""Levels of the declared public market that private funds are held against. Attribution to benchmarks is elsewhere."""

import pandas as pd

MARKET_CLASS = "us_equity"
"""Class whose declared benchmark stands for the public market."""

LAG_DAYS_MAX = 7
"""Days that a level may be older than the flow it is for: a holiday or two, not a gap."""


def market_levels(
    class_benchmarks: pd.DataFrame, factor_returns: pd.DataFrame, benchmarks: pd.DataFrame, *, currency: str, base: str
) -> pd.Series:
    """Level of the public market in a currency by date, one before the first return; empty where it cannot be made.

    The benchmark declared for MARKET_CLASS, its newest parts, of which only indices and factors count. A level in
    another currency than base is over that currency's own factor; without one there is none.
    """
    declared = class_benchmarks[class_benchmarks["asset_class"] == MARKET_CLASS]
    parts = declared[declared["valid_from"] == declared["valid_from"].max()]
    known = _returns(factor_returns, benchmarks)
    names = list(zip(parts["benchmark_kind"], parts["benchmark_id"], strict=True))
    foreign = [] if currency == base else [("factor", currency)]
    if not names or not {*names, *foreign} <= set(known.columns):
        return pd.Series(dtype="float64")
    complete = known[list(dict.fromkeys([*names, *foreign]))].dropna()
    market = complete[names].mul(parts["weight_component"].to_numpy(), axis=1).sum(axis=1)
    local = (1 + market) / (1 + complete[foreign[0]]) if foreign else 1 + market
    day_before = pd.DatetimeIndex(local.index[:1]) - pd.Timedelta(days=1)
    levels: pd.Series = pd.concat([pd.Series(1.0, index=day_before), local]).cumprod()
    return levels


def levels_on(levels: pd.Series, dates: pd.Series) -> pd.Series:
    """Level of the last date on or before each date; unknown where that is too long ago."""
    known = levels.rename("level").rename_axis("known_date").reset_index().astype({"known_date": "datetime64[ns]"})
    asked = pd.DataFrame({"date": dates.to_numpy().astype("datetime64[ns]"), "row": range(len(dates))}).sort_values(
        "date"
    )
    found = pd.merge_asof(
        asked, known, left_on="date", right_on="known_date", tolerance=pd.Timedelta(days=LAG_DAYS_MAX)
    )
    return found.sort_values("row")["level"].set_axis(dates.index)


def _returns(factor_returns: pd.DataFrame, benchmarks: pd.DataFrame) -> pd.DataFrame:
    """Returns by date, a column a (kind, name); of one date the last delivery counts."""
    factors = _wide(factor_returns.rename(columns={"factor": "name"}), "factor")
    indices = _wide(benchmarks.rename(columns={"benchmark_id": "name"}), "index")
    return factors.join(indices, how="outer").sort_index()


def _wide(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    wide = rows.drop_duplicates(["return_date", "name"], keep="last").pivot(
        index="return_date", columns="name", values="return_1d"
    )
    return wide.set_axis(pd.Index([(kind, name) for name in wide], tupleize_cols=False), axis=1)
