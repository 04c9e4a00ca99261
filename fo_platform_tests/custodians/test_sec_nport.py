"""What the holdings of a fund's report mean."""

from pathlib import Path

import pytest

from fo_platform.custodians.parse import parse

FUND = (Path(__file__).parent / "sec_nport" / "fund.xml").read_bytes()


def fields(old: bytes = b"", new: bytes = b"", *, number: int = 0) -> dict[str, str]:
    assert old in FUND
    found = parse(FUND.replace(old, new) if old else FUND, "sec_nport")
    assert found.verdict == "clean", found.reason
    return found.records[number].fields


def test_values_are_in_dollars_and_the_holdings_own_currency_stands_beside() -> None:
    found = fields()
    assert [found[name] for name in ("market_value", "currency", "currency_local", "fx_rate")] == [
        "480000.25", "USD", "EUR", "0.95",
    ]  # fmt: skip


def test_per_cents_are_fractions() -> None:
    assert (fields()["weight"], fields()["coupon_rate"]) == ("0.48000025", "0.0025")


def test_a_short_holding_is_negative_however_it_is_written() -> None:
    assert fields(number=1)["quantity"] == "-12"
    assert fields(b"<balance>12<", b"<balance>-12<", number=1)["quantity"] == "-12"


def test_what_is_not_available_is_not_stated() -> None:
    assert fields().keys() & {"cusip"} == set()
    assert fields(number=1).keys() & {"lei", "issuer_name", "cusip"} == set()


def test_the_registrant_stands_in_for_a_series_that_is_not_named() -> None:
    found = fields(b"<seriesId>S000000009<", b"<seriesId>N/A<")
    assert found["fund_id_source"] == "0000000001"
    assert fields(b"<seriesName>Made-up Bond Fund<", b"<seriesName>N/A<")["fund_name"] == "Made-up Trust"


def test_a_holding_may_state_neither_quantity_nor_weight() -> None:
    found = fields(b"<balance>12</balance>", b"<balance>N/A</balance>", number=1)
    assert "quantity" not in found
    assert "weight" not in fields(b"<pctVal>-0.15005</pctVal>", b"", number=1)


def test_an_element_that_is_not_known_is_kept_and_reported_once() -> None:
    found = parse(FUND.replace(b"<units>", b"<newThing>x</newThing><units>"))
    assert [record.fields["newThing"] for record in found.records] == ["x", "x"]
    assert ["newThing" in problem.what for problem in found.problems] == [True]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"<valUSD>480000.25<", b"<valUSD>480,000.25<", "decimal point"),
        (b"<valUSD>480000.25</valUSD>", b"", "decimal point"),
        (b"<valUSD>480000.25</valUSD>", b"<valUSD>480000.25</valUSD><valUSD>1</valUSD>", "valUSD more than once"),
        (b"2030-08-15", b"15.08.2030", "not a date"),
        (b"edgar/nport", b"edgar/nport2", "schema"),
        (b"NPORT-P", b"13F-HR", "no form of N-PORT"),
        (b"<totLiabs>20000.50<", b"<totLiabs>30000.50<", "netAssets"),
        (b"<repPdDate>2022-06-30</repPdDate>", b"", "not a date"),
    ],
)
def test_what_cannot_be_read_quarantines_with_its_reason(old: bytes, new: bytes, says: str) -> None:
    assert old in FUND
    found = parse(FUND.replace(old, new), "sec_nport")
    assert found.verdict == "quarantined"
    assert says in found.reason


def test_whole_dollars_do_not_break_the_identity_of_net_assets() -> None:
    assert parse(FUND.replace(b"<netAssets>1000000.00<", b"<netAssets>1000001<")).verdict == "clean"
