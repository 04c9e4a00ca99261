"""Tables are found by their headers, totals and counts proved, exact numbers kept, in CSV and workbooks alike."""

import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.custodians.formats import appraisal, owner_workbook
from fo_platform.custodians.parse import formats, parse, sniff
from fo_platform.custodians.records import Parsed
from fo_platform_tests.custodians.test_long_deliveries import DELIVERIES
from fo_platform_tests.custodians.test_parser_fuzz import EVIL, prove_sound
from fo_platform_tests.custodians.workbooks import Cell, repacked, workbook

HERE = Path(__file__).parent
NAMES = ("appraisal", "ilpa_capital_account", "ilpa_notice", "owner_workbook", "performance_export", "trial_balance")
CLEAN = {
    "appraisal": "two_properties.csv",
    "ilpa_capital_account": "two_funds.csv",
    "ilpa_notice": "calls_and_distributions.csv",
    "owner_workbook": "declared.xlsx",
    "performance_export": "portfolios_and_benchmarks.csv",
    "trial_balance": "with_liabilities_and_fees.csv",
}
GOOD = {name: (HERE / name / file).read_bytes() for name, file in CLEAN.items()}
COLUMNS: tuple[Cell, ...] = ("Property ID", "Owner", "Appraisal Date", "Value", "Currency", "Ownership")
SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"


def rows(*values: Cell, day: Cell = date(2022, 3, 31)) -> list[tuple[Cell, ...]]:
    return [COLUMNS, *((f"RE-{n}", "RE-TRUST", day, value, "USD", 0.5) for n, value in enumerate(values))]


def read(data: bytes, feed: str | None = None) -> Parsed:
    parsed = parse(data, feed)
    prove_sound(data, parsed)
    return parsed


def csv_of(*lines: str, delimiter: str = ",") -> bytes:
    return "".join(f"{line.replace(',', delimiter)}\n" for line in lines).encode()


HEAD = "Property ID,Owner,Appraisal Date,Value,Currency"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_every_dialect_gives_the_same_records_with_their_bytes(delimiter: str, mark: bytes, end: bytes) -> None:
    data = mark + csv_of("", HEAD, "RE-1,RE-TRUST,2022-03-31,100,USD", delimiter=delimiter).replace(b"\n", end) + end
    parsed = read(data)
    (record,) = parsed.records
    assert (parsed.format, parsed.verdict) == ("appraisal", "clean")
    source = data[record.offset : record.offset + record.length]
    assert source == "RE-1,RE-TRUST,2022-03-31,100,USD".replace(",", delimiter).encode()
    assert (record.line, record.account, record.fields["market_value"]) == (3, "RE-TRUST", "100")


@given(st.lists(st.decimals(0, 10**9, places=2), min_size=1, max_size=5))
@settings(max_examples=30)
def test_numbers_of_a_workbook_are_what_another_reader_sees(values: list[Decimal]) -> None:
    data = workbook({"Appraisals": rows(*map(float, values))})
    seen = openpyxl.load_workbook(io.BytesIO(data), read_only=True)["Appraisals"].iter_rows(min_row=2, values_only=True)
    found = [(r.fields["market_value"], r.fields["appraisal_date"], r.fields["cell"]) for r in read(data).records]
    assert [(Decimal(value), day) for value, day, _ in found] == [
        (Decimal(str(row[3])), row[2].date().isoformat()) for row in seen
    ]
    assert [cell for *_, cell in found] == [f"Appraisals!A{n}" for n in range(2, len(values) + 2)]


def test_the_noise_of_binary_fractions_is_what_a_spreadsheet_shows() -> None:
    data = workbook({"Appraisals": rows(0.1, 0.2, 1)})
    noisy = repacked(data, {SHEET: lambda c: c.replace(b"<v>0.1</v>", b"<v>0.30000000000000004</v>")})
    assert [record.fields["market_value"] for record in read(noisy).records] == ["0.3", "0.2", "1"]
    long = repacked(data, {SHEET: lambda c: c.replace(b"<v>0.1</v>", b"<v>1234567890123456.78</v>")})
    assert "holds a number of 18 digits" in read(long).reason


@given(st.dates(date(1900, 3, 1), date(2100, 1, 1)))
@settings(max_examples=50)
def test_a_date_of_a_workbook_is_that_date(day: date) -> None:
    (record,) = read(workbook({"Appraisals": rows(1, day=day)})).records
    assert record.fields["appraisal_date"] == day.isoformat()


def test_a_workbook_that_counts_from_1904_is_read_from_there() -> None:
    data = workbook({"Appraisals": rows(1)})
    old = repacked(data, {"xl/workbook.xml": lambda c: c.replace(b"<workbookPr ", b'<workbookPr date1904="1" ')})
    assert old != data
    (record,) = read(old).records
    assert record.fields["appraisal_date"] == str(date(2022, 3, 31) + timedelta(days=1462))


def test_a_number_that_is_not_shown_as_a_date_is_no_date() -> None:
    assert "appraisal_date" in read(workbook({"Appraisals": rows(1, day=44651)})).reason


def test_a_percentage_is_known_by_how_its_cell_is_shown() -> None:
    def shown(book: object) -> None:
        book.worksheets()[0].write(1, 5, 0.005, book.add_format({"num_format": "0.0%"}))  # type: ignore[attr-defined]

    table = [[*COLUMNS[:5], "Ownership %"], *rows(1)[1:]]
    (record,) = read(workbook({"Appraisals": table}, shown)).records
    assert record.fields["ownership_share"] == "0.005"
    assert (
        read(workbook({"Appraisals": [*table[:1], [*table[1][:5], 60]]})).records[0].fields["ownership_share"] == "0.6"
    )


def test_no_two_records_of_a_workbook_stand_on_the_same_bytes() -> None:
    found = read(workbook({"One": rows(*range(200)), "Two": [COLUMNS, ("Z", *rows(1)[1][1:])]})).records
    assert len({(record.kind, record.offset) for record in found}) == len(found) == 201


def test_a_table_far_into_a_long_workbook_is_still_recognised() -> None:
    data = workbook({"Cover": [[f"line {n}"] for n in range(4000)], "Appraisals": rows(*range(3000))})
    assert len(data) > 65536
    assert sniff(data) == "appraisal"
    assert len(read(data).records) == 3000


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["Template,7", HEAD, "RE-1,T,2022-03-31,1,USD"], "version 7 of the template is not known"),
        (["Rows,2", HEAD, "RE-1,T,2022-03-31,1,USD"], "the file states 2, its rows give 1"),
        (["Rows,x", HEAD, "RE-1,T,2022-03-31,1,USD"], "records: 'x' is not a number"),
        ([HEAD, "RE-1,T,2022-03-31,1,USD", "Total,,,2,"], "total value USD: the file states 2, its rows give 1"),
        ([HEAD, "RE-1,T,2022-03-31,1,USD", "RE-2,T,2022-03-31,1,EUR", "Total,,,2,"], "does not say its currency"),
        ([HEAD, "RE-1,T,2022-03-31,1,USD", "RE-1,T,2022-03-31,1,USD"], "states T RE-1 2022-03-31 twice"),
        ([f"{HEAD},Worth", "RE-1,T,2022-03-31"], "the row ends after 3 of 6 cells"),
        ([HEAD, "RE-1,T,2022-03-31,1,USD,9"], "'9' stands under no header"),
        ([f"{HEAD},Fair value", "RE-1,T,2022-03-31,1,USD,9"], "two columns state value"),
        (["Property Appraisals", "Property ID,Owner,Value,Currency", "RE-1,T,1,USD"], "lacks appraisal date"),
        (["Property Appraisals", "hello"], "the file holds no table of appraisal"),
        (["Property ID,Owner,Appraisal Date,Value (EUR),Currency", "RE-1,T,2022-03-31,1,USD"], "its headers in EUR"),
        ([HEAD, '"RE-1"x,T,2022-03-31,1,USD'], "cannot be cut into cells"),
        ([HEAD, "RE-1,T,03/04/2022,1,USD"], "can be read in one way only"),
    ],
)
def test_what_is_wrong_is_said(lines: list[str], reason: str) -> None:
    parsed = read(csv_of(*lines))
    assert (parsed.format, parsed.verdict) == ("appraisal", "quarantined")
    assert reason in parsed.reason


def test_what_lines_above_a_table_say_holds_for_all_its_rows() -> None:
    data = csv_of(
        "Currency,CHF", "Date format,MM/DD/YYYY", "", "Property ID,Owner,Appraisal Date,Value", "R,T,03/04/2022,1"
    )
    (record,) = read(data).records
    assert (record.fields["currency"], record.fields["appraisal_date"]) == ("CHF", "2022-03-04")


def test_the_currency_in_brackets_behind_a_header_is_that_of_its_rows() -> None:
    (record,) = read(csv_of("Property ID,Owner,Appraisal Date,Value (EUR)", "R,T,2022-03-31,1")).records
    assert record.fields["currency"] == "EUR"


def test_a_fund_that_is_called_total_is_no_row_of_totals() -> None:
    parsed = read(csv_of(HEAD, "Total Tower,T,2022-03-31,1,USD", "Total,,,1,USD"))
    assert (parsed.verdict, len(parsed.records)) == ("clean", 1)


def test_an_unknown_column_is_kept_and_reported_once() -> None:
    parsed = read(csv_of(f"{HEAD},Valuer", *(f"RE-{n},T,2022-03-31,1,USD,made up" for n in range(5))))
    assert [problem.what for problem in parsed.problems] == ["the column valuer of appraisal is not known to us"]
    assert {record.fields["valuer"] for record in parsed.records} == {"made up"}


def test_an_owners_sheet_without_its_total_is_not_taken() -> None:
    columns = ("Owner", "Asset", "Class", "Value", "Currency", "As of")
    row = ("T", "ART-1", "art", 5, "USD", date(2022, 3, 31))
    whole = workbook({"Holdings": [columns, row, ("Total", None, None, 5, "USD")]})
    assert read(whole).verdict == "clean"
    cut = read(workbook({"Holdings": [columns, row]}))
    assert "the total of holdings in USD is missing" in cut.reason
    assert (
        "neither a quantity nor a value" in read(workbook({"Holdings": [columns, (*row[:3], None, *row[4:])]})).reason
    )
    assert not owner_workbook.FORMAT.sniff(csv_of("Owner,Asset,Class,Value,Currency,As of", "T,A,art,5,USD,2022-03-31"))


@pytest.mark.parametrize("path", DELIVERIES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_file_of_another_format_is_claimed(path: Path) -> None:
    head = path.read_bytes()
    claimed = [name for name in NAMES if formats()[name].sniff(head)]
    assert claimed == [path.parent.name] * (path.parent.name in NAMES)


SAMPLES = sorted((HERE.parents[2] / "shared/samples").glob("*/*"))


@pytest.mark.skipif(not SAMPLES, reason="the samples are not beside the project")
def test_no_real_file_of_another_family_is_claimed() -> None:
    heads = {path.name: path.read_bytes()[:65536] for path in SAMPLES}
    assert [(name, feed) for name, head in heads.items() for feed in NAMES if formats()[feed].sniff(head)] == []


@given(st.sampled_from(NAMES), st.floats(0, 1))
@settings(max_examples=200)
def test_a_delivery_that_breaks_off_anywhere_is_never_clean_with_less_in_it(name: str, at: float) -> None:
    data = GOOD[name][: int(at * len(GOOD[name]))]
    found, whole = read(data, name), parse(GOOD[name])
    is_asked_about = any("may be cut off" in problem.what for problem in found.problems)
    assert (
        found.verdict != "clean"
        or is_asked_about
        or [r.fields for r in found.records] == [r.fields for r in whole.records]
    )
    assert found.verdict != "clean" or len(found.records) == len(whole.records)


EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), EVIL | st.binary(max_size=4)), min_size=1, max_size=4)


@given(st.sampled_from(NAMES), EDITS)
@settings(max_examples=300)
def test_bytes_that_are_lost_or_replaced_never_raise(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    data = edited(GOOD[name], edits)
    read(data, name)
    read(data)


@given(EDITS)
@settings(max_examples=50)
def test_bytes_that_are_lost_or_replaced_inside_a_sheet_never_raise(edits: list[tuple[float, int, bytes]]) -> None:
    parts = dict.fromkeys(("xl/worksheets/sheet2.xml", STYLES, "xl/workbook.xml", "xl/sharedStrings.xml"))
    for part in parts:
        read(repacked(GOOD["owner_workbook"], {part: lambda content: edited(content, edits)}), "owner_workbook")


@pytest.mark.parametrize(
    "name", ["appraisal", "ilpa_capital_account", "ilpa_notice", "performance_export", "trial_balance"]
)
def test_a_lost_line_is_noticed_or_holds_no_money(name: str) -> None:
    lines = GOOD[name].splitlines(keepends=True)
    whole = [record.fields for record in parse(GOOD[name]).records]
    for number in range(len(lines)):
        found = read(b"".join(lines[:number] + lines[number + 1 :]), name)
        assert found.verdict != "clean" or [record.fields for record in found.records] == whole, lines[number]


def edited(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for place, lost, new in edits:
        at = int(place * len(data))
        data = data[:at] + new + data[at + lost :]
    return data


def test_every_format_says_what_it_reads() -> None:
    assert {name: bool(formats()[name].description) for name in NAMES} == dict.fromkeys(NAMES, True)
    assert appraisal.FORMAT.name == "appraisal"
