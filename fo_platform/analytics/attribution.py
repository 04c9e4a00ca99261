"""Effects of one session by scope, class, account and currency. Linking them over spans does not belong here.

Weights are those of the start of the session, as flows count at its end. Market effects are of premia: returns in local
currency less what the cash of that currency earned, simple ones as they must sum to the active return. What currencies
add, by their cash and their moves, is an effect of its own (Karnosky and Singer), and so are trades, by their gain over
yesterday's holdings, and fees. Cash whose rate is not known counts as earning nothing, and its rows say so. A class
that is measured against itself, or that has neither benchmark nor weight in policy, has its own return as benchmark:
its effect is allocation. A class that policy weighs and whose benchmark has no return leaves the scope's benchmark
unknown, and all that needs it.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from fo_platform.analytics.brinson import Array, brinson
from fo_platform.analytics.currency_attribution import Grid, grid_effects, log_cash_return
from fo_platform.analytics.policy_benchmark import NO_BENCHMARK, OWN_RETURN, ClassReturns
from fo_platform.analytics.scopes import by_scope

TOTAL, CLASS, ACCOUNT = "total", "asset_class", "account"

OUTSIDE = "outside"
"""Segment that stands beside accounts for fees that none of them paid."""

NOT_HELD, NO_POLICY, NO_RETURN = "not_held", "no_policy_weights", "no_return"
"""Why there is no effect: measured against itself and not held, weights of policy that are not one, no own return."""

NO_CASH_RATE = "no_cash_rate"
"""Why a premium is the whole local return: the rate of a currency's cash is not known, and counts as zero."""

WHOLE = 1e-9
"""Policy weights of a scope that differ from one by more do not state a benchmark."""


_EARNED = (
    "start_value_base", "external_flow_base", "gain_base", "fee_paid_base", "return_gross_1d", "return_local_1d",
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """What performance says of the scopes that had something at the start: their value and returns, scopes."""

    names: pd.Index
    start: Array
    gross: Array
    net: Array


@dataclass(frozen=True)
class Sides:
    """Both sides, scopes x classes: weights; contributions of what is held; returns of the benchmark; why it is own.

    trading is part of local, and local and fx sum to what the class earned before fees.
    """

    classes: pd.Index
    weight: Array
    weight_benchmark: Array
    local: Array
    fx: Array
    trading: Array
    local_benchmark: Array
    fx_benchmark: Array
    is_own: np.ndarray
    reason: np.ndarray


@dataclass(frozen=True)
class Currencies:
    """Parts of the value at the start by currency: scopes x currencies, by class scopes x classes x currencies.

    every, hedges: net exposures, and those of hedges among them. held: of what is held in a class. mixes: exposures of
    a class's benchmark, of the class and not of the scope. benchmark: exposures that policy gives.
    """

    every: Array
    hedges: Array
    held: Array
    mixes: Array
    benchmark: Array


def scopes_of(performance: pd.DataFrame) -> Scope:
    """The scopes that had something at the start of the session."""
    total = performance[(performance["level"] == TOTAL).to_numpy() & (performance["start_value_base"] > 0).to_numpy()]
    columns = ("start_value_base", "return_gross_1d", "return_net_1d")
    return Scope(pd.Index(total["scope"], dtype="object"), *(total[name].to_numpy("float64") for name in columns))


def both_sides(
    performance: pd.DataFrame, scope: Scope, policy: pd.DataFrame, benchmark: ClassReturns, gains: pd.DataFrame
) -> Sides:
    """Weights and returns of what is held and of what policy would hold.

    policy: of `policy_weights`. gains: of `trading_gains`.
    """
    rows = performance[(performance["level"] == CLASS).to_numpy()]
    classes = pd.Index(sorted({*rows["segment"], *policy.columns}), dtype="object")
    start, local, fx = (
        placed(rows, part, (scope.names, "scope"), (classes, "segment")) / scope.start[:, None] for part in earned(rows)
    )
    owned = by_scope(gains)
    trading = placed(owned, owned["trading_base"], (scope.names, "scope"), (classes, "asset_class"))
    weights = policy.reindex(index=scope.names, columns=classes).fillna(0.0).to_numpy()
    is_stated = np.abs(weights.sum(axis=1, keepdims=True) - 1) <= WHOLE
    sides = Sides(
        classes=classes,
        weight=start,
        weight_benchmark=np.where(is_stated, weights, np.nan),
        local=local,
        fx=fx,
        trading=trading / scope.start[:, None],
        local_benchmark=_everywhere(benchmark.local.reindex(classes).to_numpy("float64"), scope),
        fx_benchmark=_everywhere(benchmark.fx.reindex(classes).to_numpy("float64"), scope),
        is_own=np.zeros(weights.shape, dtype=bool),
        reason=_everywhere(benchmark.reason.reindex(classes, fill_value=NO_BENCHMARK).to_numpy("object"), scope),
    )
    return _measured(sides)


def _everywhere(values: np.ndarray, scope: Scope) -> np.ndarray:
    """The same for every scope."""
    return np.tile(values, (len(scope.names), 1))


def earned(rows: pd.DataFrame) -> tuple[Array, Array, Array]:
    """Of rows of Performance: value at the start, and what was earned before fees: local, and from currencies.

    Where a segment has no return, as what is owed has none, all of its gain counts as local.
    """
    names = (
        "start_value_base",
        "external_flow_base",
        "return_gross_1d",
        "return_local_1d",
        "gain_base",
        "fee_paid_base",
    )
    start, flow, gross, local, gain, fee = (rows[name].to_numpy("float64") for name in names)
    at_work = np.where(start == 0, flow, start)
    total = np.where(np.isnan(gross), gain + fee, at_work * gross)
    own = np.where(np.isnan(local), total, at_work * local)
    return start, own, total - own


def placed(
    rows: pd.DataFrame, values: Array | pd.Series, by: tuple[pd.Index, str], across: tuple[pd.Index, str]
) -> Array:
    """Sums of values in a grid, by the names in one column and across those in another; others are left out."""
    grid = np.zeros((len(by[0]), len(across[0])))
    places = [names.get_indexer(pd.Index(rows[column], dtype="object")) for names, column in (by, across)]
    there = (places[0] >= 0) & (places[1] >= 0)
    np.add.at(grid, (places[0][there], places[1][there]), np.asarray(values, dtype="float64")[there])
    return grid


def class_effects(sides: Sides) -> dict[str, Array]:
    """Effects of every class, and its benchmark's return: scopes x classes."""
    is_held = sides.weight != 0
    held = (sides.local - sides.trading) / np.where(is_held, sides.weight, 1.0)
    grids = (sides.weight, sides.weight_benchmark, np.where(is_held, held, 0.0), sides.local_benchmark)
    allocation, selection = (array[0].T for array in brinson(*(grid.T[None] for grid in grids)))
    return {
        "benchmark": sides.local_benchmark + sides.fx_benchmark,
        "allocation": allocation,
        "selection": selection + np.where(is_held, 0.0, held),
        "currency": sides.fx - sides.weight_benchmark * sides.fx_benchmark,
        "trading": sides.trading,
    }


def total_effects(scope: Scope, sides: Sides, effects: dict[str, Array]) -> dict[str, Array]:
    """Both returns, the active return and the effects that sum to it, by scope; `rest` is what classes do not explain.

    The rest, of classes whose values are rounded to cents, is part of selection.
    """
    sums = {name: array.sum(axis=1) for name, array in effects.items()}
    benchmark = (sides.weight_benchmark * effects["benchmark"]).sum(axis=1)
    rest = scope.gross - (sides.local + sides.fx).sum(axis=1)
    own = {"portfolio": scope.net, "benchmark": benchmark, "active": scope.net - benchmark}
    return sums | own | {"selection": sums["selection"] + rest, "fees": scope.net - scope.gross, "rest": rest}


def account_effects(
    performance: pd.DataFrame,
    scope: Scope,
    sides: Sides,
    *,
    before: pd.DataFrame,
    gains: pd.DataFrame,
    cash: pd.Series,
) -> tuple[pd.DataFrame, dict[str, Array]]:
    """Accounts (scope, segment, weight), and selection, trading and fees of each: its classes against their benchmarks.

    Fees that no account of an owner paid are of OUTSIDE. before: yesterday's holdings. gains: of `trading_gains`. cash:
    of `cash_returns`.
    """
    rows = performance[(performance["level"] == ACCOUNT).to_numpy() & performance["scope"].isin(scope.names).to_numpy()]
    accounts = pd.Index(rows["segment"], dtype="object")
    owner = scope.names.get_indexer(pd.Index(rows["scope"], dtype="object"))
    capital = scope.start[owner]
    by, across = (accounts, "account_id"), (sides.classes, "asset_class")
    value = before["market_value_base"].fillna(0.0)
    held = placed(before, value, by, across)
    due = np.where(held == 0, 0.0, held * sides.local_benchmark[owner]).sum(axis=1)
    own_cash = placed(before, value, by, (cash.index, "currency")) @ cash.fillna(0.0).to_numpy()
    traded = placed(gains, gains["trading_base"], by, across).sum(axis=1)
    start, local, _ = earned(rows)
    effects = {
        "selection": local - own_cash - traded - due,
        "trading": traded,
        "fees": -rows["fee_paid_base"].to_numpy("float64"),
    }
    named = rows[["scope", "segment"]].assign(weight=start / capital)
    beside, charged = _paid_outside(performance, scope, rows["scope"])
    outside = {name: charged if name == "fees" else np.zeros(len(charged)) for name in effects}
    every = pd.concat([named, beside.astype(named.dtypes)], ignore_index=True)
    return every, {name: np.append(array / capital, outside[name]) for name, array in effects.items()}


def _paid_outside(performance: pd.DataFrame, scope: Scope, owners: pd.Series) -> tuple[pd.DataFrame, Array]:
    """Segments of owners' fees that none of their accounts paid, and the effect of each."""
    is_owner = (performance["level"] == TOTAL) & performance["scope"].isin(owners)
    paid = performance[(is_owner & (performance["fee_outside_base"] != 0)).to_numpy("bool")]
    capital = scope.start[scope.names.get_indexer(pd.Index(paid["scope"], dtype="object"))]
    beside = paid[["scope"]].assign(segment=OUTSIDE, weight=0.0)
    return beside, np.asarray(-paid["fee_outside_base"].to_numpy("float64") / capital)


def over_cash(sides: Sides, grids: Currencies, cash: pd.Series) -> Sides:
    """Sides whose market returns are premia over local cash; what that cash earned is what its currencies add.

    cash: of `cash_returns`, in the order of the grids' currencies.
    """
    known, is_unknown = cash.fillna(0.0).to_numpy(), cash.isna().to_numpy()
    held, benchmark = grids.held @ known, grids.mixes @ known
    is_there = (grids.held != 0) | (np.nan_to_num(sides.weight_benchmark)[:, :, None] * grids.mixes != 0)
    is_assumed = (is_there & is_unknown).any(axis=2) & pd.isna(sides.reason)
    return replace(
        sides,
        local=sides.local - held,
        fx=sides.fx + held,
        local_benchmark=sides.local_benchmark - benchmark,
        fx_benchmark=sides.fx_benchmark + benchmark,
        reason=np.where(is_assumed, NO_CASH_RATE, sides.reason),
    )


def currency_effects(grids: Currencies, fx: pd.Series, cash: pd.Series) -> dict[str, Array]:
    """Effect of exposures at the start, of assets and cash, and of hedges apart: scopes x currencies.

    fx: returns of the currencies, in the grids' order. cash: of `cash_returns`. In logarithms, as Karnosky and Singer's
    currency grid.
    """
    earned_by = log_cash_return(fx.to_numpy("float64"), cash.fillna(0.0).to_numpy())[None, :, None]
    every, unhedged = (
        grid_effects(Grid(held.T[None], earned_by), Grid(grids.benchmark.T[None], earned_by)).allocation[0].T
        for held in (grids.every, grids.every - grids.hedges)
    )
    return {"currency": unhedged, "hedge": every - unhedged}


def currency_grids(
    before: pd.DataFrame, is_hedge: pd.Series, scope: Scope, sides: Sides, policy: pd.DataFrame
) -> Currencies:
    """Exposures at the start of what is held, of hedges, and of what policy would hold.

    before: yesterday's holdings. policy: classes x currencies, exposures of their benchmarks; a class that is
    measured against itself has the exposures of what is held in it.
    """
    columns = ["entity_id", "asset_class", "currency", "market_value_base"]
    lines = by_scope(before[columns].fillna({"market_value_base": 0.0}).assign(is_hedge=is_hedge))
    value, place = lines["market_value_base"], ((scope.names, "scope"), (policy.columns, "currency"))
    exposures, hedges = (placed(lines, part, *place) for part in (value, value.where(lines["is_hedge"], 0.0)))
    asset_class = lines["asset_class"].to_numpy("object")
    of_class = [value.where(asset_class == name, 0.0) for name in sides.classes]
    held = np.stack([placed(lines, part, *place) for part in of_class], axis=1)
    total = held.sum(axis=2, keepdims=True)
    stated = policy.reindex(sides.classes).fillna(0.0).to_numpy()[None]
    own = np.divide(held, total, out=np.zeros_like(held), where=total != 0)
    mixes = np.where(sides.is_own[:, :, None], own, stated)
    capital = scope.start[:, None]
    benchmark = np.einsum("sc,sck->sk", sides.weight_benchmark, mixes)
    return Currencies(exposures / capital, hedges / capital, held / capital[:, :, None], mixes, benchmark)


def _measured(sides: Sides) -> Sides:
    """Sides in which a class that nothing outside measures has its own return as benchmark."""
    is_held, target = sides.weight != 0, sides.weight_benchmark
    is_unknown = np.isnan(sides.local_benchmark)
    is_own = (sides.reason == OWN_RETURN) | (is_unknown & (target == 0))
    weight = np.where(is_held, sides.weight, 1.0)
    nothing = np.where(target == 0, 0.0, np.nan)
    own = [np.where(is_held, part / weight, nothing) for part in (sides.local - sides.trading, sides.fx)]
    outside = sides.local_benchmark, sides.fx_benchmark
    local, fx = (np.where(is_own, mine, other) for mine, other in zip(own, outside, strict=True))
    reason = np.where(is_own & ~is_held & (target != 0), NOT_HELD, np.where(np.isnan(target), NO_POLICY, sides.reason))
    return replace(sides, local_benchmark=local, fx_benchmark=fx, is_own=is_own, reason=reason)
