"""What the whole analytics layer costs as the book grows: 1,000, 10,000, 100,000 positions. Single bars are elsewhere.

A demo office's day is enlarged: its lines are held in ever more accounts, its instruments copied under other names.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from graphlib import TopologicalSorter
from math import log
from pathlib import Path
from time import process_time

import pandas as pd

from fo_platform.contracts._base import inexact
from fo_platform.contracts.catalogue import tables
from fo_platform.lineage.recipe import Reading, Recipe, make
from fo_platform.office import open_office
from fo_platform.settings import Settings
from fo_platform_tests.benchmarks.figures import Figure

SIZES = (1_000, 10_000, 100_000)
COPIES_MAX = 30
"""Copies of an instrument: some two thousand instruments, as many as a large office holds."""

CONTRACTS = {contract.table_name: contract for contract in tables()}
TRADED = ["security", "cash"]
PER_INSTRUMENT = ("instruments", "identifiers", "prices", "market_liquidity")
Frames = dict[str, pd.DataFrame]


def layer(home: Path, day: date) -> list[Figure]:
    """CPU seconds of every metric of a day together, by size, and the exponent between the smallest and the largest."""
    import fo_platform.definitions  # noqa: F401, PLC0415 - loading the location fills the recipes.
    from fo_platform.defs._table import RECIPES  # noqa: PLC0415

    office = open_office(Settings.read({**os.environ, "FO_HOME": str(home)}))
    contracts = {name: recipe.contract for name, recipe in RECIPES.items()}
    metrics = [RECIPES[name] for name in _ordered(RECIPES) if name.startswith("analytics.")]
    reading = Reading(office, contracts, day, office.ledger.last_known_at())
    inexactly = [replace(recipe, exact=False) for recipe in metrics]
    given = {name: reading.argument(recipe, name) for recipe in inexactly for name in recipe.parameters}
    spent = {size: _spent(metrics, enlarged(given, size)) for size in SIZES}
    slowest = max(spent[SIZES[-1]], key=lambda name: spent[SIZES[-1]][name])
    totals = {size: sum(by_metric.values()) for size, by_metric in spent.items()}
    exponent = log(totals[SIZES[-1]] / totals[SIZES[0]]) / log(SIZES[-1] / SIZES[0])
    return [
        *(
            Figure(f"analytics, {size:,} positions, {len(metrics)} metrics", total, "CPU s")
            for size, total in totals.items()
        ),
        Figure("analytics: exponent of its cost from 1,000 to 100,000 positions", exponent, "", limit=1.0),
        Figure(f"analytics, {SIZES[-1]:,} positions: {slowest}, the dearest", spent[SIZES[-1]][slowest], "CPU s"),
    ]


def enlarged(given: Mapping[str, object], positions: int) -> dict[str, object]:
    """The inputs of a day whose book has about so many lines; worth and previous book follow."""
    held = given["holdings"]
    assert isinstance(held, pd.DataFrame)
    times = max(1, round(positions / int(held["holding_kind"].isin(TRADED).sum())))
    copies = min(times, COPIES_MAX)
    frames: Frames = {name: frame for name, frame in given.items() if isinstance(frame, pd.DataFrame)}
    more: Frames = {name: _lines(frames[name], times, copies) for name in frames if name.startswith("holdings")}
    more |= {name: _named_anew(frames[name], copies) for name in PER_INSTRUMENT if name in frames}
    accounts = pd.concat(
        [frames["accounts"].assign(account_id=frames["accounts"]["account_id"] + _suffix(i)) for i in range(times)]
    )
    more |= {"accounts": accounts.reset_index(drop=True)}
    worths = [name for name in frames if name.startswith("net_worth")]
    books = {name: name.replace("net_worth", "holdings") for name in worths}
    return {**given, **more, **{name: _worth(frames[name], frames[books[name]], more[books[name]]) for name in worths}}


def _worth(stated: pd.DataFrame, before: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Net worth as stated, grown by what the lines grew by."""
    by_entity = [lines.groupby("entity_id")["market_value_base"].sum() for lines in (held, before)]
    growth = by_entity[0] - by_entity[1]
    growth["office"] = growth.sum()
    return stated.assign(nav_base=stated["nav_base"] + stated["entity_id"].map(growth))


def _lines(held: pd.DataFrame, times: int, copies: int) -> pd.DataFrame:
    """Every traded line in `times` accounts, under as many names as there are copies of its instrument."""
    traded = held[held["holding_kind"].isin(TRADED)]
    is_money = traded["holding_kind"] == "cash"
    names = [
        traded["instrument_id"].where(is_money, traded["instrument_id"] + _suffix(i % copies)) for i in range(times)
    ]
    parts = [traded.assign(account_id=traded["account_id"] + _suffix(i), instrument_id=names[i]) for i in range(times)]
    return pd.concat([*parts, held[~held["holding_kind"].isin(TRADED)]], ignore_index=True)


def _named_anew(rows: pd.DataFrame, copies: int) -> pd.DataFrame:
    """Rows of every instrument once a copy, money only once."""
    is_money = rows["instrument_id"].str.startswith("CASH.")
    copied = rows[~is_money]
    parts = [copied.assign(instrument_id=copied["instrument_id"] + _suffix(i)) for i in range(copies)]
    unique = (
        [part.assign(id_value=part["id_value"] + _suffix(i)) for i, part in enumerate(parts)]
        if "id_value" in rows
        else parts
    )
    return pd.concat([*unique, rows[is_money]], ignore_index=True)


def _suffix(number: int) -> str:
    return f"~{number}" if number else ""


def _spent(metrics: list[Recipe], given: dict[str, object]) -> dict[str, float]:
    """CPU seconds of every metric, each reading what the ones before it made."""
    known, spent = dict(given), {}
    for recipe in metrics:
        reading = _Given({name: _exactly(name, known[name], recipe) for name in recipe.parameters})
        started = process_time()
        frame = recipe.contract.frame(make(recipe, reading).frame)  # type: ignore[arg-type]
        spent[recipe.name] = process_time() - started
        known[recipe.contract.table_name] = frame if recipe.exact else inexact(frame)
    return spent


def _exactly(name: str, argument: object, recipe: Recipe) -> object:
    """A table of floats as the decimals that a metric asks for."""
    if recipe.exact and name in CONTRACTS and isinstance(argument, pd.DataFrame):
        return CONTRACTS[name].frame(argument)
    return argument


class _Given:
    """A reading whose arguments are given."""

    def __init__(self, arguments: Mapping[str, object]) -> None:
        self.arguments, self.batches, self.read_at = arguments, {}, None  # type: ignore[var-annotated]

    def argument(self, _: Recipe, name: str) -> object:
        """One argument by its name."""
        return self.arguments[name]


def _ordered(recipes: Mapping[str, Recipe]) -> list[str]:
    graph = {
        name: {table for read in recipe.reads.values() if read.mode != "previous" for table in read.tables} - {name}
        for name, recipe in recipes.items()
    }
    return list(TopologicalSorter(graph).static_order())
