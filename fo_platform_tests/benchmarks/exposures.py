"""Looking through funds against other ways to do it, and allocation over long history. Taking time is in figures."""

from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import TypeVar

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from fo_platform.analytics.look_through import REST, expand_funds
from fo_platform.contracts.marts import AllocationLevels
from fo_platform_tests.benchmarks.figures import Figure
from fo_platform_tests.benchmarks.holdings import day
from fo_platform_tests.conftest import ROOT

FUNDS, LEAVES, POSITIONS, SCOPES = 500, 8_000, 10_000, 4
LISTED, INSIDE = 100, 8
LEVELS = np.repeat([0, 1, 2], [200, 200, 100])
"""Of every fund how deep it lies: one owns shares of others one level below."""

DAYS, DAY_ROWS = 250, 40_000
TURNS = 3
MODEL = ROOT / "dbt/models/marts/allocation_levels.sql"
ORDER = [(name, "ascending") for name in AllocationLevels.key]

T = TypeVar("T")

RECURSIVE = """
with recursive edges as (
    select fund_id, instrument_id, weight from owned
    union all
    select fund_id, 'REST.' || fund_id, 1 - sum(weight) from owned group by fund_id
), walk as (
    select scope, instrument_id, value_base, 0 as depth from held
    union all
    select w.scope, e.instrument_id, w.value_base * e.weight, w.depth + 1
    from walk as w join edges as e on w.instrument_id = e.fund_id
)
select scope, instrument_id as leaf_id, sum(value_base) as value_base, max(depth) as depth
from walk where instrument_id not in (select fund_id from owned) group by scope, instrument_id
"""

TWO_KEYS = """
select business_date, asset_class, sum(market_value_base) as market_value_base from stated
where market_value_base is not null group by business_date, asset_class
"""


def looked_through(_: Path) -> list[Figure]:
    """Value and depth of every leaf by scope, from the same two frames, by three ways that must agree."""
    held, owned = _held(), _owned()
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    connection.register("held", held)
    connection.register("owned", owned)
    ways: dict[str, Callable[[], pd.DataFrame]] = {
        "ours": lambda: expand_funds(held, owned, by=["scope"]),
        "merge": lambda: merged(held, owned),
        "recursive": lambda: connection.sql(RECURSIVE).df(),
    }
    taken, answers = _race(ways, turns=2)
    for name in ("merge", "recursive"):
        _check_equal(answers["ours"], answers[name])
    gross = held["value_base"].abs().sum()
    lost = abs(answers["ours"]["value_base"].sum() - held["value_base"].sum()) / gross
    what = f"look-through of {POSITIONS:,} positions, {FUNDS} funds, 3 levels ({taken['ours'] * 1000:.0f} ms)"
    return [
        Figure(f"{what}: pandas merge loop / ours", taken["merge"] / taken["ours"], least=6),
        Figure(f"{what}: DuckDB recursive query / ours", taken["recursive"] / taken["ours"], least=6),
        Figure("look-through: value lost, 1e-12 of the gross", lost * 1e12, "", limit=1),
    ]


def merged(held: pd.DataFrame, owned: pd.DataFrame) -> pd.DataFrame:
    """The plain way: merge what is held with what it owns, a level a turn, until nothing owns anything."""
    rest = 1 - owned.groupby("fund_id")["weight"].sum()
    rests = pd.DataFrame({"fund_id": rest.index, "instrument_id": REST + rest.index, "weight": rest.to_numpy()})
    edges = pd.concat([owned, rests]).rename(columns={"instrument_id": "leaf_id"})
    at, ends = held.assign(depth=0).rename(columns={"instrument_id": "leaf_id"}), []
    while len(at):
        is_fund = at["leaf_id"].isin(rest.index)
        ends.append(at[~is_fund])
        found = at[is_fund].rename(columns={"leaf_id": "fund_id"}).merge(edges, on="fund_id")
        at = found.assign(value_base=found["value_base"] * found["weight"], depth=found["depth"] + 1)[at.columns]
    return pd.concat(ends).groupby(["scope", "leaf_id"], as_index=False).agg({"value_base": "sum", "depth": "max"})


def over_time(folder: Path) -> list[Figure]:
    """The mart of allocation levels over all days against a single pass over two keys, and a day added to it."""
    files = [folder / f"{number}.parquet" for number in range(DAYS)]
    for number, path in enumerate(files):
        pq.write_table(_lines(number), path, compression="zstd")
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    levels = MODEL.read_text().replace("{{ source('book', 'holdings') }}", "stated").partition("#}")[2]

    def select(sql: str, paths: list[Path]) -> pa.Table:
        stated = "with stated as (select * from read_parquet($1)) select * from"
        return connection.sql(f"{stated} ({sql})", params=[[str(path) for path in paths]]).to_arrow_table()

    ways: dict[str, Callable[[], pa.Table]] = {
        "all": lambda: select(levels, files),
        "two": lambda: select(TWO_KEYS, files),
        "day": lambda: select(levels, files[-1:]),
    }
    taken, answers = _race(ways, turns=TURNS)
    history = select(levels, files[:-1])
    added = pa.concat_tables([history, answers["day"]]).sort_by(ORDER)
    assert added.equals(answers["all"].sort_by(ORDER)), "a day that is added gives another history than a rebuild"
    rows = f"{DAYS * DAY_ROWS / 1e6:.0f}M rows"
    return [
        Figure(f"exposures of {rows}, 4 grouping sets / one two-key pass", taken["all"] / taken["two"], limit=5),
        Figure(f"exposures of {rows}: a rebuild / one new day", taken["all"] / taken["day"], least=20),
    ]


def _race(ways: dict[str, Callable[[], T]], turns: int) -> tuple[dict[str, float], dict[str, T]]:
    """Least CPU seconds of each way over several turns in which they take turns, and their answers."""
    taken, answers = dict.fromkeys(ways, float("inf")), {}
    for _ in range(turns):
        for name, way in ways.items():
            started = process_time()
            answers[name] = way()
            taken[name] = min(taken[name], process_time() - started)
    return taken, answers


def _check_equal(ours: pd.DataFrame, other: pd.DataFrame) -> None:
    key = {"scope": "str", "leaf_id": "str"}
    one, two = (rows.astype(key).set_index(list(key)).sort_index() for rows in (ours, other))
    assert one.index.equals(two.index)
    assert (one["depth"] == two["depth"]).all()
    np.testing.assert_allclose(one["value_base"], two["value_base"], rtol=1e-9, atol=1e-6)


def _held() -> pd.DataFrame:
    numbers = np.random.default_rng(1)
    is_fund = numbers.random(POSITIONS) < 0.5
    item = np.where(is_fund, _names("FUND", FUNDS, numbers), _names("LEAF", LEAVES, numbers))
    scope = np.char.add("scope_", numbers.integers(0, SCOPES, POSITIONS).astype(str))
    value = numbers.lognormal(10, 1, POSITIONS)
    text = {"scope": "string[pyarrow]", "instrument_id": "string[pyarrow]"}
    return pd.DataFrame({"scope": scope, "instrument_id": item, "value_base": value}).astype(text)


def _names(prefix: str, count: int, numbers: np.random.Generator) -> np.ndarray:
    return np.char.add(prefix, numbers.integers(0, count, POSITIONS).astype(str))


def _owned() -> pd.DataFrame:
    numbers = np.random.default_rng(2)
    parts = [_report(fund, numbers) for fund in range(FUNDS)]
    text = {"fund_id": "string[pyarrow]", "instrument_id": "string[pyarrow]"}
    return pd.concat(parts, ignore_index=True).astype(text)


def _report(fund: int, numbers: np.random.Generator) -> pd.DataFrame:
    below = np.flatnonzero(LEVELS[fund] + 1 == LEVELS)
    inside = numbers.choice(below, INSIDE, replace=False) if len(below) else below
    leaves = numbers.choice(LEAVES, LISTED, replace=False)
    items = [*np.char.add("FUND", inside.astype(str)), *np.char.add("LEAF", leaves.astype(str))]
    weights = numbers.dirichlet(np.ones(len(items))) * 0.98
    return pd.DataFrame({"fund_id": f"FUND{fund}", "instrument_id": items, "weight": weights})


def _lines(number: int) -> pa.Table:
    """A day of holdings."""
    rows = np.arange(DAY_ROWS)
    cents = np.random.default_rng(number).integers(1, 10**9, DAY_ROWS)
    return pa.table(
        {
            "business_date": pa.array([day(number)] * DAY_ROWS, pa.date32()),
            "account_id": np.char.add("account_", (rows % 20).astype(str)),
            "instrument_id": np.char.add("INSTRUMENT", (rows // 20).astype(str)),
            "entity_id": np.char.add("entity_", (rows % 4).astype(str)),
            "asset_class": np.char.add("class_", (rows // 20 % 8).astype(str)),
            "currency": np.char.add("CU", (rows // 7 % 6).astype(str)),
            "market_value_base": pa.array(cents).cast(pa.decimal128(22, 0)).cast(pa.decimal128(24, 2)),
        }
    )
