"""What a statement of transactions means: directions, reversals, corporate actions, balances and pages."""

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

HEAD = "{1:F01X}{2:O5361200220614X}{4:\n"
GENERAL = """:16R:GENL
:28E:{page}
:20C::SEME//T1
:23G:NEWM
:98A::STAT//20220614
:22F::STBA//SETT
:97A::SAFE//{account}
:17B::ACTI//{active}
:16S:GENL
"""


def moved(
    movement: str = "RECE", payment: str = "APMT", *lines: str, quantity: str = "UNIT/10,", amount: str = "CHF1150,"
) -> str:
    fields = [
        f":36B::PSTA//{quantity}",
        *([f":19A::PSTA//{amount}"] if amount else []),
        f":22H::REDE//{movement}",
        f":22H::PAYM//{payment}",
        ":98A::ESET//20220614",
        *lines,
    ]
    link = ":16R:LINK\n:20C::RELA//R1\n:16S:LINK\n"
    return f":16R:TRAN\n{link}:16R:TRANSDET\n" + "\n".join(fields) + "\n:16S:TRANSDET\n:16S:TRAN\n"


def held(*transactions: str, balances: str = "") -> str:
    return f":16R:FIN\n:35B:ISIN CH0038863350\n{balances}{''.join(transactions)}:16S:FIN\n"


def message(*blocks: str, page: str = "1/ONLY", account: str = "0835-1", active: str = "Y") -> str:
    general = GENERAL.format(page=page, account=account, active=active)
    return f"{HEAD}{general}:16R:SUBSAFE\n{''.join(blocks)}:16S:SUBSAFE\n-}}\n"


def read(text: str) -> Parsed:
    parsed = parse(text.encode(), "mt536")
    assert parsed.verdict == "clean", parsed.reason
    return parsed


def fields(transaction: str) -> dict[str, str]:
    (record,) = read(message(held(transaction))).records
    return record.fields


@pytest.mark.parametrize(
    ("movement", "payment", "wanted"),
    [
        ("RECE", "APMT", ("buy", "10", "-1150")),
        ("DELI", "APMT", ("sell", "-10", "1150")),
        ("RECE", "FREE", ("transfer_in", "10", None)),
        ("DELI", "FREE", ("transfer_out", "-10", None)),
    ],
)
def test_a_movement_is_signed_by_what_it_does_to_the_account(
    movement: str, payment: str, wanted: tuple[str, str, str | None]
) -> None:
    found = fields(moved(movement, payment))
    assert (found["kind"], found["quantity"], found.get("amount")) == wanted


@pytest.mark.parametrize(
    ("movement", "payment", "wanted"),
    [
        ("RECE", "APMT", ("buy", "-10", "1150")),
        ("DELI", "APMT", ("sell", "10", "-1150")),
        ("RECE", "FREE", ("transfer_out", "-10", None)),
        ("DELI", "FREE", ("transfer_in", "10", None)),
    ],
)
def test_a_reversal_has_its_signs_turned(movement: str, payment: str, wanted: tuple[str, str, str | None]) -> None:
    found = fields(moved(movement, payment, ":25D::MOVE//REVE"))
    assert (found["kind"], found["quantity"], found.get("amount"), found["reversal"]) == (*wanted, "Y")


def test_an_amount_with_its_own_sign_is_not_turned_again() -> None:
    assert fields(moved("RECE", amount="NCHF1150,"))["amount"] == "-1150"


@pytest.mark.parametrize(
    ("movement", "payment", "kind"),
    [
        ("DELI", "APMT", "other"),
        ("RECE", "FREE", "transfer_in"),
    ],
)
def test_a_corporate_action_is_no_trade(movement: str, payment: str, kind: str) -> None:
    found = fields(moved(movement, payment, ":22F::TRAN//CORP", ":22F::CAEV//REDM"))
    assert (found["kind"], found["transaction_type"], found["event_type"]) == (kind, "CORP", "REDM")


def test_a_face_amount_goes_before_its_amortised_value() -> None:
    found = fields(moved("RECE", "APMT", ":36B::PSTA//FAMT/1000,", quantity="AMOR/581,15"))
    assert (found["quantity"], found["quantity_type"], found["quantity_amortised"]) == ("1000", "FAMT", "581.15")


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("FIOP", "FICL"),
        ("FIOP", "INCL"),
        ("INOP", "FICL"),
    ],
)
def test_opening_balance_and_movements_are_the_closing_balance(opening: str, closing: str) -> None:
    stated = f":93B::{opening}//UNIT/100,\n:93B::{closing}//UNIT/105,\n"
    rows = [moved(), moved("DELI", quantity="UNIT/5,")]
    (control,) = read(message(held(*rows, balances=stated))).statements[0].controls
    assert (control.expected, control.actual) == ("105", "105")
    broken = parse(message(held(rows[0], balances=stated)).encode())
    assert (broken.verdict, "the file states 105, its rows give 110" in broken.reason) == ("quarantined", True)


def test_a_short_balance_is_negative() -> None:
    stated = ":93B::FIOP//UNIT/N5,\n:93B::FICL//UNIT/5,\n"
    assert read(message(held(moved(), balances=stated))).statements[0].controls[0].ok


def test_transactions_belong_to_the_safekeeping_account_around_them() -> None:
    text = message(held(moved())).replace(":16R:SUBSAFE\n", ":16R:SUBSAFE\n:97A::SAFE//SUB-2\n")
    parsed = read(text)
    assert [(s.account, s.basis, len(s.records)) for s in parsed.statements] == [
        ("0835-1", "settle", 0),
        ("SUB-2", "settle", 1),
    ]


def test_pages_wait_for_one_another() -> None:
    first, last = message(held(moved()), page="1/MORE"), message(held(moved()), page="2/LAST")
    assert parse(first.encode()).verdict == "incomplete"
    assert parse(last.encode()).verdict == "incomplete"
    assert read(first + last).totals()["trades"] == 2
    assert parse((first + first).encode()).verdict == "quarantined"


def test_a_statement_of_nothing_is_clean() -> None:
    assert read(message(active="N")).records == ()


def test_a_statement_of_nothing_without_headers_is_known_by_its_period() -> None:
    general = GENERAL.format(page="1/LAST", account="0835-1", active="N")
    parsed = parse(general.replace("98A::STAT//", "69A::STAT//20220601/").encode())
    assert (parsed.format, parsed.verdict, parsed.records) == ("mt536", "clean", ())
    assert str(parsed.statements[0].statement_date) == "2022-06-14"


def test_a_transaction_without_details_is_refused_and_no_unknown_file() -> None:
    bare = held(":16R:TRAN\n:16R:LINK\n:20C::RELA//NONREF\n:16S:LINK\n:16S:TRAN\n")
    parsed = parse(message(bare).removeprefix(HEAD).replace("-}", "-").encode())
    assert (parsed.format, parsed.verdict) == ("mt536", "quarantined")
    assert "it states no direction" in parsed.reason


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (message(held(moved()), active="N"), "nothing moved (17B ACTI)"),
        (message(held(moved()))[:300], "breaks off"),
        (message(held(moved())).replace("-}\n", ""), "its end (-})"),
        (message(held(moved())).replace(":97A::SAFE//0835-1\n", ""), "names no account"),
        (message(held(moved())).replace(":98A::STAT//20220614\n", ""), "no date"),
        (message(held(moved()), page="x"), "is no page number"),
        (message(held(moved("????"))), "no direction"),
        (message(held(moved(quantity="UNIT/x"))), "is not a quantity"),
        (message(held(moved(amount="CHFx"))), "is not an amount"),
        (message(held(moved()), account="1").replace("ISIN CH0038863350", ""), "names no instrument"),
        (message(held(moved()).replace(":98A::ESET//20220614\n", "")), "no day of settlement"),
        (message(held(moved(), balances=":93B::FIOP//UNIT/x\n")), "93B"),
        (f"{HEAD}:16R:SUBSAFE\n{held(moved())}:16S:SUBSAFE\n-}}\n", "there is no block GENL"),
    ],
)
def test_what_cannot_be_read_is_quarantined_with_the_reason(text: str, what: str) -> None:
    parsed = parse(text.encode(), "mt536")
    assert parsed.verdict == "quarantined"
    assert what in parsed.reason


def test_every_cut_is_noticed() -> None:
    text = message(held(moved(), moved("DELI")))
    for at in range(len(text) - 2):
        assert parse(text[:at].encode(), "mt536").verdict != "clean", at
