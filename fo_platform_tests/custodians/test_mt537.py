"""What pending transactions and penalties mean, and when a page of them stands for itself."""

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

HEAD = "{1:F01X}{2:O5371200220613X}{4:\n"
GENERAL = """:16R:GENL
:28E:{page}
:20C::SEME//P1
:23G:{function}
:98A::STAT//20220613
:22F::CODE//{code}
:97A::SAFE//0835-1
:16S:GENL
"""
DETAILS = """:16R:TRANSDET
:35B:ISIN CH0038863350
:36B::PSTA//UNIT/100,
:19A::PSTA//CHF11500,
:22H::REDE//DELI
:22H::PAYM//APMT
:98A::SETT//20220615
:16S:TRANSDET
"""
STATUS = ":25D::SETT//PEND\n:16R:REAS\n:24B::PEND//FUTU\n:16S:REAS\n"


def message(*blocks: str, page: str = "1/ONLY", code: str = "COMP", function: str = "NEWM") -> str:
    return HEAD + GENERAL.format(page=page, code=code, function=function) + "".join(blocks) + "-}\n"


def penalties(*amounts: str, net: str = "") -> str:
    rows = [f":16R:PENDET\n:20C::PREF//F{at}\n:19A::AMCO//{text}\n:16S:PENDET\n" for at, text in enumerate(amounts)]
    stated = f":19A::AGNT//{net}\n" if net else ""
    body = f":16R:PENACOUNT\n{stated}{''.join(rows)}:16S:PENACOUNT\n"
    return (
        f":16R:PENA\n:69A::STAT//20220601/20220613\n:16R:PENACUR\n:98A::DACO//20220613\n{body}:16S:PENACUR\n:16S:PENA\n"
    )


def read(text: str) -> Parsed:
    parsed = parse(text.encode(), "mt537")
    assert parsed.verdict == "clean", parsed.reason
    return parsed


@pytest.mark.parametrize(
    "block",
    [
        f":16R:STAT\n{STATUS}:16R:TRAN\n{DETAILS}:16S:TRAN\n:16S:STAT\n",
        f":16R:TRANS\n{DETAILS}:16R:STAT\n{STATUS}:16S:STAT\n:16S:TRANS\n",
    ],
    ids=["by status", "by transaction"],
)
def test_a_pending_transaction_is_an_instruction_with_its_status(block: str) -> None:
    (record,) = read(message(block)).records
    assert record.kind == "instruction"
    assert record.fields == {
        "isin": "CH0038863350",
        "message_type": "537",
        "movement": "DELI",
        "payment": "APMT",
        "settle_date": "2022-06-15",
        "quantity": "100",
        "quantity_type": "UNIT",
        "currency": "CHF",
        "amount": "11500",
        "status": "SETT/PEND",
        "status_reason": "PEND/FUTU",
    }


def test_a_penalty_is_a_fee_and_books_nothing() -> None:
    (record,) = read(message(penalties("NEUR10,"), function="PENA")).records
    assert record.kind == "fee"
    assert record.fields == {
        "fee_id_source": "F0",
        "fee_kind": "settlement_penalty",
        "period_start": "2022-06-01",
        "period_end": "2022-06-13",
        "charged_date": "2022-06-13",
        "currency": "EUR",
        "amount": "10",
    }


@pytest.mark.parametrize(
    ("amount", "lines", "wanted"),
    [
        ("NEUR10,", "", {"amount": "10"}),
        ("EUR10,", "", {"amount": "-10"}),
        ("EUR10,", ":22H::CRDB//DEBT\n", {"amount": "10"}),
        ("NEUR10,", ":25D::PNST//REMO\n", {"amount_removed": "10", "status": "REMO"}),
    ],
)
def test_a_penalty_that_is_owed_is_a_cost_and_a_removed_one_is_none(
    amount: str, lines: str, wanted: dict[str, str]
) -> None:
    text = message(penalties(amount)).replace(":19A::AMCO", f"{lines}:19A::AMCO")
    (record,) = read(text).records
    assert {name: record.fields.get(name) for name in ("amount", "amount_removed", "status")} == {
        "amount": None,
        "amount_removed": None,
        "status": None,
        **wanted,
    }


def test_the_net_amount_is_the_sum_of_the_penalties() -> None:
    (control,) = read(message(penalties("NEUR10,", "EUR2,5", net="NEUR7,5"))).statements[0].controls
    assert (control.expected, control.actual) == ("-7.5", "-7.5")
    broken = parse(message(penalties("NEUR10,", net="NEUR7,5")).encode())
    assert (broken.verdict, "net penalties EUR" in broken.reason) == ("quarantined", True)


def test_a_net_amount_that_may_go_on_over_pages_proves_nothing() -> None:
    last = message(penalties("NEUR10,", net="NEUR7,5"), page="2/LAST", code="DELT")
    assert read(last).statements[0].controls == ()


def test_the_last_page_of_changes_stands_for_itself() -> None:
    parsed = read(message(penalties("EUR1,"), page="5/LAST", code="DELT"))
    assert "page 5 of a statement of changes" in parsed.problems[0].what


def test_pages_wait_for_one_another() -> None:
    first, last = message(penalties("EUR1,"), page="1/MORE"), message(penalties("EUR2,"), page="2/LAST")
    assert parse(first.encode()).verdict == "incomplete"
    assert parse(last.encode()).verdict == "incomplete"
    assert len(read(first + last).records) == 2
    changes = (first + last).replace("COMP", "DELT")
    assert all(statement.complete for statement in read(changes).statements)


def test_a_row_belongs_to_the_account_that_it_names() -> None:
    text = message(f":16R:STAT\n{STATUS}:16R:TRAN\n{DETAILS}:16S:TRAN\n:16S:STAT\n")
    own = text.replace(":22H::REDE//DELI\n", ":22H::REDE//DELI\n:97A::SAFE//SUB-2\n")
    assert [(s.account, len(s.records)) for s in read(own).statements] == [("0835-1", 0), ("SUB-2", 1)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (message(penalties("EUR1,"))[:250], "breaks off"),
        (message(penalties("EURx")), "is not an amount"),
        (message(penalties("EUR1,", net="x")), "is not an amount"),
        (message(penalties("EUR1,"), function="CANC"), "no new statement (23G CANC)"),
        (message(penalties("EUR1,"), page="one"), "is no page number"),
        (message(penalties("EUR1,")).replace(":97A::SAFE//0835-1\n", ""), "names no account"),
        (
            message(f":16R:STAT\n:16R:TRAN\n{DETAILS}:16S:TRAN\n:16S:STAT\n").replace("UNIT/", "UNIT/x"),
            "not a quantity",
        ),
        (f"{HEAD}{penalties('EUR1,')}-}}\n", "there is no block GENL"),
    ],
)
def test_what_cannot_be_read_is_quarantined_with_the_reason(text: str, what: str) -> None:
    parsed = parse(text.encode(), "mt537")
    assert parsed.verdict == "quarantined"
    assert what in parsed.reason
