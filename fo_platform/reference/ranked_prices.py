"""Which price of an instrument counts, and which is held as doubtful. What holdings are worth belongs to book."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from fo_platform.contracts.reference import HeldPrices, Prices
from fo_platform.once import once
from fo_platform.reference.price_candidates import price_candidates

ANY_CLASS = "*"
"""Asset class of the rules that hold where a class has none of its own."""

PENCE = (Decimal(80), Decimal(125))
"""How many times the last price one is that mixes hundredths with wholes: a hundred, with room to move."""

Row = dict[Hashable, Any]
Events = dict[str, list[tuple[pd.Timestamp, Decimal]]]
"""Corporate actions by instrument: ex-date, and new price per old one."""

_BY_RANK = ["instrument_id", "price_date", "source_rank", "source"]


@dataclass(frozen=True)
class Ranked:
    """The prices that count, and those that were held with their reason."""

    standing: pd.DataFrame
    held: pd.DataFrame


def prices(
    raw_records: pd.DataFrame,
    identifiers: pd.DataFrame,
    instruments: pd.DataFrame,
    corporate_actions: pd.DataFrame,
    price_rules: pd.DataFrame,
    *,
    prices_previous: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """reference.Prices: of each price date the best-ranked source's that is believed, and last known ones carried.

    An instrument that has no newer price keeps its last one with the date that it is of.
    """
    candidates = price_candidates(raw_records, identifiers, instruments, day)
    standing = ranked(candidates, instruments, corporate_actions, price_rules, prices_previous).standing
    carried = _last(prices_previous)
    newest = standing.groupby("instrument_id")["price_date"].max()
    is_older = carried["price_date"] <= carried["instrument_id"].map(newest).astype("datetime64[ns]")
    return Prices.frame(pd.concat([carried[~is_older], standing[list(Prices.fields())]], ignore_index=True))


def held_prices(
    raw_records: pd.DataFrame,
    identifiers: pd.DataFrame,
    instruments: pd.DataFrame,
    corporate_actions: pd.DataFrame,
    price_rules: pd.DataFrame,
    *,
    prices_previous: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """reference.HeldPrices: prices of the day's deliveries that would have counted and are not believed."""
    candidates = price_candidates(raw_records, identifiers, instruments, day)
    held = ranked(candidates, instruments, corporate_actions, price_rules, prices_previous).held
    return HeldPrices.frame(held.reindex(columns=list(HeldPrices.fields())))


@once
def ranked(
    candidates: pd.DataFrame,
    instruments: pd.DataFrame,
    corporate_actions: pd.DataFrame,
    price_rules: pd.DataFrame,
    prices_previous: pd.DataFrame,
) -> Ranked:
    """Candidates by date, the best source first, each against the last price that was believed before it.

    price_rules: policy.PriceRules. A price more than the class's factor above or below the last known one, or about a
    hundred times, is held unless a corporate action between the two explains it; the next source is asked instead.
    """
    rows = _with_rules(candidates, instruments, price_rules).sort_values(_BY_RANK, kind="stable", ignore_index=True)
    best = rows.drop_duplicates(["instrument_id", "price_date"])
    last = _last(prices_previous)
    events = _events(corporate_actions)
    doubtful = {*_doubtful(best, last), *events} & set(best["instrument_id"])
    if not doubtful:
        return Ranked(best, rows.head(0))
    known = {row["instrument_id"]: row for row in last.to_dict("records")}
    groups = rows[rows["instrument_id"].isin(doubtful)].groupby("instrument_id", sort=False)
    judged = [place for name, group in groups for place in _judged(group, known.get(name), events.get(str(name), []))]
    held = {place: reason for place, reason in judged if reason["held_reason"]}
    taken = [place for place, reason in judged if not reason["held_reason"]]
    told = pd.DataFrame.from_dict(held, orient="index", columns=["held_reason", "price_last_local", "price_last_date"])
    standing = pd.concat([best[~best["instrument_id"].isin(doubtful)], rows.loc[taken]])
    return Ranked(standing, rows.loc[list(held)].join(told))


def _last(prices_previous: pd.DataFrame) -> pd.DataFrame:
    """The newest price of every instrument that was known before the day."""
    known = prices_previous[list(Prices.fields())].sort_values("price_date", kind="stable")
    return known.drop_duplicates("instrument_id", keep="last", ignore_index=True)


def _with_rules(candidates: pd.DataFrame, instruments: pd.DataFrame, price_rules: pd.DataFrame) -> pd.DataFrame:
    """Candidates with the rank of their source and the factor of their class; a source without rank comes last."""
    classes = candidates[["instrument_id"]].merge(
        instruments[["instrument_id", "asset_class"]], how="left", on="instrument_id", validate="many_to_one"
    )["asset_class"]
    ruled = classes.where(classes.isin(price_rules["asset_class"]), ANY_CLASS).set_axis(candidates.index)
    factors = price_rules.drop_duplicates("asset_class").set_index("asset_class")["price_spike_factor"]
    ranks = price_rules[["asset_class", "source", "source_rank"]]
    both = candidates.assign(asset_class=ruled, price_spike_factor=ruled.map(factors)).merge(
        ranks, how="left", on=["asset_class", "source"], validate="many_to_one"
    )
    return both.assign(source_rank=both["source_rank"].fillna(len(price_rules)))


def _doubtful(best: pd.DataFrame, last: pd.DataFrame) -> Iterator[str]:
    """Instruments with a step between prices that is worth a look: cheap, and too wide rather than too narrow."""
    columns = ["instrument_id", "price_date", "price_local"]
    line = pd.concat([last[columns], best[columns]], ignore_index=True).sort_values(columns[:2], kind="stable")
    level = line["price_local"].astype("float64")
    step = level / level.groupby(line["instrument_id"]).shift()
    factor = min(float(best["price_spike_factor"].min()), float(PENCE[0])) if len(best) else 1.0
    is_wide = (step > factor * 0.99) | (step < 1.01 / factor)
    yield from line.loc[is_wide, "instrument_id"].unique()


def _judged(candidates: pd.DataFrame, last: Row | None, events: list[Any]) -> Iterator[tuple[int, Row]]:
    """Place and verdict of an instrument's candidates up to the believed one of each date, oldest first."""
    taken: pd.Timestamp | None = None
    for place, row in zip(candidates.index, candidates.to_dict("records"), strict=True):
        if row["price_date"] == taken:
            continue
        before = last if last is not None and last["price_date"] <= row["price_date"] else None
        reason = _doubt(row, before, events) if before else ""
        said: Row = (
            {"price_last_local": before["price_local"], "price_last_date": before["price_date"]} if before else {}
        )
        yield place, {"held_reason": reason, **said}
        if not reason:
            taken, last = row["price_date"], row


def _doubt(row: Row, last: Row, events: list[tuple[pd.Timestamp, Decimal]]) -> str:
    """Why a price is not believed; empty when it is."""
    expected: Decimal = last["price_local"]
    for ex_date, ratio in events:
        if last["price_date"] < ex_date <= row["price_date"]:
            expected *= ratio
    times = row["price_local"] / expected
    times, side = (times, "above") if times >= 1 else (1 / times, "below")
    if PENCE[0] <= times <= PENCE[1]:
        return "looks like pence"
    if times > Decimal(str(row["price_spike_factor"])):
        return f"{times:.1f} times {side} the last known price"
    return ""


def _events(corporate_actions: pd.DataFrame) -> Events:
    """Splits and the like: what one share became; the price moves the other way."""
    columns = ["instrument_id", "ex_date", "ratio_new", "ratio_old"]
    known = corporate_actions.dropna(subset=columns)[columns]
    found: Events = {}
    for row in known.to_dict("records"):
        if row["ratio_new"] > 0 and row["ratio_old"] > 0:
            found.setdefault(row["instrument_id"], []).append((row["ex_date"], row["ratio_old"] / row["ratio_new"]))
    return found
