"""What an account statement means in the dialects of banks."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.custodians import _spool, _swift
from fo_platform.custodians._mt940 import runs
from fo_platform.custodians.formats import mt940
from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed


def statement(*lines: str, opening: str = "C220613CHF0,", closing: str = "C220613CHF0,", account: str = "1") -> str:
    return "\n".join([":20:1", f":25:{account}", ":28C:1/1", f":60F:{opening}", *lines, f":62F:{closing}", "-", ""])


def amounts(*lines: str, closing: str) -> list[str]:
    parsed = parse(statement(*lines, closing=closing).encode("latin-1"), "mt940")
    assert parsed.verdict == "clean", parsed.reason
    return [record.fields["amount"] for record in parsed.records if record.kind == "transaction"]


@pytest.mark.parametrize(
    ("line", "amount", "closing"),
    [
        ("2206130613C10,00NTRFNONREF", "10", "C220613CHF10,00"),
        ("2206130613D10,NTRFNONREF", "-10", "D220613CHF10,"),
        ("2206130613RC10,NTRFNONREF", "-10", "D220613CHF10,"),
        ("2206130613RD10,NTRFNONREF", "10", "C220613CHF10,"),
        ("2206130613DR10,NTRFNONREF", "-10", "D220613CHF10,"),
        ("2206130613CR10,NTRFNONREF", "10", "C220613CHF10,"),
        ("2206130613RCF10,NTRFNONREF", "-10", "D220613CHF10,"),
        ("220613    DD10,NTRFNONREF", "-10", "D220613CHF10,"),
        ("220613D\n10,NTRFNONREF", "-10", "D220613CHF10,"),
        ("220613D0,00NTRFNONREF", "0", "C220613CHF0,00"),
        ("220613C1.000,5", "1000.5", "C220613 CHF 1000,5"),
    ],
)
def test_the_mark_decides_the_sign_and_a_letter_behind_it_does_not(line: str, amount: str, closing: str) -> None:
    assert amounts(f":61:{line}", closing=closing) == [amount]


def fields(line: str) -> dict[str, str]:
    text = statement(f":61:{line}", closing="C220613CHF10,")
    return parse(text.encode("latin-1"), "mt940").records[0].fields


@pytest.mark.parametrize(
    ("line", "reference"),
    [
        ("220613C10,NTRFNONREF", None),
        ("220613C10,NTRFNONREF//BANK1", "BANK1"),
        ("220613C10,NTRFCUSTOMER 1//", "CUSTOMER 1"),
        ("220613C10,NTRFCUSTOMER//BANK2\nsupplement", "BANK2"),
        ("220613C10,NOVBNL47INGB9999999999", "NL47INGB9999999999"),
        ("220613C10,NONREF", None),
        ("220613C10,NONREF//BANK3", "BANK3"),
    ],
)
def test_the_banks_reference_goes_before_the_customers(line: str, reference: str | None) -> None:
    assert fields(line).get("reference") == reference


@pytest.mark.parametrize(
    ("value_date", "entry", "booked", "settled"),
    [
        ("220613", "0614", "2022-06-14", "2022-06-13"),
        ("211231", "0103", "2022-01-03", "2021-12-31"),
        ("220103", "1231", "2021-12-31", "2022-01-03"),
        ("160230", "0301", "2016-03-01", "2016-02-29"),
        ("220613", "", "2022-06-13", "2022-06-13"),
        ("220613", "9999", "2022-06-13", "2022-06-13"),
    ],
)
def test_the_day_of_booking_falls_in_the_year_nearest_to_the_value_date(
    value_date: str, entry: str, booked: str, settled: str
) -> None:
    found = fields(f"{value_date}{entry}C10,NTRFNONREF")
    assert (found["date"], found["settle_date"]) == (booked, settled)


@pytest.mark.parametrize(
    ("opened", "closed", "days", "booked"),
    [
        ("241104", "241105", "2403011105", "2024-11-05"),
        ("231231", "241231", "2401050105", "2024-01-05"),
        ("241104", "241105", "2403011103", "2023-11-03"),
        ("241105", "241104", "2403011105", "2023-11-05"),
    ],
)
def test_a_movement_valued_long_before_is_booked_between_the_balances_where_a_year_puts_it_there(
    opened: str, closed: str, days: str, booked: str
) -> None:
    text = statement(f":61:{days}C10,NTRFNONREF", opening=f"C{opened}CHF0,", closing=f"C{closed}CHF10,")
    assert parse(text.encode(), "mt940").records[0].fields["date"] == booked


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("C10,NDIVX", "dividend"), ("C10,NINTX", "interest"), ("C10,NCHGX", "fee"), ("C10,NSECX", "sell"),
        ("RD10,FTRFX", "deposit"), ("C10,N024X", "other"), ("C10,", "other"),
    ],
)  # fmt: skip
def test_a_movement_is_named_by_its_type(line: str, kind: str) -> None:
    assert fields(f"220613{line}")["kind"] == kind


def test_details_of_several_lines_and_fields_are_one_description_in_any_encoding() -> None:
    lines = (":61:220613C10,NTRFX\nZürich", ":86:first\n second", "", "third", ":86:- fourth")
    latin = statement(*lines, closing="C220613CHF10,").encode("latin-1")
    utf_8 = statement(*lines, closing="C220613CHF10,").encode()
    for data in (latin, utf_8):
        record = parse(data).records[0]
        assert record.fields["description"] == "Zürich first second third - fourth"
        assert data[record.offset : record.offset + record.length].endswith(b":86:- fourth")


def test_a_statement_that_does_not_balance_is_quarantined_by_name() -> None:
    good, bad = statement(account="1"), statement(":61:220613C10,NTRFX", account="2", closing="C220613CHF9,")
    parsed = parse((good + bad).encode())
    assert parsed.verdict == "quarantined"
    assert parsed.reason.startswith("1 of 2 statements do not balance: opening + movements is not closing. Line 12:")
    assert [control.ok for s in parsed.statements for control in s.controls] == [True, False]


def test_balances_in_two_currencies_do_not_tie() -> None:
    assert parse(statement(opening="C220613EUR0,").encode()).verdict == "quarantined"


def test_statements_under_one_reference_are_told_apart_by_their_opening_balance() -> None:
    text = statement().replace("-\n", "") + statement().replace(":20:1\n:25:1\n:28C:1/1\n", "")
    parsed = parse(text.encode())
    assert (parsed.verdict, [s.account for s in parsed.statements]) == ("clean", ["1", "1"])


def test_the_last_statement_of_a_day_gives_its_cash() -> None:
    first = statement(":61:220613C10,NTRFX", closing="C220613CHF10,")
    second = statement(":61:220613C5,NTRFX", opening="C220613CHF10,", closing="C220613CHF15,")
    parsed = parse((first + second).encode())
    assert parsed.totals()["cash"] == {"CHF": "15"}
    assert [record.fields["amount"] for record in parsed.records if record.kind == "cash"] == ["15"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (statement().replace(":25:1\n", ""), "names no account"),
        (statement(closing="C220613CHF"), "is not a balance"),
        (statement(closing="C221313CHF1,"), "is not a date"),
        (statement().replace(":60F:C220613CHF0,\n", ""), "without its opening balance (60F)"),
        (statement(":61:991399C1,NTRFX"), "is not a date"),
        ("{2:O940X}\n:60F:C220613CHF0,\n:60F:C220613CHF0,\n", "names no account"),
        ("{2:O940X}\n:62F:C220613CHF0,\n", "names no account"),
        ("{2:O940X}\n:61:220613C1,NTRFX\n", "names no account"),
        ("{2:O940X}\n", "no statement"),
    ],
)
def test_what_cannot_be_read_is_quarantined_with_the_reason(text: str, what: str) -> None:
    parsed = parse(text.encode(), "mt940")
    assert parsed.verdict == "quarantined"
    assert what in parsed.reason


def test_an_interim_report_is_no_statement() -> None:
    assert parse(b":20:1\n:25:1\n:28C:1\n:34F:CHF0,\n:13D:2206131200+0200\n").format == "mt942"


def swift(value: Decimal) -> str:
    return f"{abs(value):f}".replace(".", ",")


def generated(values: list[Decimal], off: Decimal) -> Parsed:
    lines = [f":61:220613{'D' if value < 0 else 'C'}{swift(value)}NTRFX" for value in values]
    closing = sum(values, Decimal("0.00")) + off
    mark = "D" if closing < 0 else "C"
    return parse(statement(*lines, closing=f"{mark}220613CHF{swift(closing)}").encode())


@given(st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=2), max_size=8), st.integers(0, 1))
def test_a_statement_balances_if_and_only_if_its_movements_explain_its_closing(values: list[Decimal], off: int) -> None:
    assert generated(values, Decimal(off) / 100).verdict == ("quarantined" if off else "clean")


def test_many_gaps_are_counted_and_do_not_keep_the_file_out() -> None:
    one = ":20:S{n}\n:25:A1\n:28C:{n}/1\n:60F:C220610CHF{n},\n:62F:C220610CHF{n},\n-\n"
    found = parse("".join(one.format(n=n) for n in range(1, 1502)).encode())
    assert (found.verdict, len(found.problems), len(found.statements)) == ("clean", 101, 1501)
    assert "1400 more balances do not open where the last one closed" in {problem.what for problem in found.problems}


LINES = st.sampled_from([
    ":61:2206130614C0010,50NTRFNONREF//B1", ":61:220613D10,NTRFNONREF", ":61:211231 0103RC7,NCHGX ",
    ":61:2112310103EDR100,NSECA/1//", ":61:220230D0,00NTRFNONREF", ":61:221313C1,NTRFX", ":61:2206139999C1,NDIVa // b",
    ":61:220613C1.000,5NTRFX", ":61:220613C1,2,3NTRFX", ":61:220613C12NTRFX", ":61:220613C3,", ":61:220613C\n4,NTRFX",
    f":61:220613C{'0' * 12}123,5NTRFX", f":61:220613C{'0' * 30}5,NTRFX", f":61:220613C1,{'5' * 9}NTRFX", ":61:odd",
    ":61:220613C5,NINTX", ":61:2206130C1,NTRFX", ":61:220613C1,N   ", ":61:220613C1,NTRF\xa0", ":61:220613C1,NTRFZ\t",
    ":86:details", ":86:", ":86: a  b\t\n c", ":86:Zürich", "supplement", "Z\xa0", "", " ", ":no field", "- more", "-",
    "-}", "{1:F01}", "{no header", "@:62F:", ":62F:C220613CHF1,", ":64:C220613CHF1,", ":20:2", ":60F:C220613CHF1,",
    ":61", ":61:", ":61:220613C5,NONREF",
])  # fmt: skip
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n"])


@given(st.lists(LINES, max_size=12), ENDS, st.sampled_from([64, _swift.PIECE]))
@settings(max_examples=600)
def test_any_lines_read_the_same_whether_or_not_ordinary_movements_are_read_in_runs(
    lines: list[str], end: str, piece: int
) -> None:
    data = statement(":61:220613C5,NINTX", *lines, ":61:220613C5,NINTX").replace("\n", end).encode()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_swift, "PIECE", piece)
        in_runs = parse(data, "mt940")
        patched.setattr(mt940, "runs", lambda _: ())
        alone = parse(data, "mt940")
    assert (in_runs.document(), in_runs.records) == (alone.document(), alone.records)


def test_a_long_run_reads_as_its_movements_do_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f":61:220613C{n},{n % 7}NTRFX{n}\n:86:movement  {n}\nof many" for n in range(1, 902)]
    data = statement(*lines, closing="C220613CHF0,").encode()
    in_runs = parse(data)
    monkeypatch.setattr(_spool, "ROOM", 300)
    spooled = parse(data)
    monkeypatch.setattr(mt940, "runs", lambda _: ())
    alone = parse(data)
    assert len(in_runs.records) == len(lines) + 1
    assert in_runs.records == spooled.records == alone.records
    assert in_runs.document() == spooled.document() == alone.document()


def test_most_movements_are_ordinary_ones() -> None:
    text = statement(":61:2206130614C0010,50NTRFNONREF//B1\nsupplement\n:86:text\nmore text", ":61:220613D7,NCHGX")
    assert [len(run.rows) for run in runs(text)] == [2]
    assert not list(runs(statement(":61:221313C1,NTRFX", ":61:220613C1,2,3NTRFX")))


def test_a_table_behind_the_first_field_of_a_statement_is_part_of_it() -> None:
    table = "property_id,appraisal_date,value,currency"
    inside = statement(":61:220613C10,NTRFX", f":86:as agreed\n{table}", closing="C220613CHF10,")
    parsed = parse(inside.encode())
    assert (parsed.format, parsed.verdict) == ("mt940", "clean")
    assert parse(f"{table}\n{inside}".encode()).format == "appraisal"
