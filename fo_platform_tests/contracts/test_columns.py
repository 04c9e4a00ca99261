"""Names of tables and columns: one meaning each, with the unit in the name."""

from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from fo_platform.contracts._base import Table, in_order
from fo_platform.contracts._column import Column
from fo_platform.contracts.columns import COLUMNS
from fo_platform.contracts.dbt_sources import tables
from fo_platform.errors import DataError
from fo_platform.ledger import tables as ledger

TABLES = {table.name: table for table in tables()}
BARE = {"amount", "price", "value"}
SUFFIXES = {"_date": "date", "_at": "timestamp"}
UNITS = {"_base": "base", "_bps": "basis points", "_annual": "per year"}


def test_a_table_name_is_used_in_one_schema_only() -> None:
    counts = Counter(table.table_name for table in TABLES.values())
    assert {name: count for name, count in counts.items() if count > 1} == {}


def test_every_column_of_the_dictionary_is_used_by_a_table_or_the_ledger() -> None:
    used = {name for table in TABLES.values() for name in table.fields()}
    kept = {column.name for table in ledger.metadata.tables.values() for column in table.columns}
    assert set(COLUMNS) - used - kept == set()


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_a_docstring_and_its_key_is_known_and_never_missing(name: str) -> None:
    table = TABLES[name]
    assert table.__doc__
    assert all(not table.fields()[column][1] for column in table.key)


@pytest.mark.parametrize("name", TABLES)
def test_a_bare_value_stands_beside_its_unit(name: str) -> None:
    columns = set(TABLES[name].fields())
    assert not columns & BARE or columns & BARE == {"value"}
    assert "value" not in columns or "unit" in columns


@pytest.mark.parametrize("name", COLUMNS)
def test_a_columns_name_tells_its_type_and_unit(name: str) -> None:
    column: Column = COLUMNS[name]
    kinds = [kind for suffix, kind in SUFFIXES.items() if name.endswith(suffix)]
    units = [unit for suffix, unit in UNITS.items() if name.endswith(suffix)]
    assert all(column.kind == kind for kind in kinds)
    assert all(unit in column.unit for unit in units)
    assert (column.kind == "flag") == name.startswith(("is_", "has_", "needs_"))
    assert column.meaning


@pytest.mark.parametrize("name", [name for name, column in COLUMNS.items() if column.kind == "money"])
def test_money_says_whose_currency_it_is_in(name: str) -> None:
    assert COLUMNS[name].unit in ("base", "local")


@pytest.mark.parametrize("name", TABLES)
def test_local_money_travels_with_its_currency_or_the_instrument_that_has_one(name: str) -> None:
    fields = TABLES[name].fields()
    has_local_money = any(column.kind == "money" and column.unit == "local" for column, _ in fields.values())
    assert not has_local_money or {"currency", "instrument_id"} & set(fields)


class Pairs(Table):
    """A table of two columns, for the tests below."""

    key = ("entity_id",)
    columns = "entity_id nav_base?"


def test_a_frame_has_every_column_in_order_and_is_sorted_by_its_key() -> None:
    frame = Pairs.frame([{"entity_id": "b"}, {"nav_base": "1.005", "entity_id": "a"}])
    assert list(frame) == ["entity_id", "nav_base"]
    assert frame["entity_id"].tolist() == ["a", "b"]
    assert str(frame["nav_base"].iloc[0]) == "1.00"


def test_a_column_that_the_table_does_not_have_is_refused() -> None:
    with pytest.raises(DataError, match="no column nav"):
        Pairs.frame([{"entity_id": "a", "nav": 1}])


def test_two_rows_with_one_key_break_the_contract() -> None:
    with pytest.raises(Exception, match="not unique"):
        Pairs.validate(pd.DataFrame({"entity_id": ["a", "a"]}))


def test_a_column_of_another_type_breaks_the_contract_and_every_failing_column_is_named() -> None:
    frame = pd.DataFrame({"entity_id": pd.Series(["a"], dtype="object"), "nav_base": [1.0]})
    with pytest.raises(SchemaErrors) as broken:
        Pairs.schema().validate(frame, lazy=True)
    assert set(broken.value.failure_cases["column"]) == {"entity_id", "nav_base"}
    assert set(broken.value.failure_cases["check"].str[:5]) == {"dtype"}


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "Z", "é", None]), st.sampled_from([1, 2, None])), max_size=12))
def test_rows_are_ordered_as_pandas_would_order_them(rows: list[tuple[str | None, int | None]]) -> None:
    frame = pd.DataFrame(rows, columns=["text", "number"]).astype({"text": "string[pyarrow]", "number": "Int64"})
    numbered = frame.assign(place=range(len(frame)))
    expected = numbered.sort_values(["text", "number"], kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(in_order(numbered, ["text", "number"]), expected)


def test_a_stored_table_comes_back_as_it_was() -> None:
    frame = Pairs.validate(Pairs.frame([{"entity_id": "a", "nav_base": "1.25"}, {"entity_id": "b"}]))
    again = Pairs.from_arrow(Pairs.to_arrow(frame))
    pd.testing.assert_frame_equal(again, frame)
