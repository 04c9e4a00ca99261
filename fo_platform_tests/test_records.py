"""Payloads as typed columns."""

from decimal import Decimal

import pandas as pd

from fo_platform.records import FIELDS, unpack
from fo_platform_tests.book import frames


def test_a_payload_becomes_typed_columns_beside_where_it_was_read() -> None:
    rows = unpack(frames.raw([frames.lot("KO", "L1", "1.5", cost="-0.005")]), "lot")
    assert rows.loc[0, "quantity"] == Decimal("1.5")
    assert rows.loc[0, "cost"] == Decimal("0.00")
    assert rows.loc[0, "acquired_date"] == pd.Timestamp("2020-01-02")
    assert rows.loc[0, ["isin", "lot_id", "line"]].tolist() == ["ISIN-KO", "L1", 1]
    assert rows["cusip"].isna().all()


def test_records_of_other_kinds_and_fields_that_nobody_knows_are_left_alone() -> None:
    raw = frames.raw([frames.position("KO", "1", surprise="x"), frames.record("cash", currency="USD", amount="5")])
    assert "surprise" not in unpack(raw, "position")
    assert unpack(raw, "cash")["amount"].tolist() == [Decimal(5)]


def test_text_with_line_breaks_and_quotes_stays_one_record() -> None:
    raw = frames.raw([frames.position("KO", "1", description='a "b"\nc'), frames.position("KO", "2", description="")])
    assert unpack(raw, "position")["description"].fillna("unknown").tolist() == ['a "b"\nc', "unknown"]


def test_records_come_in_the_order_their_files_were_received() -> None:
    rows = [frames.position("KO", "2", file=2), frames.position("KO", "1", file=1)]
    assert unpack(frames.raw(rows), "position")["quantity"].tolist() == [Decimal(1), Decimal(2)]


def test_a_day_without_records_has_every_column_and_no_row() -> None:
    for kind, fields in FIELDS.items():
        empty = unpack(frames.raw(), kind)
        assert empty.empty
        assert set(fields) <= set(empty.columns)
