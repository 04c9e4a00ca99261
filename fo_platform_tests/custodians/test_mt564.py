"""What corporate action messages mean: the option that counts, ratios, rates, confirmations and several accounts."""

import json

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

HEAD = "{{1:F01X}}{{2:O{type}1200220613X}}{{4:\n"
GENERAL = """:16R:GENL
:20C::CORP//EVT1
:20C::SEME//C1
:23G:{function}
:22F::CAEV//{event}
:22F::CAMV//{participation}
:98A::PREP//20220613
:16S:GENL
"""
SECURITY = ":16R:USECU\n:35B:ISIN CH0038863350\n{accounts}:16S:USECU\n"
ACCOUNT = ":16R:ACCTINFO\n:97A::SAFE//{name}\n:93B::ELIG//UNIT/{quantity},\n:16S:ACCTINFO\n"


def option(number: str, kind: str, *lines: str, is_default: str = "") -> str:
    marked = [f":17B::DFLT//{is_default}"] if is_default else []
    return "\n".join(
        [":16R:CAOPTN", f":13A::CAON//{number}", f":22F::CAOP//{kind}", *marked, *lines, ":16S:CAOPTN", ""]
    )


def message(
    *blocks: str,
    kind: str = "564",
    function: str = "NEWM",
    event: str = "DVCA",
    accounts: str = ACCOUNT.format(name="0835-1", quantity="1000"),
) -> str:
    general = GENERAL.format(function=function, event=event, participation="MAND")
    return HEAD.format(type=kind) + general + SECURITY.format(accounts=accounts) + "".join(blocks) + "-}\n"


def read(text: str) -> Parsed:
    parsed = parse(text.encode(), "mt564")
    assert parsed.verdict == "clean", parsed.reason
    return parsed


def fields(*blocks: str) -> dict[str, str]:
    (record,) = read(message(*blocks)).records
    assert record.kind == "corporate_action"
    return record.fields


def cash(amount: str, direction: str = "CRED") -> str:
    return f":16R:CASHMOVE\n:22H::CRDB//{direction}\n:19B::ENTL//{amount}\n:98A::PAYD//20220629\n:16S:CASHMOVE"


def test_the_terms_are_those_of_the_default_option_and_all_options_are_kept() -> None:
    found = fields(option("001", "SECU", is_default="N"), option("002", "CASH", cash("CHF25,"), is_default="Y"))
    assert (found["option_number"], found["option_type"], found["amount"]) == ("002", "CASH", "25")
    assert [(row["number"], row["is_default"]) for row in json.loads(found["options"])] == [
        ("001", False),
        ("002", True),
    ]


def test_without_a_default_only_a_single_option_has_terms() -> None:
    single = fields(option("001", "CASH", cash("CHF25,")))
    several = fields(option("001", "CASH", cash("CHF25,")), option("002", "CASH", cash("EUR24,")))
    assert (single["amount"], "amount" in several, len(json.loads(several["options"]))) == ("25", False, 2)


@pytest.mark.parametrize(
    ("direction", "amount"),
    [
        ("CRED", "25"),
        ("DEBT", "-25"),
    ],
)
def test_money_in_is_positive(direction: str, amount: str) -> None:
    assert fields(option("001", "CASH", cash("CHF25,", direction)))["amount"] == amount


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (":92D::NEWO//4,/1,", {"ratio_new": "4", "ratio_old": "1", "ratio_type": "NEWO"}),
        (":92D::ADEX//1,/50,", {"ratio_new": "1", "ratio_old": "50", "ratio_type": "ADEX"}),
        (":92F::GRSS//CHF2,5", {"cash_rate": "2.5", "currency": "CHF"}),
        (":92J::GRSS//TAXC/CHF2,5", {"cash_rate": "2.5", "currency": "CHF"}),
        (":92J::GRSS//TAXC/CHF2,5/ACTU", {"cash_rate": "2.5", "currency": "CHF"}),
        (":92H::GRSS//CHF2,5/ACTU", {"cash_rate": "2.5", "currency": "CHF"}),
        (":92H::GRSS//CHF2,5/ACTU\n:92J::GRSS//INCO/CHF1,", {"cash_rate": "2.5", "rate_grss": "2.5"}),
        (":92A::GRSS//2,5", {"cash_rate": "2.5"}),
        (":92K::GRSS//UKWN", {"rate_grss": "UKWN"}),
        (":92A::INTR//5,25", {"rate_intr": "5.25"}),
    ],
)
def test_a_ratio_is_new_to_old_and_a_rate_is_money_a_security(line: str, wanted: dict[str, str]) -> None:
    found = fields(option("001", "CASH", line))
    assert {name: found.get(name) for name in wanted} == wanted


def test_terms_of_the_option_go_before_those_of_the_event() -> None:
    details = ":16R:CADETL\n:98A::XDTE//20220620\n:92F::GRSS//CHF1,\n:16S:CADETL\n"
    found = fields(details, option("001", "CASH", ":92F::GRSS//CHF2,", cash("CHF25,")))
    assert (found["ex_date"], found["pay_date"], found["cash_rate"]) == ("2022-06-20", "2022-06-29", "2")


def test_securities_that_are_received_are_the_resulting_ones() -> None:
    out = ":16R:SECMOVE\n:22H::CRDB//DEBT\n:35B:ISIN CH0038863350\n:36B::ENTL//UNIT/1000,\n:16S:SECMOVE"
    into = ":16R:SECMOVE\n:22H::CRDB//CRED\n:35B:ISIN US0000000027\n:36B::ENTL//UNIT/4000,\n:16S:SECMOVE"
    found = fields(option("001", "SECU", out, into))
    assert (found["isin"], found["resulting_isin"], found["resulting_quantity"]) == (
        "CH0038863350",
        "US0000000027",
        "4000",
    )


@pytest.mark.parametrize("function", ["NEWM", "REPL", "CANC", "WITH", "REPE", "RMDR"])
def test_the_function_of_a_message_is_carried(function: str) -> None:
    (record,) = read(message(function=function)).records
    assert (record.fields["function"], record.fields["event_reference"]) == (function, "EVT1")


@pytest.mark.parametrize("function", ["CANC", "WITH"])
def test_an_event_that_is_cancelled_or_withdrawn_says_so(function: str) -> None:
    text = message(function=function).replace(":16S:GENL", ":25D::PROC//COMP\n:16S:GENL")
    assert read(text).records[0].fields["event_status"] == function


def test_a_rate_in_another_currency_than_the_amounts_is_not_the_cash_rate() -> None:
    found = fields(option("001", "CASH", ":92F::GRSS//USD1,", cash("CHF25,")))
    assert (found["currency"], found["rate_grss"], found["rate_grss_currency"]) == ("CHF", "1", "USD")
    assert "cash_rate" not in found


def test_several_accounts_have_the_event_each_over_their_own_lines() -> None:
    accounts = ACCOUNT.format(name="A-1", quantity="10") + ACCOUNT.format(name="A-2", quantity="20")
    text = message(option("001", "CASH"), accounts=accounts)
    parsed = read(text)
    assert [(r.account, r.fields["quantity"]) for r in parsed.records] == [("A-1", "10"), ("A-2", "20")]
    assert [text[r.offset : r.offset + r.length].splitlines()[1] for r in parsed.records] == [
        ":97A::SAFE//A-1",
        ":97A::SAFE//A-2",
    ]


def test_a_confirmation_states_what_was_posted_and_books_nothing() -> None:
    posted = option("001", "CASH", cash("CHF25,").replace("ENTL", "PSTA"), ":98A::POST//20220629")
    (record,) = read(message(posted.replace("CAOPTN", "CACONF"), kind="566")).records
    assert (record.kind, record.fields["amount"], record.fields["posting_date"]) == (
        "corporate_action",
        "25",
        "2022-06-29",
    )


def test_the_type_of_an_option_may_stand_in_either_field_of_an_indicator() -> None:
    assert fields(option("001", "CASH").replace("22F::CAOP", "22H::CAOP"))["option_type"] == "CASH"


def test_a_status_advice_names_its_account_among_its_details() -> None:
    details = ":16R:CADETL\n:97A::SAFE//0835-2\n:93B::ELIG//UNIT/1500,\n:16S:CADETL\n"
    (record,) = read(
        message(kind="567").replace(SECURITY.format(accounts=ACCOUNT.format(name="0835-1", quantity="1000")), details)
    ).records
    assert (record.account, record.fields["quantity"]) == ("0835-2", "1500")


def test_a_narrative_is_kept() -> None:
    text = message(":16R:ADDINFO\n:70F::ADTX//LINE ONE\nLINE TWO\n:16S:ADDINFO\n", kind="568")
    assert read(text).records[0].fields["narrative"] == "LINE ONE LINE TWO"


def test_a_page_waits_for_the_others() -> None:
    paged = message().replace(":20C::CORP", ":28E:1/MORE\n:20C::CORP")
    assert parse(paged.encode()).verdict == "incomplete"
    assert read(paged + paged.replace("1/MORE", "2/LAST")).statements[0].complete


def test_a_fragment_without_headers_is_recognised() -> None:
    assert read(message(option("001", "CASH")).split("{4:\n")[1]).records[0].fields["event_type"] == "DVCA"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (message(option("001", "CASH"))[:300], "breaks off"),
        (message(option("001", "CASH")).replace("-}\n", ""), "its end (-})"),
        (message(option("001", "CASH", cash("CHFx"))), "is not an amount"),
        (message(option("001", "CASH", ":92D::NEWO//1,,/2,")), "is not an amount"),
        (message(option("001", "CASH", ":98A::XDTE//20221331")), "month must be in"),
        (message().replace("20220613\n", "20220631\n"), "day is out of range"),
        (message().replace("UNIT/1000,", "UNIT/x"), "is not a quantity"),
        (message().replace(":16R:GENL", ":16R:GENX").replace(":16S:GENL", ":16S:GENX"), "no block GENL"),
    ],
)
def test_what_cannot_be_read_is_quarantined_with_the_reason(text: str, what: str) -> None:
    parsed = parse(text.encode(), "mt564")
    assert parsed.verdict == "quarantined"
    assert what in parsed.reason


def test_every_cut_is_noticed() -> None:
    text = message(option("001", "CASH", cash("CHF25,")), option("002", "SECU"))
    for at in range(len(text) - 2):
        assert parse(text[:at].encode(), "mt564").verdict != "clean", at
