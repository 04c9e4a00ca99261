"""Effects of a session as rows, one an effect, with what each level leaves unexplained.

The effects themselves belong to attribution, linking them over spans to attribution_spans.
"""

import numpy as np
import pandas as pd

from fo_platform.analytics.attribution import ACCOUNT, CLASS, NO_CASH_RATE, NO_RETURN, TOTAL, Scope, Sides
from fo_platform.analytics.brinson import Array

CURRENCY = "currency"

REST = "rest"
"""What the segments of a level do not explain."""

Effects = dict[str, Array]


def total_rows(scope: Scope, sides: Sides, effects: Effects) -> pd.DataFrame:
    """Rows of scopes in total, with the reason where the benchmark or the return is unknown."""
    is_missing = np.isnan(sides.local_benchmark) | np.isnan(sides.weight_benchmark)
    first = sides.reason[np.arange(len(scope.names)), is_missing.argmax(axis=1)]
    reason = np.where(np.isnan(scope.net), NO_RETURN, np.where(is_missing.any(axis=1), first, None))
    names = pd.DataFrame({"scope": scope.names, "segment": TOTAL, "reason": reason})
    return _rows(TOTAL, names, {name: values for name, values in effects.items() if name != REST})


def class_rows(scope: Scope, sides: Sides, effects: Effects, total: Effects) -> pd.DataFrame:
    """Rows of classes that are held, that policy weighs or that earned something, and of the rest."""
    names = _crossed(scope.names, sides.classes, sides.weight, sides.weight_benchmark)
    rows = _rows(CLASS, names.assign(reason=sides.reason.ravel()), effects)
    amounts = (sides.weight, np.nan_to_num(sides.weight_benchmark, nan=1.0), sides.local, sides.fx, sides.trading)
    is_there = np.any([part != 0 for part in amounts], axis=0).ravel()
    return pd.concat([rows[np.tile(is_there, len(effects))], _rest(CLASS, scope.names, {"selection": total[REST]})])


def account_rows(scope: Scope, names: pd.DataFrame, effects: Effects, total: Effects) -> pd.DataFrame:
    """Rows of accounts, and of what they leave of their owner's selection, trading and fees."""
    owner = scope.names.get_indexer(pd.Index(names["scope"], dtype="object"))
    sums = {name: np.bincount(owner, values, len(scope.names)) for name, values in effects.items()}
    is_owner = np.isin(np.arange(len(scope.names)), owner)
    left = {name: (total[name] - values)[is_owner] for name, values in sums.items()}
    return pd.concat([_rows(ACCOUNT, names, effects), _rest(ACCOUNT, scope.names[is_owner], left)])


def currency_rows(
    scope: Scope, cash: pd.Series, weights: tuple[Array, Array], effects: Effects, total: Effects
) -> pd.DataFrame:
    """Rows of currencies, of their hedges where there are any, and of what they leave of the currency effect.

    cash: of `cash_returns`; a currency whose rate is not known says so.
    """
    reason = pd.Series(NO_CASH_RATE, cash.index, dtype="object").where(cash.isna())
    names = _crossed(scope.names, cash.index, *weights).assign(reason=np.tile(reason.to_numpy(), len(scope.names)))
    rows = _rows(CURRENCY, names, effects)
    left = {"currency": total["currency"] - sum(array.sum(axis=1) for array in effects.values())}
    is_said = (rows["effect"] != "hedge") | (rows["effect_1d"] != 0)
    return pd.concat([rows[is_said], _rest(CURRENCY, scope.names, left)])


def _crossed(scopes: pd.Index, segments: pd.Index, weight: Array, weight_benchmark: Array) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "scope": np.repeat(scopes.to_numpy("object"), len(segments)),
            "segment": np.tile(segments.to_numpy("object"), len(scopes)),
            "weight": weight.ravel(),
            "weight_benchmark": weight_benchmark.ravel(),
        }
    )


def _rest(level: str, scopes: pd.Index, left: Effects) -> pd.DataFrame:
    return _rows(level, pd.DataFrame({"scope": scopes, "segment": REST}), left)


def _rows(level: str, names: pd.DataFrame, effects: Effects) -> pd.DataFrame:
    """The names once for every effect, in the columns that spans are made from."""
    texts = {"scope": names["scope"], "segment": names["segment"], "reason": names.get("reason", [None] * len(names))}
    numbers = {name: names.get(name, [np.nan] * len(names)) for name in ("weight", "weight_benchmark")}
    tiled = {name: np.tile(np.asarray(cells, dtype="object"), len(effects)) for name, cells in texts.items()}
    repeated = {name: np.tile(np.asarray(cells, dtype="float64"), len(effects)) for name, cells in numbers.items()}
    effect = np.repeat(np.array(list(effects), dtype="object"), len(names))
    values = np.concatenate([array.ravel() for array in effects.values()])
    return pd.DataFrame({**tiled, "level": level, "effect": effect, **repeated, "effect_1d": values})
