"""What a column is: type at rest and in a frame, unit, meaning. Which columns there are belongs to columns."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa_check
import pyarrow as pa
from pandas.api.extensions import ExtensionDtype

from fo_platform import units

Kind = Literal["text", "date", "timestamp", "flag", "count", "float", "quantity", "price", "fx", "money"]

FrameType = ExtensionDtype | np.dtype[np.generic]

ARROW: dict[str, pa.DataType] = {
    "text": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"),
    "flag": pa.bool_(),
    "count": pa.int64(),
    "float": pa.float64(),
    "quantity": units.QUANTITY,
    "price": units.PRICE,
    "fx": units.FX,
    "money": units.MONEY,
}

FRAME: dict[str, FrameType] = {
    "text": pd.StringDtype("pyarrow"),
    "date": np.dtype("datetime64[ns]"),
    "timestamp": pd.DatetimeTZDtype("us", "UTC"),  # type: ignore[arg-type]  # The stubs know nanoseconds only.
    "flag": np.dtype("bool"),
    "count": pd.Int64Dtype(),
    "float": np.dtype("float64"),
}


@dataclass(frozen=True)
class Column:
    """One column: kind (type at rest), unit, meaning (with its FIX or ISO 20022 name) and the range it may take."""

    kind: Kind
    unit: str
    meaning: str
    checks: list[pa_check.Check] = field(default_factory=list)

    @property
    def arrow(self) -> pa.DataType:
        """Type at rest."""
        return ARROW[self.kind]

    @property
    def exact_dtype(self) -> FrameType:
        """Type in a frame, decimals kept exact."""
        return FRAME.get(self.kind) or pd.ArrowDtype(self.arrow)

    @property
    def missing(self) -> object:
        """How an unknown cell is written."""
        return pd.NaT if self.kind in ("date", "timestamp") else float("nan") if self.kind == "float" else pd.NA


def text(meaning: str, *checks: pa_check.Check) -> Column:
    """Text."""
    return Column("text", "", meaning, list(checks))


def day(meaning: str) -> Column:
    """A calendar date."""
    return Column("date", "date", meaning)


def moment(meaning: str) -> Column:
    """A moment, UTC."""
    return Column("timestamp", "UTC", meaning)


def flag(meaning: str) -> Column:
    """Yes or no."""
    return Column("flag", "", meaning)


def count(unit: str, meaning: str) -> Column:
    """A whole number, not negative."""
    return Column("count", unit, meaning, [pa_check.Check.ge(0)])


def floating(unit: str, meaning: str, *checks: pa_check.Check) -> Column:
    """A number for analytics."""
    return Column("float", unit, meaning, list(checks))


def share(meaning: str) -> Column:
    """A fraction between 0 and 1."""
    return floating("fraction", meaning, pa_check.Check.in_range(0, 1))


def quantity(meaning: str) -> Column:
    """Signed units, exact."""
    return Column("quantity", "signed units", meaning)


def price(meaning: str) -> Column:
    """A price above zero, exact."""
    return Column(
        "price",
        "currency per unit or per cent",
        meaning,
        [pa_check.Check(lambda s: s.astype("float64") > 0, name="above_zero")],
    )


def money(unit: str, meaning: str) -> Column:
    """An amount to the cent, exact."""
    return Column("money", unit, meaning)
