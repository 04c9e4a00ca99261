"""Rows of the market-data file: a bad value costs its row, a bad shape the file."""

from pathlib import Path

import pytest

from fo_platform.custodians.parse import parse

FULL = (Path(__file__).parent / "market_csv/first_delivery.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("242.26,USD", "NaN,USD", "Line 6: PRC price_local: 'NaN' is not a number"),
        ("242.26,USD", "0.00,USD", "PRC price_local: 0.00 is not above zero"),
        ("242.26,USD", "-1,USD", "PRC price_local: -1 is not above zero"),
        ("242.26,USD", "242.26,usd", "PRC currency: 'usd' is not a currency"),
        ("242.26,USD", ",USD", "PRC price_local: '' is not a number"),
        ("1.00472", "1e999", "FXR fx_rate"),
        ("2022-06-13,1.00472", "2022-W24-1,1.00472", "FXR rate_date"),
        ("-0.0388", "inf", "FAC return_1d"),
        ("28000000,1.5", "-1,1.5", "LIQ adv_quantity: -1 is negative"),
        ("unit,1,1,Y,N", "each,1,1,Y,N", "SEC price_basis: 'each' is none of unit, per_100"),
        ("unit,1,1,Y,N", "unit,0,1,Y,N", "SEC multiplier: 0 is not above zero"),
        ("unit,1,1,Y,N", "unit,1,1,yes,N", "SEC is_liquid"),
        ("unit,1,1,Y,N", "unit,1,1,Y,N,Francs", "SEC currency_hedged: 'Francs' is not a currency"),
        ("ISIN,US5949181045", "ISIN,", "IDN id_value: it is blank"),
    ],
)
def test_a_bad_value_leaves_its_row_out_and_says_so(old: str, new: str, what: str) -> None:
    assert old in FULL
    parsed = parse(FULL.replace(old, new).encode(), "market_csv")
    (problem,) = parsed.problems
    assert parsed.verdict == "clean"
    assert len(parsed.records) == 8
    assert what in f"Line {problem.line}: {problem.what}"
    assert problem.remedy


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("TRL,2,1,3,1,1,1", "TRL,2,1,3,1,1", "the trailer counts 5 types of rows instead of 6"),
        ("TRL,2,1,3,1,1,1", "TRL,2,1,3,1,1,x", "rows LIQ: the file states x"),
        ("TRL,2,1,3,1,1,1\n", "TRL,2,1,3,1,1,1\nPRC,MSFT,2022-06-13,1,USD,x\n", "a row stands after the trailer"),
        ("2022-06-13,MADE", "20220613,MADE", "header: '20220613' is not a date YYYY-MM-DD"),
        (",MADE UP VENDOR", "", "header: not enough values"),
        ("242.26,USD,made up", "242.26,USD", "a row 'PRC' of 4 values is not known"),
        ("unit,1,1,Y,N", "unit,1,1,Y,N,CHF,EUR", "a row 'SEC' of 17 values is not known"),
        ("unit,1,1,Y,N", "unit,1,1,Y", "a row 'SEC' of 14 values is not known"),
        ('"Microsoft, Corp"', '"Microsoft', "is not known"),
        ("Swiss", "Swi\nss", "is not known"),
    ],
)
def test_a_bad_shape_quarantines_the_file(old: str, new: str, what: str) -> None:
    assert old in FULL
    parsed = parse(FULL.replace(old, new).encode(), "market_csv")
    assert parsed.verdict == "quarantined"
    assert what in parsed.reason


@pytest.mark.parametrize(("said", "currency"), [(",CHF", "CHF"), (",", None), ("", None)])
def test_a_row_of_an_instrument_may_end_with_the_currency_it_is_hedged_into(said: str, currency: str | None) -> None:
    parsed = parse(FULL.replace("unit,1,1,Y,N", f"unit,1,1,Y,N{said}").encode())
    assert not parsed.problems
    assert parsed.records[0].fields.get("currency_hedged") == currency


def test_a_price_stays_exact_and_a_quoted_comma_is_no_separator() -> None:
    fields = [record.fields for record in parse(FULL.encode()).records]
    assert fields[0]["instrument_name"] == "Microsoft, Corp"
    assert [row["price_local"] for row in fields if "price_local" in row] == ["252.99", "242.26", "93.5"]
