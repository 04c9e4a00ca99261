"""Which instrument a custodian means, by effective-dated identifiers; never a guess. Its worth belongs to book."""

from collections.abc import Iterable
from functools import reduce

import pandas as pd

from fo_platform import ids
from fo_platform.once import once
from fo_platform.records import IDENTIFIERS

UNKNOWN = "UNKNOWN."
"""Prefix of a holding whose instrument is not known: it is kept, seen and never priced."""

CASH = "CASH."
"""Prefix of the instrument that money in a currency is."""

SCHEMES = {name: name.upper() for name in IDENTIFIERS} | {"symbol": "TICKER"}
"""Identifier scheme of every payload key, in the order of the cascade."""

_WEAK = "symbol"
"""Tickers are reused: one counts only where nothing better is stated."""

_TEXT = pd.StringDtype("pyarrow")


def identify(records: pd.DataFrame, identifiers: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Instrument of every record, by the first scheme that knows it: ISIN, CUSIP, CONID, VALOR, ... and TICKER last.

    records: identifier columns as text. identifiers: reference.Identifiers, taken as in force on the day. Identifiers
    that name two instruments, or none known, give `UNKNOWN.<best identifier>`, so that the holding is not lost.
    """
    known = in_force(identifiers, day)
    stated = [name for name in IDENTIFIERS if records[name].notna().any()]
    found = {name: _looked_up(records[name], known, SCHEMES[name]) for name in stated}
    strong = [name for name in stated if name != _WEAK]
    if _WEAK in found:
        found[_WEAK] = found[_WEAK].mask(records[strong].notna().any(axis=1))
    best = _first(found.values(), records.index)
    for name in strong:
        best = best.mask(_is_true(found[name] != best))
    return best.fillna(UNKNOWN + _best_identifier(records[best.isna()])).rename("instrument_id")


def is_unknown(instrument_id: pd.Series) -> pd.Series:
    """Whether the instrument could not be named."""
    return _is_true(instrument_id.str.startswith(UNKNOWN))


@once
def in_force(identifiers: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The identifiers in force on a day: of each scheme and value the last that has begun."""
    begun = identifiers[identifiers["valid_from"] <= day].sort_values("valid_from", kind="stable")
    return begun.drop_duplicates(["id_type", "id_value"], keep="last", ignore_index=True)


def reidentify(rows: pd.DataFrame, identifiers: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Rows of earlier days, those unknown then under the name that their identifier has now, if it has just one."""
    nameless = is_unknown(rows["instrument_id"])
    if not nameless.any():
        return rows
    known = in_force(identifiers, day).groupby("id_value")["instrument_id"].agg(["nunique", "first"])
    single = known.loc[known["nunique"] == 1, "first"]
    values = rows["instrument_id"].str.removeprefix(UNKNOWN).where(nameless)
    return rows.assign(instrument_id=values.map(single).astype(_TEXT).fillna(rows["instrument_id"]))


def _is_true(condition: pd.Series) -> pd.Series:
    """A condition of which some cells are unknown: what is unknown is not true."""
    return condition.fillna(value=False).astype("bool")


def _looked_up(values: pd.Series, known: pd.DataFrame, scheme: str) -> pd.Series:
    named = known[known["id_type"] == scheme].set_index("id_value")["instrument_id"]
    return values.map(named).astype(_TEXT)


def _best_identifier(records: pd.DataFrame) -> pd.Series:
    """The most reliable identifier stated, else a name made of what the record does say."""
    best = _first((records[name] for name in IDENTIFIERS), records.index)
    said = records.loc[best.isna(), [name for name in ("description", "currency") if name in records]].fillna("")
    made = [ids.short_id(*row) for row in said.itertuples(index=False)]
    return best.fillna(pd.Series(made, index=said.index, dtype=_TEXT))


def _first(columns: Iterable[pd.Series], index: pd.Index) -> pd.Series:
    """The first known cell of every row."""
    return reduce(pd.Series.fillna, columns, pd.Series(pd.NA, index=index, dtype=_TEXT))
