"""What an interim report means: its counts and sums, reversals, and entries that are only expected."""

from decimal import Decimal
from typing import Any

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

HEAD = ":20:R1\n:25:CH9300762011623852957\n:28C:5/1\n:34F:{floor}\n:13D:2206131200+0200\n"
LINES = ":61:2206130613D200,50NTRFNONREF//B1\n:86:Rent\n:61:2206130613C20,00NTRFREF3//B3\n"
SUMS = ":90D:1CHF200,5\n:90C:1CHF20,\n"


def report(lines: str = LINES, sums: str = SUMS, floor: str = "CHF0,", end: str = "-\n") -> str:
    return HEAD.format(floor=floor) + lines + sums + end


def read(text: str) -> Parsed:
    parsed = parse(text.encode(), "mt942")
    assert parsed.verdict == "clean", parsed.reason
    return parsed


def amounts(parsed: Parsed, kind: str = "transaction") -> list[str]:
    return [record.fields["amount"] for record in parsed.records if record.kind == kind]


def test_entries_are_counted_and_summed() -> None:
    parsed = read(report())
    assert amounts(parsed) == ["-200.5", "20"]
    assert [(c.name, c.actual) for c in parsed.statements[0].controls] == [
        ("number of debits", "1"),
        ("sum of debits CHF", "200.5"),
        ("number of credits", "1"),
        ("sum of credits CHF", "20"),
    ]
    assert str(parsed.statements[0].statement_date) == "2022-06-13"


@pytest.mark.parametrize("floor", ["CHFD0,", "CHFC100,", "CHF0,"])
def test_the_currency_is_that_of_the_floor_limit(floor: str) -> None:
    assert read(report(floor=floor)).records[0].fields["currency"] == "CHF"


def test_a_reversed_credit_is_a_debit() -> None:
    lines = LINES + ":61:2206130613RC10,00NTRFREF2//B2\n:61:2206130613RD5,00NTRFREF2//B4\n"
    parsed = read(report(lines, ":90D:2CHF210,5\n:90C:2CHF25,\n"))
    assert amounts(parsed) == ["-200.5", "20", "-10", "5"]


def test_an_entry_that_is_expected_is_no_booking() -> None:
    parsed = read(report(LINES + ":61:220614EC7,00NDIVREF\n", ":90D:1CHF200,5\n:90C:2CHF27,\n"))
    assert (amounts(parsed), amounts(parsed, "instruction")) == (["-200.5", "20"], ["7"])


def test_a_report_of_nothing_and_one_without_sums_are_clean_when_they_end() -> None:
    assert read(report("", "")).records == ()
    assert len(read(report(sums="")).records) == 2


def test_a_side_without_entries_may_leave_out_its_count_and_one_with_entries_may_not() -> None:
    first = LINES.partition(":61:2206130613C")[0]
    assert amounts(read(report(first, ":90D:1CHF200,5\n:90C:CHF,00\n"))) == ["-200.5"]
    assert parse(report(first, ":90D:CHF200,5\n").encode(), "mt942").verdict == "quarantined"


def test_reports_follow_one_another() -> None:
    parsed = read(report() + report().replace("28C:5/1", "28C:6/1"))
    assert [(s.page, len(s.records)) for s in parsed.statements] == [("5/1", 2), ("6/1", 2)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (report(sums=":90D:2CHF200,5\n"), "number of debits: the file states 2"),
        (report(sums=":90C:1CHF21,\n"), "sum of credits CHF: the file states 21"),
        (report(sums="", end=""), "breaks off without its sums"),
        (report(LINES.replace("D200,50", "D2,0,0")), "61"),
        (report(LINES.replace("D200,50", "X200,50")), "is not a statement line"),
        (report(sums=":90D:one\n"), "is no count and sum"),
        (report(sums=":90D:1CHF1,2,3\n"), "90"),
        (report().replace(":25:CH9300762011623852957\n", ""), "names no account"),
        (report().replace("2206131200", "2213131200"), "13D"),
        ("{1:F01X}{2:O9421200X}{4:\n" + report() + ":62F:C220613CHF1,\n", "states no balance (62F)"),
    ],
)
def test_what_cannot_be_read_is_quarantined_with_the_reason(text: str, what: str) -> None:
    parsed = parse(text.encode(), "mt942")
    assert parsed.verdict == "quarantined"
    assert what in parsed.reason


def test_a_statement_with_balances_is_not_an_interim_report() -> None:
    text = report().replace(":61:", ":60F:C220613CHF1,00\n:61:", 1)
    assert parse(text.encode()).format != "mt942"


def test_mt_940_reads_the_same_amounts() -> None:
    mt940: Any = pytest.importorskip("mt940")
    text = report(LINES + ":61:2206130613RC10,00NTRFREF2//B2\n", ":90D:2CHF210,5\n:90C:1CHF20,\n")
    theirs = mt940.models.Transactions(options=mt940.Options(reversal_sign=True))
    theirs.parse(text)
    wanted = [row.data["amount"].amount for row in theirs if "amount" in row.data]
    assert [Decimal(amount) for amount in amounts(read(text))] == wanted
