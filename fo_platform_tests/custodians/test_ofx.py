"""What OFX states where institutions write it in several ways."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.custodians._ofx import amount, iso_day
from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

HEAD = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n"
INVESTED = (
    "<OFX><INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS><DTASOF>20220613<CURDEF>USD<INVACCTFROM><ACCTID>A1</INVACCTFROM>"
    "<INVTRANLIST>{moves}</INVTRANLIST><INVPOSLIST>{held}</INVPOSLIST></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>"
    "{listed}</OFX>\n"
)
HELD = (
    "<{kind}><INVPOS><SECID><UNIQUEID>{name}<UNIQUEIDTYPE>CUSIP</SECID><HELDINACCT>CASH<POSTYPE>{side}<UNITS>{units}"
    "<UNITPRICE>{price}<MKTVAL>{value}<DTPRICEASOF>20220613{more}</INVPOS></{kind}>"
)
MOVED = "<{kind}><INVTRAN><FITID>T1<DTTRADE>20220610</INVTRAN>{body}</{kind}>"
LISTED = "<SECLIST><{0}><SECINFO><SECID><UNIQUEID>X<UNIQUEIDTYPE>CUSIP</SECID><TICKER>{1}</SECINFO>{2}</{0}></SECLIST>"


def file(held: str = "", moves: str = "", listed: str = "", head: str = HEAD) -> bytes:
    return (head + INVESTED.format(held=held, moves=moves, listed=listed)).encode("cp1252")


def holding(kind: str = "POSSTOCK", **stated: str) -> str:
    facts = {"name": "X", "side": "LONG", "units": "10", "price": "2", "value": "20", "more": "", **stated}
    return HELD.format(kind=kind, **facts)


def read(data: bytes) -> Parsed:
    found = parse(data, "ofx")
    assert found.verdict == "clean", found.reason
    return found


def fields_of(data: bytes) -> dict[str, str]:
    (record,) = read(data).records
    return record.fields


def scale(kind: str, **stated: str) -> tuple[str | None, str | None]:
    found = fields_of(file(holding(kind, **stated)))
    return found.get("price_basis"), found.get("multiplier")


def test_a_bond_is_per_hundred_where_that_makes_its_value_to_the_cent() -> None:
    assert scale("POSDEBT", units="1000", price="100", value="1000") == ("per_100", None)
    assert scale("POSDEBT", units="10000", price="98.123", value="9812.30") == ("per_100", None)


def test_a_bond_that_is_priced_by_piece_is_by_unit() -> None:
    assert scale("POSDEBT", units="3", price="1002.5", value="3007.50") == ("unit", None)


def test_a_bond_of_which_nothing_multiplies_leaves_its_basis_open() -> None:
    assert scale("POSDEBT", units="400", price="120.15", value="9021.40") == (None, None)


def test_an_option_is_by_a_hundred_where_that_makes_its_value() -> None:
    assert scale("POSOPT", units="1", price="5", value="500") == ("unit", "100")
    assert scale("POSOPT", units="1", price="5", value="501") == ("unit", None)


def test_the_list_of_securities_says_how_many_shares_a_contract_has() -> None:
    listed = LISTED.format("OPTINFO", "MINI", "<OPTTYPE>CALL<STRIKEPRICE>5<SHPERCTRCT>10")
    found = fields_of(file(holding("POSOPT", units="2", price="5", value="100"), listed=listed))
    assert (found["multiplier"], found["symbol"]) == ("10", "MINI")


def test_an_anonymised_holding_of_which_nothing_multiplies_is_clean() -> None:
    assert scale("POSSTOCK", units="400", price="120.15", value="9021.40") == ("unit", None)


def test_what_is_short_is_below_zero_however_it_is_written() -> None:
    for units, value in (("5", "300"), ("-5", "-300")):
        found = fields_of(file(holding(side="SHORT", units=units, price="60", value=value)))
        assert (found["quantity"], found["market_value"], found["side"]) == ("-5", "-300", "SHORT")


def test_a_security_listed_twice_under_one_identifier_has_no_ticker() -> None:
    listed = LISTED.format("STOCKINFO", "AAA", "") + LISTED.format("STOCKINFO", "BBB", "")
    assert "symbol" not in fields_of(file(holding(), listed=listed))


def test_a_holding_in_another_currency_says_so() -> None:
    abroad = holding(more="<CURRENCY><CURRATE>1.06<CURSYM>EUR</CURRENCY>")
    converted = holding(more="<ORIGCURRENCY><CURRATE>1.06<CURSYM>EUR</ORIGCURRENCY>")
    assert fields_of(file(abroad))["currency"] == "EUR"
    assert fields_of(file(converted))["currency"] == "USD"


@pytest.mark.parametrize(
    ("kind", "body", "meant", "money"),
    [
        ("BUYSTOCK", "<UNITS>1<TOTAL>-5", "buy", "-5"),
        ("SELLDEBT", "<UNITS>-1<TOTAL>5", "sell", "5"),
        ("INCOME", "<INCOMETYPE>INTEREST<TOTAL>5", "interest", "5"),
        ("INCOME", "<INCOMETYPE>CGLONG<TOTAL>5", "dividend", "5"),
        ("INVEXPENSE", "<TOTAL>-5", "fee", "-5"),
        ("MARGININTEREST", "<TOTAL>-5", "interest", "-5"),
        ("REINVEST", "<INCOMETYPE>DIV<TOTAL>-5<UNITS>1", "buy", "0"),
        ("JRNLFUND", "<TOTAL>5", "other", "0"),
        ("TRANSFER", "<UNITS>1<TFERACTION>OUT", "transfer_out", None),
        ("TRANSFER", "<UNITS>1<TFERACTION>IN", "transfer_in", None),
        ("RETOFCAP", "<TOTAL>5", "other", "5"),
        ("SPLIT", "<OLDUNITS>1<NEWUNITS>2<NUMERATOR>2<DENOMINATOR>1", "other", None),
    ],
)
def test_every_kind_of_movement_is_what_it_does_to_money(kind: str, body: str, meant: str, money: str | None) -> None:
    found = fields_of(file(moves=MOVED.format(kind=kind, body=body)))
    assert (found["kind"], found.get("amount")) == (meant, money)


def test_a_movement_that_we_do_not_know_is_kept_and_reported() -> None:
    found = read(file(moves=MOVED.format(kind="AIRDROP", body="<UNITS>3<GIVER>X")))
    assert [(r.kind, r.fields["kind"], r.fields["giver"]) for r in found.records] == [("transaction", "other", "X")]
    assert [problem.what for problem in found.problems] == [
        "the element AIRDROP is not known to us",
        "the element GIVER is not known to us",
    ]


def test_a_correction_of_an_earlier_file_is_not_booked_a_second_time() -> None:
    move = "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20220610<TRNAMT>5<FITID>2<CORRECTFITID>1</STMTTRN>"
    found = parse(file(moves=f"<INVBANKTRAN>{move}</INVBANKTRAN>"))
    assert found.verdict == "quarantined"
    assert "it corrects the transaction 1 of an earlier file" in found.reason


def test_an_answer_that_is_an_error_is_no_statement() -> None:
    error = "<STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Signon invalid</STATUS>"
    found = parse(file().replace(b"<INVSTMTTRNRS>", b"<INVSTMTTRNRS>" + error.encode()))
    assert (found.verdict, "15500 Signon invalid" in found.reason) == ("quarantined", True)


def test_text_is_read_in_the_encoding_it_is_in_whatever_the_head_says() -> None:
    for encoding in ("utf-8", "cp1252"):
        data = (
            file(moves=MOVED.format(kind="INVEXPENSE", body="<TOTAL>-5<MEMO>Gebühr")).decode("cp1252").encode(encoding)
        )
        assert fields_of(data)["memo"] == "Gebühr"


def test_a_head_with_a_mark_comments_and_blank_lines_is_one() -> None:
    data = b"\xef\xbb\xbf\r\n" + file(holding()).replace(b"\n", b"\r\n").replace(b"<OFX>", b"<!-- <OFX> -->\r\n<OFX>")
    assert len(read(data).records) == 1


def test_a_comment_in_a_record_may_hold_a_tag() -> None:
    assert fields_of(file(holding(more="<!-- <UNITS>99 -->")))["quantity"] == "10"


def test_a_character_set_that_we_do_not_read_is_named() -> None:
    found = parse(file(head=HEAD.replace("1252", "1251")))
    assert (found.verdict, "the character set 1251 is not accepted" in found.reason) == ("quarantined", True)


@pytest.mark.parametrize("name", ["65001", "8859-15", "ISO-8859-15"])
def test_a_character_set_may_go_by_another_name(name: str) -> None:
    assert fields_of(file(holding(), head=HEAD.replace("1252", name)))["quantity"] == "10"


def test_a_balance_as_of_zeros_is_of_the_last_day_asked_for() -> None:
    bank = (
        "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>BRL<BANKACCTFROM><ACCTID>7</BANKACCTFROM><BANKTRANLIST>"
        "<DTSTART>20220501<DTEND>20220531</BANKTRANLIST><LEDGERBAL><BALAMT>1.500,25<DTASOF>00000000</LEDGERBAL>"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    (record,) = read((HEAD + bank).encode()).records
    assert (record.statement_date, record.fields["amount"]) == (date(2022, 5, 31), "1500.25")
    undated = bank.replace("20220531", "00000000")
    assert "it names no date" in parse((HEAD + undated).encode(), "ofx").reason


def test_an_unknown_version_is_named_and_read() -> None:
    found = read(file(holding(), head=HEAD.replace("102", "999")))
    assert found.problems[0].what == "version 999 of OFX is not known to us"


def test_a_head_without_line_ends_is_read() -> None:
    head = "".join(HEAD.split())
    assert read(file(holding(), head=head)).problems == ()
    assert "character set UTF-7" in parse(file(head=head.replace("USASCII", "UTF-7"))).reason


def test_a_list_whose_end_is_left_out_ends_before_the_balance() -> None:
    moved = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20220610<TRNAMT>-5<FITID>T1</STMTTRN>"
    balance = "<LEDGERBAL><BALAMT>-5<DTASOF>20220613</LEDGERBAL>"
    body = f"<CURDEF>EUR<BANKACCTFROM><ACCTID>B1</BANKACCTFROM><BANKTRANLIST>{moved}{balance}"
    found = read(f"{HEAD}<OFX><STMTRS>{body}</STMTRS></OFX>".encode())
    assert [(r.kind, r.fields["amount"]) for r in found.records] == [("transaction", "-5"), ("cash", "-5")]
    assert [problem.what for problem in found.problems] == ["the end of BANKTRANLIST is missing before it"]


def test_a_file_that_breaks_off_anywhere_is_never_clean() -> None:
    data = file(holding() + holding("POSMF"), MOVED.format(kind="INVEXPENSE", body="<TOTAL>-5"))
    end = data.rindex(b"</OFX>") + len(b"</OFX>")
    assert {parse(data[:at], "ofx").verdict for at in range(len(HEAD) + 6, end)} == {"quarantined"}


def test_a_lost_end_of_a_record_does_not_merge_two() -> None:
    data = file(holding() + holding()).replace(b"</INVPOS></POSSTOCK>", b"", 1)
    assert parse(data, "ofx").verdict == "quarantined"


def test_every_statement_has_its_own_account_currency_and_day() -> None:
    body = INVESTED.format(held=holding(), moves="", listed="").removeprefix("<OFX>").removesuffix("</OFX>\n")
    second = body.replace("A1", "A2").replace("USD", "CHF").replace("<DTASOF>20220613", "<DTASOF>20220610")
    found = read((HEAD + "<OFX>" + body + second + "</OFX>").encode())
    assert [(s.account, s.statement_date, s.records[0].fields["currency"]) for s in found.statements] == [
        ("A1", date(2022, 6, 13), "USD"),
        ("A2", date(2022, 6, 10), "CHF"),
    ]


def test_every_record_points_at_its_own_element() -> None:
    data = file(holding() + holding("POSMF"), MOVED.format(kind="INVEXPENSE", body="<TOTAL>-5"))
    sources = [data[r.offset : r.offset + r.length] for r in read(data).records]
    names = (b"INVEXPENSE", b"POSSTOCK", b"POSMF")
    assert all(
        s.startswith(b"<" + n + b">") and s.endswith(b"</" + n + b">") for s, n in zip(sources, names, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [("1,5", "1.5"), ("-0,25", "-0.25"), ("1,234.50", "1234.5"), ("+7", "7"), (",5", "0.5")]
    + [("1.234,56", "1234.56"), ("-12.345.678,9", "-12345678.9"), ("+1 006,60", "1006.6")],
)
def test_a_decimal_mark_may_be_a_comma(text: str, meant: str) -> None:
    assert amount(text) == meant


@pytest.mark.parametrize(
    "text", ["1,234", "-12,000", "1.23,56", "1 234.567,8", "1.234,", "1,2,3", "NaN", "", "1e", ","]
)
def test_an_amount_that_can_be_read_in_two_ways_or_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        amount(text)


@given(st.decimals(-(10**9), 10**9, places=4))
def test_every_amount_comes_back(value: Decimal) -> None:
    assert Decimal(amount(f"{value:.4f}")) == Decimal(amount(f"{value:.4f}".replace(".", ","))) == value


@pytest.mark.parametrize(
    "text",
    ["20220613", "20220613120000", "20220613120000.000[-5:EST]", "20220613162416.000[-:EST]", "202206131200[+1]"],
)
def test_a_moment_is_the_day_that_its_own_zone_has(text: str) -> None:
    assert iso_day(text) == "2022-06-13"


@pytest.mark.parametrize("text", ["2022-06-13", "20221313", "220613", "2022061", "20220613x"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="date|month"):
        iso_day(text)


@pytest.mark.parametrize(
    "range_", ["<DTSTART>20220601<DTEND>20220613", "<DTSTART></DTSTART><DTEND></DTEND>", "<DTEND>\n"]
)
def test_the_range_of_a_list_is_no_movement(range_: str) -> None:
    data = file(holding()).replace(b"<INVTRANLIST>", b"<INVTRANLIST>" + range_.encode())
    assert [record.kind for record in read(data).records] == ["position"]
