"""What BAI2 records state, and what their trailers prove."""

from pathlib import Path

import pytest

from fo_platform.custodians._bai2 import minor, summaries, whole
from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

GOOD = (Path(__file__).parent / "bai2/two_currencies.bai").read_bytes()


def account(*rows: str, total: int, currency: str = "") -> bytes:
    """A file of one account whose counts are right. total: of its amounts, as its trailers state it."""
    inner = "\n".join([f"03,000111,{currency},015,0,,/", *rows])
    lines = 2 + len(rows)
    return (
        f"01,BANK,OFFICE,220614,0430,7,,,2/\n02,OFFICE,BANK,1,220613,2359,USD,2/\n{inner}\n49,{total},{lines}/\n"
        f"98,{total},1,{lines + 2}/\n99,{total},1,{lines + 4}/\n"
    ).encode()


def moves(data: bytes) -> list[dict[str, str]]:
    found = parse(data, "bai2")
    assert found.verdict == "clean", found.reason
    return [record.fields for record in found.records if record.kind == "transaction"]


def refused(data: bytes) -> Parsed:
    found = parse(data, "bai2")
    assert found.verdict == "quarantined"
    return found


@pytest.mark.parametrize(
    ("text", "currency", "meant"),
    [
        ("12345", "USD", "123.45"),
        ("+000000000100", "CAD", "1"),
        ("-5", "EUR", "-0.05"),
        ("100", "JPY", "100"),
        ("1", "KWD", "0.001"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(text: str, currency: str, meant: str) -> None:
    assert minor(text, currency) == meant


@pytest.mark.parametrize("text", ["1.5", "", "--1", "1e3", "٣", "9" * 50])
def test_an_amount_that_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="number|amount"):
        minor(text, "USD")
    with pytest.raises(ValueError, match="whole number"):
        whole(text)


def test_funds_types_take_the_fields_that_belong_to_them() -> None:
    funds = "190,7,4,0,110,70000000,15,D,3,0,20000000,1,30000000,3,20000000,100,5,1,S,1,2,3,400,6,1,V,220614,"
    fields = funds.split(",")
    assert [(s.code, s.text) for s in summaries(fields)] == [
        ("190", "7"),
        ("110", "70000000"),
        ("100", "5"),
        ("400", "6"),
    ]


@pytest.mark.parametrize(
    ("code", "money", "kind"),
    [
        ("115", "5", "deposit"),
        ("195", "5", "transfer_in"),
        ("354", "5", "interest"),
        ("238", "5", "dividend"),
        ("475", "-5", "withdrawal"),
        ("495", "-5", "transfer_out"),
        ("654", "-5", "interest"),
        ("698", "-5", "fee"),
    ],
)
def test_the_type_says_the_direction(code: str, money: str, kind: str) -> None:
    (found,) = moves(account(f"16,{code},500,Z,REF,,TEXT/", total=500))
    assert (found["amount"], found["kind"]) == (money, kind)


def test_a_type_without_direction_is_kept_without_an_amount() -> None:
    (found,) = moves(account("16,720,500,Z,REF,,LOAN/", total=500))
    assert ("amount" in found, found["amount_unsigned"], found["kind"]) == (False, "5", "other")


def test_text_goes_on_over_several_lines_and_holds_commas() -> None:
    data = account("16,195,500,V,220614,,REF,CUST,ONE, TWO", "88,THREE/", total=500)
    (found,) = moves(data)
    assert (found["description"], found["reference"], found["settle_date"]) == ("ONE, TWO,THREE", "REF", "2022-06-14")
    record = next(r for r in parse(data).records if r.kind == "transaction")
    assert data[record.offset : record.offset + record.length].count(b"\n") == 1


@pytest.mark.parametrize("code", [b"01", b"02", b"03", b"16", b"88", b"49", b"98", b"99"])
def test_no_record_can_be_lost(code: bytes) -> None:
    lines = GOOD.splitlines(keepends=True)
    for number in (n for n, line in enumerate(lines) if line.startswith(code)):
        data = b"".join(lines[:number] + lines[number + 1 :])
        assert parse(data, "bai2").verdict == "quarantined"


def test_a_file_that_breaks_off_anywhere_is_never_clean() -> None:
    end = GOOD.rindex(b"14/") + 2
    assert {parse(GOOD[:at], "bai2").verdict for at in range(1, end)} == {"quarantined"}


@pytest.mark.parametrize("status", ["2", "4"])
def test_a_group_that_deletes_or_tests_is_not_booked(status: str) -> None:
    data = GOOD.replace(b"OFFICE,BANK,1,", f"OFFICE,BANK,{status},".encode())
    assert f"(status {status})" in refused(data).reason


def test_a_group_of_corrections_is_read() -> None:
    assert parse(GOOD.replace(b"OFFICE,BANK,1,", b"OFFICE,BANK,3,")).verdict == "clean"


def test_the_third_version_is_read_as_the_second() -> None:
    assert parse(GOOD.replace(b",,2/\n02", b",,3/\n02")).records == parse(GOOD).records


def test_another_version_is_named() -> None:
    assert "version '4' of BAI is not known" in refused(GOOD.replace(b",,2/\n02", b",,4/\n02")).reason


SHARED = b"""01,BANK,OFFICE,220614,0430,7,,,2/  02,OFFICE,BANK,1,220613,2359,USD,2/
03,000111,,015,100,,/ 16,142,60,Z,,,ONE 08/16, PAID/   16,451,30,Z,,,TWO
WORDS/
88,MORE/  49,190,5/
98,190,1,7/
99,190,1,9/
"""


def test_records_that_share_their_lines_are_told_apart_and_a_wrapped_text_goes_on() -> None:
    found = moves(SHARED)
    assert [(row["amount"], row["description"]) for row in found] == [
        ("0.6", "ONE 08/16, PAID"),
        ("-0.3", "TWO WORDS,MORE"),
    ]
    spans = [SHARED[r.offset : r.offset + r.length] for r in parse(SHARED).records if r.kind == "transaction"]
    assert spans == [b"16,142,60,Z,,,ONE 08/16, PAID/", b"16,451,30,Z,,,TWO\nWORDS/\n88,MORE/"]


def test_a_shared_line_that_is_lost_is_noticed() -> None:
    lines = SHARED.splitlines(keepends=True)
    for number in (0, 1, 3, 4, 5):
        assert parse(b"".join(lines[:number] + lines[number + 1 :]), "bai2").verdict == "quarantined"


def test_what_looks_like_a_record_within_a_text_is_text_where_each_record_has_its_line() -> None:
    (found,) = moves(account("16,142,60,Z,,,INVOICE 3/ 16,451,5/", total=60))
    assert (found["amount"], found["description"]) == ("0.6", "INVOICE 3/ 16,451,5")


def test_a_line_of_no_known_record_behind_a_record_that_has_ended_is_refused() -> None:
    assert "no such type of record" in refused(account("16,142,60,Z,,,PAID/", "WORDS/", total=60)).reason


def test_a_text_is_wrapped_a_number_of_times_that_makes_sense() -> None:
    wrapped = ["16,142,60,Z,,,A" + "\nB" * count for count in (20, 21)]
    (found,) = moves(account(wrapped[0], total=60))
    assert found["description"] == "A" + " B" * 20
    assert "no such type of record" in refused(account(wrapped[1], total=60)).reason


def test_a_comma_too_many_behind_a_sum_is_no_difference_and_a_sum_needs_its_type() -> None:
    fields = ["010", "5", "", "", "", "015", "7", "", "", ""]
    assert [(s.code, s.text) for s in summaries(fields)] == [("010", "5"), ("015", "7")]
    with pytest.raises(ValueError, match="no type of an amount"):
        list(summaries([",", "5000", "", ""]))


def test_signs_and_zeros_before_totals_are_no_difference() -> None:
    data = GOOD.replace(b"49,600,3/", b"49,+00000000600,03/").replace(b"\n", b"\r\n")
    assert parse(data).verdict == "clean"


def test_the_best_balance_is_the_money_of_the_account() -> None:
    (first, second) = [r.fields for r in parse(GOOD).records if r.kind == "cash"]
    assert (first["amount"], first["amount_settled"], first["balance_type"]) == ("1250.5", "1200", "015")
    assert (second["amount"], second["currency"]) == ("500", "JPY")
