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


def _raw(rows: Iterable[tuple[str, Mapping[str, str]]], *, file: int = 1) -> pd.DataFrame:
    """Records of one file, in the order of its lines."""
    records = [
        {
            "file_sha256": f"{file:064x}",
            "line": n,
            "byte_offset": n * 100,
            "byte_length": 100,
            "record_kind": kind,
            "feed": "market_csv",
            "account_id_source": None,
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


def test_a_share_class_is_hedged_from_the_day_on_which_the_vendor_says_so() -> None:
    before = tables.instruments(_raw([("instrument", KO)]), reference.Instruments.frame())
    rows = tables.instruments(_raw([("instrument", {**KO, "currency_hedged": "CHF"})], file=2), before)
    assert before["currency_hedged"].isna().all()
    assert rows["currency_hedged"].tolist() == ["CHF"]
    assert _pointers(rows) == [("2", 1)]


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


def test_factor_returns_keep_the_source_that_the_file_names() -> None:
    factor = {"factor": "MKT", "return_date": "2022-06-14", "return_1d": "-0.0389", "source": "skfolio"}
    rows = tables.factor_returns(_raw([("factor", factor)]))
    assert rows[["return_1d", "source"]].to_numpy().tolist() == [[-0.0389, "skfolio"]]


def test_a_day_without_deliveries_has_no_factor_returns() -> None:
    assert tables.factor_returns(_raw([])).empty


def test_settlement_cycles_are_the_declared_rows() -> None:
    rows = tables.settlement_cycles([{"market": "US", "valid_from": "2017-09-05", "cycle_days": 2}])
    assert rows["cycle_days"].tolist() == [2]


HOLDING = {"fund_id_source": "S0001", "fund_name": "Fund", "isin": "US1912161007", "currency": "USD"}
ISIN = {"id_type": "ISIN", "id_value": "US1912161007", "instrument_id": "KO", "valid_from": "2020-01-01"}
DAY = pd.Timestamp("2022-06-15")


def _named() -> pd.DataFrame:
    return tables.identifiers(_raw([("identifier", ISIN)]), reference.Identifiers.frame())


def _reported(day: str, *values: str, file: int = 1, before: pd.DataFrame | None = None) -> pd.DataFrame:
    raw = _raw([("fund_holding", {**HOLDING, "market_value": value}) for value in values], file=file)
    previous = reference.FundHoldings.frame() if before is None else before
    found = tables.fund_holdings(raw.assign(statement_date=pd.Timestamp(day)), _named(), previous, day=DAY)
    return reference.FundHoldings.validate(found)


def test_a_fund_has_the_holdings_of_its_newest_report_with_the_instruments_that_we_know() -> None:
    first = _reported("2022-03-31", "10", "20")
    assert first[["holding_no", "market_value_local", "instrument_id"]].values.tolist() == [
        [1, 10, "KO"],
        [2, 20, "KO"],
    ]
    assert _reported("2021-12-31", "1", file=2, before=first).equals(first)
    newer = _reported("2022-04-30", "5", file=3, before=first)
    assert newer["market_value_local"].tolist() == [5]
    restated = _reported("2022-04-30", "6", "7", file=4, before=newer)
    assert restated["market_value_local"].tolist() == [6, 7]


def test_a_benchmark_s_return_that_is_stated_again_counts_as_stated_last() -> None:
    row = {"benchmark_id": "60_40", "return_date": "2022-06-14", "return_1d": "-0.01"}
    raw = _raw([("benchmark", row), ("benchmark", {**row, "return_1d": "-0.02"})])
    assert reference.Benchmarks.validate(tables.benchmarks(raw))["return_1d"].tolist() == [-0.02]


def _events(rows: list[dict[str, str]], before: pd.DataFrame, day: pd.Timestamp = DAY) -> pd.DataFrame:
    raw = _raw([("corporate_action", row) for row in rows])
    return reference.CorporateActions.validate(tables.corporate_actions(raw, _named(), before, day=day))


def test_a_corporate_action_is_as_it_was_last_announced_and_is_let_go_after_a_year() -> None:
    event = {"event_reference": "CA1", "event_type": "DVCA", "isin": "US1912161007", "pay_date": "2022-07-01"}
    first = _events([event], reference.CorporateActions.frame())
    assert first[["instrument_id", "event_status"]].fillna("").values.tolist() == [["KO", ""]]
    second = _events([{**event, "event_status": "CANC"}], first)
    assert second["event_status"].tolist() == ["CANC"]
    assert len(_events([], second, DAY + pd.Timedelta(days=381))) == 1
    assert _events([], second, DAY + pd.Timedelta(days=382)).empty


def test_a_fund_is_the_instrument_that_its_series_names_from_the_day_on_which_we_learn_it() -> None:
    before = _reported("2022-03-31", "10")
    assert before["fund_instrument_id"].isna().all()
    series = {"id_type": "SERIES", "id_value": "S0001", "instrument_id": "MTUM", "valid_from": "2020-01-01"}
    known = tables.identifiers(_raw([("identifier", series)], file=2), _named())
    after = tables.fund_holdings(_raw([]), known, before, day=DAY)
    assert after[["fund_instrument_id", "instrument_id"]].values.tolist() == [["MTUM", "KO"]]


def test_a_holding_is_known_as_soon_as_its_identifier_is() -> None:
    raw = _raw([("fund_holding", {**HOLDING, "market_value": "10"})])
    nobody = reference.Identifiers.frame()
    before = tables.fund_holdings(raw, nobody, reference.FundHoldings.frame(), day=DAY)
    assert before["instrument_id"].isna().all()
    assert tables.fund_holdings(_raw([]), _named(), before, day=DAY)["instrument_id"].tolist() == ["KO"]


def test_the_country_of_risk_of_a_holding_is_the_second_that_is_stated_or_its_seat() -> None:
    places = [{"country": "IE", "country_other": "US", "currency_local": "EUR"}, {"country": "CH"}]
    raw = _raw([("fund_holding", {**HOLDING, "market_value": "10", **place}) for place in places])
    rows = tables.fund_holdings(raw, _named(), reference.FundHoldings.frame(), day=DAY)
    found = rows[["country", "country_domicile", "currency_risk"]].fillna("").values.tolist()
    assert found == [["US", "IE", "EUR"], ["CH", "CH", ""]]
