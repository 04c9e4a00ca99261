"""What ISO 20022 statements of transactions and confirmations of settlement mean."""

from pathlib import Path
from typing import Any

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed
from fo_platform_tests.custodians.iso20022_messages import amount, message

HERE = Path(__file__).parent
CONFIRMED = (HERE / "sese025" / "confirmed.xml").read_bytes()


def posting(movement: str = "RECE", payment: str = "APMT", units: str = "10", **more: Any) -> dict[str, Any]:
    details = {
        "TxActvty": {"Cd": "SETT"}, "SctiesMvmntTp": movement, "Pmt": payment, "PstngQty": {"Qty": {"Unit": units}},
        "FctvSttlmDt": {"Dt": "2022-06-14"}, **more,
    }  # fmt: skip
    return {"AcctSvcrTxId": "T1", "TxDtls": details}


def quantity(units: str, side: str = "LONG") -> dict[str, Any]:
    return {"ShrtLngInd": side, "OpngBal": {"Frst": {"Qty": {"Unit": units}}}}


def closing(units: str, side: str = "LONG") -> dict[str, Any]:
    return {"ShrtLngInd": side, "ClsgBal": {"Fnl": {"Qty": {"Unit": units}}}}


def statement(*postings: dict[str, Any], page: tuple[str, bool] = ("1", True), **more: Any) -> bytes:
    general = {
        "StmtId": "S1", "StmtPrd": {"FrDtToDt": {"FrDt": "2022-06-13", "ToDt": "2022-06-14"}},
        "Frqcy": {"Cd": "DAIL"}, "UpdTp": {"Cd": "COMP"}, "StmtBsis": {"Cd": "SETT"}, "ActvtyInd": True,
        "SubAcctInd": False, **more.pop("general", {}),
    }  # fmt: skip
    instrument = {"FinInstrmId": {"ISIN": "CH0038863350"}, "Tx": list(postings), **more}
    content = {
        "Pgntn": {"PgNb": page[0], "LastPgInd": page[1]}, "StmtGnlDtls": general, "SfkpgAcct": {"Id": "0835-1"},
        "FinInstrmDtls": [instrument],
    }  # fmt: skip
    return message("semt.017.001.12", {"SctiesTxPstngRpt": content})


def read(data: bytes, name: str = "semt017") -> Parsed:
    parsed = parse(data, name)
    assert parsed.verdict == "clean", parsed.reason
    assert not parsed.problems
    return parsed


@pytest.mark.parametrize(
    ("movement", "payment", "mark", "kind", "quantity", "money"),
    [
        ("RECE", "APMT", "DBIT", "buy", "10", "-99.5"),
        ("DELI", "APMT", "CRDT", "sell", "-10", "99.5"),
        ("DELI", "APMT", "DBIT", "sell", "-10", "-99.5"),
        ("RECE", "FREE", "DBIT", "transfer_in", "10", None),
        ("DELI", "FREE", "CRDT", "transfer_out", "-10", None),
    ],
)
def test_direction_and_payment_make_the_kind_and_the_signs(
    movement: str, payment: str, mark: str, kind: str, quantity: str, money: str | None
) -> None:
    posted = posting(movement, payment, PstngAmt=amount("CHF", "99.5", CdtDbt=mark))
    (record,) = read(statement(posted)).records
    assert [record.fields.get(name) for name in ("kind", "quantity", "amount")] == [kind, quantity, money]
    assert record.fields["settle_date"] == record.fields["date"] == "2022-06-14"
    assert str(record.statement_date) == "2022-06-14"


def test_the_day_of_the_trade_goes_before_that_of_settlement() -> None:
    (record,) = read(statement(posting(TradDt={"Dt": {"Dt": "2022-06-10"}}))).records
    assert record.fields["date"] == "2022-06-10"
    (record,) = read(statement(posting(TradDt={"DtCd": {"Cd": "VARI"}}))).records
    assert record.fields["date"] == "2022-06-14"


def test_opening_and_postings_are_the_closing_balance() -> None:
    rows = posting(units="10"), posting("DELI", "FREE", "25")
    found = read(statement(*rows, OpngBal=quantity("5"), ClsgBal=closing("10", "SHOR")))
    assert [(c.expected, c.actual) for c in found.statements[0].controls] == [("-10", "-10")]
    wrong = parse(statement(*rows, OpngBal=quantity("5"), ClsgBal=closing("10")))
    assert "closing balance CH0038863350 UNIT" in wrong.reason


def test_pages_are_held_until_all_are_there() -> None:
    assert parse(statement(posting(), page=("1", False))).verdict == "incomplete"


def test_a_statement_that_denies_its_movements_is_refused() -> None:
    assert parse(statement(posting(), general={"ActvtyInd": False})).verdict == "quarantined"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"<SctiesMvmntTp>RECE<", b"<SctiesMvmntTp>GIVE<", "no direction"),
        (b"<FctvSttlmDt><Dt>2022-06-14</Dt></FctvSttlmDt>", b"", "no day of settlement"),
        (b"<Unit>10<", b"<Unit>1O<", "not a number"),
        (b"semt.017.001.12", b"semt.017.001.13", "semt.017.001.13"),
    ],
)
def test_what_cannot_be_read_quarantines_with_its_reason(old: bytes, new: bytes, says: str) -> None:
    found = parse(statement(posting()).replace(old, new))
    assert found.verdict == "quarantined"
    assert says in found.reason


def test_a_confirmation_of_the_schemas_library_is_read_as_it_was_put_in() -> None:
    content = {
        "TxIdDtls": {"AcctOwnrTxId": "OURS", "AcctSvcrTxId": "THEIRS", "SctiesMvmntTp": "RECE", "Pmt": "APMT"},
        "TradDtls": {
            "TradDt": {"Dt": {"Dt": "2022-06-10"}}, "SttlmDt": {"Dt": {"Dt": "2022-06-14"}},
            "FctvSttlmDt": {"Dt": {"DtTm": "2022-06-15T10:00:00"}},
            "DealPric": {"Tp": {"ValTp": "PARV"}, "Val": {"Amt": {"value": "12.5", "Ccy": "CHF"}}},
        },
        "FinInstrmId": {"ISIN": "CH0038863350"},
        "QtyAndAcctDtls": {"SttldQty": {"Qty": {"Unit": "8"}}, "SfkpgAcct": {"Id": "0835-1"}},
        "SttlmParams": {"SctiesTxTp": {"Cd": "TRAD"}},
        "SttldAmt": amount("CHF", "100", CdtDbtInd="DBIT"),
    }  # fmt: skip
    found = read(message("sese.025.001.11", {"SctiesSttlmTxConf": content}), "sese025")
    instruction, booking = found.records
    assert instruction.fields == {
        "isin": "CH0038863350", "message_type": "sese.025", "reference": "THEIRS", "related_reference": "OURS",
        "movement": "RECE", "payment": "APMT", "trade_date": "2022-06-10", "settle_date": "2022-06-15",
        "settle_date_intended": "2022-06-14", "quantity": "8", "quantity_type": "UNIT", "price": "12.5",
        "price_basis": "unit", "price_currency": "CHF", "currency": "CHF", "amount": "100", "settlement_type": "TRAD",
    }  # fmt: skip
    assert [booking.fields[name] for name in ("kind", "quantity", "amount")] == ["buy", "8", "-100"]
    assert (found.statements[0].account, str(found.statements[0].statement_date)) == ("0835-1", "2022-06-15")


def test_what_is_confirmed_beforehand_has_not_moved() -> None:
    early = CONFIRMED.replace(b"<s:PrtlSttlm>PAIN</s:PrtlSttlm>", b"<s:PreConf>PRSE</s:PreConf>")
    assert [record.kind for record in read(early, "sese025").records] == ["instruction", "transaction", "instruction"]


def test_deal_and_interest_are_the_settled_amount_unless_there_are_charges() -> None:
    wrong = CONFIRMED.replace(b"93418</s:Amt>", b"93400</s:Amt>")
    assert "settled amount EUR" in parse(wrong).reason
    fees = b'<s:ChrgsFees><s:Amt Ccy="EUR">18</s:Amt><s:CdtDbtInd>CRDT</s:CdtDbtInd></s:ChrgsFees></s:OthrAmts>'
    assert not read(wrong.replace(b"</s:OthrAmts>", fees), "sese025").statements[0].controls
