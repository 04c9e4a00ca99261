"""Exact columns of amounts: sums by key, unknown and zero, constants. What the amounts mean belongs to the callers."""

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from fo_platform import units

ZERO = Decimal(0)


def sum_by(frame: pd.DataFrame, keys: Sequence[str], amounts: Sequence[str]) -> pd.DataFrame:
    """One row a key with the exact sums of decimal columns; unknown cells are skipped, a sum of none is unknown.

    Columns that are neither key nor amount keep the first row's value; types and column order are the frame's. Arrow
    sums, because pandas adds decimals one by one.
    """
    firsts = frame.drop_duplicates(list(keys), ignore_index=True)
    if len(firsts) == len(frame):
        return firsts
    codes = frame.groupby(list(keys), sort=False, dropna=False).ngroup()
    table = pa.table({"code": pa.array(codes), **{name: pa.array(frame[name]) for name in amounts}})
    grouped = table.group_by("code").aggregate([(name, "sum") for name in amounts]).sort_by("code")
    return firsts.assign(**{name: _column(grouped[f"{name}_sum"], frame[name]) for name in amounts})


def summed(rows: pd.DataFrame, keys: Sequence[str], *, column: str, name: str) -> pd.DataFrame:
    """Exact sum of one column by key, under a new name."""
    return sum_by(rows[[*keys, column]], keys, [column]).rename(columns={column: name})


def or_value(amounts: pd.Series, value: Decimal) -> pd.Series:
    """The amounts, unknown ones as the value."""
    return replaced(amounts, amounts.isna(), value)


def or_zero(amounts: pd.Series) -> pd.Series:
    """The amounts, unknown ones as zero."""
    return or_value(amounts, ZERO)


def replaced(amounts: pd.Series, condition: pd.Series, value: Decimal) -> pd.Series:
    """The amounts, those of the condition as the value."""
    changed: pd.Series = amounts.mask(condition, value)  # type: ignore[call-overload]
    return changed


def is_nonzero(amounts: pd.Series) -> pd.Series:
    """Whether an amount is known and not zero."""
    return is_true(amounts != ZERO)


def is_true(condition: pd.Series) -> pd.Series:
    """A condition on amounts of which some are unknown: what is unknown is not true."""
    return condition.fillna(value=False).astype("bool")


def constant(value: Decimal | None, index: pd.Index, kind: pa.Decimal128Type) -> pd.Series:
    """A column of one value, or of unknown ones."""
    return units.exact(pd.Series(value, index=index, dtype="object"), kind)


def _column(values: pa.ChunkedArray, like: pd.Series) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(values.cast(pa.array(like).type)))
