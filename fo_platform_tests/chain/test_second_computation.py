"""Every figure of the demo day against a computation that shares nothing with ours; each is in analytics/second.

A module of analytics/second returns the key of its table and figures of every row. Figures are held to `RELATIVE`, and
to what is lost where they are stored. A figure that rests on chance comes with a column of the same name and
`_tolerance`: how far apart the two may be, row by row, in the figure's unit. How figures are made does not belong here.
"""

from collections.abc import Iterator
from functools import partial

import pandas as pd
import pyarrow as pa
import pytest

from fo_platform.calendars import add_sessions
from fo_platform.contracts._column import ARROW
from fo_platform.contracts.catalogue import tables
from fo_platform.office import Office, open_office
from fo_platform.registry import discover
from fo_platform.settings import Settings
from fo_platform_tests.chain.conftest import TRIGGER, Home

CONTRACTS = {table.name: table for table in tables()}
SECOND = {
    f"analytics.{name}": second
    for name, second in discover("fo_platform_tests.analytics.second", "second").items()
    if callable(second)
}
RELATIVE, ABSOLUTE = 1e-9, 1e-9
"""`ABSOLUTE` is for fractions and such."""

STORED = {kind: 0.51 * 10.0**-arrow.scale for kind, arrow in ARROW.items() if pa.types.is_decimal(arrow)}
"""By kind of column: half of the last place that is kept, and a little for the halves."""

TOLERANCE = "_tolerance"


@pytest.fixture(scope="module")
def office(demo_home: Home) -> Iterator[Office]:
    """The demo after `fo run`."""
    return open_office(Settings.read({"FO_HOME": str(demo_home.fo)}))


def _read(office: Office, name: str, sessions: int = 1, back: int = 0) -> pd.DataFrame:
    """Rows of a table of the trigger day, or of sessions that end some before it, decimals as float64."""
    last = add_sessions(pd.Timestamp(TRIGGER), -back)
    first = add_sessions(last, 1 - sessions)
    batches = office.warehouse.batches(name, first.date(), last.date())
    return office.warehouse.read(CONTRACTS[name], batches, exact=False)


def test_every_table_of_analytics_has_a_second_computation() -> None:
    assert set(SECOND) == {name for name in CONTRACTS if name.startswith("analytics.")}


@pytest.mark.parametrize("name", SECOND)
def test_the_figures_of_the_day_are_those_of_a_second_computation(office: Office, name: str) -> None:
    contract, read = CONTRACTS[name], partial(_read, office)
    stored, again = read(name), SECOND[name](read)
    key = list(contract.key)
    compared = [column for column in again if column not in key and not column.endswith(TOLERANCE)]
    assert compared
    ours, theirs = stored.set_index(key)[compared].sort_index(), again.set_index(key).sort_index()
    assert list(map(str, ours.index)) == list(map(str, theirs.index))
    theirs = theirs.set_axis(ours.index)
    for column in compared:
        _compare(ours[column], theirs[column], theirs.get(f"{column}{TOLERANCE}"), contract)


def _compare(ours: pd.Series, theirs: pd.Series, apart: pd.Series | None, contract: type) -> None:
    column = CONTRACTS[contract.name].fields()[str(ours.name)][0]
    if column.kind in ("text", "date", "flag"):
        assert ours.astype("object").where(ours.notna(), None).tolist() == (
            theirs.astype("object").where(theirs.notna(), None).tolist()
        ), ours.name
        return
    stored, again = ours.astype("float64"), theirs.astype("float64")
    allowed = STORED.get(column.kind, ABSOLUTE) + RELATIVE * again.abs() + (0.0 if apart is None else apart)
    is_right = ((stored - again).abs() <= allowed) | (stored.isna() & again.isna())
    rows = pd.DataFrame({"stored": stored, "again": again, "allowed": allowed})
    assert is_right.all(), f"{contract.name}.{ours.name}:\n{rows[~is_right].to_string()}"
