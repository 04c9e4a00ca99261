"""Reference tables: the last received counts, and what is known is carried forward."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal

import pandas as pd

from fo_platform.contracts import reference
from fo_platform.contracts.raw import Record
from fo_platform.reference import tables

D = Decimal
KO = {
    "instrument_id": "KO", "instrument_name": "COCA-COLA", "instrument_type": "share", "asset_class": "us_equity",
    "issuer_id": "KO", "currency": "USD", "currency_risk": "USD", "market": "US", "mic": "XNYS", "country": "US",
    "price_basis": "unit", "multiplier": "1", "lot_size": "1", "is_liquid": "Y", "is_restricted": "N",
}  # fmt: skip
CLOSE = {
    "instrument_id": "KO",
    "price_date": "2022-06-14",
    "price_local": "60.5",
    "currency": "USD",
    "price_source": "x",
}
RATE = {"currency": "CHF", "base_currency": "USD", "rate_date": "2022-06-14", "fx_rate": "1.05", "fx_source": "ECB"}


def _raw(rows: Iterable[tuple[str, Mapping[str, str]]], *, file: int = 1, account: str | None = None) -> pd.DataFrame:
    """Records of one file, in the order of its lines."""
    records = [
        {
            "file_sha256": f"{file:064x}",
            "line": n,
            "byte_offset": n * 100,
            "byte_length": 100,
            "record_kind": kind,
            "feed": "market_csv",
            "account_id_source": account,
            "statement_date": "2022-06-14",
            "received_at": f"2022-06-15T11:00:{file:02}Z",
            "payload": json.dumps(payload),
        }
        for n, (kind, payload) in enumerate(rows, start=1)
    ]
    return Record.frame(records).assign(source="market_data")


def _pointers(rows: pd.DataFrame) -> list[tuple[str, int]]:
    return [(sha[-1], int(line)) for sha, line in zip(rows["file_sha256"], rows["line"], strict=True)]


def test_an_instrument_becomes_a_typed_row_that_says_where_it_was_read() -> None:
    rows = tables.instruments(_raw([("instrument", KO)]), reference.Instruments.frame())
    assert rows.loc[0, ["is_liquid", "is_restricted", "multiplier"]].tolist() == [True, False, D(1)]
    assert _pointers(rows) == [("1", 1)]
    pd.testing.assert_frame_equal(reference.Instruments.validate(rows), rows)


def test_yesterday_s_rows_stay_until_something_else_is_said_of_them() -> None:
    pep = {**KO, "instrument_id": "PEP"}
    before = tables.instruments(_raw([("instrument", KO), ("instrument", pep)]), reference.Instruments.frame())
    today = _raw([("instrument", KO), ("instrument", {**pep, "is_liquid": "N"})], file=2)
    rows = tables.instruments(today, before)
    assert rows["is_liquid"].tolist() == [True, False]
    assert _pointers(rows) == [("1", 1), ("2", 2)]


def test_a_day_without_deliveries_carries_everything_forward() -> None:
    before = tables.instruments(_raw([("instrument", KO)]), reference.Instruments.frame())
    pd.testing.assert_frame_equal(tables.instruments(_raw([]), before), before)


def test_an_unknown_venue_that_stays_unknown_is_no_change() -> None:
    bare = {name: value for name, value in KO.items() if name != "mic"}
    before = tables.instruments(_raw([("instrument", bare)]), reference.Instruments.frame())
    assert _pointers(tables.instruments(_raw([("instrument", bare)], file=2), before)) == [("1", 1)]


def test_an_identifier_that_moves_to_another_instrument_keeps_its_history() -> None:
    isin = {"id_type": "ISIN", "id_value": "US1", "instrument_id": "OLD", "valid_from": "2000-01-01"}
    before = tables.identifiers(_raw([("identifier", isin)]), reference.Identifiers.frame())
    moved = {**isin, "instrument_id": "NEW", "valid_from": "2022-06-14"}
    rows = tables.identifiers(_raw([("identifier", moved)], file=2), before)
    assert rows["instrument_id"].tolist() == ["OLD", "NEW"]
    assert set(rows["source"]) == {"market_data"}


def test_liquidity_is_replaced_by_instrument() -> None:
    adv = {"instrument_id": "KO", "adv_quantity": "100", "spread_bps": "1.5", "liquidity_source": "simulated"}
    before = tables.market_liquidity(_raw([("liquidity", adv)]), reference.MarketLiquidity.frame())
    rows = tables.market_liquidity(_raw([("liquidity", {**adv, "adv_quantity": "90"})], file=2), before)
    assert rows[["adv_quantity", "spread_bps"]].to_numpy().tolist() == [[D(90), 1.5]]


def test_of_a_price_stated_twice_the_later_line_and_the_later_file_count() -> None:
    first = _raw([("price", CLOSE), ("price", {**CLOSE, "price_local": "61"})])
    second = _raw([("price", {**CLOSE, "price_local": "62"})], file=2)
    assert tables.prices(first)["price_local"].tolist() == [D(61)]
    for order in ([first, second], [second, first]):
        assert tables.prices(pd.concat(order))["price_local"].tolist() == [D(62)]


def test_a_broker_s_own_rate_in_a_statement_is_not_the_market_s() -> None:
    both = pd.concat([_raw([("fx", RATE)]), _raw([("fx", {**RATE, "fx_rate": "1.04"})], file=2, account="U1")])
    assert tables.fx_rates(both)["fx_rate"].tolist() == [D("1.05")]


def test_factor_returns_keep_the_source_that_the_file_names() -> None:
    factor = {"factor": "MKT", "return_date": "2022-06-14", "return_1d": "-0.0389", "source": "skfolio"}
    rows = tables.factor_returns(_raw([("factor", factor)]))
    assert rows[["return_1d", "source"]].to_numpy().tolist() == [[-0.0389, "skfolio"]]


def test_a_day_without_deliveries_has_no_prices_rates_or_returns() -> None:
    assert [len(table(_raw([]))) for table in (tables.prices, tables.fx_rates, tables.factor_returns)] == [0, 0, 0]


def test_settlement_cycles_are_the_declared_rows() -> None:
    rows = tables.settlement_cycles([{"market": "US", "valid_from": "2017-09-05", "cycle_days": 2}])
    assert rows["cycle_days"].tolist() == [2]
