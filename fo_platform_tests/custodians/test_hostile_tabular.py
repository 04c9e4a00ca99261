"""Files that are made to harm, as tables and workbooks: refused or kept as text, nothing raises, all is bounded."""

import io
import stat
import struct
import zipfile
from datetime import date

import pytest
import xlsxwriter

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed
from fo_platform_tests.custodians.test_parser_fuzz import prove_sound
from fo_platform_tests.custodians.workbooks import Cell, repacked, workbook

COLUMNS: tuple[Cell, ...] = ("Property ID", "Owner", "Appraisal Date", "Value", "Currency")
GOOD: tuple[Cell, ...] = ("RE-01", "RE-TRUST", date(2022, 3, 31), 12500000, "USD")
ROWS = [COLUMNS, GOOD]
SHEET = "xl/worksheets/sheet1.xml"
PLAIN = workbook({"Appraisals": ROWS})
HEADER = b"Property ID,Description,Owner,Appraisal Date,Value,Currency\n"
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def read(data: bytes) -> Parsed:
    parsed = parse(data, "appraisal")
    prove_sound(data, parsed)
    prove_sound(data, parse(data))
    return parsed


def archive(entries: dict[str, bytes]) -> bytes:
    return repacked(PLAIN, {}, entries)


def symlink() -> bytes:
    file = io.BytesIO(PLAIN)
    with zipfile.ZipFile(file, "a") as book:
        entry = zipfile.ZipInfo("xl/passwd")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        book.writestr(entry, "/etc/passwd")
    return file.getvalue()


def encrypted() -> bytes:
    """Every entry marked as encrypted, here and in the table of contents."""
    data = bytearray(PLAIN)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(mark, start + 4)
    return bytes(data)


def inside(prolog: bytes) -> bytes:
    return repacked(PLAIN, {SHEET: lambda content: content.replace(b"<worksheet", prolog + b"<worksheet", 1)})


HARMFUL = {
    "a bomb": archive({"xl/media/image1.png": bytes(30 * 2**20)}),
    "a bomb in pieces": archive({f"xl/media/image{n}.png": bytes(range(256)) * 2**12 for n in range(70)}),
    "a nested bomb": archive({"inner.zip": archive({"zeros": bytes(20 * 2**20)}) + bytes(2 * 2**20)}),
    "a path upwards": archive({"../../etc/passwd": b"x"}),
    "an absolute path": archive({"/etc/passwd": b"x"}),
    "a drive": archive({"C:/windows/x": b"x"}),
    "a backslash": archive({"..\\x": b"x"}),
    "a link": symlink(),
    "the same part twice": archive({SHEET.upper(): b"x"}),
    "a document type": inside(b"<!DOCTYPE worksheet>"),
    "a billion laughs": inside(LAUGHS),
    "a document type in a part that nobody reads": archive({"docProps/custom.xml": LAUGHS + b"<l>&b;</l>"}),
    "another encoding": repacked(PLAIN, {SHEET: lambda c: c.replace(b'encoding="UTF-8"', b'encoding="UTF-7"')}),
    "an encrypted archive": encrypted(),
    "a macro": archive({"xl/vbaProject.bin": b"x"}),
    "a link to another workbook": archive({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
    "a data connection": archive({"xl/connections.xml": b"<connections/>"}),
    "broken XML": repacked(PLAIN, {SHEET: lambda content: content.replace(b"</sheetData>", b"")}),
    "a number of rows beyond measure": repacked(
        PLAIN, {SHEET: lambda c: c.replace(b'<row r="2"', b'<row r="9999999999"')}
    ),
    "a row number that is none": repacked(PLAIN, {SHEET: lambda c: c.replace(b'<row r="2"', b'<row r="\xd9\xa2"')}),
    "rows backwards": repacked(PLAIN, {SHEET: lambda content: content.replace(b'<row r="2"', b'<row r="1"')}),
}


@pytest.mark.parametrize("what", HARMFUL)
def test_a_workbook_that_could_harm_is_not_booked(what: str) -> None:
    parsed = read(HARMFUL[what])
    assert parsed.verdict == "quarantined"
    assert parse(HARMFUL[what]).verdict in ("quarantined", "unknown")


def test_the_workbook_that_all_of_them_are_made_from_is_clean() -> None:
    assert read(PLAIN).verdict == "clean"
    assert read(archive({"xl/media/image1.png": b"x"})).verdict == "clean"


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("a macro", "the workbook holds macros (xl/vbaProject.bin)"),
        ("a link to another workbook", "links to other workbooks"),
        ("a document type in a part that nobody reads", "docProps/custom.xml declares a document type"),
        ("a number of rows beyond measure", "not in order at 9999999999"),
    ],
)
def test_what_is_wrong_with_a_workbook_is_named(what: str, reason: str) -> None:
    assert reason in read(HARMFUL[what]).reason


@pytest.mark.parametrize("count", [1001, 65535])
def test_a_hundred_thousand_entries_are_refused_by_their_number(count: int) -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    directory = entry * 100_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(PLAIN), 0)
    assert read(PLAIN + directory + end).verdict == "quarantined"


def test_a_table_of_contents_that_understates_its_entries_is_refused() -> None:
    data = archive({f"x/{number}": b"" for number in range(2000)})
    at = data.rfind(b"PK\x05\x06")
    lying = data[: at + 8] + struct.pack("<HH", 3, 3) + data[at + 12 :]
    assert read(lying).verdict == "clean"
    many = archive({f"x/{'y' * 200}{number}": b"" for number in range(5000)})
    at = many.rfind(b"PK\x05\x06")
    assert read(many[: at + 8] + struct.pack("<HH", 3, 3) + many[at + 12 :]).verdict == "quarantined"


@pytest.mark.parametrize("part", range(1, 20))
def test_a_workbook_that_breaks_off_is_never_clean(part: int) -> None:
    assert read(PLAIN[: len(PLAIN) * part // 20]).verdict == "quarantined"


def test_a_formula_is_refused_by_the_name_of_its_cell_and_the_other_rows_are_read() -> None:
    data = workbook(
        {"Appraisals": [*ROWS, ("RE-02", "RE-TRUST", date(2022, 3, 31), "=D2*2", "USD"), ("RE-03", *GOOD[1:])]}
    )
    parsed = read(data)
    assert parsed.reason.endswith("Appraisals!D3 holds a formula. " + parsed.problems[0].remedy)
    assert "send values" in parsed.reason
    assert [record.fields["asset_id_source"] for record in parsed.records] == ["RE-01", "RE-03"]


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "@SUM(1+1)", "+cmd", "-2+3+cmd|x"])
def test_text_that_begins_like_a_formula_is_kept_as_text_and_reported(cell: str) -> None:
    parsed = read(HEADER + f'RE-01,"{cell}",RE-TRUST,2022-03-31,1,USD\n'.encode())
    assert parsed.verdict == "clean"
    assert parsed.records[0].fields["description"] == cell
    assert ["formula" in problem.what for problem in parsed.problems] == [True]


def test_a_formula_in_place_of_a_number_is_no_number() -> None:
    assert "is not a number" in read(HEADER + b"RE-01,x,RE-TRUST,2022-03-31,=1+1,USD\n").reason


def test_giant_shared_texts_are_read_within_bounds() -> None:
    many = b"<si><t>x</t></si>" * 1_000_000
    data = repacked(PLAIN, {"xl/sharedStrings.xml": lambda content: content.replace(b"</sst>", many + b"</sst>")})
    assert read(data).verdict in ("clean", "quarantined")
    long = b"<si><t>" + b"x" * 3_000_000 + b"</t></si>"
    data = repacked(PLAIN, {"xl/sharedStrings.xml": lambda c: c.replace(b"<si><t>RE-01</t></si>", long)})
    parsed = read(data)
    assert parsed.verdict == "quarantined"


@pytest.mark.parametrize("cells", [b"," * 1_000_000, b"x," * 20_000, b'"' + b"x" * 200_000])
def test_a_record_without_end_is_refused(cells: bytes) -> None:
    assert read(HEADER + cells + b"\n").verdict == "quarantined"


def test_quotes_without_number_cost_time_in_proportion_and_state_nothing() -> None:
    parsed = read(HEADER + b'"\n' * 50_000)
    assert parsed.records == ()
    assert [problem.what for problem in parsed.problems] == ["the file states nothing below its headers"]


def test_a_cell_in_a_column_beyond_measure_is_refused() -> None:
    data = workbook({"Appraisals": ROWS}, lambda book: book.worksheets()[0].write(1, 16_000, "far"))
    assert "Appraisals!WQK2 stands beyond the first 1000 columns" in read(data).reason


def test_a_number_with_more_digits_than_a_spreadsheet_keeps_is_refused() -> None:
    data = repacked(PLAIN, {SHEET: lambda content: content.replace(b"<v>12500000</v>", b"<v>1234567890123456</v>")})
    assert "Appraisals!D2 holds a number of 16 digits" in read(data).reason


def test_a_cell_that_holds_an_error_is_refused() -> None:
    data = repacked(PLAIN, {SHEET: lambda c: c.replace(b'<c r="D2"><v>12500000<', b'<c r="D2" t="e"><v>#REF!<')})
    assert "Appraisals!D2 holds the error #REF!" in read(data).reason


@pytest.mark.parametrize("row", [b"RE-01,\x00,RE-TRUST,2022-03-31,\x001,USD\n", b"\x00" * 500 + b"\n", b"\xff\xfe,\n"])
def test_zero_bytes_and_broken_text_quarantine_and_nothing_more(row: bytes) -> None:
    assert read(HEADER + row).verdict == "quarantined"


def test_a_hidden_sheet_with_a_table_is_asked_about_and_one_without_is_noted() -> None:
    def hide(book: xlsxwriter.Workbook) -> None:
        book.worksheets()[1].hide()

    held = read(workbook({"Appraisals": ROWS, "Old": ROWS}, hide))
    assert "the hidden sheet Old holds a table" in held.reason
    empty = read(workbook({"Appraisals": ROWS, "Notes": [["said"]]}, hide))
    assert (empty.verdict, [problem.what for problem in empty.problems]) == (
        "clean",
        ["the sheet Notes is hidden and is not read"],
    )


def test_more_faults_than_anybody_reads_end_the_reading() -> None:
    parsed = read(HEADER + b"RE-01,x,RE-TRUST,2022-03-31,x,USD\n" * 5000)
    assert len(parsed.problems) == 100
