"""What settlement messages mean: directions, cancellations, quantities, amounts and what a fragment still says."""

from decimal import Decimal

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed, Record

HEAD = "{{1:F01X}}{{2:O{type}1200220613X}}{{4:\n"
GENERAL = ":16R:GENL\n:20C::SEME//S1\n:23G:{function}\n:98A::PREP//20220613\n:16S:GENL\n"
DETAILS = ":16R:TRADDET\n:98A::TRAD//20220610\n:98A::SETT//20220614\n:35B:ISIN CH0038863350\n{lines}:16S:TRADDET\n"
ACCOUNT = ":16R:FIAC\n{lines}:97A::SAFE//0835-1\n:16S:FIAC\n"
SETTLEMENT = ":16R:SETDET\n:22F::SETR//TRAD\n{lines}:16S:SETDET\n"


def amounts(*texts: str) -> str:
    return "".join(f":16R:AMT\n:19A::{text}\n:16S:AMT\n" for text in texts)


def message(
    kind: str = "545",
    function: str = "NEWM",
    *,
    price: str = "",
    quantity: str = ":36B::ESTT//UNIT/100,\n",
    paid: str = amounts("ESTT//CHF11500,"),
    end: str = "-}\n",
) -> str:
    body = GENERAL.format(function=function) + DETAILS.format(lines=price) + ACCOUNT.format(lines=quantity)
    return HEAD.format(type=kind) + body + SETTLEMENT.format(lines=paid) + end


def read(text: str) -> Parsed:
    parsed = parse(text.encode(), "mt54x")
    assert parsed.verdict == "clean", parsed.reason
    return parsed


def instruction(text: str) -> dict[str, str]:
    return next(record.fields for record in read(text).records if record.kind == "instruction")


def booking(text: str) -> Record:
    return next(record for record in read(text).records if record.kind == "transaction")


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("544", ("transfer_in", "100", None)),
        ("545", ("buy", "100", "-11500")),
        ("546", ("transfer_out", "-100", None)),
        ("547", ("sell", "-100", "11500")),
    ],
)
def test_a_confirmation_is_booked_by_its_type(kind: str, wanted: tuple[str, str, str | None]) -> None:
    fields = booking(message(kind)).fields
    assert (fields["kind"], fields["quantity"], fields.get("amount")) == wanted
    assert fields.get("value") == (None if wanted[2] else "11500")
    assert (fields["date"], fields["settle_date"], fields["reference"]) == ("2022-06-10", "2022-06-14", "S1")


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("544", ("transfer_out", "-100")),
        ("545", ("buy", "-100")),
        ("546", ("transfer_in", "100")),
        ("547", ("sell", "100")),
    ],
)
@pytest.mark.parametrize("function", ["CANC", "RVSL"])
def test_a_cancelled_confirmation_has_its_signs_turned(kind: str, wanted: tuple[str, str], function: str) -> None:
    fields = booking(message(kind, function)).fields
    assert (fields["kind"], fields["quantity"], fields["reversal"]) == (*wanted, "Y")
    if kind in ("545", "547"):
        assert fields["amount"] == {"545": "11500", "547": "-11500"}[kind]


@pytest.mark.parametrize("kind", ["540", "541", "542", "543", "502", "515", "548", "549"])
def test_what_is_no_confirmation_books_nothing(kind: str) -> None:
    assert [record.kind for record in read(message(kind)).records] == ["instruction"]


def test_a_pre_advice_is_no_booking() -> None:
    assert [record.kind for record in read(message("545", "PREA")).records] == ["instruction"]


def test_a_face_amount_goes_before_its_amortised_value_which_is_kept() -> None:
    fields = instruction(message(quantity=":36B::ESTT//AMOR/79,5\n:36B::ESTT//FAMT/100,\n"))
    assert (fields["quantity"], fields["quantity_type"], fields["quantity_amortised"]) == ("100", "FAMT", "79.5")
    only = instruction(message(quantity=":36B::ESTT//AMOR/79,5\n"))
    assert (only["quantity"], only["quantity_type"], "quantity_amortised" in only) == ("79.5", "AMOR", False)


@pytest.mark.parametrize(
    ("price", "wanted"),
    [
        (":90A::DEAL//PRCT/98,5\n", {"price": "98.5", "price_basis": "per_100"}),
        (":90B::DEAL//ACTU/CHF115,\n", {"price": "115", "price_basis": "unit", "price_currency": "CHF"}),
        (":90A::DEAL//YIEL/2,5\n", {"price_yiel": "2.5"}),
        (":90B::DEAL//DISC/CHF1,5\n", {"price_disc": "1.5", "price_currency": "CHF"}),
    ],
)
def test_a_price_is_in_per_cent_or_money_and_a_yield_is_no_price(price: str, wanted: dict[str, str]) -> None:
    fields = instruction(message(price=price))
    assert {name: text for name, text in fields.items() if name.startswith("price")} == wanted


def test_deal_and_accrued_interest_are_the_settled_amount() -> None:
    tied = message("547", paid=amounts("DEAL//USD100,", "ACRU//NUSD1,25", "ESTT//USD98,75"))
    (control,) = read(tied).statements[0].controls
    assert (control.name, control.expected, control.actual) == ("settled amount USD", "98.75", "98.75")
    broken = parse(tied.replace("98,75", "101,25").encode())
    assert (broken.verdict, "settled amount USD" in broken.reason) == ("quarantined", True)


@pytest.mark.parametrize(
    "paid",
    [
        amounts("DEAL//USD100,", "ACRU//USD1,", "EXEC//USD5,", "ESTT//USD106,"),
        amounts("DEAL//EUR100,", "ACRU//EUR1,", "ESTT//USD106,"),
        amounts("DEAL//USD100,", "ESTT//USD106,"),
    ],
    ids=["a fee is part of it", "two currencies", "nothing accrued"],
)
def test_a_settled_amount_of_other_parts_proves_nothing(paid: str) -> None:
    assert read(message("547", paid=paid)).statements[0].controls == ()


def test_an_amount_in_another_currency_names_it() -> None:
    fields = instruction(message("547", paid=amounts("DEAL//EUR100,", "ESTT//USD106,")))
    assert (fields["currency"], fields["amount"], fields["amount_deal"]) == ("USD", "106", "100")
    assert fields["amount_deal_currency"] == "EUR"


def test_the_effective_day_goes_before_the_intended_one() -> None:
    fields = instruction(message(price=":98A::ESET//20220616\n"))
    assert (fields["settle_date"], fields["settle_date_intended"]) == ("2022-06-16", "2022-06-14")


def test_a_reference_relates_or_else_precedes() -> None:
    link = ":16R:LINK\n:20C::{}//{}\n:16S:LINK\n"
    both = message().replace(":16S:GENL", link.format("PREV", "P1") + link.format("RELA", "R1") + ":16S:GENL")
    fields = instruction(both)
    assert (fields["related_reference"], fields["reference_prev"]) == ("R1", "P1")
    only = message("540", "CANC").replace(":16S:GENL", link.format("PREV", "P1") + ":16S:GENL")
    fields = instruction(only)
    assert (fields["function"], fields["related_reference"]) == ("CANC", "P1")


def test_parties_are_kept_by_role_and_their_accounts_are_not_ours() -> None:
    parties = (
        ":16R:SETPRTY\n:95P::DEAG//DEAGCHZZ\n:97A::SAFE//THEIRS\n:16S:SETPRTY\n"
        ":16R:SETPRTY\n:95Q::SELL//MADE UP\nSELLER\n:16S:SETPRTY\n"
    )
    parsed = read(message(paid=parties + amounts("SETT//CHF1,")))
    fields = parsed.records[0].fields
    assert (fields["party_deag"], fields["party_deag_account"], fields["party_sell"]) == (
        "DEAGCHZZ",
        "THEIRS",
        "MADE UP SELLER",
    )
    assert parsed.statements[0].account == "0835-1"


def test_a_direction_follows_from_the_parties_where_no_type_says_it() -> None:
    def fragment(role: str) -> str:
        return f":16R:SETDET\n:16R:SETPRTY\n:95P::{role}//X\n:16S:SETPRTY\n:16S:SETDET\n"

    body = ":16R:TRADDET\n:35B:ISIN CH0038863350\n:16S:TRADDET\n"
    assert instruction(body + fragment("DEAG"))["movement"] == "RECE"
    assert instruction(body + fragment("REAG"))["movement"] == "DELI"
    assert "movement" not in instruction(body + fragment("PSET"))


def test_an_order_states_its_side() -> None:
    text = message("502").replace("TRADDET", "ORDRDET").replace(":35B:", ":22H::BUSE//SELL\n:35B:")
    assert instruction(text)["movement"] == "DELI"


def test_a_status_is_kept_with_its_reason() -> None:
    status = ":16R:STAT\n:25D::SETT//PEND\n:16R:REAS\n:24B::PEND//CMON\n:16S:REAS\n:16S:STAT\n:16S:GENL"
    fields = instruction(message("548", "INST").replace(":16S:GENL", status))
    assert (fields["function"], fields["status"], fields["status_reason"]) == ("INST", "SETT/PEND", "PEND/CMON")


def test_a_partial_settlement_says_what_remains() -> None:
    fields = instruction(message(quantity=":36B::ESTT//UNIT/40,\n:36B::PSTT//UNIT/10,\n:36B::RSTT//UNIT/50,\n"))
    assert (fields["quantity"], fields["quantity_previous"], fields["quantity_remaining"]) == ("40", "10", "50")


def test_days_that_are_open_or_placeholders_are_left_out() -> None:
    opened = message("541").replace(":98A::SETT//20220614", ":98B::SETT//OPEN")
    assert "settle_date" not in instruction(opened)
    parsed = read(message("541").replace("20220614", "11111111"))
    assert "settle_date" not in parsed.records[0].fields
    assert "11111111" in parsed.problems[0].what


def test_a_block_that_is_ended_by_another_name_is_read_and_noted() -> None:
    parsed = read(message("541").replace(":16S:TRADDET", ":16S:TRADFOO"))
    assert parsed.records[0].fields == instruction(message("541"))
    assert "TRADDET is ended by another name" in parsed.problems[0].what


def test_a_message_with_all_of_its_blocks_may_lack_its_end() -> None:
    assert read(message("541", end="")).records[0].fields["quantity"] == "100"


def test_messages_of_one_delivery_are_statements_each() -> None:
    parsed = read(message("541") + message("543") + message("547"))
    assert [(s.account, s.reference, len(s.records)) for s in parsed.statements] == [
        ("0835-1", "S1", 1),
        ("0835-1", "S1", 1),
        ("0835-1", "S1", 2),
    ]


def test_messages_without_headers_begin_with_their_general_information() -> None:
    assert len(read(message().split("{4:\n")[1].replace("-}", "-") * 3).statements) == 3


def test_a_message_of_another_type_beside_them_is_named() -> None:
    parsed = read(message() + "{1:F01X}{2:O5991200X}{4:\n:16R:GENL\n:16S:GENL\n-}\n")
    assert (len(parsed.statements), parsed.problems[0].what[:15]) == (1, "a message MT599")


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
def test_any_line_end_is_read_and_offsets_stay(ends: str) -> None:
    data = message("543").replace("\n", ends).encode()
    (record,) = parse(data).records
    assert data[record.offset : record.offset + record.length].rstrip() == data.rstrip()
    assert record.fields == instruction(message("543"))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (message("541")[:200], "breaks off"),
        (message("541", end="").replace(SETTLEMENT.format(lines=amounts("ESTT//CHF11500,")), ""), "its end (-})"),
        (message("541").replace(GENERAL.format(function="NEWM"), ""), "there is no block GENL"),
        (message(quantity=""), "no quantity (36B)"),
        (message(quantity=":36B::ESTT//UNIT/x\n"), "is not a quantity"),
        (message().replace(":98A::SETT//20220614\n", ""), "no day of settlement"),
        (message().replace("20220614", "20220631"), "day is out of range"),
        (message().replace("20220613", "20220631"), "98"),
        (message().replace("SAFE//0835-1", "CASH//0835-1"), "names no account"),
        (message(paid=amounts("ESTT//CHF1,2,3")), "is not an amount"),
        (message(price=":90B::DEAL//ACTU/CHFx\n"), "is no price (90B)"),
        (message("541").replace(":16S:FIAC\n", ""), "breaks off inside the block FIAC"),
        (message("541").replace(":16R:FIAC\n", ""), "whose beginning is missing"),
    ],
)
def test_what_cannot_be_read_is_quarantined_with_the_reason(text: str, what: str) -> None:
    parsed = parse(text.encode(), "mt54x")
    assert parsed.verdict == "quarantined"
    assert what in parsed.reason


def test_every_cut_of_a_confirmation_is_noticed_or_loses_nothing() -> None:
    text = message("547", paid=amounts("DEAL//USD100,", "ACRU//USD1,25", "ESTT//USD101,25"))
    whole = [record.fields for record in read(text).records]
    for at in range(1, len(text)):
        parsed = parse(text[:at].encode(), "mt54x")
        assert parsed.verdict != "clean" or [record.fields for record in parsed.records] == whole, at


def test_amounts_are_exact() -> None:
    fields = booking(message("547", paid=amounts("ESTT//USD12345678901234567,89"))).fields
    assert Decimal(fields["amount"]) == Decimal("12345678901234567.89")
