"""What policy would have earned: weights and returns of its classes. What was held instead does not belong here."""

from typing import NamedTuple

import pandas as pd

from fo_platform.calendars import previous_session
from fo_platform.limits import OFFICE

DAYS_PER_YEAR = 365

OWN_RETURN = "own_return"
NO_BENCHMARK = "no_benchmark"
NO_RETURN = "no_benchmark_return"
"""Why a class is not measured against something outside: declared so, not declared at all, no return on the day."""


class ClassReturns(NamedTuple):
    """By asset_class: return of its benchmark in local currencies, what currencies add, and why it is not measured so.

    What currencies add includes their product with the local return. Reasons are unknown where all is known.
    """

    local: pd.Series
    fx: pd.Series
    reason: pd.Series


def in_force(parts: pd.DataFrame, close_date: pd.Timestamp) -> pd.DataFrame:
    """Of rows of ClassBenchmarks the newest of every class begun by a date."""
    begun = parts[parts["valid_from"] <= close_date]
    return begun[begun["valid_from"] == begun.groupby("asset_class")["valid_from"].transform("max")]


def policy_weights(targets: pd.DataFrame, worth: pd.Series) -> pd.DataFrame:
    """Targets of every entity, and of the office by what each is worth: scopes x classes.

    worth: value of every entity at the start of the day. An entity without targets leaves the office's short of one.
    """
    own = targets.pivot(index="entity_id", columns="asset_class", values="weight_target").fillna(0.0)
    parts = (worth / worth.sum()).reindex(own.index).fillna(0.0)
    return pd.concat([own, pd.DataFrame({OFFICE: parts @ own}).T])


def class_returns(
    parts: pd.DataFrame, benchmarks: pd.DataFrame, factor_returns: pd.DataFrame, fx: pd.Series, close_date: pd.Timestamp
) -> ClassReturns:
    """Return of what every class is measured against, over the session of a close.

    Unknown where one part has no return of that date, and where a class is held against itself.
    parts: those in force. fx: return of currencies.
    """
    earned = parts["weight_component"] * _part_returns(parts, benchmarks, factor_returns, fx, close_date)
    classes, kind = parts["asset_class"], parts["benchmark_kind"]
    is_currency = kind == "currency"
    unknown = earned.isna().groupby(classes).any()
    local = earned.where(~is_currency, 0.0).groupby(classes).sum().mask(unknown)
    moves = earned.where(is_currency, 0.0).groupby(classes).sum()
    is_own = (kind == "own").groupby(classes).any()
    reason = pd.Series(None, index=local.index, dtype="object").mask(unknown, NO_RETURN).mask(is_own, OWN_RETURN)
    return ClassReturns(local, moves * (1 + local), reason)


def currency_exposures(parts: pd.DataFrame, currencies: pd.Index, base: str) -> pd.DataFrame:
    """Exposures of what classes are measured against, classes x currencies: what is not on top of a class is base.

    parts: those in force.
    """
    named = parts[parts["benchmark_kind"] == "currency"]
    classes = parts["asset_class"].unique()
    foreign = named.pivot(index="asset_class", columns="benchmark_id", values="weight_component")
    every = foreign.reindex(index=classes, columns=currencies).fillna(0.0)
    return every.assign(**{base: every[base] + 1 - every.sum(axis=1)})


def fx_returns(today: pd.DataFrame, before: pd.DataFrame, base: str) -> pd.Series:
    """Return of every currency against the base, from the last rate known yesterday to that known today."""
    last = [_last_rates(rates, base) for rates in (today, before)]
    moves: pd.Series = pd.concat([last[0] / last[1] - 1, pd.Series({base: 0.0})])
    return moves


def _last_rates(rates: pd.DataFrame, base: str) -> pd.Series:
    known = rates[(rates["base_currency"] == base) & (rates["currency"] != base)].sort_values("rate_date")
    return known.drop_duplicates("currency", keep="last").set_index("currency")["fx_rate"].astype("float64")


def _part_returns(
    parts: pd.DataFrame, benchmarks: pd.DataFrame, factor_returns: pd.DataFrame, fx: pd.Series, close_date: pd.Timestamp
) -> pd.Series:
    """Return of every part over the session; unknown where there is none of that date."""
    kind, name = parts["benchmark_kind"], parts["benchmark_id"]
    days = (close_date - previous_session(close_date)).days
    found = {
        "index": name.map(_of_date(benchmarks, "benchmark_id", close_date)),
        "factor": name.map(_of_date(factor_returns, "factor", close_date)),
        "currency": name.map(fx),
        "rate": parts["interest_rate"] * days / DAYS_PER_YEAR,
    }
    returns = pd.Series(float("nan"), index=parts.index)
    for each, values in found.items():
        returns = returns.where(kind != each, values.astype("float64"))
    return returns


def _of_date(rows: pd.DataFrame, name: str, close_date: pd.Timestamp) -> pd.Series:
    of_day = rows[rows["return_date"] == close_date].drop_duplicates(name, keep="last")
    returns: pd.Series = of_day.set_index(name)["return_1d"]
    return returns
