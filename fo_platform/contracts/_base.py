"""Table: a strict, keyed, typed contract built from the column dictionary. The tables themselves do not belong here."""

import re
from collections.abc import Sequence
from functools import cache
from typing import ClassVar

import numpy as np
import pandas as pd
import pandera.pandas as pa_check
import pyarrow as pa
import pyarrow.compute as pc
from pandera.dtypes import DataType
from pandera.engines import pandas_engine
from pandera.errors import SchemaErrors

from fo_platform import units
from fo_platform.contracts._column import Column
from fo_platform.contracts.columns import COLUMNS
from fo_platform.errors import DataError


class Text(pandas_engine.STRING):
    """A column of strings that is checked as a whole: its type holds for every cell."""

    def check(self, pandera_dtype: DataType, data_container: object = None) -> bool:
        """Whether a column has this type."""
        return getattr(pandera_dtype, "type", None) == self.type


TEXT = Text(storage="pyarrow")  # type: ignore[call-arg]  # A dataclass, which the stubs do not see.


class Table:
    """One table: `columns` are names of the dictionary, a trailing `?` marks one that may be unknown.

    A subclass states `key` (the primary key), `columns`, and optionally `allowed` (closed sets of strings by column).
    Its name is `<module>.<snake-case class>`, which is also the asset key, the warehouse table and the dbt source.
    """

    key: ClassVar[tuple[str, ...]]
    columns: ClassVar[str]
    allowed: ClassVar[dict[str, tuple[str, ...]]] = {}
    schema_name: ClassVar[str]
    table_name: ClassVar[str]
    name: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Derive the table's names from where the class stands."""
        cls.schema_name = cls.__module__.rsplit(".", 1)[-1]
        cls.table_name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        cls.name = f"{cls.schema_name}.{cls.table_name}"

    @classmethod
    @cache
    def fields(cls) -> dict[str, tuple[Column, bool]]:
        """Column definition and whether it may be unknown, by name, in table order."""
        names = cls.columns.split()
        return {name.rstrip("?"): (COLUMNS[name.rstrip("?")], name.endswith("?")) for name in names}

    @classmethod
    @cache
    def arrow_schema(cls) -> pa.Schema:
        """The table at rest."""
        return pa.schema([pa.field(n, c.arrow, nullable=nullable) for n, (c, nullable) in cls.fields().items()])

    @classmethod
    @cache
    def schema(cls) -> pa_check.DataFrameSchema:
        """The pandera schema: strict, ordered, keyed, with the dictionary's ranges and the table's closed sets."""
        columns = {n: cls._checked(n, c, nullable) for n, (c, nullable) in cls.fields().items()}
        return pa_check.DataFrameSchema(columns, strict=True, ordered=True, unique=list(cls.key), name=cls.name)

    @classmethod
    def _checked(cls, name: str, column: Column, nullable: bool) -> pa_check.Column:  # noqa: FBT001 - internal.
        checks = list(column.checks)
        if name in cls.allowed:
            checks.append(pa_check.Check.isin(cls.allowed[name]))
        is_text = isinstance(column.exact_dtype, pd.StringDtype)
        return pa_check.Column(TEXT if is_text else column.exact_dtype, checks=checks, nullable=nullable)

    @classmethod
    def frame(cls, rows: object = ()) -> pd.DataFrame:
        """A frame of this table from rows (a frame, dicts or nothing): every column, exact types, key order.

        Columns that are absent become unknown; columns that the table does not have are refused.
        """
        source = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))  # type: ignore[call-overload]
        strange = sorted(set(source.columns) - set(cls.fields()))
        if strange:
            raise DataError(
                f"{cls.name} has no column {', '.join(map(str, strange))}.", "Drop it or add it to the contract."
            )
        typed = {n: _typed(source, n, column) for n, (column, _) in cls.fields().items()}
        return in_order(pd.DataFrame(typed), cls.key)

    @classmethod
    def complete(cls, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows that state all of what the table cannot be without, of the columns that are there.

        What a source leaves out never fails a run: such a row stays in its raw table and in no other.
        """
        needed = [name for name, (_, optional) in cls.fields().items() if not optional and name in rows]
        return rows.dropna(subset=needed)

    @classmethod
    def validate(cls, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame in exact types, or SchemaErrors with every failing row."""
        try:
            return cls.schema().validate(cls.frame(frame), lazy=True, inplace=True)
        except SchemaErrors:
            raise
        except (ValueError, TypeError, ArithmeticError, pa.ArrowInvalid) as error:
            raise DataError(
                f"{cls.name} cannot be held in its types: {error}.", "See the column dictionary."
            ) from error

    @classmethod
    def to_arrow(cls, frame: pd.DataFrame) -> pa.Table:
        """A validated frame as the arrow table that is stored."""
        return pa.Table.from_pandas(frame, schema=cls.arrow_schema(), preserve_index=False).replace_schema_metadata(
            None
        )

    @classmethod
    def from_arrow(cls, table: pa.Table, *, exact: bool = True) -> pd.DataFrame:
        """A stored table as a frame; `exact=False` gives float64 instead of decimals, for analytics and solvers."""
        fields = cls.fields()
        series = {n: _loaded(table[n], fields[n][0] if n in fields else COLUMNS[n], exact) for n in table.column_names}
        return pd.DataFrame(series)


def in_order(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The rows sorted by columns, unknown cells last, numbered anew. Arrow sorts, as pandas factorises every column."""
    keys = pa.table({name: pa.array(frame[name]) for name in columns})
    order = pc.sort_indices(keys, [(name, "ascending") for name in columns]).to_numpy()
    is_sorted = bool((order == np.arange(len(order))).all())
    return frame.reset_index(drop=True) if is_sorted else frame.take(order).reset_index(drop=True)


def inexact(frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame with float64 in place of decimals."""
    decimals = [n for n in frame if isinstance(frame[n].dtype, pd.ArrowDtype)]
    return frame.assign(**{str(n): frame[n].astype("float64") for n in decimals})


def _typed(source: pd.DataFrame, name: str, column: Column) -> pd.Series:
    if name not in source:
        return pd.Series([column.missing] * len(source), index=source.index, dtype=column.exact_dtype)
    values = source[name]
    if values.dtype == column.exact_dtype:
        return values
    if pa.types.is_decimal(column.arrow):
        return units.exact(values, column.arrow)
    if column.kind == "date":
        return pd.to_datetime(values).astype("datetime64[ns]")
    if column.kind == "timestamp":
        return pd.to_datetime(values, utc=True).astype(column.exact_dtype)
    return values.astype(column.exact_dtype)


def _loaded(values: pa.ChunkedArray, column: Column, exact: bool) -> pd.Series:  # noqa: FBT001 - internal.
    loaded: pd.Series
    if pa.types.is_decimal(column.arrow):
        loaded = pd.Series(pd.arrays.ArrowExtensionArray(values)) if exact else values.cast(pa.float64()).to_pandas()
    elif isinstance(column.exact_dtype, pd.StringDtype | pd.Int64Dtype):
        loaded = values.to_pandas(types_mapper=lambda _: column.exact_dtype)
    else:
        dated = values.cast(pa.timestamp("ns")) if column.kind == "date" else values
        loaded = dated.to_pandas().astype(column.exact_dtype)
    return loaded
