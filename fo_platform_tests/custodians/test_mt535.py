"""What a statement of holdings means in the shapes that banks give it."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.custodians._mt535 import ORDINARY
from fo_platform.custodians.formats import mt535
from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

HERE = Path(__file__).parent
GENERAL = """:16R:GENL
:28E:{page}
:23G:NEWM
:98A::STAT//20220613
:22F::STBA//TRAD
:97A::SAFE//{account}
:16S:GENL
"""


def holding(*fields: str, isin: str = "CH0038863350") -> str:
    return "\n".join([":16R:FIN", f":35B:ISIN {isin}", *fields, ":16S:FIN", ""])


def message(*blocks: str, page: str = "1/ONLY", account: str = "0835-1", head: str = "{1:F01X}{2:I535X}{4:\n") -> str:
    return f"{head}{GENERAL.format(page=page, account=account)}{''.join(blocks)}-}}\n"


def read(text: str) -> Parsed:
    parsed = parse(text.encode(), "mt535")
    assert parsed.verdict == "clean", parsed.reason
    return parsed


def fields(*lines: str) -> dict[str, str]:
    (record,) = read(message(holding(*lines))).records
    return record.fields


@pytest.mark.parametrize("total", ["19A::HOLP", "19A::HOLS"])
@pytest.mark.parametrize(("stated", "verdict"), [("995,", "clean"), ("996,72", "clean"), ("996,71", "quarantined")])
def test_a_total_is_of_the_values_or_of_them_and_the_interest_accrued(total: str, stated: str, verdict: str) -> None:
    bond = holding(":93B::AGGR//FAMT/1000,", ":19A::HOLD//CHF985,", ":19A::ACRU//CHF1,72")
    share = holding(":93B::AGGR//UNIT/1,", ":19A::HOLD//CHF10,")
    text = message(bond, share, f":16R:ADDINFO\n:{total}//CHF{stated}\n:16S:ADDINFO\n")
    assert parse(text.encode(), "mt535").verdict == verdict


def test_a_price_in_per_cent_is_per_100_and_an_amount_is_per_unit_in_its_currency() -> None:
    percent = fields(":90A::MRKT//PRCT/98,5", ":93B::AGGR//FAMT/1000,", ":19A::HOLD//CHF985,")
    amount = fields(":90B::MRKT//ACTU/CHF12,30", ":93B::AGGR//UNIT/10,")
    assert (percent["price"], percent["price_basis"], percent["currency"]) == ("98.5", "per_100", "CHF")
    assert (amount["price"], amount["price_basis"], amount["currency"]) == ("12.3", "unit", "CHF")


def test_face_amount_goes_before_amortised_value() -> None:
    found = fields(":93B::AGGR//AMOR/581,15", ":93B::AGGR//FAMT/N4000,")
    assert (found["quantity_type"], found["quantity"], found["side"]) == ("FAMT", "-4000", "SHORT")


def test_an_amortised_value_is_read_where_it_is_all_there_is() -> None:
    assert fields(":93B::AGGR//AMOR/0,")["quantity_type"] == "AMOR"


def test_the_balance_of_a_place_is_not_the_holding() -> None:
    place = ":16R:SUBBAL\n:93B::AGGR//UNIT/3,\n:94F::SAFE//NCSD/X\n:16S:SUBBAL"
    assert fields(place, ":93B::AGGR//UNIT/10,")["quantity"] == "10"


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("1STK\n212,5+EUR", "12.5"),
        ("1STK++++20220902\n212,5+EUR", "12.5"),
        ("1STK+511+00081+DE+20200102\n212,50+EUR", "12.5"),
        ("1STK|212,5+EUR", "12.5"),
        ("1STK\n212,5+USD", None),
        ("1EUR+141\n2100,25+", None),
    ],
)
def test_the_cost_of_a_piece_is_read_from_free_text_in_the_currency_of_the_holding(text: str, cost: str | None) -> None:
    found = fields(":90B::MRKT//ACTU/EUR10,", ":93B::AGGR//UNIT/3,", f":70E::HOLD//{text}")
    assert found.get("cost_price") == cost


def test_a_price_in_a_block_of_its_own_is_the_price_of_the_holding() -> None:
    priced = ":16R:PRIC\n:90B::MRKT//ACTU/CHF12,5\n:98A::PRIC//20220610\n:16S:PRIC"
    found = fields(":93B::AGGR//UNIT/2,", priced, ":19A::HOLD//CHF25,")
    assert (found["price"], found["price_date"], found["currency"]) == ("12.5", "2022-06-10", "CHF")


@pytest.mark.parametrize("end", ["-}", " -}", "-}{5:{CHK:00}}"])
def test_a_message_may_end_in_the_line_of_its_last_border(end: str) -> None:
    text = message(":16R:ADDINFO\n:70E::HOLD//WORDS\n:16S:ADDINFO\n").replace("\n-}", end)
    assert f":16S:ADDINFO{end}" in text
    assert len(read(text + message(account="0835-2")).statements) == 2


def test_a_value_in_another_currency_than_the_instruments_is_not_its_market_value() -> None:
    found = fields(":90B::MRKT//ACTU/USD50,", ":93B::AGGR//UNIT/10,", ":19A::HOLD//CHF480,", ":19A::HOLD//USD500,")
    assert (found["currency"], found["market_value"]) == ("USD", "500")
    assert "market_value" not in fields(":90B::MRKT//ACTU/USD50,", ":93B::AGGR//UNIT/10,", ":19A::HOLD//CHF480,")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ISIN XS0000000009", {"isin": "XS0000000009"}),
        ("ISIN CH0038863350\n/CH/3886335", {"isin": "CH0038863350", "valor": "3886335"}),
        ("ISIN CH0038863350\nNESTLE\nSA", {"isin": "CH0038863350", "description": "NESTLE SA"}),
        ("/GB/B0SWJX3\nBAE: ORD", {"sedol": "B0SWJX3", "description": "BAE: ORD"}),
        ("/DE/ETF127", {"wkn": "ETF127"}),
        ("/XX/OWN77\n:NOTE: not a field", {"symbol": "OWN77", "description": ":NOTE: not a field"}),
        ("SOME FUND", {"description": "SOME FUND"}),
        ("ISIN CH0038863350|/CH/3886335|NESTLE", {"isin": "CH0038863350", "valor": "3886335", "description": "NESTLE"}),
        ("/CUSP/037833100\nAPPLE", {"cusip": "037833100", "description": "APPLE"}),
        ("CUSIP 037833100\nAPPLE", {"cusip": "037833100", "description": "APPLE"}),
        ("SEDOL LINKED NOTE", {"description": "SEDOL LINKED NOTE"}),
    ],
)  # fmt: skip
def test_an_instrument_is_named_by_isin_national_number_or_words(text: str, wanted: dict[str, str]) -> None:
    body = f":16R:FIN\n:35B:{text}\n:93B::AGGR//UNIT/1,\n:16S:FIN\n"
    (record,) = read(message(body)).records
    names = {"isin", "valor", "wkn", "sedol", "cusip", "symbol", "description"}
    assert {name: value for name, value in record.fields.items() if name in names} == wanted


def test_a_holding_belongs_to_the_safekeeping_account_around_it() -> None:
    one, two = holding(":93B::AGGR//UNIT/1,"), holding(":93B::AGGR//UNIT/2,")
    text = message(f":16R:SUBSAFE\n:97A::SAFE//SUB-2\n{one}:16S:SUBSAFE\n", f":16R:SUBSAFE\n{two}:16S:SUBSAFE\n")
    parsed = read(text)
    assert [(s.account, s.basis, [r.fields["quantity"] for r in s.records]) for s in parsed.statements] == [
        ("0835-1", "trade", ["2"]),
        ("SUB-2", "trade", ["1"]),
    ]
    assert all(r.account == s.account for s in parsed.statements for r in s.records)


def test_statements_of_two_accounts_in_one_delivery_are_whole_each_for_itself() -> None:
    parsed = read(message(account="1") + message(account="2"))
    assert [(s.account, s.complete) for s in parsed.statements] == [("1", True), ("2", True)]


def test_messages_without_headers_follow_one_another() -> None:
    first = message(holding(":93B::AGGR//UNIT/1,"), page="1/MORE", head="").replace("-}", "-")
    second = message(holding(":93B::AGGR//UNIT/2,"), page="2/LAST", head="").replace("-}\n", "")
    assert read(first + second).totals()["quantity"] == "3"


def test_a_message_of_another_type_beside_it_is_left_alone() -> None:
    other = "{1:F01X}{2:O537X}{4:\n:16R:GENL\n:28E:1/ONLY\n:16S:GENL\n-}\n"
    assert len(read(other + message()).statements) == 1
    assert parse(other.encode()).format != "mt535"


@pytest.mark.parametrize("tag", ["TRAN", "STAT", "TRADDET", "CAOPTN"])
def test_fragments_of_other_messages_are_no_statements_of_holdings(tag: str) -> None:
    text = f":16R:GENL\n:28E:1/ONLY\n:16S:GENL\n:16R:{tag}\n:16S:{tag}\n"
    assert parse(text.encode()).format != "mt535"


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
def test_any_line_end_is_read_and_offsets_stay(ends: str) -> None:
    data = message(holding(":93B::AGGR//UNIT/1,")).replace("\n", ends).encode()
    (record,) = parse(data).records
    source = data[record.offset : record.offset + record.length]
    assert source.startswith(b":16R:FIN")
    assert source.endswith(b":16S:FIN")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (message(":16R:FIN\n" * 2000), "breaks off inside the block FIN"),
        (message(":16S:FIN\n"), "whose beginning is missing"),
        (message(":16R:SUBSAFE\n:16R:FIN\n:16S:SUBSAFE\n"), "breaks off inside the block FIN"),
        (message().replace(":97A::SAFE//0835-1\n", ""), "names no account"),
        (message().replace(":98A::STAT//20220613\n", ""), "or no date"),
        (message().replace("20220613", "20220631"), "98A STAT"),
        (message(page="1"), "is no page number"),
        (message(holding(":93B::AGGR//UNIT/1,", ":19A::HOLD//CHF1,2,3")), "is not an amount"),
        (message(holding(":93B::AGGR//UNIT/1,").replace("ISIN CH0038863350", "")), "names no instrument"),
        (message(holding(":93B::AGGR//UNIT/1,", ":90B::MRKT//ACTU/CHFNaN")), "is no price (90B)"),
        (message(holding(":93B::AGGR//UNIT/1,", ":90B::MRKT//ACTU/NCHF12,5")), "a price of -12.5 is below zero"),
        (message(holding(":93B::AGGR//UNIT/1,", ":90A::MRKT//PRCT/N99,")), "a price of -99 is below zero"),
        (message(":16R:ADDINFO\n:19A::HOLP//CHF1,\n:16S:ADDINFO\n"), "page total CHF: the file states 1"),
    ],
)
def test_what_cannot_be_read_is_quarantined_with_the_reason(text: str, what: str) -> None:
    parsed = parse(text.encode(), "mt535")
    assert parsed.verdict == "quarantined"
    assert what in parsed.reason


@pytest.mark.parametrize("path", sorted(HERE.glob("mt535/*.fin")), ids=lambda path: path.name)
def test_an_ordinary_block_reads_as_it_does_by_its_fields(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parse(path.read_bytes())
    monkeypatch.setattr(mt535, "ORDINARY", re.compile(r"(?!)"))
    by_fields = parse(path.read_bytes())
    assert by_fields.document() == whole.document()
    assert by_fields.records == whole.records


LINES = st.sampled_from([
    ":93B::AGGR//UNIT/0010,50", ":93B::AGGR//FAMT/N4,", ":93B::AGGR//AMOR/0,", ":93B::AGGR/ABCD/UNIT/7,",
    ":90A::MRKT//PRCT/98,50", ":90B::INDC//ACTU/CHF12,", ":90B::MRKT//ACTU/NCHF12,", ":98A::PRIC//20220610",
    ":98C::PRIC//20220610120000", ":98A::PRIC//20221310", ":19A::HOLD//CHF120,", ":19A::HOLD//NUSD130,10",
    ":19A::HOLD//CHF1,2,3", ":19A::ACRU//CHF0,5", ":70E::HOLD//1STK\n2,5+EUR", ":70E::HOLD//1STK++1\n22,5+CHF",
    ":35B:CUSIP 037833100\nAPPLE", ":35B:/CUSP/037833100", ":35B:ISIN US0378331005|APPLE",
    ":16R:PRIC\n:90A::MRKT//PRCT/98,\n:16S:PRIC", ":70E::HOLD//a@:93B::AGGR//UNIT/1,",
    ":16R:FIA\n:92A::CUFC//0,5\n:11A::DENO//USD\n:16S:FIA", ":16R:FIA\n:36B::SIZE//UNIT/10,\n:16S:FIA", ":16R:FIA",
    ":16R:SUBBAL\n:93B::AGGR//UNIT/3,\n:16R:BREAK\n:13B::LOTS//1\n:16S:BREAK\n:16S:SUBBAL", ":16S:SUBBAL",
    ":35B:ISIN US0378331005", ":35B:/US/037833100\nAPPLE", ":94B::PRIC//EXCH/XSWX", "text", ":no field", "-", "", " ",
])  # fmt: skip


@given(st.lists(LINES, max_size=8), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=400)
def test_any_lines_in_a_block_read_the_same_both_ways(lines: list[str], end: str) -> None:
    data = message(holding(*lines), holding(":93B::AGGR//UNIT/1,")).replace("\n", end).encode()
    whole = parse(data, "mt535")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mt535, "ORDINARY", re.compile(r"(?!)"))
        by_fields = parse(data, "mt535")
    assert by_fields.document() == whole.document()
    assert by_fields.records == whole.records


def test_most_blocks_are_ordinary_ones() -> None:
    block = holding(":93B::AGGR//UNIT/1,", ":90A::MRKT//PRCT/98,5", ":19A::HOLD//CHF1,", ":19A::HOLD//EUR1,")
    assert ORDINARY.search(f"{block}:16S:SUBSAFE\n") is not None
    assert ORDINARY.search(f"{block}text") is None


def test_an_account_named_behind_its_holdings_is_refused() -> None:
    inner = holding(":93B::AGGR//UNIT/1,")
    parsed = parse(message(f":16R:SUBSAFE\n{inner}:97A::SAFE//SUB-2\n:16S:SUBSAFE\n").encode(), "mt535")
    assert parsed.verdict == "quarantined"
    assert "an account is named behind its holdings" in parsed.reason
