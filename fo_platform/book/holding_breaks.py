"""Holdings whose quantities differ from our book, classified by how. Lots, values and cash belong elsewhere."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa

from fo_platform import units
from fo_platform.book.amounts import constant, is_nonzero, is_true, or_zero
from fo_platform.book.materiality import materiality
from fo_platform.identify import is_unknown

_WIDE = pa.decimal128(38, 10)
_FACTORS = (Decimal(10), Decimal(100), Decimal(1000))

_SENTENCES = {
    "IDENTIFIER": "The custodian {verb} {stated} of an instrument that no identifier names, our book has {book}: "
    "add its identifier to the reference data or have the custodian correct it.",
    "MISSING_AT_CUSTODIAN": "Our book has {book} and the custodian {verb} {stated} with {pending} pending: "
    "ask the custodian for the missing line or book what took it away.",
    "MISSING_IN_BOOK": "The custodian {verb} {stated} with {pending} pending and our book has {book}: "
    "book the trade or transfer that brought it or have the custodian correct the file.",
    "SIGN": "The custodian {verb} {stated} with {pending} pending where our book has {book}: "
    "ask the custodian which side the holding is on.",
    "QUANTITY_FACTOR": "The custodian {verb} {stated} with {pending} pending where our book has {book}, "
    "a power of ten apart: ask the custodian for the unit of the quantity.",
    "QUANTITY": "The custodian {verb} {stated} with {pending} pending where our book has {book}: "
    "ask the custodian for a restated file or book the missing movement.",
}


def holding_breaks(positions: pd.DataFrame) -> pd.DataFrame:
    """Holdings where stated plus pending is not our book, or whose instrument is unknown.

    positions: book.Positions as materiality.appraised. A file that also states settled quantities must tie on those
    too. A statement is compared as of its own date, so its age alone is no break; an account never stated has nothing
    to compare.
    """
    rows = positions[positions["quantity_stated"].notna()]
    difference = _difference(rows, "quantity_stated", "quantity_pending")
    difference_settled = _difference(rows, "quantity_settled", "quantity_unsettled")
    is_settled = ~is_nonzero(difference) & is_nonzero(difference_settled)
    compared = rows.assign(
        verb=is_settled.map({True: "states as settled", False: "states"}),
        quantity_stated=rows["quantity_stated"].mask(is_settled, rows["quantity_settled"]),
        quantity_pending=rows["quantity_pending"].mask(is_settled, rows["quantity_unsettled"]),
        quantity_difference=difference.mask(is_settled, difference_settled),
    )
    is_broken = is_nonzero(compared["quantity_difference"]) | is_unknown(compared["instrument_id"])
    return _classified(compared[is_broken]) if is_broken.any() else compared.head(0)


def _difference(rows: pd.DataFrame, stated: str, pending: str) -> pd.Series:
    return units.exact(rows[stated] + rows[pending] - rows["quantity_book"], units.QUANTITY)


def _classified(rows: pd.DataFrame) -> pd.DataFrame:
    expected = units.exact(rows["quantity_stated"] + rows["quantity_pending"], units.QUANTITY)
    book = rows["quantity_book"]
    conditions = {
        "IDENTIFIER": is_unknown(rows["instrument_id"]),
        "MISSING_AT_CUSTODIAN": ~is_nonzero(expected),
        "MISSING_IN_BOOK": ~is_nonzero(book),
        "SIGN": expected == -book,
        "QUANTITY_FACTOR": _is_factor(expected, book),
    }
    checked = [np.asarray(condition, dtype=bool) for condition in conditions.values()]
    classes = np.select(checked, list(conditions), default="QUANTITY")
    unnamed = rows["quantity_difference"].mask(conditions["IDENTIFIER"], or_zero(rows["quantity_stated"]))
    named = rows.assign(break_class=classes, materiality_base=materiality(rows, unnamed))
    return named.assign(explanation=_explanations(named))


def _is_factor(expected: pd.Series, book: pd.Series) -> pd.Series:
    """Whether one is ten, a hundred or a thousand times the other."""
    larger = [expected == _times(book, n) for n in _FACTORS]
    smaller = [book == _times(expected, n) for n in _FACTORS]
    return is_true(pd.concat([*larger, *smaller], axis=1).any(axis=1))


def _times(quantity: pd.Series, n: Decimal) -> pd.Series:
    return units.multiply(quantity, constant(n, quantity.index, units.QUANTITY), kind=_WIDE)


def _explanations(rows: pd.DataFrame) -> list[str]:
    return [
        _SENTENCES[row["break_class"]].format(
            verb=row["verb"],
            stated=units.plain(row["quantity_stated"]),
            pending=units.plain(row["quantity_pending"]),
            book=units.plain(row["quantity_book"]),
        )
        for row in rows.to_dict("records")
    ]
