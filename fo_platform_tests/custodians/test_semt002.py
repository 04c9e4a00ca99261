"""What an ISO 20022 statement of holdings means, in messages that a library of the schema writes."""

from typing import Any

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed
from fo_platform_tests.custodians.iso20022_messages import amount, message

VERSION = "semt.002.001.11"


def balance(units: str = "10", isin: str = "CH0038863350", kind: str = "Unit", **more: Any) -> dict[str, Any]:
    return {
        "FinInstrmId": {"ISIN": isin},
        "AggtBal": {"ShrtLngInd": "LONG", "Qty": {"Qty": {"Qty": {kind: units}}}},
        "SfkpgPlc": {"SfkpgPlcFrmt": {"Ctry": "CH"}},
        **more,
    }


def valued(currency: str, stated: str, **more: Any) -> dict[str, Any]:
    return {"HldgVal": amount(currency, stated, **more)}


def statement(*balances: dict[str, Any], page: tuple[str, bool] = ("1", True), **more: Any) -> bytes:
    general = {
        "StmtId": "S1", "StmtDtTm": {"Dt": "2022-06-14"}, "Frqcy": {"Cd": "DAIL"}, "UpdTp": {"Cd": "COMP"},
        "StmtBsis": {"Cd": "SETT"}, "ActvtyInd": True, "SubAcctInd": False, **more.pop("general", {}),
    }  # fmt: skip
    content = {
        "Pgntn": {"PgNb": page[0], "LastPgInd": page[1]}, "StmtGnlDtls": general, "SfkpgAcct": {"Id": "0835-1"},
        "BalForAcct": list(balances), **more,
    }  # fmt: skip
    return message(VERSION, {"SctiesBalCtdyRpt": content})


def totals(page: str, whole: str) -> dict[str, Any]:
    return {"TtlHldgsValOfPg": amount("CHF", page), "TtlHldgsValOfStmt": amount("CHF", whole)}


def read(data: bytes) -> Parsed:
    parsed = parse(data, "semt002")
    assert parsed.verdict == "clean", parsed.reason
    assert not parsed.problems
    return parsed


def fields(**more: Any) -> dict[str, str]:
    (record,) = read(statement(balance(**more))).records
    return record.fields


def test_everything_that_the_schema_writes_is_read_as_it_was_put_in() -> None:
    bond = balance(
        "250000.5", "DE0001102499", "FaceAmt",
        FinInstrmAttrbts={"DnmtnCcy": "EUR", "CurFctr": "0.75", "CtrctSz": {"Unit": "100"}},
        AvlblBal={"ShrtLngInd": "LONG", "Qty": {"Qty": {"FaceAmt": "200000"}}},
        PricDtls=[{"Tp": {"Cd": "MRKT"}, "Val": {"Rate": "98.125"}, "QtnDt": {"DtTm": "2022-06-13T17:30:00"}}],
        FXDtls=[{"UnitCcy": "EUR", "QtdCcy": "CHF", "XchgRate": "1.04"}],
        AcctBaseCcyAmts=valued("CHF", "191320.69"),
        InstrmCcyAmts={
            **valued("EUR", "183962.2"), "BookVal": amount("EUR", "190000"), "AcrdIntrstAmt": amount("EUR", "12.5"),
        },
        HldgAddtlDtls="held for pledge",
    )  # fmt: skip
    bond["FinInstrmId"] = {
        "ISIN": "DE0001102499", "OthrId": [{"Id": "110249", "Tp": {"Cd": "WKNR"}}], "Desc": "BUND 30",
    }  # fmt: skip
    (record,) = read(statement(bond)).records
    assert record.fields == {
        "isin": "DE0001102499", "wkn": "110249", "description": "BUND 30", "quantity": "250000.5",
        "quantity_type": "FAMT", "price": "98.125", "price_basis": "per_100", "price_date": "2022-06-13",
        "factor": "0.75", "multiplier": "100", "currency": "EUR", "market_value": "183962.2", "accrued": "12.5",
        "cost": "190000", "fx_rate": "1.04", "fx_pair": "EUR/CHF", "quantity_available": "200000",
        "note": "held for pledge", "side": "LONG", "level": "",
    }  # fmt: skip


def test_a_short_balance_is_negative_and_its_value_as_its_flag_says() -> None:
    short = balance(AcctBaseCcyAmts=valued("CHF", "1085", Sgn=False))
    short["AggtBal"]["ShrtLngInd"] = "SHOR"
    (record,) = read(statement(short)).records
    assert [record.fields[name] for name in ("quantity", "side", "market_value")] == ["-10", "SHORT", "-1085"]


def test_the_market_price_goes_before_others_and_a_yield_is_no_price() -> None:
    market = {"Tp": {"Cd": "MRKT"}, "Val": {"Amt": {"value": "12.5", "Ccy": "CHF"}}}
    indicative = {"Tp": {"Cd": "INDC"}, "Val": {"Amt": {"value": "11", "Ccy": "CHF"}}}
    yielded = {"Tp": {"Cd": "MRKT"}, "Val": {"Rate": "2.5"}, "ValTp": {"Yldd": True}}
    assert fields(PricDtls=[indicative, market])["price"] == "12.5"
    assert fields(PricDtls=[yielded, indicative])["price"] == "11"
    assert "price" not in fields(PricDtls=[yielded])


def test_original_face_goes_before_amortised_value() -> None:
    bond = balance()
    bond["AggtBal"]["Qty"] = {"Qty": {"OrgnlAndCurFace": {"FaceAmt": "4000", "AmtsdVal": "581.15"}}}
    (record,) = read(statement(bond)).records
    assert (record.fields["quantity"], record.fields["quantity_type"]) == ("4000", "FAMT")
    assert fields(kind="AmtsdVal")["quantity_type"] == "AMOR"


def test_a_value_in_another_currency_than_the_instruments_is_not_its_market_value() -> None:
    found = fields(InstrmCcyAmts=valued("USD", "500"), AcctBaseCcyAmts=valued("CHF", "480"))
    assert (found["currency"], found["market_value"]) == ("USD", "500")
    found = fields(FinInstrmAttrbts={"DnmtnCcy": "USD"}, AcctBaseCcyAmts=valued("CHF", "480"))
    assert found["currency"] == "USD"
    assert "market_value" not in found


def test_sub_accounts_are_statements_of_their_own_and_count_in_the_total() -> None:
    inner = {"SfkpgAcct": {"Id": "0835-2"}, "ActvtyInd": True, "BalForSubAcct": [balance("3")]}
    empty = {"SfkpgAcct": {"Id": "0835-3"}, "ActvtyInd": False}
    found = read(statement(balance(), SubAcctDtls=[inner, empty], general={"SubAcctInd": True}))
    assert [(s.account, [r.fields["quantity"] for r in s.records]) for s in found.statements] == [
        ("0835-1", ["10"]), ("0835-2", ["3"]),
    ]  # fmt: skip


@pytest.mark.parametrize(("code", "basis"), [("SETT", "settle"), ("TRAD", "trade"), ("CONT", None)])
def test_the_basis_of_the_statement_is_carried(code: str, basis: str | None) -> None:
    assert read(statement(balance(), general={"StmtBsis": {"Cd": code}})).statements[0].basis == basis


def test_a_statement_of_nothing_is_clean_and_one_that_denies_its_holdings_is_not() -> None:
    assert read(statement(general={"ActvtyInd": False})).records == ()
    assert parse(statement(balance(), general={"ActvtyInd": False})).verdict == "quarantined"


def test_changes_are_not_taken_for_holdings() -> None:
    found = parse(statement(balance(), general={"UpdTp": {"Cd": "DELT"}}))
    assert found.verdict == "quarantined"
    assert "changes only" in found.reason


def test_pages_in_any_order_are_one_statement_and_one_page_alone_is_held() -> None:
    first = statement(
        balance(AcctBaseCcyAmts=valued("CHF", "100.1")), page=("1", False), AcctBaseCcyTtlAmts=totals("100.1", "300.3")
    )
    last = statement(
        balance(AcctBaseCcyAmts=valued("CHF", "200.2")), page=("2", True), AcctBaseCcyTtlAmts=totals("200.2", "300.3")
    )
    declaration = b'<?xml version="1.0" encoding="UTF-8"?>'
    pages = [page.replace(declaration, b"") for page in (last, first)]
    both = declaration + b"<Pages>" + b"".join(pages) + b"</Pages>"
    found = read(both)
    assert [s.complete for s in found.statements] == [True, True]
    assert [c.name for s in found.statements for c in s.controls] == [
        "page total CHF", "page total CHF", "statement total CHF",
    ]  # fmt: skip
    assert parse(first).verdict == parse(last).verdict == "incomplete"
    assert parse(both.replace(b">300.3<", b">300.4<")).verdict == "quarantined"


def test_a_holding_without_a_value_leaves_the_totals_unproved_but_not_wrong() -> None:
    found = read(statement(balance(), AcctBaseCcyTtlAmts=totals("1", "1")))
    assert found.statements[0].controls == ()


def test_every_known_version_is_read_and_the_next_is_not() -> None:
    data = statement(balance())
    for number in range(3, 12):
        for variant in ("001", "002"):
            read(data.replace(VERSION.encode(), f"semt.002.{variant}.{number:02}".encode()))
    found = parse(data.replace(VERSION.encode(), b"semt.002.001.12"))
    assert found.verdict == "quarantined"
    assert "semt.002.001.12" in found.reason


def test_the_message_before_is_refused_by_name() -> None:
    old = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:semt.002.001.02"><CtdyStmtOfHldgsV02/></Document>'
    assert "semt.002.001.02" in parse(old).reason


def test_an_element_that_is_not_known_is_kept_and_reported_once() -> None:
    data = statement(balance(), balance()).replace(b"<SfkpgPlc>", b"<NewThing>7</NewThing><SfkpgPlc>")
    found = parse(data)
    assert found.verdict == "clean"
    assert [record.fields["NewThing"] for record in found.records] == ["7", "7"]
    assert ["NewThing" in problem.what for problem in found.problems] == [True]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"<Unit>10<", b"<Unit>1,000<", "decimal point"),
        (b"<Unit>10<", b"<Unit>ten<", "not a number"),
        (b"<ShrtLngInd>LONG<", b"<ShrtLngInd>BOTH<", "neither long nor short"),
        (b"<ISIN>CH0038863350</ISIN>", b"", "names no instrument"),
        (b"<Id>0835-1<", b"<Id><", "names no account"),
        (b"<Dt>2022-06-14<", b"<Dt>14.06.2022<", "not a date"),
        (b"<PgNb>1<", b"<PgNb>0<", "no page number"),
    ],
)
def test_what_cannot_be_read_quarantines_with_its_reason(old: bytes, new: bytes, says: str) -> None:
    data = statement(balance())
    assert old in data
    found = parse(data.replace(old, new))
    assert found.verdict == "quarantined"
    assert says in found.reason


def test_a_price_below_zero_is_refused() -> None:
    data = statement(balance(PricDtls=[{"Tp": {"Cd": "MRKT"}, "Val": {"Rate": "98"}}]))
    assert "below zero" in parse(data.replace(b"<Rate>98<", b"<Rate>-98<")).reason
